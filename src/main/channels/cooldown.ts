import type { Moment } from './moment'

/** B04. */
const FIRST_REST_MS = 30_000
const LONGEST_REST_MS = 300_000
const LONGEST_ASKED_MS = 6 * 3_600_000
const QUOTA_REST_MS = 3_600_000
/** A `retry-after: 0` benches for a moment all the same, or it would be asked again in a tight loop. */
const SHORTEST_REST_MS = 1000

/** 429 and 408, 529, or 402 and used-up quotas. */
export type CooldownKind = 'limit' | 'overload' | 'quota'

/**
 *   ┌────────┐   busy or out of quota   ┌─────────┐
 *   │ active │ ───────────────────────▶ │ cooling │ ─┐ again: its end is set anew
 *   └────────┘ ◀─────────────────────── └─────────┘ ◀┘
 *       its time has passed, or a success, an answer that came, the user's *clear now*
 *
 * The ramps outlive the end by time: only a success or *clear now* sets them back.
 */
type CooldownState =
  | { readonly kind: 'active' }
  | { readonly kind: 'cooling'; readonly reason: CooldownKind; readonly until: number; readonly cause: string }

const ACTIVE: CooldownState = { kind: 'active' }

/** The rest that a busy upstream asked for, or that it gets unasked (B04). Times are ms since 1970. */
export class Cooldown {
  #state: CooldownState = ACTIVE
  /** Rests in a row for which the upstream named no end; `limit` and `overload` apart. */
  #limitRests = 0
  #overloadRests = 0
  /** When it last began or was ended: tries that began before are stale. */
  #since: Moment = 0

  state(now: number): CooldownState {
    if (this.#state.kind === 'cooling' && now >= this.#state.until) this.#state = ACTIVE
    return this.#state
  }

  /** Not cooling, without a look at the clock; may be false for one that has just ended. */
  get active(): boolean {
    return this.#state === ACTIVE
  }

  /**
   * Begins a rest, or sets its end anew. `askedUntil` is the upstream's own word (clamped to 6 h); null goes by the ramp, or
   * 1 h for a quota. A stale verdict moves no ramp and starts nothing; it can only lengthen a rest, by what it was told.
   */
  begin(
    reason: CooldownKind,
    askedUntil: number | null,
    cause: string,
    began: Moment,
    moment: Moment,
    now: number
  ): void {
    if (began < this.#since) {
      this.#lengthen(reason, askedUntil ?? (reason === 'quota' ? now + QUOTA_REST_MS : null), cause, now)
      return
    }
    const until = askedUntil === null ? now + this.#nextRest(reason) : clamp(askedUntil, now)
    this.#state = { kind: 'cooling', reason, until, cause }
    this.#since = moment
  }

  /** A whole, good answer ends it and sets both ramps back. */
  succeed(began: Moment, moment: Moment): void {
    if (began < this.#since) return
    if (this.#state !== ACTIVE) this.#since = moment
    this.#state = ACTIVE
    this.#limitRests = 0
    this.#overloadRests = 0
  }

  /** A probe's answer has content: the rest ends, the ramps stay until it is whole. */
  answering(began: Moment): void {
    if (began >= this.#since) this.#state = ACTIVE
  }

  clear(moment: Moment): void {
    this.#state = ACTIVE
    this.#limitRests = 0
    this.#overloadRests = 0
    this.#since = moment
  }

  #lengthen(reason: CooldownKind, askedUntil: number | null, cause: string, now: number): void {
    const state = this.state(now)
    if (askedUntil === null || state.kind === 'active') return
    const until = clamp(askedUntil, now)
    if (until > state.until + SHORTEST_REST_MS) this.#state = { kind: 'cooling', reason, until, cause }
  }

  #nextRest(reason: CooldownKind): number {
    if (reason === 'quota') return QUOTA_REST_MS
    const rests = reason === 'limit' ? this.#limitRests++ : this.#overloadRests++
    return Math.min(FIRST_REST_MS * 2 ** rests, LONGEST_REST_MS)
  }
}

function clamp(until: number, now: number): number {
  return Math.min(Math.max(until, now + SHORTEST_REST_MS), now + LONGEST_ASKED_MS)
}
