/** B06 gives a request 600 s before commit, and content frees the permit: a probe that holds it longer was lost. */
const LONGEST_PROBE_MS = 11 * 60_000

/** Handed out with a permit; `NO_PERMIT` is none. */
export type Permit = number
export const NO_PERMIT: Permit = 0

/** One probe of a channel at a time (B05). One that never ends loses its permit after 11 minutes. */
export class ProbePermit {
  #last: Permit = NO_PERMIT
  #held: Permit = NO_PERMIT
  #expires = 0

  /** Somebody is probing. `now` in ms since 1970. */
  isHeld(now: number): boolean {
    return this.#held !== NO_PERMIT && now < this.#expires
  }

  /** The permit, or `NO_PERMIT` while another request holds it. */
  take(now: number): Permit {
    if (this.isHeld(now)) return NO_PERMIT
    this.#held = ++this.#last
    this.#expires = now + LONGEST_PROBE_MS
    return this.#held
  }

  /** Gives it back; one that has passed to another meanwhile is left with that one. */
  free(permit: Permit): void {
    if (permit === this.#held) this.#held = NO_PERMIT
  }

  clear(): void {
    this.#held = NO_PERMIT
  }
}
