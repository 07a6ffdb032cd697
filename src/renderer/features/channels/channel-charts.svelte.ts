import type { RoutexApi } from '../../../shared/contract'
import type { ChannelId } from '../../../shared/ids'
import { asFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'
import { CHART_SPANS, pointsOf, type ChartPoint, type ChartSpan } from './chart-points'

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
      this.points = { kind: 'ready', value: pointsOf(buckets, this.#id, { from, ms, bucketMs }) }
    } catch (cause) {
      if (this.span === span) this.points = { kind: 'failed', failure: asFailure(cause) }
    }
  }
}
