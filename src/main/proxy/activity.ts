/** What flows now: cheap counters that the status and the once-a-second event read. */
export class Activity {
  #inFlight = 0
  #requests = 0
  #errors = 0
  #tellIdle: (() => void) | null = null
  #idle: Promise<void> | null = null

  begin(): void {
    this.#inFlight += 1
  }

  end(failed: boolean): void {
    this.#inFlight -= 1
    this.#requests += 1
    if (failed) this.#errors += 1
    if (this.#inFlight === 0) this.#tellIdle?.()
  }

  /** Resolves as soon as no request is under way: each has its row then. */
  whenIdle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve()
    this.#idle ??= new Promise((resolve) => {
      this.#tellIdle = () => {
        this.#tellIdle = null
        this.#idle = null
        resolve()
      }
    })
    return this.#idle
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Since the start; a reader takes differences. */
  get requests(): number {
    return this.#requests
  }

  get errors(): number {
    return this.#errors
  }
}
