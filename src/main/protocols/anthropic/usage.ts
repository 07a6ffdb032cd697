import type { TokenUsage } from '../../../shared/usage'
import { countIn, isObject, memberOf, objectIn, type JsonObject } from '../foreign-json'

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
