import type { Overview, WriterStats } from '../../../shared/stats'
import type { RequestId } from '../../../shared/ids'
import type { LogFilter } from '../../../shared/log-filter'
import type { PriceTable } from '../../../shared/price-table'
import type { RequestRow } from '../../../shared/request-log'
import type { Periods, SpendingByPeriod, SpendingEntry } from '../../channels/spending'
import type { StorageErrorCode } from '../errors'
import type { LogCount, RetentionPreview, StoredState, TimeseriesBucket, Vacuumed } from '../ports'
import type { LogPage, LogPageQuery } from './log-query'
import type { RetentionLimits } from './retention'
import type { TimeseriesQuery } from './rollups'
import type { JournalPosition } from './segments'

/** What the worker begins with. */
export interface LogWorkerData {
  readonly dataDir: string
  /** The first journal segment of this run of the program. */
  readonly ownFrom: string
  readonly retention: RetentionLimits
  /** Committed rows are to be sent. */
  readonly listening: boolean
}

/** The worker's share of the writer's figures; the main thread adds the journal's. */
export type WorkerStats = Pick<
  WriterStats,
  | 'rowsWritten'
  | 'flushes'
  | 'lastBatchRows'
  | 'lastFlushMs'
  | 'rowsPerSecond'
  | 'badRecords'
  | 'statements'
  | 'transactions'
  | 'journalBytes'
> & { readonly logBytes: number }

/** Calls that the worker answers: name → parameters, result. All but `stats` first read the journal to its end. */
export interface LogCalls {
  query: { readonly params: LogPageQuery; readonly result: LogPage }
  count: { readonly params: LogFilter; readonly result: LogCount }
  get: { readonly params: RequestId; readonly result: RequestRow | undefined }
  overview: {
    readonly params: { readonly from: number; readonly to: number; readonly now: number }
    readonly result: Overview
  }
  timeseries: {
    readonly params: { readonly query: TimeseriesQuery; readonly now: number }
    readonly result: readonly TimeseriesBucket[]
  }
  previewRetention: {
    readonly params: { readonly limits: RetentionLimits; readonly now: number }
    readonly result: RetentionPreview
  }
  spending: { readonly params: { readonly periods: Periods; readonly now: number }; readonly result: SpendingByPeriod }
  priceTable: { readonly params: null; readonly result: PriceTable }
  installPrices: {
    readonly params: { readonly text: string; readonly fetchedAt: number }
    readonly result: PriceTable
  }
  storedStates: { readonly params: null; readonly result: readonly StoredState[] }
  vacuum: { readonly params: null; readonly result: Vacuumed }
  stats: { readonly params: null; readonly result: WorkerStats }
  /** Fails when the rows could not be committed. */
  flush: { readonly params: null; readonly result: null }
  /** Flushes as far as can be and closes the database. */
  close: { readonly params: null; readonly result: null }
}
export type LogCallName = keyof LogCalls
export type LogCall = {
  readonly [N in LogCallName]: { readonly name: N; readonly params: LogCalls[N]['params'] }
}[LogCallName]

export type ToWorker =
  | { readonly kind: 'start'; readonly data: LogWorkerData }
  /** Something was appended after a silence: commit within half a second. */
  | { readonly kind: 'appended' }
  /** A whole batch was appended. */
  | { readonly kind: 'full' }
  /** Whether committed rows are to be sent. */
  | { readonly kind: 'listen'; readonly on: boolean }
  | { readonly kind: 'retention'; readonly limits: RetentionLimits }
  | { readonly kind: 'call'; readonly id: number; readonly call: LogCall }

export type FromWorker =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'committed'
      readonly own: number
      readonly position: JournalPosition | null
      readonly rows: readonly RequestRow[] | null
      readonly spent: readonly SpendingEntry[]
    }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly code: StorageErrorCode; readonly message: string }
  /** What keeps rows from being committed; null when it is over. */
  | { readonly kind: 'trouble'; readonly message: string | null }
  | { readonly kind: 'set_aside'; readonly name: string }
  /** The price table that was fetched could not be used; the built-in one is. */
  | { readonly kind: 'bad_prices'; readonly reason: string }
  /** The price table could not be loaded. */
  | { readonly kind: 'no_prices'; readonly reason: string }
  | { readonly kind: 'bad_record'; readonly reason: string; readonly at: JournalPosition | null }
