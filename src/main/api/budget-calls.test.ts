import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import type { Budget, BudgetStanding } from '../../shared/budget'
import { RULES } from '../../shared/rules'

const main = { name: 'main', protocol: 'anthropic', baseUrl: 'https://api.anthropic.example' } as const
const budget: Budget = { period: 'week', limitUsd: 5, then: 'stop' }

test('a budget is set with a channel and with a client key, changed, copied along, and taken away again', async () => {
  const { call } = await makeApiWorld()
  const channel = await call('channels.create', { ...main, budget })
  expect(channel.budget).toEqual(budget)
  expect(await call('channels.update', { id: channel.id, change: { priority: 1 } })).toMatchObject({ budget })
  expect(await call('channels.duplicate', { id: channel.id })).toMatchObject({ budget })
  expect(await call('channels.update', { id: channel.id, change: { budget: null } })).toMatchObject({ budget: null })
  const { key } = await call('clientKeys.create', { name: 'laptop', budget })
  expect(key.budget).toEqual(budget)
  expect(await call('clientKeys.update', { id: key.id, change: { name: 'desk' } })).toMatchObject({ budget })
  expect(await call('clientKeys.rotate', { id: key.id })).toMatchObject({ key: { budget } })
  expect((await call('clientKeys.list', {})).keys.at(-1)).toMatchObject({ name: 'desk', budget })
})

test.each([
  ['limitUsd', { limitUsd: 0 }, 'must be a number from 0.01 to 1000000'],
  ['period', { period: 'year' }, 'must be one of "day", "week", "month"'],
  ['switchTo', { then: 'switch' }, RULES.switch_needs_channel],
  ['switchTo', { then: 'switch', switchTo: 'gone' }, RULES.another_channel],
  ['switchTo', { then: 'stop', switchTo: 'gone' }, RULES.switch_without_then]
] as const)('a budget with a wrong %s is refused', async (field, change, message) => {
  const { api } = await makeApiWorld()
  const given = api.call('clientKeys.create', { name: 'laptop', budget: { ...budget, ...change } })
  await expect(given).rejects.toMatchObject({ status: 400 })
  await expect(given).rejects.toThrow(`budget.${field}`)
  await expect(given).rejects.toThrow(message)
})

test('a channel can’t switch to itself, and switches to another by its id or its name', async () => {
  const { call } = await makeApiWorld()
  const { id } = await call('channels.create', main)
  const other = await call('channels.create', { ...main, name: 'other' })
  const to = (switchTo: string) => ({ budget: { ...budget, then: 'switch' as const, switchTo } })
  await expect(call('channels.update', { id, change: to(id) })).rejects.toMatchObject({ status: 400 })
  for (const name of [other.id, 'other']) {
    expect(await call('channels.update', { id, change: to(name) })).toMatchObject(to(other.id))
  }
})

test('a budget that was set to switch by a name follows its channel when that is renamed', async () => {
  const { call } = await makeApiWorld()
  const other = await call('channels.create', { ...main, name: 'other' })
  const switches = { ...budget, then: 'switch' as const, switchTo: 'other' }
  const channel = await call('channels.create', { ...main, budget: switches })
  const { key } = await call('clientKeys.create', { name: 'laptop', budget: switches })
  await call('channels.update', { id: other.id, change: { name: 'renamed' } })
  expect(channel.budget?.switchTo).toBe(other.id)
  expect(key.budget?.switchTo).toBe(other.id)
  const switched = { isTargetGone: false, switchesTo: other.id }
  expect((await call('budgets.list', {})).budgets).toMatchObject([switched, switched])
})

test('a budget that switches to a channel which lists fewer models says so', async () => {
  const { call } = await makeApiWorld()
  const other = await call('channels.create', { ...main, name: 'other', models: ['a', 'b'] })
  const switches = { ...budget, then: 'switch' as const, switchTo: other.id }
  const channel = await call('channels.create', { ...main, models: ['b'], budget: switches })
  await call('clientKeys.create', { name: 'laptop', budget: switches })
  const takesAll = async () => (await call('budgets.list', {})).budgets.map(({ switchTakesAll }) => switchTakesAll)
  expect(await takesAll()).toEqual([true, false])
  await call('channels.update', { id: channel.id, change: { models: ['b', 'c'] } })
  expect(await takesAll()).toEqual([false, false])
  await call('channels.update', { id: other.id, change: { models: ['*'] } })
  expect(await takesAll()).toEqual([true, true])
})

test('the deletion of a channel tells whose budgets switched to it, and they say that it is gone', async () => {
  const { call } = await makeApiWorld()
  const other = await call('channels.create', { ...main, name: 'other' })
  const switches = { ...budget, then: 'switch' as const, switchTo: other.id }
  await call('channels.create', { ...main, budget: switches })
  await call('clientKeys.create', { name: 'laptop', budget: switches })
  const gone = { isTargetGone: true, switchesTo: null }
  expect(await call('channels.delete', { id: other.id })).toMatchObject({ budgetsThatStop: ['main', 'laptop'] })
  expect((await call('budgets.list', {})).budgets).toMatchObject([gone, gone])
  await call('channels.restore', { id: other.id })
  expect((await call('budgets.list', {})).budgets).toMatchObject([{ isTargetGone: false }, { isTargetGone: false }])
})

test('what is spent is told to a millionth of a dollar, without the dust of adding fractions', async () => {
  const { call, clock, ledger } = await makeApiWorld()
  const channel = await call('channels.create', { ...main, budget })
  const add = (usd: number) =>
    ledger.add([{ at: clock.now(), channelId: channel.id, clientKeyId: null, usd, unknown: 0 }])
  add(0.1)
  add(0.2)
  add(0.0000001)
  expect((await call('budgets.list', {})).budgets).toMatchObject([{ spentUsd: 0.3 }])
})

test('an exported config names the channel to switch to', async () => {
  const { call } = await makeApiWorld()
  const other = await call('channels.create', { ...main, name: 'other' })
  const switches: Budget = { ...budget, then: 'switch', switchTo: other.id }
  await call('channels.create', { ...main, budget: switches })
  await call('clientKeys.create', { name: 'laptop', budget: switches })
  const { config } = await call('config.export', {})
  expect(config).toMatchObject({
    channels: [{ budget: null }, { budget: { switchTo: 'other' } }],
    clientKeys: [{ budget: null }, { budget: { switchTo: 'other' } }]
  })
})

test('budgets are listed, and told when costs were counted', async () => {
  const { api, call, clock, ledger, budgets } = await makeApiWorld()
  const channel = await call('channels.create', { ...main, budget })
  const told: BudgetStanding[][] = []
  api.on('budgets.changed', (event) => void told.push(event.budgets))
  ledger.add([{ at: clock.now(), channelId: channel.id, clientKeyId: null, usd: 4, unknown: 0 }])
  budgets.look()
  const expected = [{ owner: { kind: 'channel', id: channel.id, name: 'main' }, spentUsd: 4, state: 'warned' }]
  expect(told).toMatchObject([expected])
  expect((await call('budgets.list', {})).budgets).toMatchObject(expected)
})
