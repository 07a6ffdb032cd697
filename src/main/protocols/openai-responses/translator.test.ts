import { describe, expect, test } from 'vitest'
import { encodeUsage, tokenUsage } from './usage'
import { openaiResponsesTranslator as translator } from './translator'

describe('Responses’ half of every translation', () => {
  test('counts tokens as its clients know it', () => {
    expect(translator.encodeTokenCount(7)).toEqual({ object: 'response.input_tokens', input_tokens: 7 })
  })

  test('B31 writes usage so that it is read as the same', () => {
    const usage = { input: 5, cacheRead: 60, cacheWrite: 7, cacheWrite1h: 0, output: 20, reasoning: 12 }
    expect(tokenUsage(encodeUsage(usage))).toEqual(usage)
    expect(encodeUsage(usage)).toMatchObject({ input_tokens: 72, total_tokens: 92 })
  })

  test('takes names of functions of up to 64 plain characters', () => {
    const { pattern, longest } = translator.toolNames
    expect(longest).toBe(64)
    expect(pattern.test('mcp__docs__search-1')).toBe(true)
    expect(pattern.test('a.b')).toBe(false)
  })
})
