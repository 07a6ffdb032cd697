import type { Overview, TimeBucket } from '../../../shared/stats'
import { pointsIn, type Frame } from './spans'

type Percentiles = Overview['totalMs']

/** What happened in one stretch of a chart. */
export interface Point {
  /** Its begin, ms since 1970. */
  readonly at: number
  readonly requests: number
  readonly errors: number
  /** Of a minute. In a stretch that the period holds only a part of, or that still runs: of that part. */
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

const unknown: Percentiles = { p50: null, p95: null, p99: null }
const nothing = {
  requests: 0,
  errors: 0,
  tokens: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  costUsd: null,
  totalMs: unknown,
  firstByteMs: unknown
} as const

/** A point for every stretch of the frame, those in which nothing happened among them. */
export function toPoints(buckets: Iterable<TimeBucket>, frame: Frame): readonly Point[] {
  const byPoint = new Map([...buckets].map((bucket) => [bucket.at, bucket]))
  return pointsIn(frame).map((at) => {
    const elapsedMs = Math.min(at + frame.pointMs, frame.to) - Math.max(at, frame.from)
    return toPoint(at, byPoint.get(at), elapsedMs)
  })
}

function toPoint(at: number, bucket: TimeBucket | undefined, elapsedMs: number): Point {
  const minutes = Math.max(elapsedMs, shortestStretchMs) / minuteMs
  const { requests, errors, tokens, costUsd, totalMs, firstByteMs } = bucket ?? nothing
  return {
    at,
    requests,
    errors,
    requestsPerMinute: requests / minutes,
    errorsPerMinute: errors / minutes,
    tokens,
    costUsd,
    totalMs,
    firstByteMs
  }
}

/** The sum of what is known; null when nothing is. */
export function sumKnown(values: readonly (number | null)[]): number | null {
  return values.reduce((total, value) => (value === null ? total : (total ?? 0) + value), null)
}
