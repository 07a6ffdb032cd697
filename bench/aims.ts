import type { Percentiles } from './percentiles.ts'
import { rowOf, runOf, type Results } from './results.ts'
import type { Latency } from './scenarios.ts'
import { figure, percent, table } from './table.ts'
import type { TargetName } from './targets.ts'

/** One aim of the product, and what this run found. */
export interface Aim {
  readonly aim: string
  readonly found: string
  /** null: not measured in this run, or not well enough. */
  readonly met: boolean | null
}

/** RSS that may move about within the second half of the long run and still counts as flat, MB. */
const FLAT_MB = 5

/** `limit` is what the figure must stay under (or at least reach, for `atLeast`). */
function aim(text: string, value: number | null | undefined, format: (value: number) => string, met: boolean): Aim {
  const measured = typeof value === 'number' && Number.isFinite(value)
  return { aim: text, found: measured ? format(value) : '–', met: measured ? met : null }
}

function below(text: string, value: number | undefined, limit: number, unit: string, decimals = 2): Aim {
  return aim(text, value, (found) => figure(found, decimals, unit), value !== undefined && value < limit)
}

/** The aims of issue 2, each against what was measured. */
export function aims(results: Results): readonly Aim[] {
  return [...rateAims(results), ...latencyAims(results), ...memoryAims(results), ...accountAims(results)]
}

function rateAims({ at16, at100, fieldRuns }: Results): readonly Aim[] {
  const share = (text: string, value: number | undefined): Aim =>
    aim(text, value, (found) => percent(found, 1), value !== undefined && value >= 0.8)
  return [
    share('≥ 80 % of the bare relay’s req/s at 16 connections', rowOf(at16, 'Routex')?.ofBareRelay),
    share('≥ 80 % of the bare relay’s req/s at 100 connections', rowOf(at100, 'Routex')?.ofBareRelay),
    ...fieldRuns.map(({ command, outcome }) =>
      aim(`no request failed in \`${command}\``, outcome?.failed, (found) => `${found} failed`, outcome?.failed === 0)
    )
  ]
}

/** Of a generator that is later than this at p99, ms, nothing can be told about a millisecond: the machine is busy. */
const TOO_LATE_MS = 10

function unlessTooLate(found: Aim, latency: Latency | null): Aim {
  if (latency === null || latency.lateness.p99 <= TOO_LATE_MS) return found
  return { ...found, found: `${found.found} (generator late by ${figure(latency.lateness.p99)} ms)`, met: null }
}

function latencyAims({ latency, firstContent }: Results): readonly Aim[] {
  const rate = latency?.ratePerSecond ?? 500
  const whole = (name: TargetName): Percentiles | undefined => rowOf(latency, name)?.whole
  const first = (name: TargetName): number | undefined => rowOf(firstContent, name)?.firstContent?.p50
  const p50 = minus(whole('Routex')?.p50, whole('bare relay')?.p50)
  const p99 = minus(whole('Routex')?.p99, whole('bare relay')?.p99)
  const content = minus(first('Routex'), first('bare relay'))
  return [
    unlessTooLate(below(`added p50 over the bare relay < 0.3 ms at ${rate} req/s`, p50, 0.3, ' ms', 3), latency),
    unlessTooLate(below(`added p99 over the bare relay < 1 ms at ${rate} req/s`, p99, 1, ' ms', 3), latency),
    unlessTooLate(
      below(
        'first content event of a 120 KB streamed request < 1 ms after the bare relay’s (p50)',
        content,
        1,
        ' ms',
        3
      ),
      firstContent
    )
  ]
}

function memoryAims({ longRuns, slowStreams }: Results): readonly Aim[] {
  const long = runOf(longRuns, 'Routex')
  const requests = figure(long?.requests ?? 100_000)
  const streams = runOf(slowStreams, 'Routex')
  const over = minus(streams?.openMB, runOf(slowStreams, 'bare relay')?.openMB)
  return [
    below('RSS idle < 100 MB', long?.idleMB, 100, ' MB', 1),
    below(`RSS after ${requests} requests < 120 MB`, long?.afterMB.at(-1), 120, ' MB', 1),
    below(`flat: the second half of them adds < ${FLAT_MB} MB`, long?.growthMB, FLAT_MB, ' MB', 1),
    below(`${figure(streams?.streams ?? 1000)} open streams < the bare relay’s RSS + 30 MB`, over, 30, ' MB', 1)
  ]
}

function accountAims({ accounts }: Results): readonly Aim[] {
  const statements = accounts.map(({ probe, requests }) => probe.main.statements / requests)
  const transactions = accounts.map(({ probe, requests }) => probe.worker.transactions / requests)
  const delays = accounts.map(({ probe }) => probe.eventLoopDelay.p999)
  const most = highest(statements)
  const perRequest = highest(transactions)
  return [
    aim('0 SQL statements a request in the main thread', most, (found) => figure(found, 4), most === 0),
    aim(
      '≤ 0.01 transactions a request',
      perRequest,
      (found) => figure(found, 4),
      perRequest !== undefined && perRequest <= 0.01
    ),
    below('event-loop delay p99.9 < 20 ms while the writer commits', highest(delays), 20, ' ms', 1)
  ]
}

function minus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b
}

const highest = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.max(...values)

export function aimsTable(found: readonly Aim[]): string {
  const word = (met: boolean | null): string => (met === null ? 'can’t be told' : met ? 'met' : 'NOT met')
  return table(
    ['Aim', 'Found', 'Met'],
    found.map((one) => [one.aim, one.found, word(one.met)])
  )
}
