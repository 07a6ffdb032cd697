import type { TimeBucket } from '../../../shared/stats'

/** What one channel did since midnight. Unknown is null (B31, B32). */
export interface ChannelFigures {
  readonly requests: number
  readonly errors: number
  readonly costUsd: number | null
  /** The median of the hours' medians, each as heavy as its requests: the API tells medians by hour alone. */
  readonly firstByteP50: number | null
  /** Of all prompt tokens. */
  readonly cacheHitRate: number | null
}

/** By a channel's id; '' gathers what reached none. */
export type FiguresByChannel = ReadonlyMap<string, ChannelFigures>
export const noFigures: FiguresByChannel = new Map()

/** Errors worth a colour: one request in twenty. */
export const isMany = (figures: ChannelFigures | undefined): boolean =>
  figures !== undefined && figures.errors > 0 && figures.errors >= figures.requests / 20

/** Sums of the buckets of each channel. */
export function figuresByChannel(buckets: readonly TimeBucket[]): FiguresByChannel {
  const groups = Map.groupBy(buckets, ({ group }) => group ?? '')
  return new Map([...groups].map(([id, own]) => [id, sum(own)]))
}

function sum(buckets: readonly TimeBucket[]): ChannelFigures {
  const total = (value: (bucket: TimeBucket) => number): number =>
    buckets.reduce((sofar, bucket) => sofar + value(bucket), 0)
  const costs = buckets.flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]))
  const prompt = total(({ tokens }) => tokens.input + tokens.cacheRead + tokens.cacheWrite)
  return {
    requests: total(({ requests }) => requests),
    errors: total(({ errors }) => errors),
    costUsd: costs.length === 0 ? null : costs.reduce((sofar, cost) => sofar + cost, 0),
    firstByteP50: weightedMedian(
      buckets.flatMap(({ firstByteMs, requests }) =>
        firstByteMs.p50 === null ? [] : [{ value: firstByteMs.p50, weight: requests }]
      )
    ),
    cacheHitRate: prompt === 0 ? null : total(({ tokens }) => tokens.cacheRead) / prompt
  }
}

function weightedMedian(values: readonly { readonly value: number; readonly weight: number }[]): number | null {
  const sorted = values.toSorted((one, other) => one.value - other.value)
  const half = sorted.reduce((sofar, { weight }) => sofar + weight, 0) / 2
  let reached = 0
  for (const { value, weight } of sorted) {
    reached += weight
    if (reached >= half) return value
  }
  return null
}
