import { calls } from '../../shared/contract'
import type { Clock, Logger, Stop } from '../../shared/ports'
import type { Overview } from '../../shared/stats'
import type { Api } from '../api/api'
import type { Gateway } from '../api/gateway'

/** How often it is looked whether requests ended, ms; below a second, so that the totals are true within one. */
const LOOK_MS = 750

export interface TodayOptions {
  readonly api: Pick<Api, 'call'>
  readonly gateway: Pick<Gateway, 'traffic'>
  readonly clock: Clock
  readonly logger: Logger
  readonly onChange: (totals: Overview) => void
}

/** Start of the local day that `now` lies in, and of the next; a day may have 23 or 25 hours. ms since 1970. */
export function dayOf(now: number): { readonly from: number; readonly to: number } {
  const at = new Date(now)
  const midnight = (days: number): number => new Date(at.getFullYear(), at.getMonth(), at.getDate() + days).getTime()
  return { from: midnight(0), to: midnight(1) }
}

/**
 * Today's totals, read within a second of a request's end, and at midnight. (The look at the counter costs nothing; the rows
 * themselves would have to be brought over from the log's worker.)
 */
export class Today {
  readonly #options: TodayOptions
  readonly #stopLooks: Stop
  #finished: number
  #stopMidnight: Stop | undefined
  #stopped = false

  constructor(options: TodayOptions) {
    this.#options = options
    this.#finished = options.gateway.traffic().finished
    this.#stopLooks = options.clock.every(LOOK_MS, () => this.#look())
    this.read()
  }

  /** Reads them anew now; for a machine that slept over midnight, whose timer is late. */
  read(): void {
    const { api, clock, logger, onChange } = this.#options
    const day = dayOf(clock.now())
    this.#stopMidnight?.()
    this.#stopMidnight = clock.after(day.to - clock.now(), () => this.read())
    api
      .call('stats.overview', day)
      .then((result) => {
        if (!this.#stopped) onChange(calls['stats.overview'].result.parse(result))
      })
      .catch((error: unknown) => {
        if (!this.#stopped) logger.error("today's totals could not be read", { error })
      })
  }

  #look(): void {
    const { finished } = this.#options.gateway.traffic()
    if (finished === this.#finished) return
    this.#finished = finished
    this.read()
  }

  stop(): void {
    this.#stopped = true
    this.#stopLooks()
    this.#stopMidnight?.()
  }
}
