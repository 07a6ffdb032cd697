import { expect, test } from 'vitest'
import { arePrices, priceLines, pricesOf } from './price-lines'

const prices = {
  'glm-*': { input: 1, output: 2, reasoning: 3 },
  long: { input: 3, output: 15, cacheRead: 0.3, tiers: [{ start: 200_000, input: 6, output: 22.5 }] }
}

test('prices come out of the form as they went in, tiers of long prompts too', () => {
  expect(pricesOf(priceLines(prices))).toEqual(prices)
})

test('a price of reasoning is typed like the others, and left out where nothing stands', () => {
  const [line] = priceLines({ m: { input: 1, output: 2 } })
  if (line === undefined) throw new Error('no line')
  expect(pricesOf([{ ...line, reasoning: '2,5' }])).toEqual({ m: { input: 1, output: 2, reasoning: 2.5 } })
  expect([arePrices([line]), arePrices([{ ...line, reasoning: 'much' }])]).toEqual([true, false])
})
