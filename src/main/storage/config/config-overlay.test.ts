import { expect, test } from 'vitest'
import { demo, file, input, openConfig } from '../../../../test/support/open-config'
import type { ChannelId, ClientKeyId } from '../../../shared/ids'
import { sha256Of } from './client-key-table'

test('the Demo is there until the first channel was saved, and never again', async () => {
  const { store, dir, demoChannels } = await openConfig()
  expect(store.channels()).toBe(demoChannels)
  expect(store.enabledChannels()).toBe(demoChannels)
  expect(store.channel(demo.id)).toBe(demo)
  await expect(store.updateChannel(demo.id, { enabled: false })).rejects.toMatchObject({
    code: 'built_in',
    status: 409
  })

  const made = await store.createChannel(input({ name: 'Demo' }))
  expect(store.channels()).toEqual([made])
  expect(store.channel(demo.id)).toBeUndefined()
  await store.deleteChannel(made.id)
  expect(store.channels()).toEqual([])
  await store.close()

  const { store: again } = await openConfig(dir)
  expect(again.channels()).toEqual([])
})

test('the config file takes the place of the Demo only while it has channels', async () => {
  const { store, demoChannels } = await openConfig()

  store.applyFile(file({ channels: [input({ name: 'From file' })] }))
  expect(store.channels().map(({ id }) => id)).toEqual(['file:from-file'])
  store.applyFile(file({}))

  expect(store.channels()).toBe(demoChannels)
})

test("the config file's channels and keys stand beside the saved ones and can not be changed here", async () => {
  const { store, changes } = await openConfig()
  const saved = await store.createChannel(input())
  changes.length = 0

  store.applyFile(
    file({
      channels: [input({ name: 'From file', apiKey: 'sk-file-secret' })],
      clientKeys: [{ name: 'ci', key: 'k'.repeat(20) }]
    })
  )

  expect(changes).toEqual([{ kind: 'channel', id: null }, { kind: 'client_key' }])
  const [fromFile, second] = store.channels()
  expect(second).toBe(saved)
  expect(fromFile).toMatchObject({ id: 'file:from-file', slug: 'from-file', managedBy: 'config-file' })
  expect(fromFile && store.channel(fromFile.id)).toBe(fromFile)
  expect(fromFile && store.credential(fromFile)).toBe('sk-file-secret')
  expect(store.defaultClientKey()).toBe('k'.repeat(20))
  expect(store.clientKey(sha256Of('k'.repeat(20)))).toMatchObject({ name: 'ci', managedBy: 'config-file' })
  const managed = { code: 'managed_by_config_file', status: 409 }
  await expect(store.updateChannel('file:from-file' as ChannelId, { enabled: false })).rejects.toMatchObject(managed)
  await expect(store.deleteChannel('file:from-file' as ChannelId)).rejects.toMatchObject(managed)
  await expect(store.revokeClientKey('file:ci' as ClientKeyId)).rejects.toMatchObject(managed)
  await expect(store.createChannel(input({ name: 'From File' }))).rejects.toMatchObject({ code: 'name_taken' })
})

test('a file that says the same again changes nothing and tells nobody', async () => {
  const { store, changes } = await openConfig()
  const config = () =>
    file({
      settings: { strategy: 'weighted' },
      channels: [input({ name: 'A' }), input({ name: 'B' })],
      clientKeys: [{ name: 'ci', key: 'k'.repeat(20) }]
    })
  store.applyFile(config())
  const [channels, enabled, keys] = [store.channels(), store.enabledChannels(), store.clientKeys()]
  changes.length = 0

  store.applyFile(config())

  expect(changes).toEqual([])
  expect(store.channels()).toBe(channels)
  expect(store.enabledChannels()).toBe(enabled)
  expect(store.clientKeys()).toBe(keys)
})

test('of a file that changed one channel the others stay the same objects', async () => {
  const { store } = await openConfig()
  store.applyFile(file({ channels: [input({ name: 'A' }), input({ name: 'B' })] }))
  const [first, second] = store.channels()

  store.applyFile(file({ channels: [input({ name: 'A' }), input({ name: 'B', apiKey: 'sk-new' })] }))

  expect(store.channels()[0]).toBe(first)
  expect(store.channels()[1]?.credentialRevision).not.toBe(second?.credentialRevision)
})

test("a saved channel whose slug the file uses is hidden while the file has it: the file's one counts", async () => {
  const { store } = await openConfig()
  const saved = await store.createChannel(input())

  store.applyFile(file({ channels: [input({ name: 'MAIN' })] }))

  expect(store.channels().map(({ id }) => id)).toEqual(['file:main'])
  expect(store.enabledChannels().map(({ id }) => id)).toEqual(['file:main'])
  expect(store.channel(saved.id)).toBeUndefined()
  store.applyFile(file({}))
  expect(store.channels()).toEqual([saved])
})
