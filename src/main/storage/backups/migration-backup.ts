import type { Clock, Logger } from '../../../shared/ports'
import { BackupFiles } from './backup-files'

/** The copy of a configuration that is about to be brought up to date: one of the backups, so it is listed and restored as they are. */
export class MigrationBackup {
  readonly #files: BackupFiles
  readonly #clock: Clock
  readonly #logger: Logger
  #made = false

  constructor(dir: string, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#files = new BackupFiles(dir)
    this.#clock = clock
    this.#logger = logger
  }

  /**
   * @param copyTo copies the configuration into an empty file
   * @throws StorageError `backup_unwritable`
   */
  make(copyTo: (path: string) => void): void {
    const backup = this.#files.add(this.#clock.now(), 'migration', copyTo)
    this.#made = true
    this.#logger.info('the configuration is brought up to date; a copy of it as it was is kept', { backup })
  }

  /** Deletes the oldest of more than ten that Routex made by itself, when one was made. */
  async makeRoom(): Promise<void> {
    if (this.#made) await this.#files.prune(null)
  }
}
