import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { ChannelView } from '../../../shared/channel'
import type { ChannelId } from '../../../shared/ids'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleBucket } from '../../../../test/e2e/support/sample-overview'
import { sampleChannel, sampleHealth } from '../../../../test/e2e/support/sample-data'
import { ApiFailure } from '../../lib/backend'
import { ChannelsState } from '../../lib/state/channels.svelte'
import { ChannelsPageState } from './channels-page.svelte'

beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

const dropUnset = (change: object): object =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))

async function setup(
  ...given: readonly (readonly [name: string, change?: Partial<Record<keyof ChannelView, unknown>>])[]
) {
  const backend = new FakeBackend()
  let stored = given.map(([name, change]) => sampleChannel(name, change))
  backend.answer('channels.list', () => ({ channels: stored }))
  backend.answer('stats.health', () => ({ channels: stored.map((channel) => sampleHealth(channel)) }))
  backend.answer('channels.arrange', ({ changes }) => {
    stored = stored.map((channel) => {
      const { priority, weight, enabled } = changes.find(({ id }) => id === channel.id) ?? {}
      return sampleChannel(channel.name, { ...channel, ...dropUnset({ priority, weight, enabled }) })
    })
    return { channels: stored }
  })
  const gone = new Map<string, ChannelView>()
  backend.answer('channels.deleteMany', ({ ids }) => {
    for (const channel of stored) if (ids.includes(channel.id)) gone.set(channel.id, channel)
    stored = stored.filter(({ id }) => !ids.includes(id))
    return { ok: true, restorableUntil: 0, budgetsThatStop: [] }
  })
  backend.answer('channels.restoreMany', ({ ids }) => {
    const channels = ids.flatMap((id) => gone.get(id) ?? [])
    stored = [...stored, ...channels]
    return { channels }
  })
  const channels = new ChannelsState(backend)
  await channels.load()
  const told: { readonly names: readonly string[]; readonly undo: () => void }[] = []
  const kept: { readonly said: string; readonly ms: number; readonly retry: () => void }[] = []
  const lost: string[] = []
  const renamed: string[] = []
  const arranged: { readonly names: readonly string[]; readonly undo: () => void }[] = []
  const page = new ChannelsPageState(
    { backend, channels },
    {
      tell: (deleted, undo) => told.push({ names: deleted.map(({ name }) => name), undo }),
      tellArranged: (channels, undo) => arranged.push({ names: channels.map(({ name }) => name), undo }),
      tellDeletedElsewhere: ({ name }) => told.push({ names: [name], undo: () => undefined }),
      tellRenamed: (channels) => renamed.push(...channels.map(({ name }) => name)),
      tellNotYet: (channels, { message }, { ms, run }) =>
        kept.push({ said: `${channels.map(({ name }) => name).join(', ')}: ${message}`, ms, retry: run }),
      tellLost: (channels) => lost.push(...channels.map(({ name }) => name))
    }
  )
  const names = () => page.shownTiers.map((tier) => tier.channels.map(({ name }) => name))
  const find = (name: string): ChannelView => {
    const channel = page.channels.find((each) => each.name === name)
    if (!channel) throw new Error(`${name} is not shown`)
    return channel
  }
  return { backend, channels, page, names, find, told, arranged, renamed, kept, lost }
}

test('the Demo is not listed, and each word of a search stands somewhere in the channel', async () => {
  const { page, names } = await setup(
    ['Main', { models: ['claude-*'] }],
    ['Spare', { protocol: 'gemini' }],
    ['Demo', { managedBy: 'built-in' }]
  )
  expect(names()).toEqual([['Main', 'Spare']])
  page.search = 'gemini sp'
  expect(names()).toEqual([['Spare']])
  page.search = 'CLAUDE'
  expect(names()).toEqual([['Main']])
})

test('a move is seen at once, and taken back with its cause when it is refused', async () => {
  const { backend, page, names } = await setup(['a', { priority: 10 }], ['b', { priority: 50 }])
  const moving = page.step('b' as ChannelId, -1)
  expect(names()).toEqual([['a', 'b']])
  await moving
  expect(names()).toEqual([['a', 'b']])

  backend.fail('channels.arrange', 'managed_by_config_file', 'The config file manages b')
  const refused = page.step('b' as ChannelId, 1)
  expect(names()).toEqual([['a'], ['b']])
  expect(await refused).toBe(false)
  expect(names()).toEqual([['a', 'b']])
  expect(page.actions.failures.get('b' as ChannelId)?.message).toBe('The config file manages b')
})

test('several are switched in one call, without those of the config file and those that are so already', async () => {
  const { backend, page } = await setup(['a'], ['b', { enabled: false }], ['c', { managedBy: 'config-file' }])
  await page.setEnabled(page.channels, false)
  expect(backend.made.filter(({ name }) => name === 'channels.arrange')).toEqual([
    { name: 'channels.arrange', params: { changes: [{ id: 'a', enabled: false }] } }
  ])
  expect(page.channels.map(({ enabled }) => enabled)).toEqual([false, false, true])
})

test('what was moved, and what was changed together, can be put back; a single switch takes itself back', async () => {
  const { page, names, arranged } = await setup(
    ['a', { priority: 10 }],
    ['b', { priority: 50 }],
    ['c', { priority: 90 }]
  )
  await page.step('b' as ChannelId, -1)
  expect(names()).toEqual([['a', 'b'], ['c']])
  expect(arranged.map((each) => each.names)).toEqual([['b']])
  arranged[0]?.undo()
  expect(names()).toEqual([['a'], ['b'], ['c']])

  await page.setEnabled(page.channels.slice(0, 1), false)
  expect(arranged).toHaveLength(1)
  await page.setEnabled(page.channels, false)
  expect(arranged[1]?.names).toEqual(['b', 'c'])
  arranged[1]?.undo()
  expect(page.channels.map(({ enabled }) => enabled)).toEqual([false, true, true])
  await page.setPriority(page.channels, 7)
  expect(names()).toEqual([['a', 'b', 'c']])
  arranged[2]?.undo()
  expect(names()).toEqual([['a'], ['b'], ['c']])
})

test('many that are deleted go at once in one call, leave the selection, and come back by undo in one call', async () => {
  const { backend, page, names, told, renamed, find } = await setup(['a'], ['b'], ['c'])
  page.selection.all(page.shownIds)
  const deleting = page.delete([find('a'), find('c')])
  expect(names()).toEqual([['b']])
  await deleting
  expect([...page.selection.ids]).toEqual(['b'])
  expect(told.map((each) => each.names)).toEqual([['a', 'c']])
  told[0]?.undo()
  await vi.waitFor(() => expect(names()).toEqual([['b', 'a', 'c']]))
  expect(renamed).toEqual([])
  expect(backend.made.filter(({ name }) => /delete|restore/.test(name))).toEqual([
    { name: 'channels.deleteMany', params: { ids: ['a', 'c'] } },
    { name: 'channels.restoreMany', params: { ids: ['a', 'c'] } }
  ])
})

test('one that is deleted here and brought back elsewhere is listed again', async () => {
  const { backend, page, names, find, channels } = await setup(['a'], ['b'])
  await page.delete([find('a')])
  expect(names()).toEqual([['b']])
  await backend.call('channels.restoreMany', { ids: ['a'] })
  await channels.load()
  expect(names()).toEqual([['b', 'a']])
})

test('an undo of several brings the others back when one of them is back already', async () => {
  const { backend, names, page, told, lost, find } = await setup(['a'], ['b'], ['c'])
  const a = find('a').id
  await page.delete([find('a'), find('b'), find('c')])
  const undone = [sampleChannel('a')]
  backend.answer('channels.list', () => ({ channels: undone }))
  backend.answer('channels.restoreMany', ({ ids }) => {
    if (ids.includes(a)) throw new ApiFailure('not_found', 'It was brought back before')
    return { channels: ids.map((id) => sampleChannel(id)) }
  })
  told[0]?.undo()
  await vi.waitFor(() => expect(names()).toEqual([['a', 'b', 'c']]))
  expect(lost).toEqual([])
})

test('those that can not be deleted stay, and each says why', async () => {
  const { backend, page, names, told } = await setup(['a'], ['b'])
  backend.fail('channels.deleteMany', 'not_found', 'there is no channel b')
  await page.delete(page.channels)
  expect(page.actions.failures.get('a' as ChannelId)?.message).toBe('there is no channel b')
  expect(told).toEqual([])
  expect(names()).toEqual([['a', 'b']])
})

test('one that comes back under another name is told by that name', async () => {
  const { backend, page, find, told, renamed } = await setup(['Main'])
  const main = find('Main')
  await page.delete([main])
  backend.answer('channels.restoreMany', () => ({ channels: [{ ...main, name: 'Main 2' }] }))
  told[0]?.undo()
  await vi.waitFor(() => expect(renamed).toEqual(['Main 2']))
})

test('shift extends the selection from the last row that was touched, in the order shown', async () => {
  const { page } = await setup(['a', { priority: 3 }], ['b', { priority: 1 }], ['c', { priority: 2 }])
  const { selection, shownIds } = page
  expect(shownIds).toEqual(['b', 'c', 'a'])
  selection.toggle('a' as ChannelId)
  selection.extendTo('b' as ChannelId, shownIds)
  expect([...selection.ids].sort()).toEqual(['a', 'b', 'c'])
  selection.toggle('c' as ChannelId)
  expect([...selection.ids].sort()).toEqual(['a', 'b'])
})

test('cards or table is remembered', async () => {
  const { page } = await setup(['a'])
  expect(page.view).toBe('table')
  page.view = 'cards'
  const { page: next } = await setup(['a'])
  expect(next.view).toBe('cards')
})

test("today's figures are the log's own by channel, unknown stays unknown, and they follow the requests", async () => {
  const { backend, page } = await setup(['a'])
  const now = Date.now()
  const day = [
    {
      group: 'a',
      requests: 100,
      errors: 2,
      costUsd: 1,
      cacheHitRate: 0.75,
      firstByteMs: { p50: 400, p95: null, p99: null }
    },
    { group: 'b', requests: 1, errors: 0, costUsd: null, cacheHitRate: null }
  ]
  backend.answer('stats.timeseries', () => ({ buckets: day.map((channel) => sampleBucket(0, channel)) }))
  onTestFinished(page.figures.listen())
  await page.figures.load()
  const from = new Date(now).setHours(0, 0, 0, 0)
  expect(backend.made.at(-1)?.params).toEqual({ from, to: now + 1, bucket: 'period', groupBy: 'channel' })
  expect(page.figures.byChannel.get('a')).toEqual({
    requests: 100,
    errors: 2,
    costUsd: 1,
    firstByteP50: 400,
    cacheHitRate: 0.75
  })
  expect(page.figures.byChannel.get('b')).toMatchObject({ costUsd: null, cacheHitRate: null })

  const asked = () => backend.made.filter(({ name }) => name === 'stats.timeseries').length
  for (let count = 0; count < 10; count++) backend.emit('request.finished', { rows: [] })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(asked()).toBe(2)
})

test('an undo that came too late says that the channel is lost', async () => {
  const { backend, page, find, told, kept, lost } = await setup(['Main'])
  const channel = find('Main')
  await page.actions.delete([channel])
  backend.fail('channels.restoreMany', 'not_found', 'It is too late to bring it back')
  told[0]?.undo()
  await vi.waitFor(() => expect(lost).toEqual(['Main']))
  expect(kept).toEqual([])
})

test('an undo that failed is offered again for the rest of the minute that the channel is kept, and not after it', async () => {
  const { backend, page, names, find, told, kept, lost } = await setup(['Main'], ['Spare'])
  await page.actions.delete([find('Main')])
  await vi.advanceTimersByTimeAsync(20_000)
  backend.fail('channels.restoreMany', 'unreachable', 'Routex is away')
  told[0]?.undo()
  await vi.advanceTimersByTimeAsync(0)
  expect(kept).toMatchObject([{ said: 'Main: Routex is away', ms: 40_000 }])
  expect(lost).toEqual([])

  await vi.advanceTimersByTimeAsync(10_000)
  kept[0]?.retry()
  await vi.advanceTimersByTimeAsync(0)
  expect(kept[1]?.ms).toBe(30_000)

  await vi.advanceTimersByTimeAsync(30_000)
  kept[1]?.retry()
  await vi.advanceTimersByTimeAsync(0)
  expect(lost).toEqual(['Main'])
  expect(kept).toHaveLength(2)
  expect(names()).toEqual([['Spare']])
})

test('what an undo brought back, though its answer was lost, is shown by the next one', async () => {
  const { backend, page, names, find, told, kept, lost } = await setup(['Main'])
  const main = find('Main')
  await page.actions.delete([main])
  backend.fail('channels.restoreMany', 'unreachable', 'The answer was lost')
  told[0]?.undo()
  await vi.waitFor(() => expect(kept).toHaveLength(1))
  backend.fail('channels.restoreMany', 'not_found', 'It was brought back before')
  backend.answer('channels.list', () => ({ channels: [main] }))
  kept[0]?.retry()
  await vi.waitFor(() => expect(names()).toEqual([['Main']]))
  expect(lost).toEqual([])
})

test('an undo takes back what it is the undo of alone: what was set after it stays', async () => {
  const { page, find, arranged } = await setup(['Alpha', { priority: 10 }], ['Beta', { priority: 20 }])
  await page.step(find('Alpha').id, 1)
  const moved = find('Alpha').priority
  expect(moved).not.toBe(10)
  await page.setEnabled([find('Alpha')], false)
  arranged[0]?.undo()
  await vi.waitFor(() => expect(find('Alpha').priority).toBe(10))
  expect(find('Alpha').enabled).toBe(false)

  await page.setEnabled([find('Alpha'), find('Beta')], true)
  await page.setPriority([find('Beta')], 30)
  await page.actions.arrange([{ id: find('Beta').id, priority: 77 }])
  arranged.at(-1)?.undo()
  await vi.waitFor(() => expect(find('Beta').priority).toBe(77))
})

test('what the search hides is not among the selected, until it is shown again', async () => {
  const { page, find } = await setup(['Alpha'], ['Beta'], ['Gamma'])
  const selected = () => page.selected.map(({ name }) => name)
  page.selection.all(page.selectableIds)
  page.search = 'beta'
  expect(selected()).toEqual(['Beta'])
  expect([...page.companionsOf(find('Beta').id)]).toEqual([find('Beta').id])
  page.search = ''
  expect(selected()).toEqual(['Alpha', 'Beta', 'Gamma'])
})

test('the sliders of weights reach to the largest', async () => {
  const { page, find } = await setup(['Alpha', { weight: 50 }], ['Beta'])
  expect(page.mostWeight).toBe(50)
  await page.setWeight(find('Alpha').id, 2)
  expect(page.mostWeight).toBe(10)
})
