import type OpenAI from 'openai'

/** The vendor's own types of the Responses API. */
export type Response = OpenAI.Responses.Response
export type ResponseStreamEvent = OpenAI.Responses.ResponseStreamEvent
export type ResponseOutputItem = OpenAI.Responses.ResponseOutputItem
export type ResponseUsage = OpenAI.Responses.ResponseUsage
export type CompactedResponse = OpenAI.Responses.CompactedResponse
export type InputTokenCount = OpenAI.Responses.InputTokenCountResponse
