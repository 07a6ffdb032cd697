import { expect, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { idOf, makeChannel } from '../../../test/support/make-channel'
import { tried, SelectionWorld } from '../../../test/support/selection-world'
import type { Budget, BudgetStanding } from '../../shared/budget'
import type { Channel } from '../../shared/channel'
import type { ClientKey } from '../../shared/client-key'
import { clientKeyId } from '../../shared/ids'
import { Budgets, NOTHING_SPENT } from './budgets'
import { SpendingLedger } from './spending-ledger'

const NOTHING = { channels: [], clientKeys: [] }
const HOUR = 3_600_000
const daily = (change: Partial<Budget> = {}): Budget => ({ period: 'day', limitUsd: 10, then: 'stop', ...change })
const key: ClientKey = {
  id: clientKeyId.parse('key'),
  name: 'laptop',
  sha256: '',
  allowedChannels: null,
  budget: daily({ period: 'month' }),
  managedBy: 'user'
}

function openBudgets(...channels: readonly Channel[]) {
  const clock = new FakeClock(new Date(2026, 6, 15, 12).getTime())
  const ledger = new SpendingLedger(clock)
  ledger.restore(ledger.periods, { day: NOTHING, week: NOTHING, month: NOTHING })
  const budgets = new Budgets({ clock, ledger, config: { channels: () => channels, clientKeys: () => [key] } })
  const spend = (id: string, usd: number, unknown = 0): void => {
    ledger.add([{ at: clock.now(), channelId: idOf(id), clientKeyId: key.id, usd, unknown }])
    budgets.look()
  }
  return { clock, budgets, channels, spend }
}

test('a channel is spent when its budget is reached, and not before, until the period ends', () => {
  const { budgets, channels, clock, spend } = openBudgets(makeChannel('a', { budget: daily() }), makeChannel('b'))
  spend('a', 9.99)
  spend('b', 500)
  expect(budgets.spentChannels(channels).size).toBe(0)
  spend('a', 0.01)
  const spent = budgets.spentChannels(channels)
  expect([...spent.keys()]).toEqual(['a'])
  expect(spent.get(idOf('a'))?.words).toBe('budget of $10.00 a day used up until 2026-07-16 00:00')
  spend('a', 1)
  expect(budgets.spentChannels(channels)).toBe(spent)
  clock.advance(12 * HOUR)
  expect(budgets.spentChannels(channels)).toBe(NOTHING_SPENT)
})

test('each budget says what is used of it, the unknown costs apart, and that 80 % are', () => {
  const { budgets, spend } = openBudgets(makeChannel('a', { budget: daily() }))
  spend('a', 7.99, 3)
  expect(budgets.standings()).toMatchObject([
    { owner: { kind: 'channel', name: 'a' }, state: 'ok', spentUsd: 7.99, unknownRequests: 3 },
    { owner: { kind: 'clientKey', name: 'laptop' }, period: 'month' }
  ])
  spend('a', 0.01)
  expect(budgets.standings()).toMatchObject([{ state: 'warned' }, { state: 'warned' }])
  spend('a', 2)
  expect(budgets.standings()).toMatchObject([{ state: 'used_up' }, { state: 'used_up' }])
  expect(budgets.spentKey(key)?.until).toBe(new Date(2026, 7, 1).getTime())
})

test('who listens is told of changes, and of the end of a period without a request, and nobody keeps a timer', () => {
  const { budgets, clock, spend } = openBudgets(makeChannel('a', { budget: daily() }))
  const told: string[] = []
  const stop = budgets.onChange(([first]: readonly BudgetStanding[]) => void told.push(first?.state ?? ''))
  spend('a', 8)
  budgets.look()
  clock.advance(12 * HOUR)
  expect(told).toEqual(['warned', 'ok'])
  stop()
  expect(clock.pendingTimers).toBe(0)
})

/** Selection with the budget of `a` used up. */
function spentWorld(budget: Budget, ...others: readonly Channel[]) {
  const channels = [makeChannel('a', { priority: 1, budget }), ...others]
  const { budgets, spend } = openBudgets(...channels)
  spend('a', budget.limitUsd)
  const world = new SelectionWorld(...channels)
  return { world, request: { spent: budgets.spentChannels(channels) } }
}

test('a spent channel is left out with its reason, as a sole candidate too', () => {
  const { world, request } = spentWorld(daily())
  expect(world.next(request)).toEqual({ kind: 'none' })
  const [exclusion] = world.selector.exclusions(world.request(request))
  expect(exclusion).toMatchObject({ reason: 'budget', until: new Date(2026, 6, 16).getTime() })
  expect(world.selector.passedOver(world.request(request))).toMatchObject([{ reason: 'budget' }])
})

test('a spent channel serves again with the next request that knows of nothing spent', () => {
  const { world, request } = spentWorld(daily(), makeChannel('b', { priority: 2 }))
  expect(world.serve(request)).toBe('b')
  expect(world.serve()).toBe('a')
})

test('a budget that switches puts the named channel in the place of the spent one, before those between', () => {
  const spare = makeChannel('spare', { priority: 9 })
  const { world, request } = spentWorld(
    daily({ then: 'switch', switchTo: 'spare' }),
    makeChannel('b', { priority: 2 }),
    spare
  )
  expect(world.serve(request)).toBe('spare')
  expect(world.serve(request, tried('spare'))).toBe('b')
  expect(world.serve()).toBe('a')
})

test('a named channel that does not have the model is none to switch to, and the others serve', () => {
  const spare = makeChannel('spare', { priority: 9, models: ['other'] })
  const { world, request } = spentWorld(
    daily({ then: 'switch', switchTo: 'spare' }),
    makeChannel('b', { priority: 2 }),
    spare
  )
  expect(world.serve(request)).toBe('b')
})

test('channels that switch to each other and are both spent leave it to the others', () => {
  const a = makeChannel('a', { priority: 1, budget: daily({ then: 'switch', switchTo: 'b' }) })
  const b = makeChannel('b', { priority: 2, budget: daily({ then: 'switch', switchTo: 'a' }) })
  const c = makeChannel('c', { priority: 3 })
  const { budgets, channels, spend } = openBudgets(a, b, c)
  spend('a', 10)
  spend('b', 10)
  expect(new SelectionWorld(a, b, c).serve({ spent: budgets.spentChannels(channels) })).toBe('c')
})
