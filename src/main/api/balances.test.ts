import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import { startFakeUpstream } from '../../../test/support/fake-upstream'
import { byPath, json, resetBeforeHead } from '../../../test/support/scripts'
import type { BalanceForm } from '../../shared/balance'
import type { ChannelView } from '../../shared/channel'
import { endpointOf } from '../../shared/preset-of'
import { currencyAt } from './balance-forms'

const MINUTE = 60_000

async function channelOf(form: BalanceForm | null, apiKey: string | null = 'sk-secret-of-the-channel') {
  const world = await makeApiWorld()
  const upstream = await startFakeUpstream()
  const channel: ChannelView = await world.call('channels.create', {
    ...{ name: 'main', protocol: 'anthropic', baseUrl: `${upstream.url}/anthropic` },
    ...(apiKey !== null && { apiKey }),
    quirks: form === null ? {} : { balance: form }
  })
  const balance = (refresh = false) => world.call('channels.balance', { id: channel.id, refresh })
  return { ...world, upstream, channel, balance }
}

test.each([
  [
    'deepseek',
    '/user/balance',
    { is_available: true, balance_infos: [{ currency: 'CNY', total_balance: '110.00', granted_balance: '10.00' }] },
    [{ amount: 110, currency: 'CNY' }]
  ],
  [
    'moonshot',
    '/v1/users/me/balance',
    { code: 0, data: { available_balance: 49.58894, voucher_balance: 46.58893, cash_balance: 3.00001 }, status: true },
    [{ amount: 49.58894, currency: 'USD' }]
  ],
  [
    'siliconflow',
    '/v1/user/info',
    { code: 20000, data: { balance: '0.88', chargeBalance: '88.00', totalBalance: '88.88' } },
    [{ amount: 88.88, currency: 'USD' }]
  ],
  [
    'openrouter',
    '/api/v1/credits',
    { data: { total_credits: 100.5, total_usage: 25.75 } },
    [{ amount: 74.75, currency: 'USD' }]
  ]
] as const)(
  'the balance in the form of %s is asked with the channel’s credential and read',
  async (form, path, answer, amounts) => {
    const { upstream, balance } = await channelOf(form)
    upstream.always(byPath({ [path]: json(200, answer) }, json(404, {})))
    expect(await balance()).toMatchObject({ kind: 'known', amounts })
    expect(upstream.requests[0]?.headers['authorization']).toBe('Bearer sk-secret-of-the-channel')
  }
)

test('an OpenRouter key that may not see the account tells its own limit, or that it has none', async () => {
  const { upstream, balance } = await channelOf('openrouter')
  const key = (limit: number | null) =>
    byPath({ '/api/v1/key': json(200, { data: { limit_remaining: limit } }) }, json(403, {}))
  upstream.always(key(4.2))
  expect(await balance()).toMatchObject({ kind: 'known', amounts: [{ amount: 4.2, currency: 'USD' }] })
  upstream.always(key(null))
  expect(await balance(true)).toMatchObject({ kind: 'unlimited' })
})

test('a balance is kept for ten minutes, and asked anew on demand or for another credential', async () => {
  const { call, channel, upstream, clock, balance } = await channelOf('moonshot')
  upstream.always(json(200, { data: { available_balance: 1 } }))
  await balance()
  clock.advance(10 * MINUTE - 1)
  await balance()
  expect(upstream.requests).toHaveLength(1)
  clock.advance(1)
  await balance()
  await balance(true)
  await call('channels.update', { id: channel.id, change: { apiKey: 'sk-another' } })
  await balance()
  expect(upstream.requests).toHaveLength(4)
})

test.each([
  ['an error', json(500, { error: 'sorry' }), 'status 500'],
  ['a form that is not its own', json(200, { balance: 'plenty' }), 'tells no balance'],
  ['a broken connection', resetBeforeHead, '']
])('%s is told, and no balance made up', async (_, answer, why) => {
  const { upstream, balance } = await channelOf('deepseek')
  upstream.always(answer)
  const told = await balance()
  expect(told.kind).toBe('failed')
  expect(told.kind === 'failed' && told.why).toContain(why)
})

test('a vendor without such an endpoint, and a channel without a credential, are not asked', async () => {
  for (const { balance, upstream } of [await channelOf(null), await channelOf('deepseek', null)]) {
    expect(await balance()).toEqual({ kind: 'not_offered' })
    expect(upstream.requests).toEqual([])
  }
})

test.each([
  ['openai-chat', 'https://openrouter.ai/api/v1', 'openrouter', 'USD'],
  ['anthropic', 'https://api.deepseek.com/anthropic', 'deepseek', 'USD'],
  ['openai-chat', 'https://api.moonshot.cn/v1', 'moonshot', 'CNY'],
  ['anthropic', 'https://api.moonshot.cn/anthropic', 'moonshot', 'CNY'],
  ['openai-chat', 'https://api.siliconflow.com/v1', 'siliconflow', 'USD'],
  ['openai-chat', 'https://api.siliconflow.cn/v1', 'siliconflow', 'CNY']
] as const)('%s at %s is known by its preset', (protocol, baseUrl, form, currency) => {
  expect(endpointOf({ protocol, baseUrl })?.balance).toBe(form)
  expect(currencyAt(baseUrl)).toBe(currency)
})
