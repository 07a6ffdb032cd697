import type { RoutexApi } from '../../../shared/contract'
import { asFailure, type ApiFailure } from '../../lib/backend'
import { startOfDay } from '../../lib/day'
import { Newest } from '../../lib/newest'
import { Refresher } from '../../lib/refresher'
import { figuresByChannel, noFigures, type FiguresByChannel } from './channel-figures'

/** Today's figures of every channel, by its id. */
export class FiguresState {
  byChannel: FiguresByChannel = $state.raw(noFigures)
  /** Why they could not be refreshed; what is shown is older. */
  failure: ApiFailure | null = $state.raw(null)

  readonly #api: RoutexApi
  readonly #refresher: Refresher
  readonly #newest = new Newest()

  constructor(api: RoutexApi) {
    this.#api = api
    this.#refresher = new Refresher(api, { load: () => this.load(), pauseMs: 2_000, everyMs: 60_000 })
  }

  /** Follows the finished requests, and the clock past midnight. Returns what ends it. */
  listen(): () => void {
    return this.#refresher.listen()
  }

  async load(): Promise<void> {
    this.#refresher.noteLoad()
    const now = Date.now()
    const asked = this.#newest.ask()
    try {
      const { buckets } = await this.#api.call('stats.timeseries', {
        from: startOfDay(now),
        to: now + 1,
        bucket: 'period',
        groupBy: 'channel'
      })
      if (!this.#newest.takes(asked)) return
      this.byChannel = figuresByChannel(buckets)
      this.failure = null
    } catch (cause) {
      if (this.#newest.takes(asked)) this.failure = asFailure(cause)
    }
  }
}
