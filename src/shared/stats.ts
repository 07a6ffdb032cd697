import { z } from 'zod'

export const period = z.strictObject({ from: z.number(), to: z.number() })

const percentiles = z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() })

/** Totals of a period. Demo rows are left out. Unknown is null, never 0 (B31, B32). */
export const overview = z.object({
  requests: z.int(),
  errors: z.int(),
  tokens: z.object({
    input: z.int(),
    cacheRead: z.int(),
    cacheWrite: z.int(),
    output: z.int(),
    reasoning: z.int()
  }),
  /** Requests whose usage the upstream did not send. */
  usageUnknown: z.int(),
  /** Sum of the known costs; null when none is known. */
  costUsd: z.number().nullable(),
  /** Requests whose cost is not known. */
  costUnknown: z.int(),
  /** cacheRead / prompt; null without a prompt token. */
  cacheHitRate: z.number().nullable(),
  totalMs: percentiles,
  firstByteMs: percentiles
})
export type Overview = z.infer<typeof overview>

export const timeBucket = overview.extend({
  at: z.number(),
  /** What it is grouped by; null for the whole. */
  group: z.string().nullable()
})
export type TimeBucket = z.infer<typeof timeBucket>

export const queryCacheStats = z.object({
  name: z.string(),
  hits: z.int(),
  misses: z.int(),
  hitRate: z.number().nullable(),
  entries: z.int(),
  ageMs: z.number().nullable(),
  ttlMs: z.number(),
  queryMs: z.object({ p50: z.number().nullable(), p99: z.number().nullable() })
})
export type QueryCacheStats = z.infer<typeof queryCacheStats>

export const writerStats = z.object({
  /** Rows that are in the journal and not yet committed, and those waiting in memory because the append failed. */
  queued: z.int(),
  waitingInMemory: z.int(),
  dropped: z.int(),
  rowsWritten: z.int(),
  flushes: z.int(),
  lastBatchRows: z.int(),
  lastFlushMs: z.number().nullable(),
  rowsPerSecond: z.number(),
  badRecords: z.int(),
  journalBytes: z.int(),
  /** SQL statements and transactions the worker has run since the start. */
  statements: z.int(),
  transactions: z.int(),
  databaseBytes: z.object({ config: z.int(), logs: z.int() }),
  /** What last went wrong (disk full…); null when all is well. */
  lastError: z.string().nullable(),
  /** The new name of a damaged logs.db that was set aside at this start; null when there was none. */
  setAside: z.string().nullable()
})
export type WriterStats = z.infer<typeof writerStats>

/** The program itself: its memory and how promptly its event loop turns. */
export const processStats = z.object({
  uptimeMs: z.number(),
  rssBytes: z.int(),
  heapUsedBytes: z.int(),
  /** Of one core since the last call, 0 to 1 and more; null at the first. */
  cpuShare: z.number().nullable(),
  /** Delay of the event loop since the last call, ms; null where nothing was sampled yet. */
  eventLoop: z.object({ p50Ms: z.number().nullable(), p99Ms: z.number().nullable(), maxMs: z.number().nullable() }),
  dataDir: z.string(),
  /** `node`, `electron` (desktop), `sqlite`, `v8`… → version. */
  versions: z.record(z.string(), z.string())
})
export type ProcessStats = z.infer<typeof processStats>
