import type { RoutexApi } from '../../../shared/contract'
import type { TimeBucket } from '../../../shared/stats'
import type { Grouping } from './groups'
import { pointOf, type Frame } from './spans'

/** Buckets of one chart, kept from one refresh to the next: asked for again are only those that may have changed. */
export class KeptBuckets {
  readonly #api: RoutexApi
  readonly #groupBy: Grouping | undefined
  #buckets: readonly TimeBucket[] = []
  #frame: Frame | null = null

  /** `groupBy` null: the whole. */
  constructor(api: RoutexApi, groupBy: Grouping | null) {
    this.#api = api
    this.#groupBy = groupBy ?? undefined
  }

  /**
   * The buckets of the frame. `changedSince`: the earliest arrival among the requests that ended since the last load, or
   * null for all anew.
   */
  async load(frame: Frame, changedSince: number | null): Promise<readonly TimeBucket[]> {
    const from = changedSince === null ? frame.from : this.#firstStale(frame, changedSince)
    const { buckets } = await this.#api.call('stats.timeseries', {
      from,
      to: frame.to,
      bucket: frame.bucket,
      every: frame.every,
      ...(this.#groupBy !== undefined && { groupBy: this.#groupBy })
    })
    const kept = from === frame.from ? [] : this.#buckets.filter(({ at }) => at < from)
    this.#buckets = [...kept, ...buckets]
    this.#frame = frame
    return this.#buckets
  }

  /** The begin of the first bucket that may be another by now; the frame's own where its first one holds another part. */
  #firstStale(frame: Frame, changedSince: number): number {
    const before = this.#frame
    if (before?.bucket !== frame.bucket || before.every !== frame.every || before.from !== frame.from) return frame.from
    return Math.max(frame.from, pointOf(Math.min(changedSince, before.to), frame))
  }
}
