import type { RoutexApi } from '../../../shared/contract'
import type { Overview } from '../../../shared/stats'
import { startOfDay } from '../day'

/** Totals are asked for at most this often, however many requests end. */
const shortestPauseMs = 2_000
const refreshMs = 60_000

/** The totals since midnight of the user's day. null: not known (yet). */
export class TodayState {
  totals: Overview | null = $state.raw(null)

  readonly #api: RoutexApi
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Follows the finished requests, and the clock past midnight. */
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
      this.totals = await this.#api.call('stats.overview', { from: startOfDay(now), to: now })
    } catch {
      // Old totals would pass for present ones; the connection's own notice says why they are gone.
      this.totals = null
    }
  }
}
