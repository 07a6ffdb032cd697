import type { RoutexApi } from '../../../shared/contract'
import type { TimeBucket } from '../../../shared/stats'
import type { Grouping } from './groups'
import { bucketStart, type Frame } from './spans'

/** Buckets of one chart, kept from one refresh to the next: asked for again are only those that may have changed. */
export class KeptBuckets {
  readonly #api: RoutexApi
  readonly #groupBy: Grouping | undefined
  #buckets = new Map<string, TimeBucket>()
  #frame: Frame | null = null
  #loadedTo = 0

  /** `groupBy` null: the whole. */
  constructor(api: RoutexApi, groupBy: Grouping | null) {
    this.#api = api
    this.#groupBy = groupBy ?? undefined
  }

  /**
   * The buckets of the frame. `changedSince`: the earliest arrival among the requests that ended since the last load, or
   * null for all anew.
   */
  async load(frame: Frame, now: number, changedSince: number | null): Promise<readonly TimeBucket[]> {
    const keeps = changedSince !== null && this.#frame?.bucket === frame.bucket && this.#frame.from <= frame.from
    const from = keeps
      ? Math.max(frame.from, bucketStart(Math.min(changedSince, this.#loadedTo), frame.bucket))
      : frame.from
    const { buckets } = await this.#api.call('stats.timeseries', {
      from,
      to: frame.to,
      bucket: frame.bucket,
      ...(this.#groupBy !== undefined && { groupBy: this.#groupBy })
    })
    const kept = keeps ? [...this.#buckets.values()].filter(({ at }) => at >= frame.from && at < from) : []
    this.#buckets = new Map([...kept, ...buckets].map((bucket) => [`${bucket.at} ${bucket.group ?? ''}`, bucket]))
    this.#frame = frame
    this.#loadedTo = now
    return [...this.#buckets.values()]
  }
}
