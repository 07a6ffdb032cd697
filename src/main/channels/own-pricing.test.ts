import { expect, test } from 'vitest'
import { makeChannel } from '../../../test/support/make-channel'
import { ownPricing } from './own-pricing'

const cheap = { input: 1, output: 2 }
const dear = { input: 10, output: 20 }

test('an exact name counts before a glob, globs in their order, and what matches none has the table’s price', () => {
  const channel = makeChannel('a', { prices: { 'glm-*': cheap, 'glm-4.6': dear, '*-air': dear } })
  expect(ownPricing(channel, 'glm-4.6')).toEqual({ multiplier: 1, own: { name: 'glm-4.6', price: dear } })
  expect(ownPricing(channel, 'glm-4.5-air')?.own?.name).toBe('glm-*')
  expect(ownPricing(channel, 'gpt-5')).toBeUndefined()
  expect(ownPricing(channel, null)).toBeUndefined()
})

test('a multiplier counts for every model, and a channel with neither is billed by the table', () => {
  expect(ownPricing(makeChannel('a', { priceMultiplier: 0.7 }), 'gpt-5')).toEqual({ multiplier: 0.7, own: null })
  expect(ownPricing(makeChannel('b'), 'gpt-5')).toBeUndefined()
})
