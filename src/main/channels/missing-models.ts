/** B03. */
const MISSING_MS = 3_600_000
/** More than any upstream has models; the oldest are forgotten first. */
const MOST_REMEMBERED = 256
const LONGEST_NAME = 256

/** Models that one upstream said it does not have, each left out for an hour (B03). Names are those sent upstream. */
export class MissingModels {
  /** Name → ms since 1970 when it ends, soonest first. */
  readonly #untilOf = new Map<string, number>()

  get none(): boolean {
    return this.#untilOf.size === 0
  }

  add(model: string, now: number): void {
    if (model.length > LONGEST_NAME) return
    this.#untilOf.delete(model)
    this.#untilOf.set(model, now + MISSING_MS)
    if (this.#untilOf.size <= MOST_REMEMBERED) return
    for (const oldest of this.#untilOf.keys()) {
      this.#untilOf.delete(oldest)
      return
    }
  }

  /** When it ends, ms since 1970; null: not missing. */
  until(model: string, now: number): number | null {
    const until = this.#untilOf.get(model)
    return until === undefined || now >= until ? null : until
  }

  remove(model: string): void {
    this.#untilOf.delete(model)
  }

  clear(): void {
    this.#untilOf.clear()
  }

  list(now: number): { model: string; until: number }[] {
    for (const [model, until] of this.#untilOf) if (now >= until) this.#untilOf.delete(model)
    return Array.from(this.#untilOf, ([model, until]) => ({ model, until }))
  }
}
