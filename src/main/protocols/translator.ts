import type { Conversation, Target } from './canonical'
import type { Answer, AnswerEvent, Asked } from './canonical-answer'
import type { JsonObject } from './foreign-json'
import type { Losses } from './losses'
import type { RefusalKind, StreamEnding } from './protocol'
import type { StreamEvent } from './stream-event'

/** What a client sent that can't be read at all, or not for another protocol: its own fault, so 400 in its protocol's shape. */
export class UnreadableRequest extends Error {
  override readonly name = 'UnreadableRequest'
  readonly code = 'unreadable_request'
  readonly status = 400
  readonly retryable = false
  /** How its client is told. */
  readonly kind: Extract<RefusalKind, 'bad_request' | 'thread_unsupported'>

  constructor(message: string, kind: UnreadableRequest['kind'] = 'bad_request') {
    super(message)
    this.kind = kind
  }
}

/** What an upstream sent as a whole answer and can't be one: its failure, in words for the client. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer'
  readonly code = 'unreadable_answer'
  readonly status = 502
  readonly retryable = true
}

/** Told of a call whose arguments break off in a whole answer, as a stream of it would break. */
export const BROKEN_ARGUMENTS = 'The upstream answered with a tool call whose arguments are no JSON'

/** Reads an upstream's stream, event by event. Made once for each stream; never throws. */
export interface StreamDecoder {
  /** Why the answer failed though the stream did not break, in words for the client; null or unset: it did not. */
  readonly failure?: string | null
  /**
   * Takes one whole event and hands on what it says, usually one or two of them. What it can't read says nothing. Errors are
   * none of its business: the protocol's own inspector sees them first.
   */
  push(event: StreamEvent, emit: (event: AnswerEvent) => void): void
  /** The upstream closed in good order; for a protocol without a last event. Emits `end` when the answer was whole. */
  close(emit: (event: AnswerEvent) => void): void
}

/** Writes a stream for a client. Made once for each stream; never throws. */
export interface StreamEncoder {
  /** What it keeps for a later event that tells it whole, so that memory can be bounded: the answer, one part (a call's input, reasoning until it is signed), nothing. */
  readonly keeps: 'answer' | 'part' | 'nothing'
  /** The bytes that this event becomes: whole events of the protocol, '' for none. */
  push(event: AnswerEvent): string
  /** B25: what keeps a silent stream alive. */
  keepAlive(): string
  /** B02: how a stream that broke is closed. `message`: the upstream's words; `code` and `type` as it gave them, if it did. */
  broken(problem: {
    readonly message: string
    readonly code: string | null
    readonly type: string | null
  }): StreamEnding
}

/** One protocol's half of every translation: its own decoders and encoders. Stateless; each folder has one. */
export interface Translator {
  /** What a request of ours says beside its credential (`anthropic-version`). */
  readonly headers: Readonly<Record<string, string>>
  /** Path and query of the main call, as a client would ask for it. */
  path(model: string, stream: boolean): { readonly path: string; readonly query: string }
  /** Tool names that this protocol takes; longer or odder ones are renamed on the way and back (tool-names.ts). */
  readonly toolNames: { readonly pattern: RegExp; readonly longest: number }
  /** The same of the names of a tool's own properties (property-names.ts); null: it takes all. */
  readonly propertyNames: { readonly pattern: RegExp; readonly longest: number } | null
  /**
   * A client's request. `body` is foreign JSON: wrong types read as absent, unknown members are passed over.
   * @throws UnreadableRequest where there is no conversation in it
   */
  decodeRequest(body: JsonObject, losses: Losses): Conversation
  /** The body for a channel of this protocol; the model and streaming stand in it where the protocol puts them there. */
  encodeRequest(conversation: Conversation, target: Target, losses: Losses): JsonObject
  /**
   * A channel's whole answer. `body` is foreign JSON.
   * @throws UnreadableAnswer where a stream of the same would be broken
   */
  decodeAnswer(body: unknown): Answer
  /** The body for a client. */
  encodeAnswer(answer: Answer, asked: Asked): JsonObject
  createStreamDecoder(): StreamDecoder
  /** `framing`: Gemini's clients may want one JSON array instead of SSE. */
  createStreamEncoder(asked: Asked, framing: 'sse' | 'json-array'): StreamEncoder
  /** The body of the protocol's own token count, as its clients know it. */
  encodeTokenCount(tokens: number): JsonObject
  /** How a channel is asked for a token count; null: the protocol has none. */
  readonly tokenCount: TokenCount | null
}

export interface TokenCount {
  path(model: string): string
  /** `request`: the body of the main call, of which the count takes a part. */
  body(request: JsonObject, model: string): JsonObject
  /** Of a channel's answer, foreign JSON; null where there is none in it. */
  tokensIn(body: unknown): number | null
}
