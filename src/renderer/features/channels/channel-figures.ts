import type { TimeBucket } from '../../../shared/stats'

/** What one channel did since midnight. Unknown is null (B31, B32). */
export interface ChannelFigures {
  readonly requests: number
  readonly errors: number
  readonly costUsd: number | null
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

/** Of one bucket for each channel. */
export const figuresByChannel = (buckets: readonly TimeBucket[]): FiguresByChannel =>
  new Map(
    buckets.map(({ group, requests, errors, costUsd, firstByteMs, cacheHitRate }) => [
      group ?? '',
      { requests, errors, costUsd, firstByteP50: firstByteMs.p50, cacheHitRate }
    ])
  )
