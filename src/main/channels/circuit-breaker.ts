import type { Moment } from './moment'

/** B05. */
const FAILURES_TO_OPEN = 5
const FIRST_OPEN_MS = 30_000
const LONGEST_OPEN_MS = 300_000

/**
 *                5 consecutive failures                      its time has passed
 *   ┌────────┐ ───────────────────────▶ ┌──────────────────┐ ──────────────────▶ ┌───────────┐
 *   │ closed │                          │ open             │                     │ half-open │
 *   └────────┘ ◀─ success of a probe ── │ 30 s, 60 … 300 s │ ◀── failure ─────── └───────────┘
 *       ▲                               └──────────────────┘   (twice as long)         │
 *       └────────────────────────── success, or content (on probation) ◀───────────────┘
 *
 * A probe whose content has come closes the breaker *on probation*: the next failure opens it again, for twice as long,
 * and a success ends the probation. Only one request at a time is let through half-open: `ChannelHealth` holds the permit.
 */
type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number; readonly openings: number }
  | {
      readonly kind: 'open'
      readonly failures: number
      /** In a row; each doubles the time. */
      readonly openings: number
      /** ms since 1970. */
      readonly until: number
      /** What the last failure said. */
      readonly cause: string
    }
  | { readonly kind: 'half-open'; readonly failures: number; readonly openings: number; readonly cause: string }

const HEALTHY: BreakerState = { kind: 'closed', failures: 0, openings: 0 }

/** The circuit breaker of one channel (B05). Times are ms since 1970. */
export class CircuitBreaker {
  #state: BreakerState = HEALTHY
  /** When it last opened or was closed again: tries that began before are stale. */
  #since: Moment = 0

  /** The state at `now`: an open breaker whose time has passed is half-open. */
  state(now: number): BreakerState {
    const state = this.#state
    if (state.kind === 'open' && now >= state.until) {
      this.#state = { kind: 'half-open', failures: state.failures, openings: state.openings, cause: state.cause }
    }
    return this.#state
  }

  /** Closed, without a look at the clock. */
  get closed(): boolean {
    return this.#state.kind === 'closed'
  }

  /** A failure of a try that began at `began`. Stale ones change nothing. */
  fail(began: Moment, moment: Moment, now: number, cause: string): void {
    if (began < this.#since) return
    const state = this.state(now)
    const failures = state.failures + 1
    if (state.kind === 'closed' && failures < FAILURES_TO_OPEN) {
      this.#state = { kind: 'closed', failures, openings: state.openings }
      return
    }
    const until = now + Math.min(FIRST_OPEN_MS * 2 ** state.openings, LONGEST_OPEN_MS)
    this.#state = { kind: 'open', failures, openings: state.openings + 1, until, cause }
    this.#since = moment
  }

  /** A whole, good answer: closes it and forgets all failures. */
  succeed(began: Moment, moment: Moment): void {
    if (began < this.#since || this.#state === HEALTHY) return
    const ended = this.#state.kind !== 'closed' || this.#state.openings > 0
    this.#state = HEALTHY
    if (ended) this.#since = moment
  }

  /** A probe's answer has content: closed on probation. */
  answering(began: Moment): void {
    if (began < this.#since || this.#state.kind === 'closed') return
    this.#state = { kind: 'closed', failures: FAILURES_TO_OPEN - 1, openings: this.#state.openings }
  }

  clear(moment: Moment): void {
    this.#state = HEALTHY
    this.#since = moment
  }
}
