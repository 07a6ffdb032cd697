import { calcPrice, findProvider, type ModelPrice } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { costOfTokens } from './cost-of-tokens'

/** Every model of the vendors that speak our protocols, at its plain price. */
const prices: readonly ModelPrice[] = ['anthropic', 'openai', 'google', 'openrouter', 'deepseek', 'mistral', 'x-ai']
  .flatMap((providerId) => findProvider({ providerId })?.models ?? [])
  .flatMap((model) => (Array.isArray(model.prices) ? model.prices.map(({ prices: one }) => one) : [model.prices]))

/** The table's own sum. */
function reference(price: ModelPrice, usage: Readonly<Record<string, number>>): number {
  const provider = { id: 'v', name: 'V', api_pattern: '', models: [{ id: 'm', match: { equals: 'm' }, prices: price }] }
  return calcPrice(usage, 'm', { provider })?.total_price ?? Number.NaN
}

test('B32 the cost is what the price table itself makes of the same tokens, for every model and any usage', () => {
  const tokens = fc.integer({ min: 0, max: 500_000 })
  fc.assert(
    fc.property(fc.constantFrom(...prices), tokens, tokens, tokens, tokens, tokens, (price, ...counts) => {
      const [input, cacheRead, cacheWrite5m, cacheWrite1h, output] = counts
      const cacheWrite = cacheWrite5m + cacheWrite1h
      const cost = costOfTokens(price, { input, cacheRead, cacheWrite, cacheWrite1h, output, reasoning: 0 })
      if (cost === null) return // no price for what was used
      const expected = reference(price, {
        input_tokens: input + cacheRead + cacheWrite,
        cache_read_tokens: cacheRead,
        cache_write_tokens: cacheWrite,
        cache_write_1h_tokens: cacheWrite1h,
        output_tokens: output
      })
      expect(cost).toBeCloseTo(expected, 9)
    }),
    { numRuns: 2000 }
  )
})

test('B32 tokens without a price give no cost, and no tokens cost nothing', () => {
  const none = { input: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: 0 }

  expect(costOfTokens({}, { ...none, input: 1 })).toBeNull()
  expect(costOfTokens({ input_mtok: 1 }, { ...none, input: 1, output: 1 })).toBeNull()
  expect(costOfTokens({ output_mtok: 1 }, { ...none, cacheRead: 1 })).toBeNull()
  expect(costOfTokens({ input_mtok: 1 }, none)).toBe(0)
})

test('B32 usage that does not add up has no cost', () => {
  const price = { input_mtok: 1, output_mtok: 1 }
  const usage = { input: 10, cacheRead: 0, cacheWrite: 5, cacheWrite1h: 0, output: 1, reasoning: 0 }

  expect(costOfTokens(price, { ...usage, input: -1 })).toBeNull()
  expect(costOfTokens(price, { ...usage, cacheWrite1h: 6 })).toBeNull()
})
