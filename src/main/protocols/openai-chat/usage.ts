import type { TokenUsage } from '../../../shared/usage'
import { countIn, objectIn } from '../foreign-json'
import type { CompletionUsage } from './wire'

/**
 * B31: `prompt_tokens` is the whole prompt, what was cached or written to the cache lies inside it. DeepSeek and Moonshot
 * have names of their own for the cached part; xAI counts reasoning beside the output, which its total gives away.
 * https://platform.openai.com/docs/api-reference/chat/object
 */
export function tokenUsage(raw: unknown): TokenUsage | null {
  const prompt = countIn(raw, 'prompt_tokens')
  const completion = countIn(raw, 'completion_tokens')
  if (prompt === null && completion === null) return null
  const cacheRead = cachedTokens(raw)
  const cacheWrite = countIn(objectIn(raw, 'prompt_tokens_details'), 'cache_write_tokens') ?? 0
  const reasoning = countIn(objectIn(raw, 'completion_tokens_details'), 'reasoning_tokens') ?? 0
  const output = outputTokens(raw, prompt ?? 0, completion ?? 0, reasoning)
  return {
    input: Math.max(0, (prompt ?? 0) - cacheRead - cacheWrite),
    cacheRead,
    cacheWrite,
    cacheWrite1h: 0,
    output,
    reasoning: Math.min(reasoning, output)
  }
}

const cachedTokens = (raw: unknown): number =>
  countIn(objectIn(raw, 'prompt_tokens_details'), 'cached_tokens') ??
  countIn(raw, 'prompt_cache_hit_tokens') ??
  countIn(raw, 'cached_tokens') ??
  0

function outputTokens(raw: unknown, prompt: number, completion: number, reasoning: number): number {
  const isBeside = reasoning > 0 && countIn(raw, 'total_tokens') === prompt + completion + reasoning
  return completion + (isBeside ? reasoning : 0)
}

/** The same the other way round. That a cache write is kept for an hour has no place here. */
export function encodeUsage({ input, cacheRead, cacheWrite, output, reasoning }: TokenUsage): CompletionUsage {
  const prompt_tokens = input + cacheRead + cacheWrite
  return {
    prompt_tokens,
    completion_tokens: output,
    total_tokens: prompt_tokens + output,
    prompt_tokens_details: { cached_tokens: cacheRead, ...(cacheWrite > 0 && { cache_write_tokens: cacheWrite }) },
    completion_tokens_details: { reasoning_tokens: reasoning }
  }
}
