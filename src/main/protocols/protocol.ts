import type { ProtocolId } from '../../shared/protocol'
import type { Quirks } from '../../shared/quirks'
import type { TokenUsage } from '../../shared/usage'
import type { StreamInspector } from './event-reader'
import type { Losses } from './losses'
import type { CountTokens } from './token-counter'

/** Header names in lower case. Several values of one name stand in an array (`set-cookie`). */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a path asks for. `generate` is each protocol's main call. */
export type Operation =
  | 'generate'
  | 'count_tokens'
  | 'complete' // POST /v1/completions
  | 'embed' // embeddings, embedContent, batchEmbedContents
  | 'response_state' // GET/DELETE/POST /v1/responses/{id}…: goes to the channel that answered that id
  | 'models' // GET …/models: the list that Routex merges itself

/** How a stream is framed: Gemini without `alt=sse` is one JSON array in pieces. */
export type StreamFraming = 'sse' | 'json-array'

/** A client path that a protocol serves. */
export interface Route {
  readonly protocol: ProtocolId
  readonly operation: Operation
  /** Path without its version segment, as it is appended to a base URL: `messages`, `models/x:generateContent`. */
  readonly operationPath: string
  /** The version that the client named: kept for Gemini, whose SDKs differ. */
  readonly version: string
  /** From the path (Gemini); null where the body names it. */
  readonly model: string | null
  /** From the path (Gemini's streamGenerateContent); null where the body says it. */
  readonly stream: boolean | null
  /** How the client wants a stream. */
  readonly framing: StreamFraming
  /** The id in `/v1/responses/{id}`; null elsewhere. */
  readonly stateId: string | null
}

/** What routing needs of a body, read once. Nothing of it is changed. */
export interface RequestFacts {
  /** null: the body names none, which is the client's mistake (see `missingModel`). */
  readonly model: string | null
  readonly stream: boolean
  /** The session part of Anthropic's `metadata.user_id`, in its old form and its new (B10); null without one. */
  readonly sessionId: string | null
  /** OpenAI's `prompt_cache_key`, which stands behind the session headers in B10's order; null without one. */
  readonly promptCacheKey: string | null
  /** Text of system prompt and first user message, for the hash of B10; '' when there is none. */
  readonly sessionText: string
  /** An assistant turn is there: an unbound hashed request without one is placed by the strategy. */
  readonly hasAssistantTurn: boolean
  /** An id that a channel made and alone knows (`previous_response_id`, containers…); the request goes there. */
  readonly stateId: string | null
  /** Anthropic's `thread`: its next turn names this one's answer by `messageId`. */
  readonly inThread: boolean
  /** The client asked a chat stream for its usage itself. */
  readonly asksForUsage: boolean
}

/** Words of the upstream's, and what it advises besides. */
interface Complained {
  readonly message: string
  /** `x-should-retry: false`: the client gets this answer instead of another channel's; its health is judged all the same. */
  readonly handBack?: boolean
}

/**
 * What an upstream's answer means, decided once (B03, B04, B14). `message` is the upstream's own in
 * full, which may quote a credential: only `withoutCredential` of it is shown or kept.
 */
export type Verdict =
  | { readonly kind: 'ok' }
  /** Handed back byte for byte, no failover, no harm. */
  | { readonly kind: 'client_fault'; readonly message: string }
  /** `x-should-retry: true` on a status that would be handed back: fail over, no harm. */
  | { readonly kind: 'retry_elsewhere'; readonly message: string }
  | ({ readonly kind: 'auth' } & Complained)
  | ({ readonly kind: 'quota'; readonly untilMs: number | null } & Complained)
  | ({ readonly kind: 'model_missing' } & Complained)
  | ({
      readonly kind: 'busy'
      /** 529 and 429 have separate ramps; 408 counts as `limit`. */
      readonly ramp: 'limit' | 'overload'
      /** When the upstream says it ends, ms since 1970; null: use the ramp. */
      readonly untilMs: number | null
      /** It concerns this request alone: fail over, don't bench. */
      readonly thisRequestOnly: boolean
    } & Complained)
  | ({ readonly kind: 'failure' } & Complained)
  /**
   * 400 about a thinking signature or encrypted reasoning: strip and try once more on the same channel, which is another
   * request than the one that `x-should-retry: false` speaks of. `elsewhere` (its `true`): fail over after that.
   */
  | { readonly kind: 'signature'; readonly message: string; readonly elsewhere?: boolean }

/** What we answer ourselves, before a protocol gives it a shape. */
export type RefusalKind =
  | 'bad_json'
  | 'missing_model'
  | 'bad_request'
  | 'unknown_path'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'state_not_found' // a stored response or item that nobody knows: 400 or 404
  | 'thread_not_found' // an Anthropic thread that nobody knows: its SDK sends the whole conversation again
  | 'thread_unsupported' // an Anthropic thread on a channel that can hold none: its SDK goes on without one
  | 'no_candidate' // nothing could be tried: 404 when no channel has the model, else 503
  | 'busy' // all open or cooling: 429 or 503 with retry-after
  | 'budget_spent' // of the client key, or of every channel that could serve it: 429 with retry-after
  | 'upstream_failed' // tried, and no answer at all came: 502
  | 'timeout' // 504
  | 'loop' // 508
  | 'paused' // 503
  | 'internal' // 500
  | 'relayed' // another protocol's error in this one's shape
  | 'relayed_quota' // the same: the account has run dry
  | 'too_long' // the same: the conversation is longer than the model's window

export interface Refusal {
  readonly kind: RefusalKind
  /** The status the vendor would use. */
  readonly status: number
  /** What happened and what to do; no secret. */
  readonly message: string
  readonly requestId: string
  /** How long to wait before another try, for protocols that tell it in the body; unset or null: not known. */
  readonly retryAfterMs?: number | null
}

/** A whole body in the protocol's own error shape, with its content type. */
export interface ErrorAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: Buffer
}

/** What a stream has told so far. Read after each `push`. */
export interface StreamFacts {
  /** The first event that carries content (or a whole answer's end) was seen: B01's moment to commit. */
  readonly hasContent: boolean
  /** The upstream sent its stop reason. */
  readonly stopped: boolean
  /** The upstream sent its last event: the answer is whole. */
  readonly finished: boolean
  /** An error event; it is never forwarded (`errorBody` is its JSON in the shape of a plain error answer's body). */
  readonly error: { readonly status: number; readonly body: Buffer } | null
  /** null: not sent, or not whole before the stream broke off (B31). */
  readonly usage: TokenUsage | null
  /**
   * What was told of it by now, for a stream that breaks off: the prompt, and an output that may still have grown. null:
   * nothing was told.
   */
  readonly usageSoFar: TokenUsage | null
  /** The upstream's own, as it came; of OpenAI's with the `service_tier` that stands beside it. */
  readonly rawUsage: string | null
  /** What later requests may name and this channel alone knows: Responses' `resp_…`, an Anthropic container; else null. */
  readonly stateId: string | null
  /** Ids of items that the channel stored (Responses' `item_reference` names them); empty elsewhere. */
  readonly itemIds: readonly string[]
  /** An Anthropic message's own id, for threads; null elsewhere. */
  readonly messageId: string | null
  /** Whole events seen. Comments and blank lines are none. */
  readonly events: number
}

/**
 * Reads a stream on its way. Bytes are forwarded as they came, in whole events, so that a keep-alive or an error can be
 * put between two of them; an event over 256 KiB is let through in pieces. Never throws, linear in its input, no JSON
 * parse but of events that decide commit, usage, stop or error (B01, B21).
 */
export interface StreamReader {
  readonly facts: StreamFacts
  /** No part of an unfinished event was forwarded: something may be put in between now. */
  readonly atBoundary: boolean
  /** Takes the next chunk and hands on what may go to the client, as views of it where they can be. */
  push(chunk: Buffer, forward: (bytes: Buffer) => void): void
  /** The upstream's end: an event without its blank line still counts and is handed on, with the line that was missing. */
  end(forward: (bytes: Buffer) => void): void
}

export interface StreamOptions {
  /** How the client wants it. */
  readonly framing: StreamFraming
  /** How the upstream sends it, one of the protocol's `framings`. Unset: as the client wants it. */
  readonly sent?: StreamFraming
  readonly operation: Operation
  /** Take the usage-only chunk out again, which the client did not ask for. */
  readonly dropUsageChunk: boolean
}

/** What is read of a whole, unstreamed answer. */
export interface AnswerFacts {
  readonly usage: TokenUsage | null
  readonly rawUsage: string | null
  readonly stateId: string | null
  readonly itemIds: readonly string[]
  readonly messageId: string | null
  /** A body with status 200 that is an error all the same, with the status it stands for. `body` null: the answer's own. */
  readonly error: { readonly status: number; readonly body: Buffer | null } | null
}

/** A complete demo answer: pieces are written one after the other when streamed. */
export interface DemoAnswer {
  readonly status: number
  readonly contentType: string
  readonly pieces: readonly Buffer[]
}

/** How a broken or stalled stream is closed for the client (B02, B27). */
export type StreamEnding =
  /** Cut the connection without a further event. */
  | { readonly kind: 'cut' }
  /** Write this at an event boundary, then destroy the socket in the write's callback. */
  | { readonly kind: 'write_and_cut'; readonly bytes: Buffer }
  /** End cleanly; `bytes` come first (empty for none). */
  | { readonly kind: 'end'; readonly bytes: Buffer }

/** One wire format. Every protocol folder's index.ts `satisfies Protocol`. Stateless. */
export interface Protocol {
  readonly id: ProtocolId
  /** Put before the operation when a base URL has none: `v1`, `v1beta`. */
  readonly version: string
  /** In which ways upstreams frame their streams; a stream that was asked for in one and comes in another is written anew. */
  readonly framings: readonly StreamFraming[]
  /** The headers that carry a channel's credential upstream. */
  credentialHeaders(credential: string): Readonly<Record<string, string>>
  /** Reads what routing needs. `body` is parsed JSON of any shape, so hostile; wrong types read as absent. */
  readRequest(route: Route, body: unknown): RequestFacts
  /**
   * The same conversation without signatures and encrypted reasoning (B14), or null when there is nothing to take out.
   * `model` is the name that is sent: newer Gemini models want a stand-in where older ones want nothing. `losses`: what the
   * client can no longer have without them.
   */
  stripSignatures(body: unknown, model: string | null, losses: Losses): unknown
  /**
   * The same conversation without what Routex handed to a client of this protocol in another vendor's name (signatures.ts),
   * or null when there is nothing of it. This protocol's own vendor would refuse it, so it is taken out before it is asked.
   */
  stripForeign(body: unknown, model: string | null, losses: Losses, quirks: Quirks): unknown
  /**
   * The body with the name that is sent in the place of the one that was asked for, all other bytes as they came (B13).
   * Gemini's bodies name the model in some calls only, but then the name must be the path's.
   */
  renameModel(body: Buffer, sent: string): Buffer
  /** What a status ≥ 300, an error in a 200 body or an error event means. `now` in ms since 1970. */
  judge(status: number, headers: Headers, body: Buffer, now: number): Verdict
  /** Our own errors in the protocol's shape. */
  renderRefusal(refusal: Refusal): ErrorAnswer
  /** What is read of a whole answer's body; `body` may be only the last 64 KiB of it (`tail`). */
  readAnswer(route: Route, body: Buffer, tail: boolean): AnswerFacts
  createStreamReader(options: StreamOptions): StreamReader
  /** What `createStreamReader` looks at a stream with, for one that becomes another protocol's. */
  createInspector(): StreamInspector
  /** B25: what keeps a silent stream alive, between whole events. */
  keepAlive(framing: StreamFraming, sequence: number): Buffer
  /** B02: the ending of a stream that broke after commit. `hadEvents`: for the sequence number of Responses. */
  brokenEnding(framing: StreamFraming, facts: StreamFacts, message: string): StreamEnding
  /** B27: the ending of a stream whose stop reason came and whose last event did not; null where it can't be mended. */
  mendedEnding(framing: StreamFraming, facts: StreamFacts): StreamEnding | null
  /** What the built-in Demo channel answers: plainly marked text, honest counts, a tool only when `tool_choice` names one. */
  demoAnswer(route: Route, body: unknown, stream: boolean, countTokens: CountTokens): Promise<DemoAnswer>
}
