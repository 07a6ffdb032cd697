import type { Channel } from '../../shared/channel'
import type { TokenUsage } from '../../shared/usage'
import type { Verdict } from '../protocols/protocol'

/** What a session's binding learns of a good answer. */
export interface SessionUse {
  /** The program that asked; null when it names none. */
  readonly client: string | null
  /** null: the upstream did not tell. */
  readonly usage: TokenUsage | null
}

export const UNKNOWN_USE: SessionUse = { client: null, usage: null }

/**
 * The right to try one channel once. It carries the channel and its health along, so that nothing is looked up again
 * (B08), counts the request as in flight, and holds the channel's one probe permit when it is a probe. Exactly one of
 * `succeed`, `fail` and `abandon` ends it; later calls do nothing. A second try on the same channel (B14) keeps its lease.
 */
export interface Lease {
  readonly channel: Channel
  /** Name to send upstream, after `modelMap`. */
  readonly model: string | null
  /** This try is a probe of a channel that is open or cooling. */
  readonly probe: boolean
  /**
   * The answer's first content came (at commit). A probe then lets the others through at once instead of making them wait
   * for the end of a long stream; the channel stays on probation until `succeed`. Changes nothing for other tries.
   */
  answering(): void
  /** A whole, good answer: closes the breaker, ends cooldown and auth failure (B04, B05), binds the session (B12) and counts `use` to it. */
  succeed(use?: SessionUse): void
  /** A verdict on the channel. `client_fault`, `retry_elsewhere` and `signature` do no harm. */
  fail(verdict: Verdict): void
  /** The client went away (B07) or the try was not made: no harm, the permit is freed. */
  abandon(): void
}

/** Why a channel may not serve this request now. */
export type ExclusionReason =
  | 'disabled'
  | 'protocol' // speaks another one, and this request can't be translated
  | 'model' // its `models` don't match the name
  | 'not_allowed' // this client key may not use it
  | 'no_credential'
  | 'loop' // points at Routex itself (B41)
  | 'other_used_alone' // the user lets only another channel be used
  | 'budget' // of the channel, used up
  | 'auth_failed'
  | 'open'
  | 'cooling'
  | 'model_missing' // the upstream said that it doesn't have the model
  | 'state_elsewhere' // the request names state that another channel holds

export interface Exclusion {
  readonly channel: Channel
  readonly reason: ExclusionReason
  /** ms since 1970; null when it does not end by itself. */
  readonly until: number | null
  /** The upstream's own words behind it, where there are some. */
  readonly cause: string | null
}
