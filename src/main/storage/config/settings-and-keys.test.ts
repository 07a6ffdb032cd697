import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { file, input, openConfig } from '../../../../test/support/open-config'
import type { ChannelId, ClientKeyId } from '../../../shared/ids'
import { sha256Of } from './client-key-table'

test('settings: what is saved lies over the defaults, and the file over what is saved', async () => {
  const { store, dir } = await openConfig()
  expect(store.settings()).toMatchObject({ strategy: 'priority', port: 8080, keyRequired: true })
  await store.updateSettings({ strategy: 'weighted', port: 9000, retention: { days: 7 } })

  store.applyFile(file({ settings: { port: 9100, retention: { maxMiB: 64 } } }))

  expect(store.settings()).toMatchObject({ strategy: 'weighted', port: 9100, retention: { days: 7, maxMiB: 64 } })
  expect(store.managedSettings()).toEqual(['port', 'retention.maxMiB'])
  await expect(store.updateSettings({ port: 9200 })).rejects.toMatchObject({
    code: 'managed_by_config_file',
    status: 409
  })
  await expect(store.updateSettings({ retention: { maxMiB: 32 } })).rejects.toMatchObject({ status: 409 })
  await store.updateSettings({ retention: { days: 8 } })
  store.applyFile(file({}))
  expect(store.settings()).toMatchObject({ port: 9000, retention: { days: 8, maxMiB: 2048 } })
  await store.close()

  const { store: again } = await openConfig(dir)
  expect(again.settings()).toMatchObject({ strategy: 'weighted', port: 9000, retention: { days: 8, maxMiB: 2048 } })
})

test('a stored setting that is no longer allowed counts as its default, and is told', async () => {
  const { store, dir } = await openConfig()
  await store.updateSettings({ strategy: 'weighted', port: 9000 })
  await store.close()
  const database = new Database(join(dir, 'routex.db'))
  database.prepare(`UPDATE settings SET value = '"fastest"' WHERE name = 'strategy'`).run()
  database.close()

  const { store: again, logger } = await openConfig(dir)

  expect(again.settings()).toMatchObject({ strategy: 'priority', port: 9000 })
  expect(logger.lines).toMatchObject([{ level: 'warn', context: { name: 'strategy' } }])
})

test('of a stored list only the entries that are no longer allowed are left out, and told', async () => {
  const { store, dir } = await openConfig()
  await store.updateSettings({
    allowedHosts: ['one.lan', 'two.lan'],
    allowedOrigins: ['https://app.example'],
    port: 9000
  })
  await store.close()
  const database = new Database(join(dir, 'routex.db'))
  const put = database.prepare('UPDATE settings SET value = ? WHERE name = ?')
  put.run('["one.lan", "http://two.lan:80", "three.lan", 4]', 'allowedHosts')
  put.run('["app.example"]', 'allowedOrigins')
  database.close()

  const { store: again, logger } = await openConfig(dir)

  expect(again.settings()).toMatchObject({ allowedHosts: ['one.lan', 'three.lan'], allowedOrigins: [], port: 9000 })
  expect(logger.lines).toMatchObject([
    { level: 'warn', context: { name: 'allowedHosts' } },
    { level: 'warn', context: { name: 'allowedOrigins' } }
  ])
})

test('keyless requests can not be combined with an address that others reach', async () => {
  const { store } = await openConfig()
  const refused = { code: 'keyless_beyond_loopback', status: 400 }

  await expect(store.updateSettings({ host: '0.0.0.0', keyRequired: false })).rejects.toMatchObject(refused)
  await store.updateSettings({ keyRequired: false })
  await expect(store.updateSettings({ host: '192.168.1.5' })).rejects.toMatchObject(refused)

  expect(store.settings()).toMatchObject({ host: '127.0.0.1', keyRequired: false })
})

test('a default client key is made at the first start and stays the same', async () => {
  const { store, dir } = await openConfig()
  const secret = store.defaultClientKey()
  expect(secret).toMatch(/^rtx-[\w-]{43}$/)
  expect(store.clientKey(sha256Of(secret))).toMatchObject({ name: 'Default', allowedChannels: null, managedBy: 'user' })
  await store.close()

  const { store: again } = await openConfig(dir)

  expect(again.defaultClientKey()).toBe(secret)
  expect(again.clientKeyViews()).toHaveLength(1)
})

test('a client key is told once, is known by its hash, and may be kept to some channels', async () => {
  const { store, dir } = await openConfig()
  const { id } = await store.createChannel(input())

  const { key, secret } = await store.createClientKey({ name: 'Laptop', allowedChannels: [id], budget: null })

  expect(key).toMatchObject({ name: 'Laptop', last4: secret.slice(-4), allowedChannels: [id], lastUsedAt: null })
  expect(JSON.stringify(store.clientKeyViews())).not.toContain(secret)
  const unknown = store.createClientKey({ name: 'Bad', allowedChannels: ['ch_none' as ChannelId], budget: null })
  await expect(unknown).rejects.toMatchObject({ code: 'unknown_channel', status: 400 })
  await store.close()
  const { store: again } = await openConfig(dir)
  expect(again.clientKey(sha256Of(secret))).toMatchObject({ id: key.id, allowedChannels: [id], budget: null })
})

test('a revoked key is unknown at once, and when it was the last one a new default is made', async () => {
  const { store } = await openConfig()
  const secret = store.defaultClientKey()
  const id = store.clientKey(sha256Of(secret))?.id ?? ('' as ClientKeyId)

  await store.revokeClientKey(id)

  expect(store.clientKey(sha256Of(secret))).toBeUndefined()
  expect(store.defaultClientKey()).toMatch(/^rtx-/)
  expect(store.defaultClientKey()).not.toBe(secret)
  await expect(store.revokeClientKey(id)).rejects.toMatchObject({ code: 'not_found' })
})
