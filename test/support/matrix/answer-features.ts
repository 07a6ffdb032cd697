import type { ProtocolId } from '../../../src/shared/protocol'
import type { Content } from '../vendors/content'
import { type Feature, type Tokens } from './feature'
import { BASE } from './request-features'

/** 12,288 tokens and `medium` mean the same (src/main/protocols/effort.ts). */
const MEDIUM = 12_288
const isMedium = (wish: number | string | undefined): boolean => wish === MEDIUM || wish === 'medium'

export const BY_BUDGET: readonly ProtocolId[] = ['anthropic', 'gemini']

/** Each vendor's word for an end, from its page of the answer's object. */
const PLAIN: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'end_turn',
  'openai-chat': 'stop',
  'openai-responses': 'completed',
  gemini: 'STOP'
}
const AT_LIMIT: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'max_tokens',
  'openai-chat': 'length',
  'openai-responses': 'max_output_tokens',
  gemini: 'MAX_TOKENS'
}
const TOOL_STOP: Readonly<Record<ProtocolId, string>> = {
  ...PLAIN,
  anthropic: 'tool_use',
  'openai-chat': 'tool_calls'
}
/** What a vendor says where it declines in words; a filter of OpenAI's says nothing in words. */
const DECLINED: Readonly<Record<ProtocolId, string>> = { ...PLAIN, anthropic: 'refusal', gemini: 'SAFETY' }

export const toolStop = (client: ProtocolId): string => TOOL_STOP[client]

export const plainStop = (client: ProtocolId): string => PLAIN[client]

/** Responses tells a limit with its status and a reason. */
export const limitStop = (client: ProtocolId): string =>
  client === 'openai-responses' ? 'incomplete: max_output_tokens' : AT_LIMIT[client]

/** Every number another, so that none can stand in for another. */
const TOKENS: Tokens = { input: 1000, cacheRead: 400, cacheWrite: 30, output: 70, reasoning: 20 }

/** The same tokens as each vendor counts them: https://platform.claude.com/docs/en/api/messages, …/chat/object, …/responses/object. */
const USAGE: Readonly<Record<ProtocolId, object>> = {
  anthropic: {
    input_tokens: 1000,
    cache_read_input_tokens: 400,
    cache_creation_input_tokens: 30,
    cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 0 },
    output_tokens: 70,
    output_tokens_details: { thinking_tokens: 20 }
  },
  'openai-chat': {
    prompt_tokens: 1430,
    completion_tokens: 70,
    total_tokens: 1500,
    prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 30 },
    completion_tokens_details: { reasoning_tokens: 20 }
  },
  'openai-responses': {
    input_tokens: 1430,
    input_tokens_details: { cached_tokens: 400, cache_write_tokens: 30 },
    output_tokens: 70,
    output_tokens_details: { reasoning_tokens: 20 },
    total_tokens: 1500
  },
  // It tells no writing of a cache: those tokens are prompt like others.
  gemini: {
    promptTokenCount: 1430,
    cachedContentTokenCount: 400,
    candidatesTokenCount: 50,
    thoughtsTokenCount: 20,
    totalTokenCount: 1500
  }
}

/** What B31 makes of a channel's usage. */
export const tokensFrom = (channel: ProtocolId): Tokens =>
  channel === 'gemini' ? { ...TOKENS, input: 1030, cacheWrite: 0 } : TOKENS

const answers = (name: Feature['name'], answer: Feature['answer'], hears: Feature['hears']): Feature => ({
  name,
  ask: () => BASE,
  answer,
  asked: () => undefined,
  hears
})

export const ANSWER_FEATURES: readonly Feature[] = [
  {
    name: 'thinking',
    ask: (client) => ({ ...BASE, thinking: BY_BUDGET.includes(client) ? MEDIUM : 'medium' }),
    answer: () => ({ text: 'Four.', thinking: 'Two and two…' }),
    asked: ({ thinking }) => isMedium(thinking),
    hears: () => ({ text: 'Four.', thinking: 'Two and two…' })
  },
  answers(
    'refusal',
    () => ({ text: '', refusal: 'I can’t help with that.' }),
    (client) => ({ refusal: 'I can’t help with that.', stop: DECLINED[client] })
  ),
  answers(
    'stop reasons',
    (channel): Content => ({ text: 'Once upon', stop: AT_LIMIT[channel] }),
    (client) => ({ text: 'Once upon', stop: limitStop(client) })
  ),
  answers(
    'usage',
    (channel) => ({ text: 'Four.', usage: USAGE[channel] }),
    () => ({ text: 'Four.', tokens: TOKENS })
  )
]
