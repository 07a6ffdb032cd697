import type { TokenUsage } from '../../../shared/usage'
import { countIn, isObject, memberOf, objectIn, type JsonObject } from '../foreign-json'
import type { Usage } from './wire'

/**
 * B31: `input_tokens` is what was not cached; output includes the thinking. null when no usage was sent.
 * https://platform.claude.com/docs/en/api/messages
 */
export function tokenUsage(raw: unknown): TokenUsage | null {
  const input = countIn(raw, 'input_tokens')
  const output = countIn(raw, 'output_tokens')
  if (input === null && output === null) return null
  const byLife = objectIn(raw, 'cache_creation')
  const fiveMinutes = countIn(byLife, 'ephemeral_5m_input_tokens') ?? 0
  const oneHour = countIn(byLife, 'ephemeral_1h_input_tokens') ?? 0
  const cacheWrite = countIn(raw, 'cache_creation_input_tokens') ?? fiveMinutes + oneHour
  return {
    input: input ?? 0,
    cacheRead: countIn(raw, 'cache_read_input_tokens') ?? 0,
    cacheWrite,
    cacheWrite1h: Math.min(oneHour, cacheWrite),
    output: output ?? 0,
    reasoning: Math.min(countIn(memberOf(raw, 'output_tokens_details'), 'thinking_tokens') ?? 0, output ?? 0)
  }
}

const PROMPT_COUNTS = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'] as const

/**
 * The usage of `message_start` with what `message_delta` says on top: its counts are cumulative, so they win, and some
 * vendors tell the prompt's size there alone. A delta whose prompt counts are all 0 knows nothing of the prompt.
 */
export function mergeUsage(start: JsonObject | null, delta: unknown): JsonObject | null {
  if (!isObject(delta)) return start
  const knowsPrompt = PROMPT_COUNTS.some((name) => (countIn(delta, name) ?? 0) > 0)
  const merged: Record<string, unknown> = { ...start }
  for (const [name, value] of Object.entries(delta)) {
    if (value === null) continue
    if (!knowsPrompt && isPromptCount(name) && name in merged) continue
    merged[name] = value
  }
  return merged
}

const isPromptCount = (name: string): boolean => PROMPT_COUNTS.some((known) => known === name)

const NONE: TokenUsage = { input: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: 0 }

/** Of a message. Its clients count on numbers: usage that is not known is told as 0. */
export function messageUsage(known: TokenUsage | null): Usage {
  const usage = known ?? NONE
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite - usage.cacheWrite1h,
      ephemeral_1h_input_tokens: usage.cacheWrite1h
    },
    output_tokens_details: { thinking_tokens: usage.reasoning },
    server_tool_use: null,
    inference_geo: null,
    service_tier: null,
    speed: null
  }
}

/** What `tokenUsage` reads. */
export const encodeUsage = (usage: TokenUsage): JsonObject => ({ ...messageUsage(usage) })
