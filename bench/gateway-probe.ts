/**
 * Loaded into the gateway with `--import`, in the accounting run alone: counts what reaches SQLite in the main thread and
 * in the worker, whatever the product says of itself, and watches the main thread's event loop. It answers over IPC.
 */
import Database from 'better-sqlite3'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads'

interface SqlCounts {
  readonly statements: number
  readonly transactions: number
  /** Time spent inside SQLite, its locks included, ms. */
  readonly ms: number
}

export interface ProbeReport {
  readonly main: SqlCounts
  readonly worker: SqlCounts
  /** Calls of fs.writeSync in the main thread: the journal's appends. */
  readonly mainFileWrites: number
  /** Of the main thread, ms; the sampling interval of 1 ms is in it. */
  readonly eventLoopDelay: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number }
}

const KEY = 'routex-bench-counts'
const STATEMENTS = 0
const TRANSACTIONS = 1
const NANOSECONDS = 2
const PER_THREAD = 3
const FILE_WRITES = 2 * PER_THREAD

function sharedCounts(): Float64Array {
  const given = getEnvironmentData(KEY)
  if (given instanceof SharedArrayBuffer) return new Float64Array(given)
  const fresh = new SharedArrayBuffer((FILE_WRITES + 1) * Float64Array.BYTES_PER_ELEMENT)
  setEnvironmentData(KEY, fresh)
  return new Float64Array(fresh)
}

const counts = sharedCounts()
// Each thread writes only its own counters, so no atomics are needed.
const own = counts.subarray(isMainThread ? 0 : PER_THREAD)

function add(at: number, amount: number): void {
  own[at] = (own[at] ?? 0) + amount
}

type Method = (this: { readonly source?: string }, ...parameters: unknown[]) => unknown

function countCalls(prototype: object, name: string): void {
  const original = Reflect.get(prototype, name) as Method
  Reflect.set(prototype, name, function (this: { readonly source?: string }, ...parameters: unknown[]): unknown {
    const startedAt = process.hrtime.bigint()
    try {
      return original.apply(this, parameters)
    } finally {
      add(NANOSECONDS, Number(process.hrtime.bigint() - startedAt))
      if (/^\s*commit/i.test(this.source ?? '')) add(TRANSACTIONS, 1)
      else if (!/^\s*(begin|rollback)/i.test(this.source ?? '')) add(STATEMENTS, 1)
    }
  })
}

const database = new Database(':memory:')
const statement = Object.getPrototypeOf(database.prepare('SELECT 1')) as object
for (const name of ['run', 'get', 'all', 'iterate']) countCalls(statement, name)
for (const name of ['exec', 'pragma']) countCalls(Database.prototype, name)
database.close()

const countsOf = (thread: Float64Array): SqlCounts => ({
  statements: thread[STATEMENTS] ?? 0,
  transactions: thread[TRANSACTIONS] ?? 0,
  ms: (thread[NANOSECONDS] ?? 0) / 1e6
})

if (isMainThread) {
  const { writeSync } = fs
  fs.writeSync = ((...parameters: Parameters<typeof writeSync>) => {
    counts[FILE_WRITES] = (counts[FILE_WRITES] ?? 0) + 1
    return writeSync(...parameters)
  }) as typeof writeSync
  syncBuiltinESMExports()

  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const milliseconds = (percentile: number): number => delay.percentile(percentile) / 1e6

  process.on('message', (command: 'read' | 'reset') => {
    const report: ProbeReport = {
      main: countsOf(counts.subarray(0, PER_THREAD)),
      worker: countsOf(counts.subarray(PER_THREAD, 2 * PER_THREAD)),
      mainFileWrites: counts[FILE_WRITES] ?? 0,
      eventLoopDelay: { p50: milliseconds(50), p99: milliseconds(99), p999: milliseconds(99.9), max: delay.max / 1e6 }
    }
    if (command === 'reset') {
      counts.fill(0)
      delay.reset()
    }
    process.send?.(report)
  })
  process.channel?.unref()
}
