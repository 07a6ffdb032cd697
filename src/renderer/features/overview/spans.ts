import type { CallParams } from '../../../shared/contract'
import type { TimeRangeName } from '../../lib/time-range'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

type Bucket = CallParams<'stats.timeseries'>['bucket']

/** Lengths of the buckets that the log keeps, ms. */
const bucketMs: Readonly<Record<Bucket, number>> = { minute, hour, day }

/** How the figures of a chart are asked for, and how many of them make one point of it. */
interface Grain {
  readonly bucket: Bucket
  /** Of one point, ms; a multiple of the bucket's length. */
  readonly pointMs: number
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
  '15m': {
    ms: 15 * minute,
    line: { bucket: 'minute', pointMs: minute },
    bars: { bucket: 'minute', pointMs: minute }
  },
  '1h': { ms: hour, line: { bucket: 'minute', pointMs: minute }, bars: { bucket: 'minute', pointMs: 2 * minute } },
  '6h': {
    ms: 6 * hour,
    line: { bucket: 'minute', pointMs: 5 * minute },
    bars: { bucket: 'minute', pointMs: 15 * minute }
  },
  '24h': { ms: day, line: { bucket: 'minute', pointMs: 15 * minute }, bars: { bucket: 'hour', pointMs: hour } },
  '7d': { ms: 7 * day, line: { bucket: 'hour', pointMs: 2 * hour }, bars: { bucket: 'hour', pointMs: 6 * hour } },
  '30d': { ms: 30 * day, line: { bucket: 'hour', pointMs: 6 * hour }, bars: { bucket: 'day', pointMs: day } },
  '90d': { ms: 90 * day, line: { bucket: 'day', pointMs: day }, bars: { bucket: 'day', pointMs: 3 * day } }
}

/** Its figures hardly change with a request. */
export const isLong = (span: TimeRangeName): boolean => spans[span].ms > day

/** What a chart shows: whole points from `from` (inclusive) to `to` (not). It moves by a point at a time, never by less. */
export interface Frame extends Grain {
  readonly from: number
  readonly to: number
}

function frame(grain: Grain, ms: number, now: number): Frame {
  const to = Math.ceil(now / grain.pointMs) * grain.pointMs
  return { ...grain, from: to - ms, to }
}

/** The frame of the lines of a span that ends at `now`, ms since 1970. */
export const lineFrame = (span: TimeRangeName, now: number): Frame => frame(spans[span].line, spans[span].ms, now)

/** The same of its bars. */
export const barFrame = (span: TimeRangeName, now: number): Frame => frame(spans[span].bars, spans[span].ms, now)

/** The whole bucket in which this moment lies. */
export const bucketStart = (at: number, bucket: Bucket): number => Math.floor(at / bucketMs[bucket]) * bucketMs[bucket]

/** What the figures count, and the stretch of the same length before, which ends as far into its last minute. */
export function periods(
  span: TimeRangeName,
  now: number
): Readonly<Record<'present' | 'before', { readonly from: number; readonly to: number }>> {
  const { ms } = spans[span]
  const from = Math.ceil(now / minute) * minute - ms
  return { present: { from, to: now }, before: { from: from - ms, to: now - ms } }
}
