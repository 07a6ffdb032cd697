import type OpenAI from 'openai'

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
