import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openaiChatTranslator } from './translator'
import { encodeUsage, tokenUsage } from './usage'

describe('B31 usage', () => {
  test('is read as it was written', () => {
    const count = fc.nat({ max: 1_000_000 })
    const usage = fc
      .record({ input: count, cacheRead: count, cacheWrite: count, output: count, thought: count })
      .map(({ thought, ...rest }) => ({ ...rest, cacheWrite1h: 0, reasoning: Math.min(thought, rest.output) }))
    fc.assert(
      fc.property(usage, (one) => {
        expect(tokenUsage(encodeUsage(one))).toEqual(one)
      })
    )
  })
})

test('tokens are told as OpenAI counts them', () => {
  expect(openaiChatTranslator.encodeTokenCount(7)).toEqual({ object: 'response.input_tokens', input_tokens: 7 })
})

test('names of tools are what OpenAI takes', () => {
  const { pattern, longest } = openaiChatTranslator.toolNames
  expect(['get_weather', 'a-b', 'a.b', 'a b'].map((name) => pattern.test(name))).toEqual([true, true, false, false])
  expect(longest).toBe(64)
})
