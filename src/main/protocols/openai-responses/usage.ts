import type { TokenUsage } from '../../../shared/usage'
import { countIn, objectIn } from '../foreign-json'
import type { ResponseUsage } from './wire'

/**
 * B31: `input_tokens` is the whole prompt, what was cached or written to the cache lies inside it.
 * https://platform.openai.com/docs/api-reference/responses/object
 */
export function tokenUsage(raw: unknown): TokenUsage | null {
  const prompt = countIn(raw, 'input_tokens')
  const output = countIn(raw, 'output_tokens')
  if (prompt === null && output === null) return null
  const details = objectIn(raw, 'input_tokens_details')
  const cacheRead = countIn(details, 'cached_tokens') ?? 0
  const cacheWrite = countIn(details, 'cache_write_tokens') ?? 0
  const reasoning = countIn(objectIn(raw, 'output_tokens_details'), 'reasoning_tokens') ?? 0
  return {
    input: Math.max(0, (prompt ?? 0) - cacheRead - cacheWrite),
    cacheRead,
    cacheWrite,
    cacheWrite1h: 0,
    output: output ?? 0,
    reasoning: Math.min(reasoning, output ?? 0)
  }
}

/** What `tokenUsage` reads, written. How long a cache entry lives is not told here. */
export function encodeUsage({ input, cacheRead, cacheWrite, output, reasoning }: TokenUsage): ResponseUsage {
  const prompt = input + cacheRead + cacheWrite
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: prompt + output
  }
}
