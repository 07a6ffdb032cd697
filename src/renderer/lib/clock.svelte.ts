import { createSubscriber } from 'svelte/reactivity'

/** The present second, ticking only while something on the page reads it. */
class SecondClock {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1_000)
    return () => clearInterval(timer)
  })

  /** ms since 1970. */
  get now(): number {
    this.#subscribe()
    return Date.now()
  }
}

export const secondClock = new SecondClock()
