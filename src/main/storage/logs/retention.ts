import type { CountedDatabase, CountedStatement } from '../counted-database'
import type { Rollups } from './rollups'

export interface RetentionLimits {
  /** Days that rows are kept. */
  readonly days: number
  /** Bytes that the database may use. */
  readonly maxBytes: number
}

const DAY_MS = 86_400_000
/** So few that the writer never waits long for its turn. */
const ROWS_AT_ONCE = 500
const PAGES_AT_ONCE = 256

/** Deletes what is too old or too much, oldest first, in steps of some milliseconds. */
export class Retention {
  readonly #database: CountedDatabase
  readonly #rollups: Rollups
  readonly #deleteOld: CountedStatement<[number, number], unknown>

  constructor(database: CountedDatabase, rollups: Rollups) {
    this.#database = database
    this.#rollups = rollups
    this.#deleteOld = database.prepare(
      'DELETE FROM requests WHERE seq IN (SELECT seq FROM requests WHERE at < ? ORDER BY at LIMIT ?)'
    )
  }

  /** One step; true when there is more to do. */
  step(limits: RetentionLimits, now: number): boolean {
    if (this.#delete(now - limits.days * DAY_MS)) return true
    if (this.#usedBytes() > limits.maxBytes && this.#delete(Number.MAX_VALUE)) return true
    if (this.#database.transaction(() => this.#rollups.prune(now))) return true
    return this.#giveBack()
  }

  #delete(before: number): boolean {
    return this.#database.transaction(() => this.#deleteOld.run(before, ROWS_AT_ONCE).changes > 0)
  }

  #usedBytes(): number {
    const pages = this.#pragma('page_count') - this.#pragma('freelist_count')
    return pages * this.#pragma('page_size')
  }

  /** Gives free pages back to the file system. */
  #giveBack(): boolean {
    if (this.#pragma('freelist_count') === 0) return false
    this.#database.pragma(`incremental_vacuum(${PAGES_AT_ONCE})`)
    return this.#pragma('freelist_count') > 0
  }

  #pragma(name: string): number {
    return Number(this.#database.pragma(name))
  }
}
