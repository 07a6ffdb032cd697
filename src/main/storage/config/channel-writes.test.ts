import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { demo, file, input, openConfig } from '../../../../test/support/open-config'
import type { ChannelId } from '../../../shared/ids'

test('channels that are brought in together are written at once and told once; a taken name keeps none of the others out', async () => {
  const { store, changes, dir } = await openConfig()
  await store.createChannel(input({ name: 'Taken' }))
  changes.length = 0
  const many = Array.from({ length: 300 }, (_, index) => input({ name: `Channel ${index}`, apiKey: `sk-of-${index}` }))

  const results = await store.createChannels([input({ name: 'taken' }), ...many, input({ name: 'channel 7' })])

  const codes = results.map((result) => (result instanceof Error ? result.code : result.name))
  expect(codes).toEqual(['name_taken', ...many.map(({ name }) => name), 'name_taken'])
  expect(changes).toEqual([{ kind: 'channel', id: null }])
  await store.close()
  const { store: again } = await openConfig(dir)
  expect(again.channels()).toHaveLength(301)
  const last = again.channels().at(-1)
  expect(last && again.credential(last)).toBe('sk-of-299')
})

test('a budget of a channel that is brought in switches to one that comes with it, by its id', async () => {
  const { store } = await openConfig()
  const budget = { period: 'day', limitUsd: 5, then: 'switch', switchTo: 'Spare' } as const

  const [main, spare] = await store.createChannels([input({ budget }), input({ name: 'Spare' })])

  if (!main || !spare || main instanceof Error || spare instanceof Error) throw new Error('not added')
  expect(store.channel(main.id)?.budget?.switchTo).toBe(spare.id)
})

test('a deleted channel comes back whole within a minute: id, place, credential and headers', async () => {
  const { store, clock, changes } = await openConfig()
  const main = await store.createChannel(input({ headers: { 'x-team': 'a' } }))
  clock.advance(10)
  const other = await store.createChannel(input({ name: 'Other' }))

  const { restorableUntil } = await store.deleteChannel(main.id)
  expect(restorableUntil).toBe(clock.now() + 60_000)
  clock.advance(59_000)
  changes.length = 0
  const restored = await store.restoreChannel(main.id)

  expect(restored).toEqual(main)
  expect(store.channels()).toEqual([main, other])
  expect(store.credential(restored)).toBe('sk-ant-secret-1234')
  expect(changes).toEqual([{ kind: 'channel', id: main.id }])
  await expect(store.restoreChannel(main.id)).rejects.toMatchObject({ code: 'not_found', status: 404 })
})

test('a restored channel is there after a restart, with its credential', async () => {
  const { store, dir } = await openConfig()
  const main = await store.createChannel(input())
  await store.deleteChannel(main.id)
  await store.restoreChannel(main.id)
  await store.close()

  const { store: again } = await openConfig(dir)

  expect(again.channel(main.id)).toEqual(main)
  expect(again.credential(main)).toBe('sk-ant-secret-1234')
})

test('after a minute a deleted channel is forgotten', async () => {
  const { store, clock } = await openConfig()
  const main = await store.createChannel(input())
  await store.deleteChannel(main.id)

  clock.advance(60_000)

  await expect(store.restoreChannel(main.id)).rejects.toMatchObject({ code: 'not_found' })
})

test('a deleted channel whose name was taken meanwhile comes back under a free one', async () => {
  const { store } = await openConfig()
  const main = await store.createChannel(input())
  await store.deleteChannel(main.id)
  await store.createChannel(input())

  const restored = await store.restoreChannel(main.id)

  expect(restored).toEqual({ ...main, name: 'Main 2', slug: 'main-2' })
  expect(store.credential(restored)).toBe('sk-ant-secret-1234')
})

test('many channels are deleted at once and told once, and come back so: in their places, with their credentials', async () => {
  const { store, changes, dir } = await openConfig()
  const many = Array.from({ length: 300 }, (_, index) => input({ name: `Channel ${index}`, apiKey: `sk-of-${index}` }))
  await store.createChannels(many)
  const before = store.channels()
  const ids = before.map(({ id }) => id)
  changes.length = 0

  await store.deleteChannels(ids)
  expect(store.channels()).toEqual([])
  expect(changes).toEqual([{ kind: 'channel', id: null }])
  const restored = await store.restoreChannels(ids)

  expect(changes).toEqual([
    { kind: 'channel', id: null },
    { kind: 'channel', id: null }
  ])
  expect(restored).toEqual(before)
  await store.close()
  const { store: again } = await openConfig(dir)
  expect(again.channels()).toEqual(before)
  const last = again.channels().at(-1)
  expect(last && again.credential(last)).toBe('sk-of-299')
})

test('of channels that are deleted or brought back together all are, or none', async () => {
  const { store, clock } = await openConfig()
  const main = await store.createChannel(input())
  const gone = 'ch_none' as ChannelId

  await expect(store.deleteChannels([main.id, gone])).rejects.toMatchObject({ code: 'not_found' })
  store.applyFile(file({ channels: [input({ name: 'Filed' })] }))
  const filed = 'file:filed' as ChannelId
  await expect(store.deleteChannels([main.id, filed])).rejects.toMatchObject({ code: 'managed_by_config_file' })
  expect(store.channels()).toContainEqual(main)
  await store.deleteChannels([main.id])
  await expect(store.restoreChannels([main.id, gone])).rejects.toMatchObject({ code: 'not_found' })
  expect(store.channel(main.id)).toBeUndefined()
  clock.advance(59_000)
  await expect(store.restoreChannels([main.id])).resolves.toEqual([main])
})

test('close ends the time in which channels come back', async () => {
  const { store, clock } = await openConfig()
  const main = await store.createChannel(input())
  await store.deleteChannel(main.id)

  await store.close()

  expect(clock.pendingTimers).toBe(0)
})

test('a copy has the credential and all settings of its channel, is disabled, and has a free name', async () => {
  const { store, dir } = await openConfig()
  const main = await store.createChannel(input({ models: ['claude-*'], priority: 3, headers: { 'x-team': 'a' } }))

  const copy = await store.duplicateChannel(main.id)
  const second = await store.duplicateChannel(main.id)

  expect(copy).toEqual({ ...main, id: copy.id, name: 'Main copy', slug: 'main-copy', enabled: false })
  expect(copy.id).not.toBe(main.id)
  expect(second.name).toBe('Main copy 2')
  expect(store.credential(copy)).toBe('sk-ant-secret-1234')
  const onDisk = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'latin1'))
  expect(onDisk.join('\n')).not.toContain('sk-ant-secret')
})

test('a copy of a channel with the longest name has a name that is allowed', async () => {
  const { store } = await openConfig()
  const main = await store.createChannel(input({ name: 'n'.repeat(80) }))

  const copy = await store.duplicateChannel(main.id)

  expect(copy.name).toBe(`${'n'.repeat(75)} copy`)
})

test("a channel of the config file can be copied, which gives one of the user's own; the Demo can not", async () => {
  const { store } = await openConfig()
  await expect(store.duplicateChannel(demo.id)).rejects.toMatchObject({ code: 'built_in' })
  store.applyFile(file({ channels: [input({ apiKey: 'sk-file-secret' })] }))

  const copy = await store.duplicateChannel('file:main' as ChannelId)

  expect(copy).toMatchObject({ name: 'Main copy', managedBy: 'user', enabled: false })
  expect(store.credential(copy)).toBe('sk-file-secret')
  await expect(store.duplicateChannel('ch_none' as ChannelId)).rejects.toMatchObject({ code: 'not_found' })
})

test('several channels are arranged at once, and only what was said changes', async () => {
  const { store, changes, dir } = await openConfig()
  const main = await store.createChannel(input())
  const other = await store.createChannel(input({ name: 'Other', weight: 2 }))
  changes.length = 0

  await store.arrangeChannels([
    { id: main.id, priority: 20 },
    { id: other.id, priority: 10, enabled: false }
  ])

  const expected = [
    { ...main, priority: 20 },
    { ...other, priority: 10, enabled: false }
  ]
  expect(store.channels()).toEqual(expected)
  expect(store.channel(main.id)?.priority).toBe(20)
  expect(store.credential(main)).toBe('sk-ant-secret-1234')
  expect(changes).toEqual([{ kind: 'channel', id: null }])
  await store.close()
  const { store: again } = await openConfig(dir)
  expect(again.channels()).toEqual(expected)
  expect(again.credential(main)).toBe('sk-ant-secret-1234')
})

test('of an arrangement with one channel that can not be changed nothing is done', async () => {
  const { store, changes } = await openConfig()
  const main = await store.createChannel(input())
  store.applyFile(file({ channels: [input({ name: 'From file' })] }))
  changes.length = 0
  const change = { id: main.id, priority: 20 }

  const withFile = store.arrangeChannels([change, { id: 'file:from-file' as ChannelId, priority: 10 }])
  await expect(withFile).rejects.toMatchObject({ code: 'managed_by_config_file', status: 409 })
  const withUnknown = store.arrangeChannels([change, { id: 'ch_none' as ChannelId, enabled: true }])
  await expect(withUnknown).rejects.toMatchObject({ code: 'not_found' })

  expect(store.channel(main.id)).toEqual(main)
  expect(changes).toEqual([])
})

test('one channel that is named twice in an arrangement gets what was said last', async () => {
  const { store } = await openConfig()
  const main = await store.createChannel(input())

  await store.arrangeChannels([
    { id: main.id, priority: 20, weight: 3 },
    { id: main.id, priority: 30 }
  ])

  expect(store.channel(main.id)).toMatchObject({ priority: 30, weight: 3 })
})
