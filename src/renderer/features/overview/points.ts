import type { Overview, TimeBucket } from '../../../shared/stats'
import type { Frame } from './spans'

type Percentiles = Overview['totalMs']

/** What happened in one stretch of a chart. */
export interface Point {
  /** Its begin, ms since 1970. */
  readonly at: number
  readonly requests: number
  readonly errors: number
  /** Of a minute. In the stretch that still runs: so far. */
  readonly requestsPerMinute: number
  readonly errorsPerMinute: number
  readonly tokens: Overview['tokens']
  readonly costUsd: number | null
  readonly totalMs: Percentiles
  readonly firstByteMs: Percentiles
}

/** A stretch that has just begun is not told from less than this, or its first request would look like a storm. */
const shortestStretchMs = 15_000
const minuteMs = 60_000

/** A point for every stretch of the frame, those in which nothing happened among them. */
export function toPoints(buckets: Iterable<TimeBucket>, frame: Frame, now: number): readonly Point[] {
  const byPoint = new Map<number, TimeBucket[]>()
  for (const bucket of buckets) {
    const at = pointOf(bucket.at, frame)
    if (at < frame.from || at >= frame.to) continue
    const together = byPoint.get(at)
    if (together) together.push(bucket)
    else byPoint.set(at, [bucket])
  }
  const points: Point[] = []
  for (let at = frame.from; at < frame.to; at += frame.pointMs) {
    points.push(toPoint(at, byPoint.get(at) ?? [], Math.min(frame.pointMs, now - at)))
  }
  return points
}

/** The begin of the point in which a bucket lies. */
export const pointOf = (at: number, { pointMs }: Frame): number => Math.floor(at / pointMs) * pointMs

function toPoint(at: number, buckets: readonly TimeBucket[], elapsedMs: number): Point {
  const minutes = Math.max(elapsedMs, shortestStretchMs) / minuteMs
  const requests = sum(buckets, (bucket) => bucket.requests)
  const errors = sum(buckets, (bucket) => bucket.errors)
  return {
    at,
    requests,
    errors,
    requestsPerMinute: requests / minutes,
    errorsPerMinute: errors / minutes,
    tokens: {
      input: sum(buckets, ({ tokens }) => tokens.input),
      cacheRead: sum(buckets, ({ tokens }) => tokens.cacheRead),
      cacheWrite: sum(buckets, ({ tokens }) => tokens.cacheWrite),
      output: sum(buckets, ({ tokens }) => tokens.output),
      reasoning: sum(buckets, ({ tokens }) => tokens.reasoning)
    },
    costUsd: sumKnown(buckets.map(({ costUsd }) => costUsd)),
    totalMs: merge(buckets, ({ totalMs }) => totalMs),
    firstByteMs: merge(buckets, ({ firstByteMs }) => firstByteMs)
  }
}

function sum(buckets: readonly TimeBucket[], value: (bucket: TimeBucket) => number): number {
  return buckets.reduce((total, bucket) => total + value(bucket), 0)
}

/** The sum of what is known; null when nothing is. */
export function sumKnown(values: readonly (number | null)[]): number | null {
  return values.reduce((total, value) => (value === null ? total : (total ?? 0) + value), null)
}

/**
 * Percentiles of several buckets, as the mean of theirs weighted by requests: the log's histograms don't come along, and
 * a chart needs no better. The figures above the charts are exact.
 */
function merge(buckets: readonly TimeBucket[], pick: (bucket: TimeBucket) => Percentiles): Percentiles {
  return { p50: mean(buckets, pick, 'p50'), p95: mean(buckets, pick, 'p95'), p99: mean(buckets, pick, 'p99') }
}

function mean(
  buckets: readonly TimeBucket[],
  pick: (bucket: TimeBucket) => Percentiles,
  name: keyof Percentiles
): number | null {
  let weight = 0
  let total = 0
  for (const bucket of buckets) {
    const value = pick(bucket)[name]
    if (value === null) continue
    weight += bucket.requests
    total += value * bucket.requests
  }
  return weight === 0 ? null : total / weight
}
