import { z } from 'zod'
import type { Backup, ConfigChanges } from '../../../shared/backups'
import type { CallParams, CallResult, RoutexApi } from '../../../shared/contract'
import { isEncryptedExport } from '../../../shared/encrypted-export'
import { asFailure, type ApiFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

type Config = CallParams<'config.import'>['config']

/** A file that was exported under a passphrase. */
export interface SealedFile {
  readonly file: string
  readonly text: string
}

/** What a plan that was carried out did. */
export type CarriedOut =
  | { readonly kind: 'imported'; readonly result: CallResult<'config.import'> }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'restored' }

/** What is about to be done, with what it would change; nothing has been done yet. */
export type Plan =
  | { readonly kind: 'import'; readonly file: string; readonly config: Config; readonly changes: ConfigChanges }
  | {
      readonly kind: 'replace'
      readonly file: SealedFile
      readonly passphrase: string
      readonly changes: ConfigChanges
    }
  | { readonly kind: 'restore'; readonly backup: Backup; readonly changes: ConfigChanges }

/** Why a file that was chosen can't be imported at all. */
export type ImportRefusal = 'unreadable' | 'no_channels'

const configFile = z.record(z.string(), z.unknown())
/** All that an import takes of it. */
const withChannels = z.object({ channels: z.array(z.unknown()).min(1) })

/** Exports, imports and backups. Whatever changes something is shown as a plan first. */
export class BackupState {
  list: Loaded<readonly Backup[]> = $state.raw({ kind: 'loading' })
  plan: Plan | null = $state.raw(null)
  /** A file that waits for its passphrase. */
  sealed: SealedFile | null = $state.raw(null)
  /** Why the last thing that was asked for failed. */
  failure: ApiFailure | null = $state.raw(null)
  busy = $state(false)

  readonly #api: RoutexApi

  constructor(api: RoutexApi) {
    this.#api = api
  }

  async load(): Promise<void> {
    try {
      this.list = { kind: 'ready', value: (await this.#api.call('backups.list', {})).backups }
    } catch (cause) {
      if (this.list.kind !== 'ready') this.list = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  /** Makes one. Resolves with whether it could. */
  create(): Promise<boolean> {
    return this.#do(async () => {
      await this.#api.call('backups.create', {})
      await this.load()
    })
  }

  /** The configuration as the text of a file. null: it could not be had. */
  async export(): Promise<string | null> {
    let text: string | null = null
    await this.#do(async () => {
      const { config } = await this.#api.call('config.export', {})
      text = `${JSON.stringify(config, null, 2)}\n`
    })
    return text
  }

  /** The whole configuration under a passphrase, as the text of a file. null: it could not be had. */
  async exportSealed(passphrase: string): Promise<string | null> {
    let text: string | null = null
    await this.#do(async () => {
      text = (await this.#api.call('config.exportEncrypted', { passphrase })).text
    })
    return text
  }

  /** Opens the file that waits, and plans what it would change. */
  async unlock(passphrase: string): Promise<void> {
    const { sealed } = this
    if (!sealed) return
    await this.#do(async () => {
      const changes = await this.#api.call('config.previewEncrypted', { text: sealed.text, passphrase })
      // It may have been put away while the key was made of the passphrase.
      if (this.sealed !== sealed) return
      this.plan = { kind: 'replace', file: sealed, passphrase, changes }
      this.sealed = null
    })
  }

  /**
   * Reads a file that was chosen and plans its import; one under a passphrase waits for it first. Resolves with why it is
   * none to import, or null.
   */
  async planImport(file: string, text: string): Promise<ImportRefusal | null> {
    this.failure = null
    if (isEncryptedExport(text)) {
      this.sealed = { file, text }
      return null
    }
    const config = readConfig(text)
    if (config === null) return 'unreadable'
    if (!withChannels.safeParse(config).success) return 'no_channels'
    await this.#do(async () => {
      this.plan = { kind: 'import', file, config, changes: await this.#api.call('config.preview', { config }) }
    })
    return null
  }

  async planRestore(backup: Backup): Promise<void> {
    await this.#do(async () => {
      const changes = await this.#api.call('backups.preview', { name: backup.name })
      this.plan = { kind: 'restore', backup, changes }
    })
  }

  /** Does what is planned. null: it failed, and the plan stays. */
  async carryOut(): Promise<CarriedOut | null> {
    const { plan } = this
    if (!plan) return null
    let done: CarriedOut | null = null
    await this.#do(async () => {
      done = await this.#run(plan)
      this.plan = null
      await this.load()
    })
    return done
  }

  async #run(plan: Plan): Promise<CarriedOut> {
    if (plan.kind === 'import') {
      return { kind: 'imported', result: await this.#api.call('config.import', { config: plan.config }) }
    }
    if (plan.kind === 'restore') {
      await this.#api.call('backups.restore', { name: plan.backup.name })
      return { kind: 'restored' }
    }
    await this.#api.call('config.importEncrypted', { text: plan.file.text, passphrase: plan.passphrase })
    return { kind: 'replaced' }
  }

  /** Resolves with why it could not be deleted, or null. */
  async delete(backup: Backup): Promise<ApiFailure | null> {
    try {
      await this.#api.call('backups.delete', { name: backup.name })
      await this.load()
      return null
    } catch (cause) {
      return asFailure(cause)
    }
  }

  cancel(): void {
    this.plan = null
    this.sealed = null
    this.failure = null
  }

  async #do(work: () => Promise<void>): Promise<boolean> {
    this.busy = true
    this.failure = null
    try {
      await work()
      return true
    } catch (cause) {
      this.failure = asFailure(cause)
      return false
    } finally {
      this.busy = false
    }
  }
}

function readConfig(text: string): Config | null {
  try {
    return configFile.parse(JSON.parse(text))
  } catch {
    // Not JSON, or no object: the caller says so.
    return null
  }
}
