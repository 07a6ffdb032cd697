import type { Backup, BackupReason, ConfigChanges } from '../../../shared/backups'
import type { Clock, Logger } from '../../../shared/ports'
import type { SecretVault } from '../config/secret-vault'
import { StorageError } from '../errors'
import type { ConfigBackups } from '../ports'
import { BackupFiles, type BackupFile } from './backup-files'
import { ConfigSnapshot, type Present } from './config-snapshot'

/** The store that is copied, and put back. */
export interface BackupSource {
  readonly vault: SecretVault
  present(): Present
  /** routex.db as it is now. */
  bytes(): Buffer
  /** Copies routex.db as it is now into an empty file. */
  copyTo(path: string): void
  /**
   * Puts a snapshot in the place of what is saved: all of it, or nothing. `saveFirst` runs when nothing else writes any
   * more and before anything is replaced.
   */
  replaceWith<T>(snapshot: ConfigSnapshot, secrets: SecretVault, saveFirst: () => Promise<T>): Promise<T>
}

export interface BackupsOptions {
  /** The folder of the copies; made with the first. */
  readonly dir: string
  readonly source: BackupSource
  readonly clock: Clock
  readonly logger: Logger
}

type Content = Pick<Backup, 'channels' | 'clientKeys' | 'problem' | 'problemCode'>

/** Copies of the configuration. Secrets in them stay sealed, so they are read on this machine alone. */
export class Backups implements ConfigBackups {
  readonly #options: BackupsOptions
  readonly #files: BackupFiles
  /** What stands in a file, by its name, size and time: a copy is never written again. */
  #known = new Map<string, Content>()

  constructor(options: BackupsOptions) {
    this.#options = options
    this.#files = new BackupFiles(options.dir)
  }

  async list(): Promise<readonly Backup[]> {
    const files = await this.#files.list()
    const known = new Map<string, Content>()
    const backups: Backup[] = []
    for (const file of files) {
      const stamp = `${file.name} ${file.bytes} ${file.changedAt}`
      const content = this.#known.get(stamp) ?? (await this.#contentOf(file))
      known.set(stamp, content)
      backups.push({ name: file.name, at: file.at, reason: file.reason, bytes: file.bytes, ...content })
    }
    this.#known = known
    return backups
  }

  create(reason: BackupReason = 'asked'): Promise<Backup> {
    return this.#create(reason, null)
  }

  preview(name: string): Promise<ConfigChanges> {
    const { source } = this.#options
    return this.#with(name, async (snapshot) => snapshot.compare(await snapshot.unseal(source.vault), source.present()))
  }

  async restore(name: string): Promise<{ readonly savedAs: Backup }> {
    const { source } = this.#options
    const savedAs = await this.#with(name, async (snapshot) =>
      source.replaceWith(snapshot, await snapshot.unseal(source.vault), () => this.#create('restore', name))
    )
    return { savedAs }
  }

  async delete(name: string): Promise<void> {
    await this.#files.delete(name)
  }

  async #create(reason: BackupReason, spared: string | null): Promise<Backup> {
    const { clock, source } = this.#options
    const file = await this.#files.find(this.#files.add(clock.now(), reason, (path) => source.copyTo(path)))
    await this.#files.prune(spared)
    return { name: file.name, at: file.at, reason, bytes: file.bytes, ...(await this.#contentOf(file)) }
  }

  async #with<T>(name: string, work: (snapshot: ConfigSnapshot) => Promise<T>): Promise<T> {
    const { bytes, file } = await this.#files.read(name)
    const snapshot = ConfigSnapshot.open(file.path, bytes, this.#options.logger)
    try {
      return await work(snapshot)
    } finally {
      snapshot.close()
    }
  }

  /** One that can't be read stands in the list all the same, with the reason. */
  async #contentOf({ name }: BackupFile): Promise<Content> {
    try {
      const counts = await this.#with(name, (snapshot) => Promise.resolve(snapshot.counts()))
      return { ...counts, problem: null }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      return { channels: 0, clientKeys: 0, problem: error.message, problemCode: error.code }
    }
  }
}
