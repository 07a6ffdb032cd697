import type Anthropic from '@anthropic-ai/sdk'

/** The vendor's own types of the Messages API. */
export type Message = Anthropic.Message
export type MessageStreamEvent = Anthropic.RawMessageStreamEvent
export type ErrorType = Anthropic.ErrorType
export type MessageTokensCount = Anthropic.MessageTokensCount
export type Usage = Anthropic.Usage
export type StopReason = Anthropic.StopReason

/** Blocks of an answer. */
export type ContentBlockDelta = Anthropic.RawContentBlockDelta
export type ContentBlock = Anthropic.ContentBlock
export type TextCitation = Anthropic.TextCitation
export type WebFetchBlock = Anthropic.WebFetchBlock
export type ThinkingBlock = Anthropic.ThinkingBlock
export type RedactedThinkingBlock = Anthropic.RedactedThinkingBlock

/** What a request holds. */
export type ContentBlockParam = Anthropic.ContentBlockParam
export type TextBlockParam = Anthropic.TextBlockParam
export type ImageBlockParam = Anthropic.ImageBlockParam
export type DocumentBlockParam = Anthropic.DocumentBlockParam
export type ToolUseBlockParam = Anthropic.ToolUseBlockParam
export type ToolResultBlockParam = Anthropic.ToolResultBlockParam
export type CacheControl = Anthropic.CacheControlEphemeral
export type Tool = Anthropic.Tool
export type ToolUnion = Anthropic.ToolUnion
export type ToolChoice = Anthropic.ToolChoice
export type ThinkingConfig = Anthropic.ThinkingConfigParam
export type OutputConfig = Anthropic.OutputConfig

/** `anthropic-version: 2023-06-01` has these too; the SDK speaks a later one that refuses them. */
export interface SamplingParams {
  temperature?: number
  top_p?: number
  top_k?: number
}
export type MessageRequest = Anthropic.MessageCreateParams & SamplingParams
