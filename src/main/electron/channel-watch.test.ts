import { expect, onTestFinished, test } from 'vitest'
import { usedUp } from '../../../test/e2e/support/sample-data'
import { FakeClock } from '../../../test/support/fake-clock'
import { silentLogger } from '../../../test/support/silent-logger'
import type { BudgetStanding } from '../../shared/budget'
import type { Stop } from '../../shared/ports'
import { ChannelWatch } from './channel-watch'

/** An API whose one channel is as `health` says. */
function open(health: { state: string; until?: number }) {
  const clock = new FakeClock()
  const listeners = new Set<(payload: unknown) => void>()
  const ofBudgets = new Set<(payload: unknown) => void>()
  const api = {
    call: async () => ({
      budgets: [],
      channels: [
        { id: 'c', name: 'c', slug: 'c', enabled: true, failures: 0, inFlight: 0, missingModels: [], ...health }
      ]
    }),
    on: (name: string, listener: (payload: never) => void): Stop => {
      const call = (payload: unknown): void => void Reflect.apply(listener, undefined, [payload])
      const those = name === 'budgets.changed' ? ofBudgets : listeners
      those.add(call)
      return () => those.delete(call)
    }
  }
  const watch = new ChannelWatch({ api, clock, logger: silentLogger() })
  onTestFinished(() => watch.stop())
  const seen: (string | undefined)[] = []
  watch.onChange((channels) => seen.push(channels[0]?.state))
  const emit = (): void => {
    for (const call of listeners) call({})
  }
  const budgets = (...present: readonly BudgetStanding[]): void => {
    for (const call of ofBudgets) call({ budgets: present })
  }
  return { clock, watch, seen, emit, budgets, settle: () => new Promise(setImmediate), listeners, ofBudgets }
}

test('changes of a moment are read once', async () => {
  const health = { state: 'closed' }
  const { clock, emit, seen, settle } = open(health)
  await settle()
  health.state = 'open'
  emit()
  emit()
  clock.advance(200)
  await settle()
  expect(seen).toEqual(['closed', 'open'])
})

test('the end of a rest is seen though nothing tells of it', async () => {
  const health: { state: string; until?: number } = { state: 'cooling', until: new FakeClock().now() + 30_000 }
  const { clock, seen, settle } = open(health)
  await settle()
  clock.advance(29_000)
  health.state = 'closed'
  delete health.until
  await settle()
  expect(seen).toEqual(['cooling'])
  clock.advance(1001)
  await settle()
  expect(seen).toEqual(['cooling', 'closed'])
})

test('stopped, it listens to nothing and leaves no timer behind', async () => {
  const { clock, emit, watch, settle, listeners, ofBudgets } = open({
    state: 'open',
    until: new FakeClock().now() + 1000
  })
  await settle()
  emit()
  watch.stop()
  expect([clock.pendingTimers, listeners.size, ofBudgets.size]).toEqual([0, 0, 0])
})

test('a budget that is told while the channels are read is newer than what is read', async () => {
  const { budgets, settle, watch } = open({ state: 'closed' })
  budgets(usedUp('c'))
  await settle()
  expect([...watch.standings(null).values()].map(({ state }) => state)).toEqual(['over_budget'])
})

test('a budget that is used up or freed is told at once, and what else is spent is not', async () => {
  const { budgets, seen, settle, watch } = open({ state: 'closed' })
  await settle()
  const state = () => [...watch.standings(null).values()].map((standing) => standing.state)
  const until = 1_000_000
  budgets(usedUp('c', { until }))
  expect([seen.length, state()]).toEqual([2, ['over_budget']])
  budgets(usedUp('c', { until, spentUsd: 6 }))
  expect(seen).toHaveLength(2)
  budgets(usedUp('c', { until, limitUsd: 50, state: 'ok' }))
  expect([seen.length, state()]).toEqual([3, ['closed']])
})
