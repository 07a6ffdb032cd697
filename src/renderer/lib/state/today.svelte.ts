import type { RoutexApi } from '../../../shared/contract'
import type { Overview } from '../../../shared/stats'
import { startOfDay } from '../day'
import { Newest } from '../newest'
import { Refresher } from '../refresher'

/**
 * Of two loads while requests end, ms. A request is told of within half a second of its end (the log's commit), so the totals
 * are true within a second.
 */
const PAUSE_MS = 750

/** The totals since midnight of the user's day. null: not known (yet). */
export class TodayState {
  totals: Overview | null = $state.raw(null)

  readonly #api: RoutexApi
  readonly #refresher: Refresher
  readonly #newest = new Newest()

  constructor(api: RoutexApi) {
    this.#api = api
    this.#refresher = new Refresher(api, { load: () => this.load(), pauseMs: PAUSE_MS, everyMs: 60_000 })
  }

  /** Follows the finished requests, and the clock past midnight. */
  listen(): () => void {
    return this.#refresher.listen()
  }

  async load(): Promise<void> {
    this.#refresher.noteLoad()
    const now = Date.now()
    const asked = this.#newest.ask()
    try {
      const totals = await this.#api.call('stats.overview', { from: startOfDay(now), to: now })
      if (this.#newest.takes(asked)) this.totals = totals
    } catch {
      // Old totals would pass for present ones; the connection's own notice says why they are gone.
      if (this.#newest.takes(asked)) this.totals = null
    }
  }
}
