import type { ProtocolId } from '../../../src/shared/protocol'
import type { Script } from '../fake-upstream'
import { json, stream } from '../scripts'
import { ANTHROPIC_MODEL, anthropicError, anthropicEvents, anthropicMessage } from './anthropic'
import type { Content } from './content'
import { GEMINI_MODEL, geminiError, geminiEvents, geminiResponse } from './gemini'
import { CHAT_MODEL, chatCompletion, chatEvents, openaiError } from './openai-chat'
import { RESPONSES_MODEL, response, responseEvents } from './openai-responses'

/** What a test needs to say the same thing in each of the four protocols. */
export interface Vendor {
  readonly protocol: ProtocolId
  readonly model: string
  /** Target of a generate call as its SDK writes it. */
  target(options: { readonly stream: boolean; readonly model?: string }): string
  headers(key: string): Readonly<Record<string, string>>
  /** Smallest body of a generate call. */
  request(options: {
    readonly stream: boolean
    readonly model?: string
    readonly prompt?: string
  }): Record<string, unknown>
  /** A whole answer's body. */
  answer(content: Content): object
  /** The same as a stream, one string an event. */
  events(content: Content): readonly string[]
  /** An error body of this status, whose cause is not named more closely than by the status. */
  error(status: number, message: string): object
  /** Index into `events` of the first one that carries content (no thinking, no tool). */
  readonly firstContent: number
}

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error'
}

const OPENAI_TYPES: Readonly<Record<number, string>> = { 429: 'requests', 500: 'server_error', 503: 'server_error' }

const GEMINI_STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE'
}

const openaiErrorOf = (status: number, message: string) =>
  openaiError(OPENAI_TYPES[status] ?? 'invalid_request_error', message, status === 429 ? 'rate_limit_exceeded' : null)

export const anthropic: Vendor = {
  protocol: 'anthropic',
  model: ANTHROPIC_MODEL,
  target: () => '/v1/messages',
  headers: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
  request: ({ stream: streamed, model = ANTHROPIC_MODEL, prompt = 'Say hello.' }) => ({
    model,
    max_tokens: 64,
    messages: [{ role: 'user', content: prompt }],
    ...(streamed && { stream: true })
  }),
  answer: anthropicMessage,
  events: anthropicEvents,
  error: (status, message) => anthropicError(ANTHROPIC_TYPES[status] ?? 'api_error', message),
  firstContent: 3
}

export const openaiChat: Vendor = {
  protocol: 'openai-chat',
  model: CHAT_MODEL,
  target: () => '/v1/chat/completions',
  headers: (key) => ({ authorization: `Bearer ${key}` }),
  request: ({ stream: streamed, model = CHAT_MODEL, prompt = 'Say hello.' }) => ({
    model,
    messages: [{ role: 'user', content: prompt }],
    ...(streamed && { stream: true, stream_options: { include_usage: true } })
  }),
  answer: chatCompletion,
  events: chatEvents,
  error: openaiErrorOf,
  firstContent: 1
}

export const openaiResponses: Vendor = {
  protocol: 'openai-responses',
  model: RESPONSES_MODEL,
  target: () => '/v1/responses',
  headers: (key) => ({ authorization: `Bearer ${key}` }),
  request: ({ stream: streamed, model = RESPONSES_MODEL, prompt = 'Say hello.' }) => ({
    model,
    input: [{ role: 'user', content: [{ type: 'input_text', text: prompt }] }],
    store: false,
    ...(streamed && { stream: true })
  }),
  answer: response,
  events: responseEvents,
  error: openaiErrorOf,
  firstContent: 4
}

export const gemini: Vendor = {
  protocol: 'gemini',
  model: GEMINI_MODEL,
  target: ({ stream: streamed, model = GEMINI_MODEL }) =>
    `/v1beta/models/${model}:${streamed ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  headers: (key) => ({ 'x-goog-api-key': key }),
  request: ({ prompt = 'Say hello.' }) => ({ contents: [{ role: 'user', parts: [{ text: prompt }] }] }),
  answer: geminiResponse,
  events: geminiEvents,
  error: (status, message) => geminiError(status, GEMINI_STATUSES[status] ?? 'INTERNAL', message),
  firstContent: 0
}

export const VENDORS: readonly Vendor[] = [anthropic, openaiChat, openaiResponses, gemini]

/** A script that answers a generate call as it was asked: streamed or whole. */
export function says(vendor: Vendor, content: Content): Script {
  const whole = json(200, vendor.answer(content))
  const streamed = stream(vendor.events(content))
  return (exchange) => (asksForStream(exchange.request) ? streamed(exchange) : whole(exchange))
}

/** A script that refuses with the vendor's own error body. */
export function fails(
  vendor: Vendor,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {}
): Script {
  return json(status, vendor.error(status, message), headers)
}

function asksForStream(request: { readonly target: string; readonly body: Buffer }): boolean {
  return request.target.includes(':streamGenerateContent') || /"stream"\s*:\s*true/.test(request.body.toString())
}
