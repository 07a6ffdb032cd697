import type OpenAI from 'openai'
import type { Markable } from '../cache-marks'
import type { JsonObject } from '../foreign-json'

/** The vendor's own types of Chat Completions, and of Completions and Embeddings, which share its errors and usage. */
export type ChatCompletion = OpenAI.Chat.ChatCompletion
export type ChatCompletionChunk = OpenAI.Chat.ChatCompletionChunk
export type ChunkChoice = OpenAI.Chat.ChatCompletionChunk.Choice
export type Completion = OpenAI.Completion
export type CompletionUsage = OpenAI.CompletionUsage
export type ToolCall = OpenAI.Chat.ChatCompletionMessageFunctionToolCall
/** `embedding` is a base64 text of 32-bit floats where the client asked for it; the SDK always does. */
export type EmbeddingAnswer = Omit<OpenAI.CreateEmbeddingResponse, 'data'> & {
  readonly data: readonly (Omit<OpenAI.Embedding, 'embedding'> & { readonly embedding: readonly number[] | string })[]
}

type Params = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming

/**
 * What requests are made of. Where other vendors add a member, the type says which. `seed` and `user` are deprecated by
 * OpenAI alone, which still takes them.
 */
export type RequestBody = Omit<Params, 'stream' | 'messages' | 'seed' | 'user'> & {
  stream: boolean
  messages: readonly MessageParam[]
  seed?: number
  user?: string
}
export type MessageParam =
  | OpenAI.Chat.ChatCompletionSystemMessageParam
  | OpenAI.Chat.ChatCompletionDeveloperMessageParam
  | OpenAI.Chat.ChatCompletionUserMessageParam
  | OpenAI.Chat.ChatCompletionToolMessageParam
  | AssistantParam
export type AssistantParam = OpenAI.Chat.ChatCompletionAssistantMessageParam & ReasoningMembers
export type TextParam = OpenAI.Chat.ChatCompletionContentPartText & Cached
export type UserPartParam = OpenAI.Chat.ChatCompletionContentPart & Cached
export type FunctionToolParam = OpenAI.Chat.ChatCompletionFunctionTool
export type ToolChoiceParam = OpenAI.Chat.ChatCompletionToolChoiceOption
export type WebSearchParam = NonNullable<Params['web_search_options']>
export type ResponseFormatParam = NonNullable<Params['response_format']>

/** Anthropic's mark, as OpenRouter and Qwen take it: https://openrouter.ai/docs/features/prompt-caching */
export interface Cached {
  cache_control?: Markable['cache_control']
}

/** What OpenAI's own API has no place for: reasoning, and the signatures that go with it. */
export interface ReasoningMembers {
  /** DeepSeek's name, which most others took over: https://api-docs.deepseek.com/guides/thinking_mode */
  reasoning_content?: string
  /** OpenRouter's, and newer vLLM's. */
  reasoning?: string
  /** OpenRouter: https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks */
  reasoning_details?: readonly JsonObject[]
  extra_content?: ExtraContent
}

export interface ExtraContent {
  /** Google's place for Gemini's signatures: https://ai.google.dev/gemini-api/docs/thought-signatures#openai-compatibility */
  google?: { thought_signature: string }
  /** Ours for those of other makers (reasoning.ts). */
  routex?: RoutexSignatures
}

interface RoutexSignatures {
  /** Wrapped (signatures.ts), several with a line feed between. */
  signature: string
  /** Which characters of the message's reasoning each of them signs, from and to. */
  reasoning: readonly (readonly [number, number])[]
}

/** What an answer's message or delta holds besides OpenAI's own members. */
export interface AnswerAdditions extends ReasoningMembers {
  /** OpenRouter's and LiteLLM's place for pictures: https://openrouter.ai/docs/features/multimodal/image-generation */
  images?: readonly { type: 'image_url'; image_url: { url: string } }[]
  annotations?: readonly Annotation[]
}

export type Annotation = OpenAI.Chat.ChatCompletionMessage.Annotation
export type FinishReasonName = OpenAI.Chat.ChatCompletion.Choice['finish_reason']
export type AnswerMessage = Omit<OpenAI.Chat.ChatCompletionMessage, 'annotations' | 'function_call'> &
  AnswerAdditions & { function_call?: LegacyCall }
export type AnswerToolCall = OpenAI.Chat.ChatCompletionMessageToolCall & { extra_content?: ExtraContent }
export type AnswerDelta = Omit<ChunkChoice['delta'], 'tool_calls' | 'function_call'> &
  AnswerAdditions & { tool_calls?: readonly DeltaToolCall[]; function_call?: Partial<LegacyCall> }
/** The SDK's type knows functions only; a custom tool's call comes in one piece. */
type DeltaToolCall =
  | (OpenAI.Chat.ChatCompletionChunk.Choice.Delta.ToolCall & { extra_content?: ExtraContent })
  | { index: number; id: string; type: 'custom'; custom: { name: string; input: string }; extra_content?: ExtraContent }

/** For clients that still declare `functions`. */
interface LegacyCall {
  name: string
  arguments: string
}
