import { cpus, totalmem } from 'node:os'
import { aims, aimsTable } from './aims.ts'
import type { Account } from './accounting.ts'
import type { LongRun, OpenStreams } from './memory.ts'
import { rowOf, type Results } from './results.ts'
import type { Latency, Throughput } from './scenarios.ts'
import { seedTable } from './seed-table.ts'
import { added, figure, percent, table } from './table.ts'

export interface Circumstances {
  readonly command: string
  readonly date: string
  readonly nodeFlags: readonly string[]
  readonly nginx: string | null
  readonly tookSeconds: number
  readonly loadAtStart: number
  /** Parts that were left out, with the reason. */
  readonly leftOut: readonly string[]
}

/** The whole run as Markdown that reads in a terminal as well. */
export function report(circumstances: Circumstances, results: Results): string {
  const sections = [
    circumstancesText(circumstances),
    section('Aims', aimsTable(aims(results))),
    section('Requests a second (closed loop)', throughputTables(results)),
    section('Latency at a fixed rate (open loop)', latencyTables(results)),
    section('Memory', memoryTables(results)),
    section('SQL, disk and event loop', accountTable(results.accounts)),
    section('The field’s two commands, against Routex', fieldTable(results)),
    section('Beside the seed’s own table', seedTable(results))
  ]
  return sections.filter((text) => text !== '').join('\n\n')
}

const section = (title: string, text: string): string => (text === '' ? '' : `### ${title}\n\n${text}`)

function circumstancesText(run: Circumstances): string {
  const [cpu] = cpus()
  const machine = `${cpus().length} cores (${cpu?.model ?? 'unknown'}), ${figure(totalmem() / 2 ** 30, 0)} GiB, ${process.platform}`
  return [
    `\`${run.command}\` on ${run.date}, ${figure(run.tookSeconds)} s; 1-minute load at the start ${figure(run.loadAtStart, 2)}.`,
    `Machine: ${machine}; generator, upstream and target share it.`,
    `Node ${process.versions.node}, flags of the bare relay and of Routex alike: ${run.nodeFlags.join(' ') || 'none (default heap)'}; nginx ${run.nginx ?? 'not installed, left out'}.`,
    ...run.leftOut.map((text) => `Left out: ${text}.`)
  ].join('  \n')
}

function throughputTables({ at16, at100, streams, large }: Results): string {
  return [at16, at100, streams, large]
    .filter((result) => result !== null)
    .map(throughputTable)
    .join('\n\n')
}

function throughputTable({ exchange, connections, rows }: Throughput): string {
  const header = [
    `${exchange.title}, ${connections} connections`,
    exchange.streamed ? 'streams/s' : 'req/s',
    'of the bare relay',
    'p50 ms',
    'p99 ms',
    'CPU ms/request',
    'failed'
  ]
  const lines = rows.map((row) => [
    row.name,
    figure(row.perSecond),
    percent(row.ofBareRelay),
    figure(row.p50, 2),
    figure(row.p99, 2),
    figure(row.cpuMs, 3),
    figure(row.failures.length)
  ])
  return table(header, lines)
}

function latencyTables({ latency, firstContent }: Results): string {
  return [latency, firstContent]
    .filter((result) => result !== null)
    .map(latencyTable)
    .join('\n\n')
}

function latencyTable(result: Latency): string {
  const { exchange, ratePerSecond, rows, lateness } = result
  const of = (row: (typeof rows)[number] | undefined) => (exchange.streamed ? row?.firstContent : row?.whole)
  const bare = of(rowOf(result, 'bare relay'))
  const direct = of(rowOf(result, 'direct'))
  const what = exchange.streamed ? 'to the first content event' : 'to the last byte'
  const header = [`${exchange.title}, ${ratePerSecond} a second, ${what}`, 'p50 ms', 'p95 ms', 'p99 ms']
  const over = ['over bare relay p50 / p95 / p99', 'over direct p50 / p95 / p99', 'CPU of one core', 'failed']
  const lines = rows.map((row) => {
    const own = of(row)
    const cells = [own?.p50, own?.p95, own?.p99].map((value) => figure(value, 2))
    return [
      ...[row.name, ...cells],
      differences(own, row.name === 'bare relay' ? null : bare),
      differences(own, row.name === 'direct' ? null : direct),
      percent(row.cpuShare, 1),
      figure(row.failures.length)
    ]
  })
  const late = `${figure(lateness.p50, 2)} ms at p50 and ${figure(lateness.p99, 2)} ms at p99`
  return `${table([...header, ...over], lines)}\n\nThe generator itself sent later than due by ${late}, in every row alike.`
}

interface Three {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

function differences(own: Three | null | undefined, base: Three | null | undefined): string {
  if (!own || !base) return '–'
  return [own.p50 - base.p50, own.p95 - base.p95, own.p99 - base.p99].map((value) => added(value)).join(' / ')
}

function memoryTables({ longRuns, slowStreams }: Results): string {
  return [longRunTable(longRuns), openStreamsTable(slowStreams)].filter((text) => text !== '').join('\n\n')
}

function longRunTable(runs: readonly LongRun[]): string {
  const requests = runs[0]?.requests
  if (requests === undefined) return ''
  const header = ['RSS, MB', 'idle', 'after 10 %', 'after 50 %', `after ${figure(requests)} requests`, 'peak', 'failed']
  const lines = runs.map(({ name, idleMB, afterMB, peakMB, failures }) => [
    name,
    ...[idleMB, afterMB[0], afterMB[4], afterMB.at(-1), peakMB].map((value) => figure(value, 1)),
    figure(failures.length)
  ])
  return table(header, lines)
}

function openStreamsTable(runs: readonly OpenStreams[]): string {
  const streams = runs[0]?.streams
  if (streams === undefined) return ''
  const header = [
    `${figure(streams)} slow streams at once, RSS in MB`,
    'before',
    'open',
    'peak',
    'CPU of one core',
    'failed'
  ]
  const lines = runs.map(({ name, beforeMB, openMB, peakMB, cpuShare, failures }) => [
    name,
    ...[beforeMB, openMB, peakMB].map((value) => figure(value, 1)),
    percent(cpuShare, 1),
    figure(failures.length)
  ])
  return table(header, lines)
}

function accountTable(accounts: readonly Account[]): string {
  if (accounts.length === 0) return ''
  const line = (what: string, value: (account: Account) => string): string[] => [what, ...accounts.map(value)]
  return table(
    ['Routex, counted by a probe inside it', ...accounts.map(({ load }) => load)],
    [
      line('requests', ({ requests }) => figure(requests)),
      line('rows written', ({ writer }) => figure(writer.rowsWritten)),
      line('SQL statements a request, main thread', ({ probe, requests }) =>
        figure(probe.main.statements / requests, 4)
      ),
      line('time in SQL, main thread, ms in all', ({ probe }) => figure(probe.main.ms, 2)),
      line('SQL statements a request, worker', ({ probe, requests }) => figure(probe.worker.statements / requests, 2)),
      line('transactions a request', ({ probe, requests }) => figure(probe.worker.transactions / requests, 4)),
      line('transactions/s', ({ probe, seconds }) => figure(probe.worker.transactions / seconds, 1)),
      line('transactions/s, as the writer says', ({ writer, seconds }) => figure(writer.transactions / seconds, 1)),
      line('journal writes a request, main thread', ({ probe, requests }) =>
        figure(probe.mainFileWrites / requests, 2)
      ),
      line('bytes written a request', ({ writtenBytes, requests }) =>
        figure(writtenBytes === null ? null : writtenBytes / requests)
      ),
      line('disk writes/s (of the whole disk)', ({ diskWrites, seconds }) =>
        figure(diskWrites === null ? null : diskWrites / seconds)
      ),
      line('event-loop delay p50 / p99 / p99.9 / max, ms', ({ probe }) => {
        const { p50, p99, p999, max } = probe.eventLoopDelay
        return [p50, p99, p999, max].map((value) => figure(value, 1)).join(' / ')
      })
    ]
  )
}

function fieldTable({ fieldRuns }: Results): string {
  if (fieldRuns.length === 0) return ''
  return table(
    ['POST /v1/messages', 'requests', 'failed', 'req/s', 'latency'],
    fieldRuns.map(({ command, outcome }) =>
      outcome === null
        ? [`${command} (not installed, left out)`, '–', '–', '–', '–']
        : [command, figure(outcome.requests), figure(outcome.failed), figure(outcome.perSecond), outcome.latency]
    )
  )
}
