import type { RoutexApi } from '../../shared/contract'

export interface RefreshOptions {
  /** Reads the figures anew. What goes wrong is its own to tell. */
  readonly load: () => Promise<void>
  /** Of two loads, ms: while requests end, at most so often. */
  readonly pauseMs: number | (() => number)
  /** Anew by the clock too, ms: past midnight, or for what no event tells. */
  readonly everyMs?: number
  /** What is done by that clock, and when the page is seen again; `load` where left out. */
  readonly loadAll?: () => Promise<void>
}

/**
 * Keeps figures fresh while requests end: read again at once after a quiet time, else when the pause is over, however many
 * ended. While nobody sees the page nothing is asked for; it is caught up with when somebody does.
 */
export class Refresher {
  readonly #api: RoutexApi
  readonly #options: RefreshOptions
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastAt = -Infinity

  constructor(api: RoutexApi, options: RefreshOptions) {
    this.#api = api
    this.#options = options
  }

  /** Returns what ends it. */
  listen(): () => void {
    const { load, loadAll = load, everyMs } = this.#options
    const stopEvents = this.#api.on('request.finished', () => this.#soon())
    const whole = (): void => void this.#whenSeen(loadAll)
    const clock = everyMs === undefined ? undefined : setInterval(whole, everyMs)
    document.addEventListener('visibilitychange', whole)
    return () => {
      stopEvents()
      clearInterval(clock)
      this.#forget()
      document.removeEventListener('visibilitychange', whole)
    }
  }

  /** To be told of each load, whoever asked for it: the pause begins anew. */
  noteLoad(): void {
    this.#forget()
    this.#lastAt = performance.now()
  }

  #soon(): void {
    if (this.#timer !== undefined) return
    const { load, pauseMs } = this.#options
    const pause = typeof pauseMs === 'number' ? pauseMs : pauseMs()
    const wait = Math.max(0, this.#lastAt + pause - performance.now())
    this.#timer = setTimeout(() => void this.#whenSeen(load), wait)
  }

  async #whenSeen(load: () => Promise<void>): Promise<void> {
    this.#forget()
    if (!document.hidden) await load()
  }

  #forget(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
