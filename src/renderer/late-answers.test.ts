import { expect, test } from 'vitest'
import type { CallName } from '../shared/contract'
import type { Loaded } from './lib/loaded'
import { FakeBackend } from '../../test/e2e/support/fake-backend'
import { sampleClient } from '../../test/e2e/support/sample-clients'
import { sampleChannel, sampleOverview, usedUp } from '../../test/e2e/support/sample-data'
import { FiguresState } from './features/channels/figures.svelte'
import { HealthTimeline } from './features/channels/health-timeline.svelte'
import { ClientKeysState } from './features/settings/client-keys.svelte'
import { PricesState } from './features/settings/prices.svelte'
import { UpdatesState } from './features/settings/updates.svelte'
import { BudgetsState } from './lib/state/budgets.svelte'
import { ClientsState } from './lib/state/clients.svelte'
import { TodayState } from './lib/state/today.svelte'

interface Part {
  readonly load: () => Promise<void>
  /** What it shows, to compare with what it shows of another answer. */
  readonly shown: () => unknown
}

interface Case {
  readonly part: string
  readonly call: CallName
  readonly make: (backend: FakeBackend) => Part
  /** Answers that differ. */
  readonly older: unknown
  readonly newer: unknown
}

const loaded = <T>(state: { load: () => Promise<void> }, shown: () => Loaded<T>): Part => ({
  load: () => state.load(),
  shown
})

const prices = { source: 'built-in', fetchedAt: null, updates: false, url: 'x', triedAt: null, error: null }
const key = { id: 'k', last4: '1234', createdAt: 0, lastUsedAt: null, allowedChannels: null, managedBy: 'user' }
const bucket = { at: 0, group: 'main', ...sampleOverview }

const cases: readonly Case[] = [
  {
    part: 'the totals of today',
    call: 'stats.overview',
    make: (backend) => {
      const state = new TodayState(backend)
      return { load: () => state.load(), shown: () => state.totals }
    },
    older: sampleOverview,
    newer: { ...sampleOverview, requests: 1_285 }
  },
  {
    part: 'the figures of the channels',
    call: 'stats.timeseries',
    make: (backend) => {
      const state = new FiguresState(backend)
      return { load: () => state.load(), shown: () => [...state.byChannel] }
    },
    older: { buckets: [] },
    newer: { buckets: [bucket] }
  },
  {
    part: 'the timeline of a channel’s health',
    call: 'stats.healthHistory',
    make: (backend) => {
      const state = new HealthTimeline(backend, sampleChannel('Main').id)
      return loaded(state, () => state.entries)
    },
    older: { changes: [] },
    newer: { changes: [{ at: 1, state: 'open' }] }
  },
  {
    part: 'the client keys',
    call: 'clientKeys.list',
    make: (backend) => {
      const state = new ClientKeysState(backend)
      return loaded(state, () => state.list)
    },
    older: { keys: [] },
    newer: { keys: [{ ...key, name: 'laptop', budget: null }] }
  },
  {
    part: 'the state of the prices',
    call: 'prices.status',
    make: (backend) => {
      const state = new PricesState(backend)
      return loaded(state, () => state.status)
    },
    older: { ...prices, version: '1' },
    newer: { ...prices, version: '2' }
  },
  {
    part: 'the state of updates',
    call: 'updates.status',
    make: (backend) => {
      const state = new UpdatesState(backend)
      return loaded(state, () => state.status)
    },
    older: { kind: 'checking' },
    newer: { kind: 'idle', checkedAt: 1 }
  },
  {
    part: 'the budgets',
    call: 'budgets.list',
    make: (backend) => {
      const state = new BudgetsState(backend)
      return { load: () => state.load(), shown: () => state.list }
    },
    older: { budgets: [] },
    newer: { budgets: [usedUp('main')] }
  },
  {
    part: 'the clients',
    call: 'clients.list',
    make: (backend) => {
      const state = new ClientsState(backend)
      return loaded(state, () => state.loaded)
    },
    older: { clients: [], afterCrash: null },
    newer: { clients: [sampleClient('Claude Code')], afterCrash: null }
  }
]

test.each(cases)(
  '$part: the later question’s answer stays when the earlier one’s comes, or fails, after it',
  async (one) => {
    const backend = new FakeBackend()
    const { load, shown } = one.make(backend)
    const answers = [0, 1, 2].map(() => Promise.withResolvers<unknown>())
    let asked = 0
    backend.answer(one.call, () => answers[asked++]?.promise)
    const loads = [load(), load(), load()]
    const before = shown()
    answers[2]?.resolve(one.newer)
    await loads[2]
    const newest = shown()
    expect(newest).not.toEqual(before)
    answers[0]?.resolve(one.older)
    answers[1]?.reject(new Error('too late to matter'))
    await Promise.all(loads)
    expect(shown()).toEqual(newest)
  }
)

test('the answer to an update of the prices is shown though their state was asked for meanwhile', async () => {
  const backend = new FakeBackend()
  const state = new PricesState(backend)
  const updated = Promise.withResolvers<unknown>()
  const late = Promise.withResolvers<unknown>()
  backend.answer('prices.update', () => updated.promise)
  const updating = state.fetch()
  backend.answer('prices.status', () => ({ ...prices, version: '1' }))
  await state.load()
  backend.answer('prices.status', () => late.promise)
  const loading = state.load()
  updated.resolve({ ...prices, version: '2' })
  await updating
  late.resolve({ ...prices, version: '1' })
  await loading
  expect(state.status).toMatchObject({ kind: 'ready', value: { version: '2' } })
})
