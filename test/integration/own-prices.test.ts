import { expect, test } from 'vitest'
import { json } from '../support/scripts'
import { startTwoChannels } from '../support/two-channels'
import { anthropic } from '../support/vendors/vendors'

const used = json(200, anthropic.answer({ text: 'fine', usage: { input_tokens: 1_000_000, output_tokens: 100_000 } }))
/** $0.80 and $4.00 for a million in the table. */
const haiku = 'claude-3-5-haiku-20241022'

test('a request is charged by the price of its channel for the model that was sent, times what the channel bills', async () => {
  const { first, gateway } = await startTwoChannels(anthropic, {
    firstChannel: {
      modelMap: { 'claude-opus-4-5': 'glm-4.6' },
      prices: { 'glm-*': { input: 0.5, output: 2 } },
      priceMultiplier: 2
    }
  })
  first.always(used)
  await gateway.ask(anthropic, { model: 'claude-opus-4-5' }).done
  const own = await gateway.lastRow(1)
  expect(own.costUsd).toBeCloseTo(1.4, 9)
  expect(own.priceSource).toBe('channel/glm-* ×2')
  await gateway.ask(anthropic, { model: haiku }).done
  expect((await gateway.lastRow(2)).costUsd).toBeCloseTo(2.4, 9)
})

test('a changed price counts from then on, and rows keep the cost that they had (B32)', async () => {
  const { first, gateway } = await startTwoChannels(anthropic, { firstChannel: { enabled: false } })
  const made = await gateway.call('channels.create', {
    ...{ name: 'reseller', protocol: 'anthropic', baseUrl: first.url, apiKey: 'sk-own', priority: 0 },
    prices: { [haiku]: { input: 1, output: 0 } }
  })
  first.always(used)
  await gateway.ask(anthropic, { model: haiku }).done
  await gateway.call('channels.update', { id: made.id, change: { prices: { [haiku]: { input: 3, output: 0 } } } })
  await gateway.ask(anthropic, { model: haiku }).done
  await gateway.lastRow(2)
  expect((await gateway.rows()).map(({ costUsd }) => costUsd)).toEqual([3, 1])
})

test.each([
  [{ prices: { m: { input: -1, output: 1 } } }, 'prices.m.input'],
  [{ prices: { m: { input: 1 } } }, 'prices.m.output'],
  [{ priceMultiplier: -0.5 }, 'priceMultiplier']
])('a price that is none is refused with its place: %o', async (wrong, place) => {
  const { gateway } = await startTwoChannels(anthropic)
  const given = { name: 'reseller', protocol: 'anthropic', baseUrl: 'https://api.example', ...wrong }
  const answer = gateway.management.call('channels.create', given as never)
  await expect(answer).rejects.toThrow(place)
})
