import type { ProtocolId } from '../../shared/protocol'
import type { Quirks } from '../../shared/quirks'

/**
 * The one form between the four protocols: each folder decodes its own requests into it and encodes it into its own, so that
 * there are N decoders and N encoders and never a pair-wise translator (design.md). What one protocol alone can say stays in
 * its folder and is reported as lost (losses.ts).
 */
export interface Conversation {
  /** The system prompt: everything of role system or developer before the first turn, in order. */
  readonly system: readonly TextPart[]
  readonly turns: readonly Turn[]
  readonly tools: readonly Tool[]
  /** null: the client said nothing. */
  readonly toolChoice: ToolChoice | null
  /** false: at most one call a turn; null: the client said nothing. */
  readonly parallelTools: boolean | null
  /** Most tokens of an answer, its reasoning included; null: the client said nothing. */
  readonly maxTokens: number | null
  readonly sampling: Sampling
  /** null: the client said nothing, so the model's own default. */
  readonly reasoning: ReasoningWish | null
  /** null: free text. */
  readonly format: OutputFormat | null
  /** OpenAI's `verbosity`; null where nothing was said. */
  readonly verbosity: 'low' | 'medium' | 'high' | null
  /** Who the client's end user is, as an opaque id (`metadata.user_id`, `user`, `safety_identifier`). */
  readonly userId: string | null
  readonly serviceTier: 'auto' | 'default' | 'flex' | 'priority' | null
  /** What OpenAI keeps prompt caches apart by. */
  readonly cacheKey: string | null
  /** How long the whole prompt is to be cached (Anthropic's automatic caching); unset or null: the client said nothing. */
  readonly cache?: CacheMark
}

/**
 * `tool-result` parts stand in user turns only; `tool-call` and `reasoning` in assistant turns only. A `system` turn is an
 * instruction in the middle of a conversation. Neighbours may have the same role.
 */
export interface Turn {
  readonly role: 'user' | 'assistant' | 'system'
  readonly parts: readonly Part[]
}

/** How long the prompt up to and with this part is to be cached (Anthropic's `cache_control`); null: not marked. */
export type CacheMark = '5m' | '1h' | null

export interface TextPart {
  readonly type: 'text'
  readonly text: string
  readonly cache: CacheMark
  /** Where the text says it is from; empty for what a user wrote. */
  readonly citations: readonly Citation[]
}

export interface Citation {
  readonly url: string
  readonly title: string | null
  /** The words of the source; null where the protocol tells none. */
  readonly quote: string | null
}

export type MediaSource =
  /** Base64 without a `data:` prefix. */
  { readonly kind: 'base64'; readonly data: string } | { readonly kind: 'url'; readonly url: string }

export interface MediaPart {
  readonly type: 'media'
  readonly media: 'image' | 'document' | 'audio' | 'video'
  /** `image/png`, `application/pdf`…; null for a URL whose type was not said. */
  readonly mimeType: string | null
  readonly source: MediaSource
  /** File name or title. */
  readonly name: string | null
  /** OpenAI's resolution of an image. */
  readonly detail: 'low' | 'high' | 'original' | null
  readonly cache: CacheMark
}

/**
 * What only its maker can read: Anthropic's thinking signature or redacted thinking, Responses' encrypted reasoning, Gemini's
 * thought signature (B14). Encoders of the maker's own protocol put it back in its place; others hand it to their client
 * wrapped (signatures.ts), so that it comes back.
 */
export interface Signature {
  readonly maker: ProtocolId
  readonly value: string
}

/** Reasoning with its signature, where there is one; a signature may stand alone (`text` ''), for the part that follows it. */
export interface ReasoningPart {
  readonly type: 'reasoning'
  readonly text: string
  readonly signature: Signature | null
}

export interface ToolCallPart {
  readonly type: 'tool-call'
  /** Never empty: a decoder makes one where its protocol has none (tool-ids.ts). */
  readonly id: string
  /** Of the canonical `Tool`. */
  readonly name: string
  /** JSON text of an object, as the model wrote it; '{}' for none. Never parsed on its way unless a target needs an object. */
  readonly input: string
  readonly cache: CacheMark
}

export interface ToolResultPart {
  readonly type: 'tool-result'
  /** The `id` of its call. */
  readonly callId: string
  /** Name of its call's tool; '' where the call is not in the conversation. */
  readonly name: string
  readonly content: readonly (TextPart | MediaPart)[]
  readonly isError: boolean
  readonly cache: CacheMark
}

/** The model declined to answer (OpenAI's `refusal`). */
export interface RefusalPart {
  readonly type: 'refusal'
  readonly text: string
}

export type Part = TextPart | MediaPart | ReasoningPart | ToolCallPart | ToolResultPart | RefusalPart

/** A JSON Schema as it came. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** A tool that the client carries out itself. */
export interface FunctionTool {
  readonly kind: 'function'
  /** Unique among the tools; at most what the client's protocol allows. */
  readonly name: string
  readonly description: string
  /** Of an object; `{"type":"object","properties":{}}` where the client gave none. */
  readonly parameters: JsonSchema
  /** OpenAI's `strict`; null: not said. */
  readonly strict: boolean | null
  readonly cache: CacheMark
  /**
   * How Responses declared it, for its own encoders: `function`; a `custom` tool whose input is free text (canonical input:
   * `{"input": "…"}`); a member of a `namespace`; a built-in tool that the client carries out (input: the `action` of
   * `local_shell` and `shell`, the `operation` of `apply_patch`).
   */
  readonly origin: ToolOrigin
}

export type ToolOrigin =
  | { readonly kind: 'function' }
  /** `declared`: as a client of Chat said it; elsewhere it stands in the description alone. */
  | { readonly kind: 'custom'; readonly declared?: CustomInput }
  | { readonly kind: 'namespaced'; readonly namespace: string; readonly name: string; readonly custom: boolean }
  | { readonly kind: 'local_shell' | 'shell' | 'apply_patch' }

/** Of a tool with free text: its own description, and the grammar that its input must follow; null: any text. */
export interface CustomInput {
  readonly description: string
  readonly grammar: { readonly syntax: 'lark' | 'regex'; readonly definition: string } | null
}

/** A tool that the vendor carries out; only those that at least two vendors have. The others are lost at decoding. */
export interface HostedTool {
  readonly kind: 'hosted'
  readonly tool: HostedToolName
  /** Of a web search: only these hosts; empty: all. */
  readonly allowedDomains: readonly string[]
  readonly blockedDomains: readonly string[]
  /** Of a web search: roughly where the user is; unset or null: the client did not say. */
  readonly location?: SearchLocation | null
  /** Of a web search: how much of what is found the model is shown (OpenAI's); unset or null: the client did not say. */
  readonly contextSize?: 'low' | 'medium' | 'high' | null
}

/** `country`: ISO 3166-1, two letters; `timezone`: its IANA name. null: not said. */
export interface SearchLocation {
  readonly city: string | null
  readonly region: string | null
  readonly country: string | null
  readonly timezone: string | null
}
export type HostedToolName = 'web_search' | 'web_fetch' | 'code_execution'

export type Tool = FunctionTool | HostedTool

export type ToolChoice =
  | { readonly kind: 'auto' }
  /** Some tool must be called (`any`, `required`). */
  | { readonly kind: 'required' }
  | { readonly kind: 'none' }
  /** `name`: of a function or, where none is called so, of a hosted tool (its `tool`). It need not be among the tools. */
  | { readonly kind: 'tool'; readonly name: string }

/** null: the client said nothing. */
export interface Sampling {
  /** 0 to 2, as OpenAI and Gemini count. */
  readonly temperature: number | null
  readonly topP: number | null
  readonly topK: number | null
  readonly seed: number | null
  readonly frequencyPenalty: number | null
  readonly presencePenalty: number | null
  readonly stop: readonly string[]
}

export type Effort = 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'

/** `shown`: the client wants to see the reasoning, or a summary of it; null where it didn't say. */
export type ReasoningWish =
  /**
   * `unsaid`: by the client's protocol, which has no reasoning where none is asked for, in a request for so short an answer that
   * reasoning would leave nothing of it. It holds for models that are known to reason by themselves; elsewhere it says nothing.
   */
  | { readonly kind: 'off'; readonly unsaid?: true }
  | { readonly kind: 'effort'; readonly effort: Effort; readonly shown: boolean | null }
  /** In tokens. */
  | { readonly kind: 'budget'; readonly tokens: number; readonly shown: boolean | null }
  /** As much as the model thinks right (Anthropic's adaptive, Gemini's -1). */
  | { readonly kind: 'adaptive'; readonly shown: boolean | null }

export type OutputFormat =
  /** Some JSON object. */
  | { readonly kind: 'json' }
  | {
      readonly kind: 'schema'
      readonly name: string
      readonly description: string | null
      readonly schema: JsonSchema
      readonly strict: boolean | null
    }

/** What an encoder makes a request for: one channel. */
export interface Target {
  /** The name that is sent, after `modelMap`. */
  readonly model: string
  readonly stream: boolean
  readonly quirks: Quirks
}
