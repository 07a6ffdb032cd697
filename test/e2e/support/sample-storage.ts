import {
  processStats,
  queryCacheStats,
  writerStats,
  type ProcessStats,
  type QueryCacheStats,
  type WriterStats
} from '../../../src/shared/stats'

export function sampleQuery(
  name: string,
  change: Partial<Record<keyof QueryCacheStats, unknown>> = {}
): QueryCacheStats {
  return queryCacheStats.parse({
    name,
    hits: 9_640,
    misses: 12,
    hitRate: 0.9988,
    entries: 3,
    ageMs: 12_400,
    ttlMs: 30_000,
    queryMs: { p50: 0.04, p99: 0.31 },
    ...change
  })
}

export function sampleWriter(change: Partial<Record<keyof WriterStats, unknown>> = {}): WriterStats {
  return writerStats.parse({
    queued: 0,
    waitingInMemory: 0,
    dropped: 0,
    rowsWritten: 48_210,
    flushes: 1_204,
    lastBatchRows: 41,
    lastFlushMs: 3.2,
    rowsPerSecond: 12.4,
    badRecords: 0,
    journalBytes: 128_000,
    statements: 96_000,
    transactions: 1_204,
    databaseBytes: { config: 262_144, logs: 84_000_000 },
    lastError: null,
    setAside: null,
    ...change
  })
}

export function sampleProcess(change: Partial<Record<keyof ProcessStats, unknown>> = {}): ProcessStats {
  return processStats.parse({
    uptimeMs: 3_600_000,
    rssBytes: 98_000_000,
    heapUsedBytes: 31_000_000,
    cpuShare: 0.03,
    eventLoop: { p50Ms: 0.1, p99Ms: 1.4, maxMs: 4.2 },
    dataDir: '/home/someone/.local/share/routex',
    versions: { node: '24.21.0', sqlite: '3.53.0' },
    ...change
  })
}
