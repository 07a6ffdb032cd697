import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { input, openConfig } from '../../../../test/support/open-config'

test('reading the same twice gives the identical frozen array, also after a sweep', async () => {
  const { store, clock } = await openConfig()
  await store.createChannel(input())
  await store.createChannel(input({ name: 'Other', enabled: false }))
  const [channels, enabled, keys] = [store.channels(), store.enabledChannels(), store.clientKeys()]

  clock.advance(300_000)

  expect(store.channels()).toBe(channels)
  expect(store.enabledChannels()).toBe(enabled)
  expect(store.clientKeys()).toBe(keys)
  expect(Object.isFrozen(channels) && Object.isFrozen(channels[0]?.models)).toBe(true)
  expect(channels.map(({ name }) => name)).toEqual(['Main', 'Other'])
  expect(enabled.map(({ name }) => name)).toEqual(['Main'])
})

test('one channel is the same object wherever it is read', async () => {
  const { store } = await openConfig()
  const made = await store.createChannel(input())

  expect(store.channels()[0]).toBe(made)
  expect(store.enabledChannels()[0]).toBe(made)
  expect(store.channel(made.id)).toBe(made)
})

test('reads that are warm run no SQL', async () => {
  const { store } = await openConfig()
  const { id } = await store.createChannel(input())
  const read = () => [
    store.channels(),
    store.enabledChannels(),
    store.channel(id),
    store.clientKey('none'),
    store.settings()
  ]
  read()
  const misses = () => store.cacheStats().map((stats) => stats.misses)
  const warm = misses()

  for (let request = 0; request < 1000; request++) read()

  expect(misses()).toEqual(warm)
})

test('the query cache tells its five queries by name', async () => {
  const { store } = await openConfig()

  expect(store.cacheStats().map(({ name }) => name)).toEqual([
    'channel',
    'channels',
    'enabledChannels',
    'enabledRules',
    'clientKeys'
  ])
})

test('after the caches were cleared by hand the next read is a miss with the same answer', async () => {
  const { store } = await openConfig()
  await store.createChannel(input())
  const before = store.channels()
  const misses = () => store.cacheStats().find(({ name }) => name === 'channels')?.misses ?? 0
  const missesBefore = misses()

  store.clearAllCaches()

  expect(store.channels()).toEqual(before)
  expect(misses()).toBe(missesBefore + 1)
})

test('an update changes only what it says', async () => {
  const { store, changes } = await openConfig()
  const made = await store.createChannel(input({ headers: { 'x-team': 'a' } }))

  const updated = await store.updateChannel(made.id, { priority: 10, name: 'First' })

  expect(updated).toEqual({ ...made, name: 'First', slug: 'first', priority: 10 })
  expect(store.channels()).toEqual([updated])
  expect(store.credential(updated)).toBe('sk-ant-secret-1234')
  expect(changes).toEqual([
    { kind: 'channel', id: made.id },
    { kind: 'channel', id: made.id }
  ])
})

test('the credential revision changes with the credential alone', async () => {
  const { store } = await openConfig()
  const made = await store.createChannel(input())
  const revision = made.credentialRevision
  expect(revision).toMatch(/^[0-9a-f]{8}$/)

  expect((await store.updateChannel(made.id, { enabled: false })).credentialRevision).toBe(revision)
  expect((await store.updateChannel(made.id, { apiKey: 'sk-other' })).credentialRevision).not.toBe(revision)
  const without = await store.updateChannel(made.id, { apiKey: null })

  expect(without.credentialRevision).toBeNull()
  expect(store.credential(without)).toBeUndefined()
  expect(store.credentialLast4(without)).toBeNull()
})

test('a deleted channel is gone with its credential', async () => {
  const { store, dir } = await openConfig()
  const made = await store.createChannel(input())

  await store.deleteChannel(made.id)

  expect(store.channel(made.id)).toBeUndefined()
  expect(store.channels()).toEqual([])
  expect(store.credential(made)).toBeUndefined()
  const database = new Database(join(dir, 'routex.db'), { readonly: true })
  onTestFinished(() => void database.close())
  expect(database.prepare('SELECT count(*) AS rows FROM channels').get()).toEqual({ rows: 0 })
  await expect(store.deleteChannel(made.id)).rejects.toMatchObject({ code: 'not_found', status: 404 })
})

test('a name whose slug is taken is a conflict, for a new channel and for a renamed one', async () => {
  const { store } = await openConfig()
  await store.createChannel(input({ name: 'Main account' }))
  const other = await store.createChannel(input({ name: 'Other' }))

  const conflict = { code: 'name_taken', status: 409 }
  await expect(store.createChannel(input({ name: 'main-account' }))).rejects.toMatchObject(conflict)
  await expect(store.updateChannel(other.id, { name: 'MAIN ACCOUNT' })).rejects.toMatchObject(conflict)
  await expect(store.updateChannel(other.id, { name: 'OTHER' })).resolves.toMatchObject({ name: 'OTHER' })
  expect(store.channels().map(({ name }) => name)).toEqual(['Main account', 'OTHER'])
})

test('two creations of one name at once make one channel', async () => {
  const { store } = await openConfig()

  const results = await Promise.allSettled([store.createChannel(input()), store.createChannel(input())])

  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(store.channels()).toHaveLength(1)
})
