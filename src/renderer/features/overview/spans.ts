import type { TimeRangeName } from '../../lib/time-range'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

type Bucket = 'minute' | 'hour' | 'day'

/** Lengths of the buckets that the log keeps, ms. */
const bucketMs: Readonly<Record<Bucket, number>> = { minute, hour, day }

/** What one point of a chart is: so many of the log's buckets. */
interface Grain {
  readonly bucket: Bucket
  readonly every: number
}

/** A stretch of time that ends now, and what its charts are drawn with. */
interface Span {
  readonly ms: number
  /** Of lines and areas: 60 to 120 points, fewer only where the log has no finer buckets. */
  readonly line: Grain
  /** Of bars by channel, model or client: 15 to 30, as every group is asked for apart. */
  readonly bars: Grain
}

const spans: Readonly<Record<TimeRangeName, Span>> = {
  '15m': { ms: 15 * minute, line: { bucket: 'minute', every: 1 }, bars: { bucket: 'minute', every: 1 } },
  '1h': { ms: hour, line: { bucket: 'minute', every: 1 }, bars: { bucket: 'minute', every: 2 } },
  '6h': { ms: 6 * hour, line: { bucket: 'minute', every: 5 }, bars: { bucket: 'minute', every: 15 } },
  '24h': { ms: day, line: { bucket: 'minute', every: 15 }, bars: { bucket: 'hour', every: 1 } },
  '7d': { ms: 7 * day, line: { bucket: 'hour', every: 2 }, bars: { bucket: 'hour', every: 6 } },
  '30d': { ms: 30 * day, line: { bucket: 'hour', every: 6 }, bars: { bucket: 'day', every: 1 } },
  '90d': { ms: 90 * day, line: { bucket: 'day', every: 1 }, bars: { bucket: 'day', every: 3 } }
}

/** Its figures hardly change with a request. */
export const isLong = (span: TimeRangeName): boolean => spans[span].ms > day

/** What is counted: from (inclusive) to (not), ms since 1970. */
export interface Period {
  readonly from: number
  readonly to: number
}

/**
 * What a chart shows of the figures' own period. Its points begin at whole points of the clock, so they stand still while
 * time goes on; the first and the last hold only what lies in the period.
 */
export interface Frame extends Grain, Period {
  /** Of one point, ms. */
  readonly pointMs: number
}

const frame = (grain: Grain, period: Period): Frame => ({
  ...grain,
  ...period,
  pointMs: grain.every * bucketMs[grain.bucket]
})

/** The frame of the lines of a span, over what its figures count. */
export const lineFrame = (span: TimeRangeName, period: Period): Frame => frame(spans[span].line, period)

/** The same of its bars. */
export const barFrame = (span: TimeRangeName, period: Period): Frame => frame(spans[span].bars, period)

/** The begin of the point in which this moment lies. */
export const pointOf = (at: number, { pointMs }: Frame): number => Math.floor(at / pointMs) * pointMs

/** The begins of all points of a frame. */
export function pointsIn(frame: Frame): readonly number[] {
  const points: number[] = []
  for (let at = pointOf(frame.from, frame); at < frame.to; at += frame.pointMs) points.push(at)
  return points
}

/** What the figures count, and the stretch of the same length before, which ends as far into its last minute. */
export function periods(span: TimeRangeName, now: number): Readonly<Record<'present' | 'before', Period>> {
  const { ms } = spans[span]
  const from = Math.ceil(now / minute) * minute - ms
  return { present: { from, to: now }, before: { from: from - ms, to: now - ms } }
}
