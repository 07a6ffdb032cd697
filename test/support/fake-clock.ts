import type { Clock, Stop } from '../../src/shared/ports'

interface Timer {
  due: number
  /** null: once. */
  readonly every: number | null
  readonly call: () => void
}

/**
 * A clock that stands still until a test turns it. Timers run inside `advance`, in the order in which they are due
 * (those due together in the order in which they were set), and see the time at which they were due.
 */
export class FakeClock implements Clock {
  #now: number
  #monotonic = 0
  readonly #timers = new Set<Timer>()

  /** @param now wall clock to begin with, ms since 1970 */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  after(ms: number, call: () => void): Stop {
    return this.#start({ due: this.#monotonic + Math.max(0, ms), every: null, call })
  }

  every(ms: number, call: () => void): Stop {
    const period = Math.max(1, ms)
    return this.#start({ due: this.#monotonic + period, every: period, call })
  }

  /** Timers that are set and were not stopped: 0 shows that an owner cleaned up. */
  get pendingTimers(): number {
    return this.#timers.size
  }

  /** Turns both clocks on by `ms` and runs what comes due on the way, timers set by timers included. */
  advance(ms: number): void {
    const end = this.#monotonic + ms
    for (let timer = this.#nextDue(end); timer; timer = this.#nextDue(end)) {
      this.#turnTo(timer.due)
      if (timer.every === null) this.#timers.delete(timer)
      else timer.due += timer.every
      timer.call()
    }
    this.#turnTo(end)
  }

  /** Sets the wall clock alone, as when the machine's time is corrected: timers and the monotonic clock stay. */
  set(now: number): void {
    this.#now = now
  }

  #start(timer: Timer): Stop {
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  #nextDue(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.due <= end && (!next || timer.due < next.due)) next = timer
    }
    return next
  }

  #turnTo(monotonic: number): void {
    this.#now += monotonic - this.#monotonic
    this.#monotonic = monotonic
  }
}
