/** What flows now: cheap counters that the status and the once-a-second event read. */
export class Activity {
  #inFlight = 0
  #requests = 0
  #errors = 0

  begin(): void {
    this.#inFlight += 1
  }

  end(failed: boolean): void {
    this.#inFlight -= 1
    this.#requests += 1
    if (failed) this.#errors += 1
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
