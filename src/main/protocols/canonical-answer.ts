import type { TokenUsage } from '../../shared/usage'
import type {
  Citation,
  FunctionTool,
  MediaPart,
  ReasoningPart,
  RefusalPart,
  Signature,
  TextPart,
  ToolCallPart
} from './canonical'

/** Why a model stopped. `refusal`: it or the vendor's filter declined; `pause`: the vendor's own loop goes on when asked again. */
export type FinishReason = 'stop' | 'stop_sequence' | 'length' | 'context_length' | 'tool_calls' | 'refusal' | 'pause'

/** Reasons for which an answer ends from outside, so that it may break off anywhere: in the middle of a call's JSON, too. */
export const CUT: ReadonlySet<FinishReason> = new Set(['length', 'context_length', 'refusal'])

export interface Finish {
  readonly reason: FinishReason
  /** The stop sequence that was met, where the protocol tells it. */
  readonly stopSequence: string | null
  /** null: not sent, so unknown (B31). */
  readonly usage: TokenUsage | null
}

/** What a vendor's own tool did on the way; told so that a client may show it, never sent back. */
export interface HostedCallPart {
  readonly type: 'hosted-call'
  readonly id: string
  readonly tool: 'web_search' | 'web_fetch' | 'code_execution'
  /** The query, the URL, the code. */
  readonly input: string
  /** Of a search: what it found. */
  readonly sources: readonly Citation[]
  /** Of code: what it printed; null where it is not told. */
  readonly output: string | null
  /** What went wrong, in the vendor's own word; left out where it did what it should. */
  readonly error?: string
}

export type AnswerPart = TextPart | MediaPart | ReasoningPart | ToolCallPart | RefusalPart | HostedCallPart

/** A whole answer. */
export interface Answer {
  /** The upstream's own; '' where it has none. */
  readonly id: string
  readonly parts: readonly AnswerPart[]
  readonly finish: Finish
}

/**
 * A streamed answer, piece by piece. Parts follow one another and never overlap: a delta of another kind ends the one
 * before it; `text-end`, `reasoning-end` and `tool-end` end it early, so that another of the same kind can follow.
 *
 *     start → (text… | refusal… | reasoning… [signature] | tool-start tool-input… tool-end | media | hosted-call | citation)* → finish → end
 *
 * `end` comes only when the upstream's stream was whole; encoders write nothing that looks finished before it (B02).
 */
export type AnswerEvent =
  /** `usage`: what is known of the prompt at the beginning (Anthropic tells it); null elsewhere. */
  | { readonly type: 'start'; readonly id: string; readonly usage: TokenUsage | null }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'text-end' }
  /** Of the text that is open, or was last. */
  | { readonly type: 'citation'; readonly citation: Citation }
  | { readonly type: 'refusal'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** Of the reasoning that is open; where none is, it stands alone. */
  | { readonly type: 'signature'; readonly signature: Signature }
  | { readonly type: 'reasoning-end' }
  | { readonly type: 'tool-start'; readonly id: string; readonly name: string }
  /** A piece of the JSON text of the call's input. */
  | { readonly type: 'tool-input'; readonly json: string }
  | { readonly type: 'tool-end' }
  | { readonly type: 'media'; readonly media: MediaPart }
  | { readonly type: 'hosted-call'; readonly call: HostedCallPart }
  | { readonly type: 'finish'; readonly finish: Finish }
  | { readonly type: 'end' }

/** What an encoder must know of the request to answer it as its client expects. */
export interface Asked {
  /** As the client named it: the answer names the same. */
  readonly model: string
  /** With the client's own names. */
  readonly tools: readonly FunctionTool[]
  /** The client's own body: what an answer repeats of it (Responses), or asks of its stream (`include_usage`). Foreign JSON. */
  readonly body: Readonly<Record<string, unknown>>
  /** ms since 1970, for `created`. */
  readonly now: number
}
