import type { CountedDatabase, CountedStatement } from '../counted-database'
import type { RetentionPreview } from '../ports'
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

  /**
   * What `step` would delete in the end. How many rows go by size is reckoned from what a row takes on average, so it can
   * be some off where old and new rows differ in size.
   */
  preview(limits: RetentionLimits, now: number): RetentionPreview {
    const total = this.#count('SELECT count(*) FROM requests')
    const old = this.#count('SELECT count(*) FROM requests WHERE at < ?', now - limits.days * DAY_MS)
    const rows = Math.min(total, old + this.#overSize(limits.maxBytes, total, old))
    const oldest = this.#database.prepareRaw<[number]>('SELECT at FROM requests ORDER BY at LIMIT 1 OFFSET ?').get(rows)
    return { rows, kept: total - rows, oldestKept: oldest === undefined ? null : Number(oldest[0]) }
  }

  /** How many rows more must go, once the old ones are gone, so that the database fits. */
  #overSize(maxBytes: number, total: number, old: number): number {
    const used = this.#usedBytes()
    // Totals stay, so they are left out of what a row takes. They have a table of their own, which is read quickly.
    const totals = this.#count("SELECT sum(pgsize) FROM dbstat WHERE name = 'rollups'")
    const bytesPerRow = Math.max(1, (used - totals) / Math.max(1, total))
    const over = used - old * bytesPerRow - maxBytes
    return over <= 0 ? 0 : Math.ceil(over / bytesPerRow / ROWS_AT_ONCE) * ROWS_AT_ONCE
  }

  #count(sql: string, ...parameters: number[]): number {
    return Number(this.#database.prepareRaw<number[]>(sql).get(...parameters)?.[0] ?? 0)
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
