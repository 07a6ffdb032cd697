import type { Effort } from './effort.ts'
import { CLIENT_KEY } from './gateway.ts'
import { closedLoop, type ClosedLoad } from './closed-loop.ts'
import type { LoadResult, Work } from './load.ts'
import { openLoop, type OpenResult } from './open-loop.ts'
import { paired } from './paired.ts'
import { ANSWER_BYTES, messagesRequest, MODEL, STREAM_DELTAS, streamBytes } from './payloads.ts'
import { median, percentilesOf, type Percentiles } from './percentiles.ts'
import { processStats } from './process-stats.ts'
import type { Target, TargetName } from './targets.ts'

const KIB = 1024

/** One kind of request with its answer. */
export interface Exchange {
  readonly title: string
  readonly body: Buffer
  readonly answerBytes: number
  readonly streamed: boolean
}

export const SMALL: Exchange = {
  title: '2 KB request, 1 KB answer',
  body: messagesRequest({ model: MODEL, stream: false, bytes: 2 * KIB }),
  answerBytes: ANSWER_BYTES,
  streamed: false
}
export const STREAM: Exchange = {
  title: `120 KB request, stream of ${STREAM_DELTAS} chunks`,
  body: messagesRequest({ model: MODEL, stream: true, bytes: 120 * KIB }),
  answerBytes: streamBytes(MODEL, STREAM_DELTAS),
  streamed: true
}
export const LARGE: Exchange = {
  title: '1 MB request, 1 KB answer',
  body: messagesRequest({ model: MODEL, stream: false, bytes: KIB * KIB }),
  answerBytes: ANSWER_BYTES,
  streamed: false
}

export function workOf(target: Target, { body, answerBytes }: Exchange): Work {
  return { port: target.port, clientKey: CLIENT_KEY, body, expected: { bodyBytes: answerBytes } }
}

interface ThroughputRow {
  readonly name: TargetName
  /** Median of the rounds. */
  readonly perSecond: number
  /** Median of each round's share of the bare relay's; NaN without one. */
  readonly ofBareRelay: number
  readonly p50: number
  readonly p99: number
  /** CPU of the process between, ms a request; null for direct, or where it can't be known. */
  readonly cpuMs: number | null
  readonly failures: readonly string[]
}

export interface Throughput {
  readonly exchange: Exchange
  readonly connections: number
  readonly rows: readonly ThroughputRow[]
}

interface Slice {
  readonly result: LoadResult
  readonly cpuMs: number | null
}

async function slice(target: Target, exchange: Exchange, load: ClosedLoad): Promise<Slice> {
  const pid = target.running?.pid
  const before = pid === undefined ? null : processStats(pid)
  const result = await closedLoop(workOf(target, exchange), load)
  const after = pid === undefined ? null : processStats(pid)
  return { result, cpuMs: before === null || after === null ? null : after.cpuMs - before.cpuMs }
}

const perSecond = ({ result }: Slice): number => result.done / result.seconds

/** How much goes through when each of `connections` asks again as soon as it was answered. */
export async function throughput(
  targets: readonly Target[],
  exchange: Exchange,
  connections: number,
  { rounds, seconds }: Pick<Effort, 'rounds' | 'seconds'>
): Promise<Throughput> {
  const load = { connections, until: { seconds } }
  const slices = await paired(targets, rounds, (target) => slice(target, exchange, load))
  const bare = slices.get('bare relay')?.map(perSecond) ?? []
  const rows = [...slices].map(([name, own]): ThroughputRow => {
    const { p50, p99 } = percentilesOf(own.flatMap(({ result }) => result.latencies))
    return {
      name,
      perSecond: median(own.map(perSecond)),
      ofBareRelay: median(own.map((one, round) => perSecond(one) / (bare[round] ?? NaN))),
      p50,
      p99,
      cpuMs: cpuPerRequest(own),
      failures: own.flatMap(({ result }) => result.failures)
    }
  })
  return { exchange, connections, rows }
}

function cpuPerRequest(slices: readonly Slice[]): number | null {
  let cpuMs = 0
  let done = 0
  for (const { result, cpuMs: own } of slices) {
    if (own === null) return null
    cpuMs += own
    done += result.latencies.length
  }
  return cpuMs / done
}

interface LatencyRow {
  readonly name: TargetName
  /** From when each request was due to its last byte, ms, of all rounds together. */
  readonly whole: Percentiles
  /** To the first content event; only for streams. */
  readonly firstContent: Percentiles | null
  /** Share of one core that the process between took; null where it can't be known. */
  readonly cpuShare: number | null
  readonly failures: readonly string[]
}

export interface Latency {
  readonly exchange: Exchange
  readonly ratePerSecond: number
  readonly rows: readonly LatencyRow[]
  /** How late the generator itself was; what is smaller than this is not to be trusted. */
  readonly lateness: Percentiles
}

interface OpenSlice {
  readonly result: OpenResult
  readonly cpuShare: number | null
}

async function openSlice(target: Target, exchange: Exchange, rate: number, seconds: number): Promise<OpenSlice> {
  const pid = target.running?.pid
  const before = pid === undefined ? null : processStats(pid)
  const load = { ratePerSecond: rate, seconds, watchContent: exchange.streamed }
  const result = await openLoop(workOf(target, exchange), load)
  const after = pid === undefined ? null : processStats(pid)
  const cpuShare = before === null || after === null ? null : (after.cpuMs - before.cpuMs) / (seconds * 1000)
  return { result, cpuShare }
}

/** How long answers take when requests come at a rate that nobody is hurried by. */
export async function latencyAt(
  targets: readonly Target[],
  exchange: Exchange,
  ratePerSecond: number,
  { rounds, fixedRateSeconds }: Pick<Effort, 'rounds' | 'fixedRateSeconds'>
): Promise<Latency> {
  const slices = await paired(targets, rounds, (target) => openSlice(target, exchange, ratePerSecond, fixedRateSeconds))
  const rows = [...slices].map(([name, own]): LatencyRow => {
    const shares = own.map(({ cpuShare }) => cpuShare).filter((share) => share !== null)
    return {
      name,
      whole: percentilesOf(own.flatMap(({ result }) => result.latencies)),
      firstContent: exchange.streamed ? percentilesOf(own.flatMap(({ result }) => result.firstContents)) : null,
      cpuShare: shares.length === 0 ? null : median(shares),
      failures: own.flatMap(({ result }) => result.failures)
    }
  })
  const lateness = percentilesOf([...slices.values()].flat().flatMap(({ result }) => result.lateness))
  return { exchange, ratePerSecond, rows, lateness }
}

/** Lets each target's code be compiled and its pools be filled before anything is counted. */
export async function warmUp(targets: readonly Target[], seconds: number): Promise<void> {
  for (const target of targets) {
    await closedLoop(workOf(target, SMALL), { connections: 16, until: { seconds } })
    await closedLoop(workOf(target, STREAM), { connections: 4, until: { seconds: seconds / 4 } })
  }
}
