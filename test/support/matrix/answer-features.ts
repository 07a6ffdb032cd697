import type { ProtocolId } from '../../../src/shared/protocol'
import type { Content } from '../vendors/content'
import type { Feature, Tokens } from './feature'
import { BASE } from './request-features'
import { AT_LIMIT, DECLINED, HEARD_AT_LIMIT } from './stop-words'

/** 12,288 tokens and `medium` mean the same (src/main/protocols/effort.ts). */
const MEDIUM = 12_288
const isMedium = (wish: number | string | undefined): boolean => wish === MEDIUM || wish === 'medium'

const BY_BUDGET: readonly ProtocolId[] = ['anthropic', 'gemini']

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

const WITHOUT_WRITES: Tokens = { ...TOKENS, input: TOKENS.input + TOKENS.cacheWrite, cacheWrite: 0 }

/** What B31 makes of a channel's usage. */
export const tokensFrom = (channel: ProtocolId): Tokens => (channel === 'gemini' ? WITHOUT_WRITES : TOKENS)

/** What a client can be told of it. */
export const tokensFor = (client: ProtocolId, channel: ProtocolId): Tokens =>
  client === 'gemini' ? WITHOUT_WRITES : tokensFrom(channel)

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
    (client) => ({ text: 'Once upon', stop: HEARD_AT_LIMIT[client] })
  ),
  answers(
    'usage',
    (channel) => ({ text: 'Four.', usage: USAGE[channel] }),
    (_client, channel) => ({ text: 'Four.', tokens: tokensFrom(channel) })
  )
]
