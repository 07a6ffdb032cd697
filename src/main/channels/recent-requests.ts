const BUCKETS = 10
const BUCKET_MS = 30_000

/** Tries begun in the last 5 minutes, to the half minute: a ring of counters, nothing allocated once made. */
export class RecentRequests {
  readonly #counts = new Uint32Array(BUCKETS)
  #total = 0
  /** Number of the newest half minute since 1970. */
  #newest = 0

  /** `now` in ms since 1970. */
  record(now: number): void {
    this.#turnTo(now)
    const slot = this.#newest % BUCKETS
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1
    this.#total++
  }

  count(now: number): number {
    this.#turnTo(now)
    return this.#total
  }

  /** A clock that was set back counts into the newest bucket until it has caught up. */
  #turnTo(now: number): void {
    const bucket = Math.floor(now / BUCKET_MS)
    if (bucket <= this.#newest) return
    const passed = Math.min(bucket - this.#newest, BUCKETS)
    for (let step = 1; step <= passed; step++) {
      const slot = (this.#newest + step) % BUCKETS
      this.#total -= this.#counts[slot] ?? 0
      this.#counts[slot] = 0
    }
    this.#newest = bucket
  }
}
