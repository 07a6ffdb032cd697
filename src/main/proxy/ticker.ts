import type { Clock, Stop } from '../../shared/ports'

/** How fine the deadlines are, ms. */
const TICK_MS = 250

export interface Ticking {
  /** `now` is the monotonic clock, ms. */
  tick(now: number): void
  /** Routex is being turned off and waits no longer. */
  interrupt(): void
  /** Nothing is left to watch: it leaves with the next tick, if it was not removed before. */
  readonly over: boolean
}

/**
 * One coarse timer for all exchanges under way, so that neither a request nor a chunk makes a timer of its own (B06's
 * deadlines are seconds). It runs only while somebody is on it.
 */
export class Ticker {
  readonly #clock: Clock
  readonly #members = new Set<Ticking>()
  #stop: Stop | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(member: Ticking): void {
    this.#members.add(member)
    this.#stop ??= this.#clock.every(TICK_MS, () => this.#tick())
  }

  /** Ends everything under way, each in its own orderly manner. */
  interrupt(): void {
    for (const member of this.#members) member.interrupt()
  }

  remove(member: Ticking): void {
    this.#members.delete(member)
  }

  /** Ends the timer; those still on it hear nothing more. */
  destroy(): void {
    this.#members.clear()
    this.#stop?.()
    this.#stop = null
  }

  #tick(): void {
    const now = this.#clock.monotonic()
    for (const member of this.#members) {
      member.tick(now)
      if (member.over) this.#members.delete(member)
    }
    if (this.#members.size > 0) return
    this.#stop?.()
    this.#stop = null
  }
}
