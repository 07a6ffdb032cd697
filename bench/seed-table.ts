import type { Account } from './accounting.ts'
import type { LongRun } from './memory.ts'
import { rowOf, runOf, type Results } from './results.ts'
import { figure, percent, table } from './table.ts'
import type { TargetName } from './targets.ts'

/**
 * The original Routex's own table: what its authors expected before and after their optimization of v1.2, on a machine
 * and an upstream that they don't name. https://github.com/dctx-team/Routex OPTIMIZATION_SUMMARY.md (64f5156)
 */
const SEED = {
  p50: ['~60 ms', '~40 ms'],
  p95: ['~120 ms', '~80 ms'],
  p99: ['~200 ms', '~140 ms'],
  memory: ['150–200 MB', '80–120 MB'],
  queries: ['2–3', '< 1'],
  throughput: ['~500 req/s', '~800 req/s'],
  cpu: ['60–80 %', '40–60 %'],
  iops: ['1,000–1,500/s', '200–400/s'],
  lockWait: ['10–20 ms', '< 5 ms']
} as const

/** Seen once on a 2-core machine with generator and upstream beside it, 16 connections (issue 2), req/s. */
const SEEN =
  'Seen earlier on a 2-core machine with generator and upstream beside it, 16 connections, req/s: direct 12,000, bare relay 8,500, the original Routex on Bun 5,700, Portkey 1,230, claude-code-router 870.'

export function seedTable(results: Results): string {
  const rows = [...loadRows(results), ...storageRows(results.accounts.at(-1))]
  return `${table(['', 'seed before v1.2', 'seed v1.2, expected', 'bare relay here', 'Routex here'], rows)}\n\n${SEEN}`
}

type Row = readonly string[]

function loadRows({ at16, latency, longRuns }: Results): readonly Row[] {
  const names = ['bare relay', 'Routex'] as const
  const each = (cell: (name: TargetName) => string): Row => names.map(cell)
  const milliseconds = (share: 'p50' | 'p95' | 'p99'): Row =>
    each((name) => figure(rowOf(latency, name)?.whole[share], 2, ' ms'))
  return [
    ['P50', ...SEED.p50, ...milliseconds('p50')],
    ['P95', ...SEED.p95, ...milliseconds('p95')],
    ['P99', ...SEED.p99, ...milliseconds('p99')],
    ['Memory, idle and highest', ...SEED.memory, ...each((name) => memoryRange(runOf(longRuns, name)))],
    [
      'Throughput, 16 connections',
      ...SEED.throughput,
      ...each((name) => figure(rowOf(at16, name)?.perSecond, 0, ' req/s'))
    ],
    ['CPU at 500 req/s, of one core', ...SEED.cpu, ...each((name) => percent(rowOf(latency, name)?.cpuShare))]
  ]
}

function memoryRange(run: LongRun | undefined): string {
  return run === undefined ? '–' : `${figure(run.idleMB)}–${figure(run.peakMB)} MB`
}

/** By the account at the fixed rate; the bare relay stores nothing. */
function storageRows(paced: Account | undefined): readonly Row[] {
  const perRequest = (value: number | undefined, decimals: number): string =>
    figure(paced === undefined || value === undefined ? null : value / paced.requests, decimals)
  const { main, worker } = paced?.probe ?? {}
  const writes = paced?.diskWrites ?? null
  return [
    [
      'Queries a request (main thread + worker)',
      ...SEED.queries,
      '0',
      `${perRequest(main?.statements, 2)} + ${perRequest(worker?.statements, 2)}`
    ],
    [
      'IOPS at 500 req/s (of the whole disk)',
      ...SEED.iops,
      '–',
      figure(paced === undefined || writes === null ? null : writes / paced.seconds, 0, '/s')
    ],
    ['Lock wait (a request’s time in SQLite), ms', ...SEED.lockWait, '0', perRequest(main?.ms, 3)]
  ]
}
