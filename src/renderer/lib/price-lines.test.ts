import { expect, test } from 'vitest'
import { arePrices, isHourWriteDearer, priceLines, pricesOf } from './price-lines'

const prices = {
  'glm-*': { input: 1, output: 2, reasoning: 3 },
  kept: { input: 3, output: 15, cacheWrite: 3.75, cacheWrite1h: 5 },
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

test('a write for an hour is dearer by itself only where a write is dearer than input, and that is typed', () => {
  const dearer = (typed: { readonly cacheWrite: string }) => {
    const [line] = priceLines({ m: { input: 3, output: 15 } })
    return line && isHourWriteDearer({ ...line, ...typed })
  }
  expect(['', '0', '3', 'much', '3.75', '6'].map((cacheWrite) => dearer({ cacheWrite }))).toEqual([
    ...[false, false, false, false, true, false]
  ])
})
