import { expect, test } from 'vitest'
import { makeRecord } from '../../../../test/support/request-record'
import type { OwnPricing } from '../../../shared/prices'
import { costOfRecord } from './cost-of-record'
import { loadPrices } from './prices'
import { decodeRecord, encodeRecord } from './record-codec'

const usage = { input: 100, cacheRead: 1000, cacheWrite: 50, cacheWrite1h: 20, output: 200, reasoning: 20 }
const own = (price: NonNullable<OwnPricing['own']>['price'], multiplier = 1): OwnPricing => ({
  multiplier,
  own: { name: 'claude-*', price }
})

test('a channel’s own price counts in the place of the table’s, each kind of token by its own', async () => {
  const record = {
    ...makeRecord({ usage }),
    pricing: own({ input: 10, output: 20, cacheRead: 1, cacheWrite: 12, cacheWrite1h: 18 })
  }
  const cost = costOfRecord(await loadPrices(), record)
  expect(cost?.usd).toBeCloseTo((100 * 10 + 1000 * 1 + 30 * 12 + 20 * 18 + 200 * 20) / 1e6, 12)
  expect(cost?.source).toBe('channel/claude-*')
})

test.each([
  ['its own', { cacheWrite: 3.75, cacheWrite1h: 5 }, 5],
  ['twice the input where a write is dearer than input, as Anthropic bills it', { cacheWrite: 3.75 }, 6],
  ['no less than any write', { cacheWrite: 7 }, 7],
  ['that of any write where that is not dearer than input', { cacheWrite: 3 }, 3],
  ['nothing where writes cost nothing', { cacheWrite: 0 }, 0],
  ['that of input where cached tokens have no prices', {}, 3]
])('B32 the price of a cache write that is kept for an hour is %s', (_, writes, usd) => {
  const said = { input: 0, cacheRead: 0, cacheWrite: 1_000_000, cacheWrite1h: 1_000_000, output: 0, reasoning: 0 }
  const cost = (price: Parameters<typeof own>[0]) =>
    costOfRecord(null, { ...makeRecord({ usage: said }), pricing: own(price) })?.usd
  const price = { input: 3, output: 15, ...writes }

  expect(cost(price)).toBeCloseTo(usd, 9)
  expect(cost({ input: 1, output: 1, cacheWrite1h: 9, tiers: [{ start: 200_000, ...price }] })).toBeCloseTo(usd, 9)
})

test('reasoning tokens have a price of their own, else that of the output they are a part of', () => {
  const thinking = { input: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 1_000_000, reasoning: 400_000 }
  const cost = (price: Parameters<typeof own>[0], said = thinking) =>
    costOfRecord(null, { ...makeRecord({ usage: said }), pricing: own(price) })?.usd

  expect(cost({ input: 1, output: 10, reasoning: 5 })).toBeCloseTo(0.6 * 10 + 0.4 * 5, 9)
  expect(cost({ input: 1, output: 10 })).toBeCloseTo(10, 9)
  expect(cost({ input: 1, output: 10, reasoning: 0 })).toBeCloseTo(6, 9)
  expect(cost({ input: 1, output: 10 }, { ...thinking, reasoning: 1_000_001 })).toBeUndefined()
})

test('a prompt that is longer than a tier’s start is billed whole by that tier, its cache included', () => {
  const price = {
    ...{ input: 3, output: 15, cacheRead: 0.3 },
    tiers: [
      { start: 200_000, input: 6, output: 22.5, cacheRead: 0.6 },
      { start: 500_000, input: 10, output: 30 }
    ]
  }
  const cost = (input: number, cacheRead: number) => {
    const said = { input, cacheRead, cacheWrite: 0, cacheWrite1h: 0, output: 1000, reasoning: 0 }
    return costOfRecord(null, { ...makeRecord({ usage: said }), pricing: own(price) })?.usd
  }

  expect(cost(100_000, 100_000)).toBeCloseTo(0.3 + 0.03 + 0.015, 9)
  expect(cost(100_001, 100_000)).toBeCloseTo(0.600006 + 0.06 + 0.0225, 9)
  expect(cost(400_001, 100_000)).toBeCloseTo(4.00001 + 1 + 0.03, 9)
})

test('cache tokens without a price of their own cost as input, and no table is needed', () => {
  const cost = costOfRecord(null, { ...makeRecord({ usage }), pricing: own({ input: 10, output: 20 }) })
  expect(cost?.usd).toBeCloseTo((1150 * 10 + 200 * 20) / 1e6, 12)
})

test('the multiplier counts for the table’s price and for an own one, and is told in the source', async () => {
  const prices = await loadPrices()
  const list = costOfRecord(prices, makeRecord({ usage }))
  const resold = costOfRecord(prices, { ...makeRecord({ usage }), pricing: { multiplier: 0.5, own: null } })
  expect(resold?.usd).toBeCloseTo((list?.usd ?? NaN) / 2, 12)
  expect(resold?.source).toBe(`${list?.source} ×0.5`)
  const both = costOfRecord(null, { ...makeRecord({ usage }), pricing: own({ input: 0, output: 10 }, 2) })
  expect(both).toEqual({ usd: 0.004, source: 'channel/claude-* ×2' })
})

test.each([
  ['without usage', { usage: null }],
  ['of an answer that was charged by another tier', { usage, rawUsage: '{"service_tier":"priority"}' }],
  ['of usage that does not add up', { usage: { ...usage, output: -1 } }]
])('B32 the cost %s is not known with an own price either', (_, said) => {
  const pricing = own({ input: 1, output: 1 })
  expect(costOfRecord(null, { ...makeRecord(said), pricing })).toBeNull()
})

test.each([
  own({ input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25 }, 0.7),
  own({ input: 0, output: 2 }),
  own({ input: 1, output: 2, cacheWrite: 1.25, cacheWrite1h: 2 }),
  own({ input: 1, output: 2, cacheWrite1h: 0, tiers: [{ start: 9, input: 2, output: 4, cacheWrite1h: 4 }] }),
  own({ input: 1, output: 2, reasoning: 3, tiers: [{ start: 200_000, input: 2, output: 4, cacheWrite: 1 }] }),
  own({
    input: 1,
    output: 2,
    tiers: [
      { start: 1, input: 2, output: 4 },
      { start: 2, input: 3, output: 5, reasoning: 6 }
    ]
  }),
  { multiplier: 1.2, own: null }
])('the journal keeps the pricing of a record as it was when the request ended', (pricing) => {
  const record = { ...makeRecord(), pricing }
  expect(decodeRecord(encodeRecord(record))).toEqual(record)
  const withState = { ...record, stateIds: ['resp_1'] }
  expect(decodeRecord(encodeRecord(withState))).toEqual(withState)
})

test('a journal of before there were prices of writes for an hour is read as it was', () => {
  const price = { input: 1, output: 2, tiers: [{ start: 9, input: 2, output: 4, reasoning: 5 }] }
  const record = { ...makeRecord(), pricing: own(price) }
  const older = encodeRecord(record).replace(',[[9,2,4,null,null,5,null]],null]', ',[[9,2,4,null,null,5]]]')

  expect(older).not.toBe(encodeRecord(record))
  expect(decodeRecord(older)).toEqual(record)
})
