import type { ProtocolId } from '../../../src/shared/protocol'

type Words = Readonly<Record<ProtocolId, string>>

/** Each vendor's word for an end, from its page of the answer's object; Responses' is its status, with the reason behind it. */
export const PLAIN: Words = {
  anthropic: 'end_turn',
  'openai-chat': 'stop',
  'openai-responses': 'completed',
  gemini: 'STOP'
}

export const WITH_CALLS: Words = { ...PLAIN, anthropic: 'tool_use', 'openai-chat': 'tool_calls' }

/** Only Anthropic has a word of its own for it. */
export const AT_SEQUENCE: Words = { ...PLAIN, anthropic: 'stop_sequence' }

/** The model declined in words, which OpenAI's tell apart from a filter. */
export const DECLINED: Words = { ...PLAIN, anthropic: 'refusal', gemini: 'SAFETY' }

/** As the channel says it. */
export const AT_LIMIT: Words = {
  anthropic: 'max_tokens',
  'openai-chat': 'length',
  'openai-responses': 'max_output_tokens',
  gemini: 'MAX_TOKENS'
}

/** As a client hears it. */
export const HEARD_AT_LIMIT: Words = { ...AT_LIMIT, 'openai-responses': 'incomplete: max_output_tokens' }
