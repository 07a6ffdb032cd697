import type { RoutexApi } from '../../../shared/contract'
import type { TimeBucket } from '../../../shared/stats'
import { asFailure, type ApiFailure } from '../../lib/backend'
import { startOfDay } from '../../lib/day'

/** Asked for at most this often, however many requests end. */
const shortestPauseMs = 2_000
const refreshMs = 60_000

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

/** Today's figures of every channel, by its id. */
export class FiguresState {
  byChannel: ReadonlyMap<string, ChannelFigures> = $state.raw(new Map())
  /** Why they could not be refreshed; what is shown is older. */
  failure: ApiFailure | null = $state.raw(null)

  readonly #api: RoutexApi
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Follows the finished requests, and the clock past midnight. Returns what ends it. */
  listen(): () => void {
    const stopEvents = this.#api.on('request.finished', () => {
      this.#timer ??= setTimeout(() => void this.load(), shortestPauseMs)
    })
    const refresh = setInterval(() => void this.load(), refreshMs)
    return () => {
      stopEvents()
      clearInterval(refresh)
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  async load(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const now = Date.now()
    try {
      const { buckets } = await this.#api.call('stats.timeseries', {
        from: startOfDay(now),
        to: now + 1,
        bucket: 'hour',
        groupBy: 'channel'
      })
      this.byChannel = new Map([...Map.groupBy(buckets, ({ group }) => group ?? '')].map(([id, own]) => [id, sum(own)]))
      this.failure = null
    } catch (cause) {
      this.failure = asFailure(cause)
    }
  }
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
