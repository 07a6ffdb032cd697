import { randomBytes } from 'node:crypto'
import type { Logger, Stop } from '../../../shared/ports'
import type { CountedDatabase } from '../counted-database'
import type { PassphraseBox } from '../encrypted-export/passphrase-box'
import type { ConfigChange } from '../ports'
import { ConfigView, type ConfigViewParts } from './config-view'
import type { FactTable } from './fact-table'
import type { History, HistoryEntry } from './history'
import type { SettingsTable } from './settings-table'

export interface ConfigStoreParts extends ConfigViewParts {
  /** The file of `database`. */
  readonly path: string
  readonly database: CountedDatabase
  readonly settingsTable: SettingsTable
  readonly facts: FactTable
  readonly history: History
  readonly passphraseBox: PassphraseBox
  readonly logger: Logger
}

/** Not to be guessed from others. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(9).toString('base64url')}`

/** How every write goes: one after the other, in a transaction with its entry in the history, and then it is told. */
export class ConfigWrites extends ConfigView {
  protected readonly parts: ConfigStoreParts
  readonly #listeners = new Set<(change: ConfigChange) => void>()
  /** Between reading a row and writing it, sealing takes its time. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(parts: ConfigStoreParts) {
    super(parts)
    this.parts = parts
  }

  onChange(listener: (change: ConfigChange) => void): Stop {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  protected write<T>(work: () => Promise<T> | T): Promise<T> {
    const written = this.#writing.then(work)
    this.#writing = written.catch(() => undefined) // it is told to whoever asked for it
    return written
  }

  /** Resolves when every write that was begun is over. */
  protected async written(): Promise<void> {
    await this.#writing
  }

  /** All of the work and all of the entries, or nothing. */
  protected transaction(entries: readonly HistoryEntry[], work: () => void): void {
    this.parts.database.transaction(() => {
      work()
      for (const entry of entries) this.parts.history.add(this.parts.clock.now(), entry)
    })
  }

  protected emit(change: ConfigChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}
