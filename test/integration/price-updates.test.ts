import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProvider, REMOTE_DATA_JSON_URL as PUBLISHED_AT } from '@pydantic/genai-prices'
import { expect, test } from 'vitest'
import { REMOTE_DATA_JSON_URL } from '../../src/shared/price-source'
import { channelOf, withChannels } from '../support/config'
import { FakeClock } from '../support/fake-clock'
import { startFakeUpstream } from '../support/fake-upstream'
import type { RunningGateway } from '../support/running-gateway'
import { bytes, json } from '../support/scripts'
import { startGateway } from '../support/start-gateway'
import { makeTempDir } from '../support/temp-dir'
import { anthropic } from '../support/vendors/vendors'

const DAY = 24 * 3_600_000
/** $0.80 and $4.00 for a million in the built-in table. */
const MODEL = 'claude-3-5-haiku-20241022'

/** As genai-prices publishes it, with every price of Anthropic's $5 and $10. */
function table(): unknown[] {
  return ['anthropic', 'openai', 'google'].map((providerId) => {
    const provider = findProvider({ providerId })
    if (!provider || providerId !== 'anthropic') return provider
    const models = provider.models.map((model) => ({ ...model, prices: { input_mtok: 5, output_mtok: 10 } }))
    return { ...provider, models }
  })
}

async function startWithPrices(dataDir?: string) {
  const published = await startFakeUpstream()
  const upstream = await startFakeUpstream()
  published.always(json(200, table()))
  upstream.always(
    json(200, anthropic.answer({ text: 'fine', usage: { input_tokens: 1_000_000, output_tokens: 100_000 } }))
  )
  // The log worker goes by the machine's own time, and would delete rows of long ago.
  const clock = new FakeClock(Date.now())
  const gateway = await startGateway({
    config: withChannels([channelOf(anthropic, upstream)]),
    clock,
    pricesUrl: `${published.url}/data.json`,
    ...(dataDir !== undefined && { dataDir })
  })
  return { gateway, published, clock }
}

const agree = (gateway: RunningGateway) => gateway.call('settings.update', { prices: { update: true } })
const fetched = (gateway: RunningGateway) =>
  expect.poll(async () => (await gateway.call('prices.status', {})).source, { timeout: 10_000 }).toBe('fetched')

async function costOf(gateway: RunningGateway, rows: number) {
  await gateway.ask(anthropic, { model: MODEL }).done
  const { costUsd, priceSource } = await gateway.lastRow(rows)
  return { costUsd: Number(costUsd?.toFixed(6)), priceSource }
}

test('nothing is fetched before the user agrees', async () => {
  const { gateway, published, clock } = await startWithPrices()
  clock.advance(2 * DAY)
  expect(await gateway.call('prices.status', {})).toMatchObject({ source: 'built-in', updates: false, triedAt: null })
  await expect(gateway.call('prices.update', {})).rejects.toThrow('prices.update')
  expect(published.requests).toEqual([])
})

test('with the user’s word the table is fetched, counts from then on, and is there after a restart; rows keep their cost', async () => {
  const dataDir = await makeTempDir()
  const { gateway, clock } = await startWithPrices(dataDir)
  expect(await costOf(gateway, 1)).toMatchObject({ costUsd: 1.2 })
  await agree(gateway)
  await fetched(gateway)
  const version = new Date(clock.now()).toISOString().slice(0, 10)
  const priceSource = `anthropic/claude-3-5-haiku-latest@${version}`
  expect(await costOf(gateway, 2)).toEqual({ costUsd: 6, priceSource })
  expect((await gateway.rows()).map(({ costUsd }) => Number(costUsd?.toFixed(6)))).toEqual([6, 1.2])
  await gateway.stop()
  const again = await startWithPrices(dataDir)
  const status = await again.gateway.call('prices.status', {})
  expect(status).toMatchObject({ source: 'fetched', version, fetchedAt: clock.now() })
  expect(await costOf(again.gateway, 3)).toMatchObject({ costUsd: 6 })
  expect(again.published.requests).toEqual([])
})

test('it is fetched once a day, and when it is asked for', async () => {
  const { gateway, published, clock } = await startWithPrices()
  await agree(gateway)
  await fetched(gateway)
  clock.advance(DAY - 3_600_000)
  expect(published.requests).toHaveLength(1)
  clock.advance(3_600_000)
  await expect.poll(async () => (await gateway.call('prices.status', {})).fetchedAt).toBe(clock.now())
  expect(published.requests).toHaveLength(2)
  await gateway.call('prices.update', {})
  expect(published.requests).toHaveLength(3)
})

test.each([
  ['an error page', bytes(500, Buffer.from('no'))],
  ['what is no JSON', bytes(200, Buffer.from('<html>'))],
  ['a table without the great vendors', json(200, table().slice(0, 1))],
  [
    'a price below nothing',
    json(200, JSON.parse(JSON.stringify(table()).replaceAll('"input_mtok":5', '"input_mtok":-5')))
  ],
  ['more than a table can have', bytes(200, Buffer.alloc(17 * 1024 * 1024))]
])('%s leaves the present prices, and is said', async (_, answer) => {
  const { gateway, published } = await startWithPrices()
  published.always(answer)
  await agree(gateway)
  const status = await gateway.call('prices.update', {})
  expect(status.source).toBe('built-in')
  expect(status.error).not.toBeNull()
  expect(await costOf(gateway, 1)).toMatchObject({ costUsd: 1.2 })
})

test('a damaged file of prices is told, and the built-in ones count', async () => {
  const dataDir = await makeTempDir()
  await writeFile(join(dataDir, 'prices.json'), '{"fetchedAt":1,"providers":[]}')
  const { gateway } = await startWithPrices(dataDir)
  expect(await costOf(gateway, 1)).toMatchObject({ costUsd: 1.2 })
  await expect.poll(() => gateway.logged.join('\n')).toContain('the built-in ones count')
  expect(await readFile(join(dataDir, 'prices.json'), 'utf8')).toContain('providers')
})

test('the table is fetched where genai-prices publishes it', () => {
  expect(REMOTE_DATA_JSON_URL).toBe(PUBLISHED_AT)
})
