import { beforeAll, expect, test } from 'vitest'
import { makeRecord } from '../../../../test/support/request-record'
import type { RequestRecord } from '../../../shared/request-log'
import type { TokenUsage } from '../../../shared/usage'
import { loadPrices, Prices, type Cost } from './prices'

let prices: Prices
beforeAll(async () => {
  prices = await loadPrices()
})

const usage = (said: Partial<TokenUsage> = {}): TokenUsage => ({
  input: 1000,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output: 100,
  reasoning: 0,
  ...said
})

const costOf = (model: string, host: string | null, said: Partial<RequestRecord> = {}): Cost | null =>
  prices.costOf(makeRecord({ model, sentModel: model, upstreamHost: host, usage: usage(), ...said }))

test('B32 the cost is that of the vendor behind the host, and its source is kept', () => {
  const cost = costOf('claude-sonnet-4-5', 'api.anthropic.com')

  expect(cost?.usd).toBeCloseTo(0.003 + 0.0015, 12)
  expect(cost?.source).toMatch(/^anthropic\/claude-sonnet-4-5@\d+\.\d+\.\d+$/)
})

test('B32 cached tokens have their own prices: reads, writes, and writes for an hour', () => {
  const cost = costOf('claude-opus-4-5', 'api.anthropic.com', {
    usage: usage({ input: 1e6, cacheRead: 1e6, cacheWrite: 2e6, cacheWrite1h: 1e6, output: 1e6 })
  })

  expect(cost?.usd).toBeCloseTo(5 + 0.5 + 6.25 + 10 + 25, 9)
})

test.each([
  ['claude-sonnet-4-5-20250929', 'api.anthropic.com', 'anthropic', 'anthropic/claude-sonnet-4-5@'],
  ['claude-sonnet-4-20250514', 'api.anthropic.com', 'anthropic', 'anthropic/claude-sonnet-4-0@'],
  ['CLAUDE-HAIKU-4-5', 'api.anthropic.com', 'anthropic', 'anthropic/claude-haiku-4-5@'],
  ['gpt-5-2025-08-07', 'api.openai.com', 'openai-responses', 'openai/gpt-5@'],
  ['gemini-2.5-pro', 'generativelanguage.googleapis.com', 'gemini', 'google/gemini-2.5-pro@'],
  ['anthropic/claude-sonnet-4', 'openrouter.ai', 'openai-chat', 'openrouter/anthropic/claude-sonnet-4@'],
  ['deepseek-chat', 'api.deepseek.com', 'anthropic', 'deepseek/deepseek-chat@'],
  ['grok-4', 'api.x.ai', 'openai-chat', 'x-ai/'],
  ['mistral-large-latest', 'api.mistral.ai', 'openai-chat', 'mistral/']
] as const)('B32 %s at %s has a price', (model, host, protocol, source) => {
  const cost = costOf(model, host, { protocol })

  expect(cost?.source).toContain(source)
  expect(cost?.usd).toBeGreaterThan(0)
})

test.each([
  ['a newer model that begins like a known one', 'claude-sonnet-4-5-turbo'],
  ['a next version of a known one', 'claude-sonnet-5-5'],
  ['a next version with a date', 'claude-haiku-4-5-5-20261001'],
  ['a name that only holds a known one', 'my-claude-v2-tuned'],
  ['a model nobody knows', 'claude-zebra-1']
])('B32 %s has no price, not a guessed one', (_, model) => {
  expect(costOf(model, 'api.anthropic.com')).toBeNull()
})

test("B32 behind a host that is not known the list price of the protocol's maker counts, for its exact names only", () => {
  expect(costOf('claude-sonnet-4-5', 'relay.example')?.source).toContain('anthropic/claude-sonnet-4-5@')
  expect(costOf('claude-sonnet-4-5', '127.0.0.1:9000')?.source).toContain('anthropic/claude-sonnet-4-5@')
  expect(costOf('gpt-5', null, { protocol: 'openai-chat' })?.source).toContain('openai/gpt-5@')

  expect(costOf('gpt-5', 'relay.example', { protocol: 'anthropic' })).toBeNull()
  expect(costOf('qwen3:32b', 'localhost:11434', { protocol: 'openai-chat' })).toBeNull()
  expect(costOf('llama3.3', 'localhost:11434', { protocol: 'openai-chat' })).toBeNull()
})

test('B32 no usage, no model or no protocol is no price', () => {
  const host = 'api.anthropic.com'
  expect(costOf('claude-sonnet-4-5', host, { usage: null })).toBeNull()
  expect(costOf('claude-sonnet-4-5', host, { protocol: null })).toBeNull()
  expect(costOf('claude-sonnet-4-5', host, { model: null, sentModel: null })).toBeNull()
})

test('B32 a table without a price for what was used gives no price, never 0', () => {
  const table = {
    findProvider: () => ({ id: 'v', name: 'V', api_pattern: '', models: [] }),
    calcPrice: () => ({
      model: { id: 'm', match: { equals: 'm' }, prices: {} },
      model_price: {},
      provider: { id: 'v', name: 'V', api_pattern: '', models: [] },
      input_price: 0,
      output_price: 0,
      total_price: 0
    })
  }

  expect(new Prices(table as never, '0').costOf(makeRecord({ sentModel: 'm', usage: usage() }))).toBeNull()
})

test('B32 the price of its time counts: o3 became cheaper on 10 June 2025', () => {
  const at = (year: number, month: number, day: number): Cost | null =>
    costOf('o3', 'api.openai.com', { protocol: 'openai-chat', at: Date.UTC(year, month - 1, day) })

  expect(at(2025, 5, 1)?.usd).toBeCloseTo(0.014, 12)
  expect(at(2025, 7, 1)?.usd).toBeCloseTo(0.0028, 12)
})

test('B32 usage that does not add up has no price', () => {
  const nonsense = usage({ input: -5000, cacheRead: 1000 })

  expect(costOf('claude-sonnet-4-5', 'api.anthropic.com', { usage: nonsense })).toBeNull()
})

test('B32 an answer that was charged otherwise than by the list has no price', () => {
  const host = 'api.anthropic.com'

  expect(costOf('claude-opus-4-5', host, { rawUsage: '{"input_tokens":1000,"speed":"standard"}' })).not.toBeNull()
  expect(costOf('claude-opus-4-5', host, { rawUsage: '{"input_tokens":1000,"speed":"fast"}' })).toBeNull()
})
