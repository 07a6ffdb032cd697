import { expect, test } from 'vitest'
import { demo, file, input, openConfig } from '../../../../test/support/open-config'
import { fileConfig } from '../../../shared/config-file'
import type { ChannelId } from '../../../shared/ids'
import { settings } from '../../../shared/settings'

test('nothing set means the defaults, of the nested settings too', async () => {
  const { store } = await openConfig()

  expect(store.settings()).toEqual(settings.parse({}))
  expect(store.settings()).toMatchObject({
    appearance: { theme: 'system', language: 'system' },
    startUp: { atLogin: false, hidden: true },
    notifications: { channelFailing: true, channelBack: true, updateReady: true },
    updates: { automatic: true },
    onlyChannel: null,
    firstRunDone: false
  })
})

test('a change of one part of a nested setting leaves the others, and all is there after a restart', async () => {
  const { store, dir } = await openConfig()
  await store.updateSettings({ appearance: { theme: 'dark' }, startUp: { atLogin: true } })
  await store.updateSettings({ appearance: { language: 'zh-CN' }, notifications: { channelBack: false } })
  await store.updateSettings({ updates: { automatic: false }, firstRunDone: true })
  const expected = {
    appearance: { theme: 'dark', language: 'zh-CN' },
    startUp: { atLogin: true, hidden: true },
    notifications: { channelFailing: true, channelBack: false, updateReady: true },
    updates: { automatic: false },
    firstRunDone: true
  }
  expect(store.settings()).toMatchObject(expected)
  expect(Object.isFrozen(store.settings().appearance)).toBe(true)
  await store.close()

  const { store: again } = await openConfig(dir)

  expect(again.settings()).toMatchObject(expected)
})

test('the file manages parts of nested settings by their name, and the other parts can be changed', async () => {
  const { store } = await openConfig()
  store.applyFile(file({ settings: { appearance: { language: 'en' }, updates: { automatic: false } } }))

  expect(store.managedSettings()).toEqual(['appearance.language', 'updates.automatic'])
  await expect(store.updateSettings({ appearance: { language: 'zh-CN' } })).rejects.toMatchObject({
    code: 'managed_by_config_file'
  })
  await store.updateSettings({ appearance: { theme: 'light' } })
  expect(store.settings().appearance).toEqual({ theme: 'light', language: 'en' })
})

test('a list is one setting, whatever stands in it', async () => {
  const { store } = await openConfig()

  store.applyFile(file({ settings: { allowedHosts: ['one.example', 'two.example'] } }))

  expect(store.managedSettings()).toEqual(['allowedHosts'])
})

test.each(['onlyChannel', 'firstRunDone'])('the config file may not say %s', (name) => {
  expect(fileConfig.safeParse({ settings: { [name]: null } }).success).toBe(false)
  expect(fileConfig.safeParse({ settings: { [name]: true } }).success).toBe(false)
})

test('the only channel is forgotten when that one is deleted, and no other', async () => {
  const { store, dir, changes } = await openConfig()
  const main = await store.createChannel(input())
  const other = await store.createChannel(input({ name: 'Other' }))
  await store.updateSettings({ onlyChannel: main.id })

  await store.deleteChannel(other.id)
  expect(store.settings().onlyChannel).toBe(main.id)
  changes.length = 0
  await store.deleteChannel(main.id)

  expect(store.settings().onlyChannel).toBeNull()
  expect(changes).toEqual([{ kind: 'channel', id: main.id }, { kind: 'settings' }])
  await store.close()
  const { store: again } = await openConfig(dir)
  expect(again.settings().onlyChannel).toBeNull()
})

test('the only channel must be there', async () => {
  const { store } = await openConfig()

  await expect(store.updateSettings({ onlyChannel: 'ch_none' as ChannelId })).rejects.toMatchObject({
    code: 'unknown_channel',
    status: 400
  })
  expect(store.settings().onlyChannel).toBeNull()
})

test('an only channel that the file no longer has does not count, so that the others serve', async () => {
  const { store, changes } = await openConfig()
  const withMain = file({ channels: [input()] })
  store.applyFile(withMain)
  await store.updateSettings({ onlyChannel: 'file:main' as ChannelId })
  changes.length = 0

  store.applyFile(file({ channels: [input({ name: 'Other' })] }))
  expect(store.settings().onlyChannel).toBeNull()
  expect(changes).toEqual([{ kind: 'channel', id: null }, { kind: 'settings' }])

  store.applyFile(withMain)
  expect(store.settings().onlyChannel).toBe('file:main')
})

test('the Demo can be the only channel until it goes', async () => {
  const { store, changes } = await openConfig()
  await store.updateSettings({ onlyChannel: demo.id })
  changes.length = 0

  const made = await store.createChannel(input())

  expect(store.settings().onlyChannel).toBeNull()
  expect(changes).toEqual([{ kind: 'channel', id: made.id }, { kind: 'settings' }])
})

test.each(['192.0.2.1', 'gateway.example'])(
  '%s is refused, since the next start could not listen there',
  async (host) => {
    const { store } = await openConfig()

    await expect(store.updateSettings({ host })).rejects.toMatchObject({ code: 'not_own_host', status: 400 })

    expect(store.settings().host).toBe('127.0.0.1')
  }
)

test('a host that is no longer of this machine hinders no other change', async () => {
  const { store } = await openConfig()
  store.applyFile(file({ settings: { host: '192.0.2.1' } }))

  await store.updateSettings({ strategy: 'weighted' })

  expect(store.settings()).toMatchObject({ host: '192.0.2.1', strategy: 'weighted' })
})
