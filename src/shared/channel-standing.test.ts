import { expect, test } from 'vitest'
import { usedUp } from '../../test/e2e/support/sample-data'
import { channelStandings, countHealthy, type StandingsOf } from './channel-standing'
import type { HealthState } from './health'
import { channelId } from './ids'

const a = channelId.parse('a')
const b = channelId.parse('b')
const c = channelId.parse('c')
const healthy = (id: string) => usedUp(id, { state: 'warned' })

/** Channels a, b and c, of which `states` are other than healthy. */
function stand(given: Partial<StandingsOf>, states: Readonly<Record<string, HealthState>> = {}) {
  const standings = channelStandings({
    channels: [a, b, c].map((id) => ({ id, enabled: true })),
    health: (id) => ({ state: states[id] ?? 'closed' }),
    budgets: [],
    onlyChannel: null,
    ...given
  })
  return {
    states: [...standings.values()].map(({ state }) => state),
    standings,
    count: countHealthy(standings.values())
  }
}

test('a used-up budget stops its channel until its period ends, and one that is nearly used up does not', () => {
  const { states, standings, count } = stand({ budgets: [usedUp('a', { until: 5 }), healthy('b')] })
  expect(states).toEqual(['over_budget', 'closed', 'closed'])
  expect(standings.get(a)?.budget).toEqual({ until: 5, to: null })
  expect(count).toEqual({ healthy: 2, enabled: 3 })
})

test('the budget of a client key of the same id stops no channel', () => {
  const budget = usedUp('a', { owner: { kind: 'clientKey', id: 'a', name: 'a' } })
  expect(stand({ budgets: [budget] }).states).toEqual(['closed', 'closed', 'closed'])
})

test('what switches to a channel that serves counts as healthy, also over one that is used up itself', () => {
  const budgets = [usedUp('a', { switchesTo: b }), usedUp('b', { switchesTo: c })]
  const { states, standings, count } = stand({ budgets })
  expect(states).toEqual(['switched', 'switched', 'closed'])
  expect(standings.get(a)?.budget?.to).toBe(c)
  expect(count).toEqual({ healthy: 3, enabled: 3 })
})

test('what switches to a channel that lists fewer models serves by it, and is not counted healthy', () => {
  const budgets = [usedUp('a', { switchesTo: b }), usedUp('b', { switchesTo: c, switchTakesAll: false })]
  const { states, count } = stand({ budgets })
  expect(states).toEqual(['switched', 'switched', 'closed'])
  expect(count).toEqual({ healthy: 1, enabled: 3 })
})

test.each([
  ['is failing', stand({ budgets: [usedUp('a', { switchesTo: b })] }, { b: 'open' })],
  [
    'is disabled',
    stand({
      budgets: [usedUp('a', { switchesTo: b })],
      channels: [
        { id: a, enabled: true },
        { id: b, enabled: false }
      ]
    })
  ],
  ['is left out by one that is used alone', stand({ budgets: [usedUp('a', { switchesTo: b })], onlyChannel: a })],
  ['switches back', stand({ budgets: [usedUp('a', { switchesTo: b }), usedUp('b', { switchesTo: a })] })]
] as const)('a channel that switches to one that %s is stopped', (_why, { states }) => {
  expect(states[0]).toBe('over_budget')
})

test('a refused credential is told before the budget, and a disabled channel as disabled', () => {
  const channels = [
    { id: a, enabled: true },
    { id: b, enabled: false }
  ]
  const { states, count } = stand({ channels, budgets: [usedUp('a'), usedUp('b')] }, { a: 'auth_failed' })
  expect(states).toEqual(['auth_failed', 'disabled'])
  expect(count).toEqual({ healthy: 0, enabled: 1 })
})
