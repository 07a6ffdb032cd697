import type { ChannelId } from '../../../shared/ids'
import type { TimeBucket } from '../../../shared/stats'

const hour = 3_600_000

/** What the charts of a channel can show, and in which grain. */
export const CHART_SPANS = {
  '24h': { ms: 24 * hour, bucket: 'hour', bucketMs: hour },
  '7d': { ms: 7 * 24 * hour, bucket: 'hour', bucketMs: hour },
  '30d': { ms: 30 * 24 * hour, bucket: 'day', bucketMs: 24 * hour }
} as const
export type ChartSpan = keyof typeof CHART_SPANS

/** One moment of the charts: where nothing happened, its counts are 0 and its times unknown. */
export interface ChartPoint {
  /** ms since 1970. */
  readonly at: number
  readonly requests: number
  readonly errors: number
  readonly costUsd: number | null
  readonly firstByteP50: number | null
  readonly firstByteP95: number | null
}

interface ChartFrame {
  readonly from: number
  readonly ms: number
  readonly bucketMs: number
}

/** A point for each bucket of the frame, of this channel's alone. */
export function pointsOf(
  buckets: readonly TimeBucket[],
  id: ChannelId,
  { from, ms, bucketMs }: ChartFrame
): readonly ChartPoint[] {
  const own = new Map(buckets.filter(({ group }) => group === id).map((bucket) => [bucket.at, bucket]))
  const moments = Array.from({ length: ms / bucketMs }, (_, index) => from + index * bucketMs)
  return moments.map((at) => pointAt(at, own.get(at)))
}

const pointAt = (at: number, bucket: TimeBucket | undefined): ChartPoint => ({
  at,
  requests: bucket?.requests ?? 0,
  errors: bucket?.errors ?? 0,
  costUsd: bucket?.costUsd ?? null,
  firstByteP50: bucket?.firstByteMs.p50 ?? null,
  firstByteP95: bucket?.firstByteMs.p95 ?? null
})
