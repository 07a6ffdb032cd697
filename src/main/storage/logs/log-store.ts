import type { Overview, WriterStats } from '../../../shared/stats'
import type { RequestId } from '../../../shared/ids'
import type { LogFilter } from '../../../shared/log-filter'
import type { PriceTable } from '../../../shared/price-table'
import type { Clock, Logger, Stop } from '../../../shared/ports'
import type { JournaledRecord, RequestRow } from '../../../shared/request-log'
import type { Settings } from '../../../shared/settings'
import type { Periods, SpendingByPeriod, SpendingEntry } from '../../channels/spending'
import { StorageError } from '../errors'
import type { LogCount, LogStore, RetentionPreview, StoredState, TimeseriesBucket, Vacuumed } from '../ports'
import { Journal, type JournalFiles } from './journal'
import type { LogPage, LogPageQuery } from './log-query'
import { LogWorkerLink, type LogWorkerLinkOptions } from './log-worker-link'
import { encodeRecord } from './record-codec'
import type { RetentionLimits } from './retention'
import type { TimeseriesQuery } from './rollups'
import { BATCH_ROWS, journalDir, samePosition } from './segments'
import type { FromWorker, LogCallName, LogCalls } from './worker-messages'

export interface LogStoreOptions {
  /** The data folder. */
  readonly dir: string
  readonly clock: Clock
  readonly logger: Logger
  /** The built `log-worker.js`. */
  readonly workerUrl: URL
  readonly startThread?: LogWorkerLinkOptions['startThread']
  readonly retention: Settings['retention']
  /** For tests that fill the disk. */
  readonly journalFiles?: JournalFiles
}

const MIB = 1024 * 1024

const limitsOf = (retention: Settings['retention']): RetentionLimits => ({
  days: retention.days,
  maxBytes: retention.maxMiB * MIB
})

type Committed = Extract<FromWorker, { readonly kind: 'committed' }>
type Told = Exclude<FromWorker, { readonly kind: 'result' | 'failed' }>

/** The records of requests that ended in this turn of the event loop. */
interface Turn {
  readonly texts: string[]
  readonly written: Promise<void>
  readonly settle: () => void
}

/** The main thread's side: appends to the journal, wakes the worker, and carries questions to it. */
class WorkerLogStore implements LogStore {
  readonly #options: LogStoreOptions
  readonly #journal: Journal
  readonly #link: LogWorkerLink
  readonly #listeners = new Set<(rows: readonly RequestRow[]) => void>()
  readonly #spentListeners = new Set<(entries: readonly SpendingEntry[]) => void>()
  #limits: RetentionLimits
  /** The worker was told that there is something to commit. */
  #announced = false
  #sinceFull = 0
  /** Of the journal's `appended`, how many the worker has dealt with. */
  #processed = 0
  #trouble: string | null = null
  #setAside: string | null = null
  #turn: Turn | null = null
  #closing: Promise<void> | null = null

  constructor(options: LogStoreOptions, onReady: () => void) {
    const { dir, clock, logger, workerUrl, startThread, journalFiles } = options
    this.#options = options
    this.#limits = limitsOf(options.retention)
    this.#journal = new Journal({
      dir: journalDir(dir),
      clock,
      logger,
      ...(journalFiles && { files: journalFiles })
    })
    const ownFrom = this.#journal.position.segment
    this.#link = new LogWorkerLink({
      workerUrl,
      startThread,
      clock,
      logger,
      data: () => ({ dataDir: dir, ownFrom, retention: this.#limits, listening: this.#listeners.size > 0 }),
      onMessage: (message) => (message.kind === 'ready' ? this.#ready(onReady) : this.#told(message)),
      onEnded: onReady
    })
  }

  append(record: JournaledRecord): Promise<void> {
    this.#turn ??= this.#beginTurn()
    this.#turn.texts.push(encodeRecord(record))
    return this.#turn.written
  }

  appendNow(records: readonly JournaledRecord[]): void {
    this.#turn ??= this.#beginTurn()
    this.#turn.texts.push(...records.map(encodeRecord))
    this.#endTurn()
  }

  query(query: LogPageQuery): Promise<LogPage> {
    return this.#ask('query', query)
  }

  count(filter: LogFilter = {}): Promise<LogCount> {
    return this.#ask('count', filter)
  }

  get(id: RequestId): Promise<RequestRow | undefined> {
    return this.#ask('get', id)
  }

  overview({ from, to }: { readonly from: number; readonly to: number }): Promise<Overview> {
    return this.#ask('overview', { from, to, now: this.#options.clock.now() })
  }

  timeseries(query: TimeseriesQuery): Promise<readonly TimeseriesBucket[]> {
    return this.#ask('timeseries', { query, now: this.#options.clock.now() })
  }

  onCommitted(listener: (rows: readonly RequestRow[]) => void): Stop {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#link.post({ kind: 'listen', on: true })
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#link.post({ kind: 'listen', on: false })
    }
  }

  spending(periods: Periods): Promise<SpendingByPeriod> {
    return this.#ask('spending', { periods, now: this.#options.clock.now() })
  }

  onSpent(listener: (entries: readonly SpendingEntry[]) => void): Stop {
    this.#spentListeners.add(listener)
    return () => this.#spentListeners.delete(listener)
  }

  priceTable(): Promise<PriceTable> {
    return this.#link.call('priceTable', null)
  }

  installPrices(text: Buffer, fetchedAt: number): Promise<PriceTable> {
    return this.#link.call('installPrices', { text: text.toString('utf8'), fetchedAt })
  }

  async stats(configBytes: number): Promise<WriterStats> {
    const { logBytes, ...worker } = await this.#link.call('stats', null)
    const waiting = this.#journal.waiting
    return {
      ...worker,
      queued: Math.max(0, this.#journal.appended - this.#processed) + waiting,
      waitingInMemory: waiting,
      dropped: this.#journal.dropped,
      databaseBytes: { config: configBytes, logs: logBytes },
      lastError: this.#journal.lastError ?? this.#trouble,
      setAside: this.#setAside
    }
  }

  setRetention(retention: Settings['retention']): void {
    this.#limits = limitsOf(retention)
    this.#link.post({ kind: 'retention', limits: this.#limits })
  }

  previewRetention(retention: Settings['retention']): Promise<RetentionPreview> {
    return this.#ask('previewRetention', { limits: limitsOf(retention), now: this.#options.clock.now() })
  }

  storedStates(): Promise<readonly StoredState[]> {
    return this.#ask('storedStates', null)
  }

  vacuum(): Promise<Vacuumed> {
    return this.#ask('vacuum', null)
  }

  async flush(): Promise<void> {
    this.#endTurn()
    this.#journal.retry()
    if (this.#journal.waiting > 0) {
      const why = this.#journal.lastError ?? 'the disk takes none'
      throw new StorageError('log_unwritable', `${this.#journal.waiting} records can't be written: ${why}`)
    }
    await this.#link.call('flush', null)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#endTurn()
    this.#journal.retry()
    await this.#link.close()
    this.#journal.close()
  }

  /** The answer knows every record that was appended before. */
  #ask<N extends LogCallName>(name: N, params: LogCalls[N]['params']): Promise<LogCalls[N]['result']> {
    this.#endTurn()
    return this.#link.call(name, params)
  }

  /** What ends in one turn of the event loop goes to the disk in one write: under load, a write costs more than its bytes. */
  #beginTurn(): Turn {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    setImmediate(() => this.#endTurn())
    return { texts: [], written: promise, settle: () => resolve(undefined) }
  }

  #endTurn(): void {
    const turn = this.#turn
    if (turn === null) return
    this.#turn = null
    this.#journal.append(turn.texts)
    this.#announce(turn.texts.length)
    turn.settle()
  }

  #announce(rows: number): void {
    if (!this.#announced) {
      this.#announced = true
      this.#link.post({ kind: 'appended' })
    }
    this.#sinceFull += rows
    if (this.#sinceFull < BATCH_ROWS) return
    this.#sinceFull = 0
    this.#link.post({ kind: 'full' })
  }

  /** Also after a restart of the worker: then this brings in what was appended meanwhile. */
  #ready(onReady: () => void): void {
    this.#announced = true
    this.#link.post({ kind: 'appended' })
    onReady()
  }

  #told(message: Exclude<Told, { readonly kind: 'ready' }>): void {
    const { logger } = this.#options
    switch (message.kind) {
      case 'committed':
        this.#committed(message)
        return
      case 'trouble':
        if (message.message === null) logger.info('the request log is being written again')
        else if (this.#trouble === null) logger.error('the request log can not be written', { reason: message.message })
        this.#trouble = message.message
        return
      case 'set_aside':
        this.#setAside = message.name
        logger.error('logs.db could not be used; it was set aside and a fresh one begun', { setAside: message.name })
        return
      case 'bad_prices':
        logger.error('the prices that were fetched can not be used; the built-in ones count', {
          reason: message.reason
        })
        return
      case 'no_prices':
        logger.error('the price table can not be loaded; costs are unknown', { reason: message.reason })
        return
      case 'bad_record':
        logger.error('a record of the request log was set aside in journal.bad.jsonl', {
          reason: message.reason,
          ...message.at
        })
        return
    }
  }

  /** When something was appended since the worker looked, it is told once more: no wake-up is lost, whatever the order. */
  #committed({ own, position, rows, spent }: Committed): void {
    this.#processed += own
    if (position !== null && samePosition(position, this.#journal.position)) {
      this.#processed = this.#journal.appended
      this.#announced = false
      this.#sinceFull = 0
    } else {
      this.#link.post({ kind: 'appended' })
    }
    if (spent.length > 0) for (const listener of this.#spentListeners) listener(spent)
    if (rows === null || rows.length === 0) return
    for (const listener of this.#listeners) listener(rows)
  }
}

/**
 * Opens the journal and starts the worker that owns logs.db. Resolves when the worker has opened it, or has failed to and
 * is tried again: requests are logged in the journal all the same.
 *
 * @throws when the journal can't be begun (the data folder is not writable)
 */
export function openLogStore(options: LogStoreOptions): Promise<LogStore> {
  return new Promise((resolve) => {
    const store = new WorkerLogStore(options, () => resolve(store))
  })
}
