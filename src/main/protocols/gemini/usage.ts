import type { TokenUsage } from '../../../shared/usage'
import { countIn } from '../foreign-json'
import type { UsageMetadata } from './wire'

/**
 * B31: the prompt's count includes what was cached; tool results come on top of it, thoughts on top of the candidates.
 * https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function tokenUsage(raw: unknown): TokenUsage | null {
  const prompt = countIn(raw, 'promptTokenCount')
  const candidates = countIn(raw, 'candidatesTokenCount')
  const thoughts = countIn(raw, 'thoughtsTokenCount') ?? 0
  if (prompt === null && candidates === null) return null
  const cacheRead = countIn(raw, 'cachedContentTokenCount') ?? 0
  const toolResults = countIn(raw, 'toolUsePromptTokenCount') ?? 0
  return {
    input: Math.max(0, (prompt ?? 0) - cacheRead) + toolResults,
    cacheRead,
    cacheWrite: 0,
    cacheWrite1h: 0,
    output: (candidates ?? 0) + thoughts,
    reasoning: thoughts
  }
}

/** Gemini knows no cost of writing a cache: those tokens are prompt like others. */
export function encodeUsage({ input, cacheRead, cacheWrite, output, reasoning }: TokenUsage) {
  const prompt = input + cacheRead + cacheWrite
  return {
    promptTokenCount: prompt,
    ...(cacheRead > 0 ? { cachedContentTokenCount: cacheRead } : {}),
    candidatesTokenCount: Math.max(0, output - reasoning),
    ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
    totalTokenCount: prompt + output
  } satisfies UsageMetadata
}
