import type { RoutexApi } from '../../../shared/contract'
import { asFailure, type ApiFailure } from '../../lib/backend'
import { startOfDay } from '../../lib/day'
import { figuresByChannel, noFigures, type FiguresByChannel } from './channel-figures'

/** Asked for at most this often, however many requests end. */
const shortestPauseMs = 2_000
const refreshMs = 60_000

/** Today's figures of every channel, by its id. */
export class FiguresState {
  byChannel: FiguresByChannel = $state.raw(noFigures)
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
        bucket: 'period',
        groupBy: 'channel'
      })
      this.byChannel = figuresByChannel(buckets)
      this.failure = null
    } catch (cause) {
      this.failure = asFailure(cause)
    }
  }
}
