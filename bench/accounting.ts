import { setTimeout as delay } from 'node:timers/promises'
import type { Effort } from './effort.ts'
import type { Gateway, WriterStats } from './gateway.ts'
import type { ProbeReport } from './gateway-probe.ts'
import { closedLoop } from './closed-loop.ts'
import type { LoadResult } from './load.ts'
import { openLoop } from './open-loop.ts'
import { diskWrites, processStats } from './process-stats.ts'
import { SMALL, workOf } from './scenarios.ts'

/** The writer commits at the latest after 500 ms; then every row is in. */
const COMMITTED_MS = 1500

/** What one load made the gateway do besides answering. */
export interface Account {
  readonly load: string
  readonly requests: number
  readonly seconds: number
  readonly probe: ProbeReport
  /** What the writer itself says it did in that time. */
  readonly writer: Pick<WriterStats, 'rowsWritten' | 'flushes' | 'statements' | 'transactions'>
  readonly writtenBytes: number | null
  /** Writes that the whole disk completed in that time, the machine's others included. */
  readonly diskWrites: number | null
  readonly failures: readonly string[]
}

/** Counts statements, transactions, bytes and event-loop delay: flat out at 16 connections, then at the fixed rate. */
export async function accounts(gateway: Gateway, effort: Effort): Promise<readonly Account[]> {
  const { accountingSeconds: seconds, fixedRate } = effort
  const work = workOf(gateway, SMALL)
  const flatOut = { connections: 16, until: { seconds } }
  await closedLoop(work, { connections: 16, until: { seconds: effort.warmUpSeconds } })
  return [
    await account('flat out, 16 connections', gateway, () => closedLoop(work, flatOut)),
    await account(`${fixedRate} requests/s`, gateway, () => openLoop(work, { ratePerSecond: fixedRate, seconds }))
  ]
}

async function account(load: string, gateway: Gateway, run: () => Promise<LoadResult>): Promise<Account> {
  const { pid } = gateway.running
  await delay(COMMITTED_MS)
  const writerBefore = await gateway.writerStats()
  await gateway.probe('reset')
  const before = processStats(pid)
  const diskBefore = diskWrites(gateway.dataDir)
  const startedAt = performance.now()
  const result = await run()
  const seconds = (performance.now() - startedAt) / 1000
  const { eventLoopDelay } = await gateway.probe('read')
  await delay(COMMITTED_MS)
  const probe = { ...(await gateway.probe('read')), eventLoopDelay }
  const after = processStats(pid)
  const diskAfter = diskWrites(gateway.dataDir)
  const writerAfter = await gateway.writerStats()

  const rows = writerAfter.rowsWritten - writerBefore.rowsWritten
  const requests = result.latencies.length
  const missing = rows === requests ? [] : [`${requests} requests were answered, ${rows} rows were written`]
  return {
    load,
    requests,
    seconds,
    probe,
    writer: {
      rowsWritten: rows,
      flushes: writerAfter.flushes - writerBefore.flushes,
      statements: writerAfter.statements - writerBefore.statements,
      transactions: writerAfter.transactions - writerBefore.transactions
    },
    writtenBytes: difference(after?.writtenBytes, before?.writtenBytes),
    diskWrites: difference(diskAfter, diskBefore),
    failures: [...result.failures, ...missing]
  }
}

function difference(after: number | null | undefined, before: number | null | undefined): number | null {
  return typeof after === 'number' && typeof before === 'number' ? after - before : null
}
