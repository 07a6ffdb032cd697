import type Anthropic from '@anthropic-ai/sdk'

/** The vendor's own types of the Messages API. */
export type Message = Anthropic.Message
export type MessageStreamEvent = Anthropic.RawMessageStreamEvent
export type ErrorType = Anthropic.ErrorType
export type MessageTokensCount = Anthropic.MessageTokensCount
