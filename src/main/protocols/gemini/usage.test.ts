import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeUsage, tokenUsage } from './usage'

const count = fc.nat({ max: 1_000_000 })

describe('B31 usage for a client of Gemini', () => {
  test('is read back to the same, but for what writing the cache cost', () => {
    fc.assert(
      fc.property(count, count, count, count, count, (input, cacheRead, cacheWrite, said, reasoning) => {
        const usage = { input, cacheRead, cacheWrite, cacheWrite1h: 0, output: said + reasoning, reasoning }
        expect(tokenUsage(encodeUsage(usage))).toEqual({ ...usage, input: input + cacheWrite, cacheWrite: 0 })
      })
    )
  })

  test('counts what was cached as prompt, and thoughts apart from the candidates', () => {
    const usage = { input: 20, cacheRead: 100, cacheWrite: 0, cacheWrite1h: 0, output: 42, reasoning: 12 }
    expect(encodeUsage(usage)).toEqual({
      promptTokenCount: 120,
      cachedContentTokenCount: 100,
      candidatesTokenCount: 30,
      thoughtsTokenCount: 12,
      totalTokenCount: 162
    })
  })
})
