import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { JournaledRecord, RequestRow } from '../../../shared/request-log'
import type { CountedDatabase, CountedStatement } from '../counted-database'
import { StorageError } from '../errors'
import type { StoredState, Vacuumed } from '../ports'
import { isDiskFault, isRowFault } from '../sqlite'
import { setAside, type BadRecordEntry } from './bad-records'
import { costOfRecord } from './cost-of-record'
import { JournalReader } from './journal-reader'
import { logDatabasePath, openLogDatabase } from './open-log-database'
import type { Prices } from './prices'
import { asKept } from './record-codec'
import { RequestRows } from './request-rows'
import { Rollups } from './rollups'
import { StoredStates } from './stored-states'
import { BATCH_ROWS, journalDir, listSegments, type JournalPosition } from './segments'

export interface LogDatabaseOptions {
  readonly dataDir: string
  /** The first journal segment of this run of the program. */
  readonly ownFrom: string
  /** Wall clock, ms since 1970. */
  readonly now: () => number
  /** A record was set aside in `journal.bad.jsonl`. */
  readonly onBad: (reason: string, at: JournalPosition | null) => void
}

export interface Commit {
  readonly rows: readonly RequestRow[]
  /** Records of this run that are dealt with, bad ones included. */
  readonly own: number
  readonly position: JournalPosition | null
}

interface StoredOffset {
  readonly segment: string
  readonly offset: number
}

/** The Demo keeps nothing. */
const statesOf = ({ stateIds = [], channelId, demo }: JournaledRecord): readonly StoredState[] =>
  channelId === null || demo ? [] : stateIds.map((id) => [id, channelId])

const sizeOf = (paths: readonly string[]): number =>
  paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0)

/** logs.db and the journal that feeds it. Everything here blocks, so it lives in the worker. */
export class LogDatabase {
  /** The new name of a database that was set aside at the opening. */
  readonly setAside: string | null
  readonly database: CountedDatabase
  readonly requests: RequestRows
  readonly rollups: Rollups
  readonly states: StoredStates
  bad = 0
  rowsWritten = 0
  flushes = 0
  lastBatchRows = 0
  lastFlushMs: number | null = null

  readonly #options: LogDatabaseOptions
  readonly #reader: JournalReader
  readonly #putOffset: CountedStatement<[string, number], unknown>

  constructor(options: LogDatabaseOptions) {
    this.#options = options
    const opened = openLogDatabase(options.dataDir, options.now())
    this.database = opened.database
    this.setAside = opened.setAside
    this.requests = new RequestRows(this.database)
    this.rollups = new Rollups(this.database)
    this.states = new StoredStates(this.database)
    this.#putOffset = this.database.prepare('INSERT OR REPLACE INTO journal_offsets (segment, offset) VALUES (?, ?)')
    this.#reader = new JournalReader({
      dir: journalDir(options.dataDir),
      offsets: this.#readOffsets(),
      ownFrom: options.ownFrom,
      onBad: (bytes, reason, { segment, offset }) =>
        this.#setAsideRecord({ at: options.now(), reason, segment, offset, record: bytes.toString('utf8') })
    })
  }

  /** Something was read that is not committed yet. */
  get hasNews(): boolean {
    return this.#reader.hasNews
  }

  /** How far the journal was read; null before its first segment. */
  get position(): JournalPosition | null {
    return this.#reader.position
  }

  /** A record of the batch tells its usage, so its price is asked for. */
  get needsPrices(): boolean {
    return this.#reader.records.some((record) => record.usage !== null)
  }

  /** Reads the journal on; true when a whole batch is there, false at the journal's end. */
  gather(): boolean {
    return this.#reader.fill(BATCH_ROWS)
  }

  /**
   * Writes rows, totals, states and the journal's offset in one transaction, so that whatever ends the process, no row is written
   * twice and none is lost. A row that is at fault itself is set aside. When it throws, the batch is still there.
   */
  commit(prices: Prices | null): Commit {
    const begun = performance.now()
    const rows: RequestRow[] = []
    this.database.transaction(() => {
      for (const record of this.#reader.records) {
        const row = this.#insert(record, prices)
        if (row) rows.push(row)
      }
      this.rollups.add(rows)
      this.states.add(this.#reader.records.flatMap(statesOf))
      for (const [segment, offset] of this.#reader.offsets) this.#putOffset.run(segment, offset)
    })
    // A segment goes only when what was read from it would outlive a power cut.
    if (this.#reader.finished.length > 0) this.database.pragma('wal_checkpoint(FULL)')
    const { own, position } = this.#reader
    this.#reader.committed()
    this.#count(rows.length, performance.now() - begun)
    return { rows, own, position }
  }

  /**
   * Writes the file anew, without free space, and empties its write-ahead log. Takes seconds for a gigabyte.
   *
   * @throws StorageError `log_unwritable` when the disk has no room for the copy; the file is as it was then
   */
  vacuum(): Vacuumed {
    const begun = performance.now()
    const beforeBytes = this.bytes()
    try {
      this.database.prepare('VACUUM').run()
      this.database.pragma('wal_checkpoint(TRUNCATE)')
    } catch (cause) {
      if (!isDiskFault(cause)) throw cause
      throw new StorageError('log_unwritable', 'the disk has no room for the copy that makes logs.db smaller', {
        cause
      })
    }
    return { beforeBytes, afterBytes: this.bytes(), ms: performance.now() - begun }
  }

  /** Size on disk with its write-ahead log, bytes. */
  bytes(): number {
    const path = logDatabasePath(this.#options.dataDir)
    return sizeOf([path, `${path}-wal`])
  }

  /** Size on disk, bytes. */
  journalBytes(): number {
    const dir = journalDir(this.#options.dataDir)
    return sizeOf(listSegments(dir).map((segment) => join(dir, segment)))
  }

  close(): void {
    this.#reader.close()
    this.database.close()
  }

  /** Offsets of the segments that are still there; the others' are forgotten. */
  #readOffsets(): ReadonlyMap<string, number> {
    const forget = this.database.prepare<[string]>('DELETE FROM journal_offsets WHERE segment = ?')
    const stored = this.database.prepare<[], StoredOffset>('SELECT segment, offset FROM journal_offsets').all()
    const there = new Set(listSegments(journalDir(this.#options.dataDir)))
    for (const { segment } of stored) if (!there.has(segment)) forget.run(segment)
    return new Map(stored.map(({ segment, offset }) => [segment, offset]))
  }

  #insert(journaled: JournaledRecord, prices: Prices | null): RequestRow | null {
    const { stateIds: _ids, pricing: _pricing, ...asked } = journaled
    const cost = costOfRecord(prices, journaled)
    const record = asKept(asked)
    try {
      this.requests.insert(record, cost)
      return { ...record, costUsd: cost?.usd ?? null, priceSource: cost?.source ?? null }
    } catch (error) {
      if (!isRowFault(error)) throw error
      const reason = error instanceof Error ? error.message : String(error)
      const text = JSON.stringify(record)
      this.#setAsideRecord({ at: this.#options.now(), reason, segment: null, offset: null, record: text })
      return null
    }
  }

  #setAsideRecord(entry: BadRecordEntry): void {
    this.bad++
    setAside(join(this.#options.dataDir, 'journal.bad.jsonl'), entry)
    const { segment, offset } = entry
    this.#options.onBad(entry.reason, segment === null || offset === null ? null : { segment, offset })
  }

  #count(rows: number, ms: number): void {
    this.rowsWritten += rows
    this.flushes++
    this.lastBatchRows = rows
    this.lastFlushMs = ms
  }
}
