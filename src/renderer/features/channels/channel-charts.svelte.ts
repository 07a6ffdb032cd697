import type { RoutexApi } from '../../../shared/contract'
import type { ChannelId } from '../../../shared/ids'
import type { TimeBucket } from '../../../shared/stats'
import { asFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

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

/** The figures of one channel over a time. */
export class ChannelCharts {
  span: ChartSpan = $state('24h')
  points: Loaded<readonly ChartPoint[]> = $state.raw({ kind: 'loading' })

  readonly #api: RoutexApi
  readonly #id: ChannelId

  constructor(api: RoutexApi, id: ChannelId) {
    this.#api = api
    this.#id = id
  }

  async show(span: ChartSpan): Promise<void> {
    this.span = span
    await this.load()
  }

  async load(): Promise<void> {
    const { span } = this
    const { ms, bucket, bucketMs } = CHART_SPANS[span]
    const to = Math.ceil(Date.now() / bucketMs) * bucketMs
    const from = to - ms
    try {
      const { buckets } = await this.#api.call('stats.timeseries', { from, to, bucket, groupBy: 'channel' })
      if (this.span !== span) return
      const own = new Map(buckets.filter(({ group }) => group === this.#id).map((each) => [each.at, each]))
      const moments = Array.from({ length: ms / bucketMs }, (_, index) => from + index * bucketMs)
      this.points = { kind: 'ready', value: moments.map((at) => pointAt(at, own.get(at))) }
    } catch (cause) {
      if (this.span === span) this.points = { kind: 'failed', failure: asFailure(cause) }
    }
  }
}

const pointAt = (at: number, bucket: TimeBucket | undefined): ChartPoint => ({
  at,
  requests: bucket?.requests ?? 0,
  errors: bucket?.errors ?? 0,
  costUsd: bucket?.costUsd ?? null,
  firstByteP50: bucket?.firstByteMs.p50 ?? null,
  firstByteP95: bucket?.firstByteMs.p95 ?? null
})
