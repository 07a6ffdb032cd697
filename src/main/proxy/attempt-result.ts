import type { AnswerFacts, Headers, StreamReader, Verdict } from '../protocols/protocol'
import type { RefusalBytes } from './passage'
import type { UpstreamError } from './ports'

/** An upstream's refusal in its own words, ready to be handed back byte for byte (B03). */
export interface UpstreamRefusal extends RefusalBytes {
  readonly verdict: Verdict
}

/** A good answer, up to the moment of commit. */
export interface UpstreamAnswer {
  readonly status: number
  readonly headers: Headers
  /** What came so far and goes to the client first. */
  readonly held: readonly Buffer[]
  /** Set for a streamed answer. */
  readonly reader: StreamReader | null
  /** Set for an unstreamed answer that is here as a whole. */
  readonly whole: AnswerFacts | null
}

export type AttemptResult =
  | { readonly kind: 'answer'; readonly answer: UpstreamAnswer }
  | { readonly kind: 'refused'; readonly refusal: UpstreamRefusal }
  | { readonly kind: 'broken'; readonly error: UpstreamError }
  | { readonly kind: 'gone' }

/** Takes over what an upstream sends after commit. */
export interface Receiver {
  data(chunk: Buffer): void
  end(): void
  fail(error: UpstreamError): void
  tick(now: number): void
}
