import type { PriceTable } from '../../../shared/price-table'
import type { Clock, Stop } from '../../../shared/ports'
import { StorageError } from '../errors'
import { isDamage } from '../sqlite'
import { LogDatabase } from './log-database'
import { countRows, findRequest, queryPage } from './log-query'
import { setAsideLogDatabase } from './open-log-database'
import type { Prices } from './prices'
import { Retention, type RetentionLimits } from './retention'
import { spendingOf, spentBy } from './spending'
import type { FromWorker, LogCall, LogWorkerData, ToWorker, WorkerStats } from './worker-messages'

/**
 * A row is committed at the latest this long after it was appended: half a second, so that what follows the commits (the
 * log's tail, today's totals) has its own time and is true within a second all the same. That is two transactions a second.
 */
const COMMIT_MS = 500
const RETRY_MS = 1000
const MAX_RETRY_MS = 30_000
const FIRST_RETENTION_MS = 60_000
const RETENTION_MS = 600_000
const RATE_WINDOW_MS = 10_000

export interface LogServiceOptions {
  readonly data: LogWorkerData
  readonly clock: Clock
  readonly post: (message: FromWorker) => void
  readonly loadPrices: () => Promise<Prices>
  /** Rejects when the text is no whole price table. */
  readonly installPrices: (text: string, fetchedAt: number) => Promise<Prices>
  /** Called when the database broke under way: it was closed and set aside, and this service is of no more use. */
  readonly onBroken: () => void
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * What the log worker does, one thing after the other:
 *
 *     'appended' → within 500 ms ┐
 *     'full'     → at once       ├→ gather → commit → 'committed'
 *     a call     → at once       ┘                  ↘ on failure: 'trouble', again after 1 s … 30 s
 */
export class LogService {
  readonly #options: LogServiceOptions
  readonly #database: LogDatabase
  readonly #retention: Retention
  readonly #stops: readonly Stop[]
  #limits: RetentionLimits
  #prices: Prices | null = null
  #pricesMissing = false
  #listening: boolean
  #queue: Promise<void> = Promise.resolve()
  #stopTimer: Stop | null = null
  #retryMs = RETRY_MS
  #inTrouble = false
  #ended = false
  #recent: { readonly at: number; readonly rows: number }[] = []

  constructor(options: LogServiceOptions) {
    const { clock, data, post } = options
    this.#options = options
    this.#limits = data.retention
    this.#listening = data.listening
    this.#database = new LogDatabase({
      dataDir: data.dataDir,
      ownFrom: data.ownFrom,
      now: () => clock.now(),
      onBad: (reason, at) => post({ kind: 'bad_record', reason, at })
    })
    this.#retention = new Retention(this.#database.database, this.#database.rollups)
    if (this.#database.setAside !== null) post({ kind: 'set_aside', name: this.#database.setAside })
    post({ kind: 'ready' }) // it is answered by 'appended', which brings in what an earlier run left behind
    const retain = (): void => this.#enqueue(() => this.#retainStep())
    this.#stops = [clock.after(FIRST_RETENTION_MS, retain), clock.every(RETENTION_MS, retain)]
  }

  handle(message: Exclude<ToWorker, { readonly kind: 'start' }>): void {
    switch (message.kind) {
      case 'appended':
        this.#commitWithin(COMMIT_MS)
        return
      case 'full':
        this.#enqueue(() => this.#commitWholeBatches())
        return
      case 'listen':
        this.#listening = message.on
        return
      case 'retention':
        this.#limits = message.limits
        this.#enqueue(() => this.#retainStep())
        return
      case 'call':
        this.#enqueue(() => this.#answer(message.id, message.call))
        return
    }
  }

  #enqueue(work: () => Promise<void>): void {
    const unlessEnded = (): Promise<void> => (this.#ended ? Promise.resolve() : work())
    this.#queue = this.#queue.then(unlessEnded).catch((error: unknown) => this.#troubled(error))
  }

  #commitWithin(ms: number): void {
    this.#stopTimer ??= this.#options.clock.after(ms, () => {
      this.#stopTimer = null
      this.#enqueue(() => this.#drainAndTell())
    })
  }

  /** Answers in any case, so that the main thread knows that its next record must be announced again. */
  async #drainAndTell(): Promise<void> {
    const { flushes } = this.#database
    await this.#drain()
    const { flushes: now, position } = this.#database
    if (now === flushes) this.#options.post({ kind: 'committed', own: 0, position, rows: null, spent: [] })
  }

  async #commitWholeBatches(): Promise<void> {
    while (this.#database.gather()) await this.#commit()
    if (this.#database.hasNews) this.#commitWithin(COMMIT_MS)
  }

  /** Commits everything that was appended before. A wake-up that is due stays due: the main thread waits for its answer. */
  async #drain(): Promise<void> {
    let more = true
    while (more) {
      more = this.#database.gather()
      if (this.#database.hasNews) await this.#commit()
    }
  }

  async #commit(): Promise<void> {
    if (this.#database.needsPrices) await this.#needPrices()
    const { rows, own, position } = this.#database.commit(this.#prices)
    this.#recent.push({ at: this.#options.clock.monotonic(), rows: rows.length })
    this.#forgetOldCommits()
    this.#retryMs = RETRY_MS
    if (this.#inTrouble) this.#options.post({ kind: 'trouble', message: null })
    this.#inTrouble = false
    this.#options.post({ kind: 'committed', own, position, rows: this.#listening ? rows : null, spent: spentBy(rows) })
  }

  /** Without its table the log goes on, with costs that are not known (B32). */
  async #needPrices(): Promise<void> {
    if (this.#prices !== null || this.#pricesMissing) return
    try {
      this.#prices = await this.#options.loadPrices()
    } catch (error) {
      this.#pricesMissing = true
      this.#options.post({ kind: 'no_prices', reason: reasonOf(error) })
    }
  }

  async #priceTable(): Promise<PriceTable> {
    await this.#needPrices()
    if (this.#prices === null) throw new StorageError('log_query_failed', 'the price table can not be loaded')
    return this.#prices.about()
  }

  async #install({ text, fetchedAt }: { readonly text: string; readonly fetchedAt: number }): Promise<PriceTable> {
    this.#prices = await this.#options.installPrices(text, fetchedAt)
    this.#pricesMissing = false
    return this.#prices.about()
  }

  async #answer(id: number, call: LogCall): Promise<void> {
    const { post } = this.#options
    try {
      if (call.name !== 'stats') await this.#drainFor(call)
      post({ kind: 'result', id, value: await this.#run(call) })
    } catch (error) {
      if (isDamage(error)) this.#broken(error)
      const code = error instanceof StorageError ? error.code : 'log_query_failed'
      post({ kind: 'failed', id, code, message: reasonOf(error) })
    }
  }

  /** Rows that can't be committed now (a full disk) don't keep the others from being read. */
  async #drainFor(call: LogCall): Promise<void> {
    try {
      await this.#drain()
    } catch (error) {
      this.#troubled(error)
      if (call.name === 'flush') throw error
    }
  }

  #run(call: LogCall): unknown {
    switch (call.name) {
      case 'stats':
        return this.#stats()
      case 'flush':
        return null
      case 'priceTable':
        return this.#priceTable()
      case 'installPrices':
        return this.#install(call.params)
      case 'close':
        this.#close()
        return null
      default:
        return this.#ask(call)
    }
  }

  #ask(
    call: Exclude<LogCall, { readonly name: 'stats' | 'flush' | 'close' | 'priceTable' | 'installPrices' }>
  ): unknown {
    switch (call.name) {
      case 'query':
        return queryPage(this.#database.requests, call.params)
      case 'count':
        return countRows(this.#database.requests, call.params)
      case 'get':
        return findRequest(this.#database.requests, call.params)
      case 'overview':
        return this.#database.rollups.overview(call.params.from, call.params.to, call.params.now)
      case 'timeseries':
        return this.#database.rollups.timeseries(call.params.query, call.params.now)
      case 'previewRetention':
        return this.#retention.preview(call.params.limits, call.params.now)
      case 'spending':
        return spendingOf(this.#database.rollups, call.params.periods, call.params.now)
      case 'storedStates':
        return this.#database.states.all()
      case 'vacuum':
        return this.#database.vacuum()
    }
  }

  /** One step, so that a commit or a query goes between it and the next. */
  #retainStep(): Promise<void> {
    if (this.#retention.step(this.#limits, this.#options.clock.now())) this.#enqueue(() => this.#retainStep())
    return Promise.resolve()
  }

  #stats(): WorkerStats {
    const { bad, rowsWritten, flushes, lastBatchRows, lastFlushMs, database } = this.#database
    this.#forgetOldCommits()
    return {
      rowsWritten,
      flushes,
      lastBatchRows,
      lastFlushMs,
      rowsPerSecond: this.#recent.reduce((sum, { rows }) => sum + rows, 0) / (RATE_WINDOW_MS / 1000),
      badRecords: bad,
      statements: database.statements,
      transactions: database.transactions,
      journalBytes: this.#database.journalBytes(),
      logBytes: this.#database.bytes()
    }
  }

  #forgetOldCommits(): void {
    const since = this.#options.clock.monotonic() - RATE_WINDOW_MS
    this.#recent = this.#recent.filter(({ at }) => at >= since)
  }

  /** The rows stay in the journal and are tried again. */
  #troubled(error: unknown): void {
    if (isDamage(error)) {
      this.#broken(error)
      return
    }
    this.#inTrouble = true
    this.#options.post({ kind: 'trouble', message: reasonOf(error) })
    this.#commitWithin(this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS)
  }

  /** The database is damaged: it is set aside, and the worker ends, to begin again with a fresh one. */
  #broken(error: unknown): void {
    if (this.#ended) return
    this.#close()
    const name = setAsideLogDatabase(this.#options.data.dataDir, 'damaged', this.#options.clock.now())
    this.#options.post({ kind: 'trouble', message: reasonOf(error) })
    this.#options.post({ kind: 'set_aside', name })
    this.#options.onBroken()
  }

  #close(): void {
    this.#ended = true
    this.#stopTimer?.()
    for (const stop of this.#stops) stop()
    this.#database.close()
  }
}
