import { expect, test } from 'vitest'
import { file, input, openConfig } from '../../../../test/support/open-config'
import type { ChannelId, ClientKeyId } from '../../../shared/ids'
import { sha256Of } from './client-key-table'

test('the text of a key can be told again, also after a restart', async () => {
  const { store, dir } = await openConfig()
  const { key, secret } = await store.createClientKey({ name: 'Laptop', allowedChannels: null, budget: null })
  expect(store.clientKeySecret(key.id)).toBe(secret)
  await store.close()

  const { store: again } = await openConfig(dir)

  expect(again.clientKeySecret(key.id)).toBe(secret)
  await again.revokeClientKey(key.id)
  expect(again.clientKeySecret(key.id)).toBeUndefined()
})

test("the text of the config file's keys can be told while they stand there", async () => {
  const { store } = await openConfig()
  store.applyFile(
    file({
      clientKeys: [
        { name: 'ci', key: 'k'.repeat(20) },
        { name: 'laptop', key: 'l'.repeat(20) }
      ]
    })
  )

  expect(store.clientKeySecret('file:laptop' as ClientKeyId)).toBe('l'.repeat(20))
  expect(store.defaultClientKey()).toBe('k'.repeat(20))
  store.applyFile(file({}))
  expect(store.clientKeySecret('file:laptop' as ClientKeyId)).toBeUndefined()
})

test('a renamed or rescoped key stays the same key', async () => {
  const { store, dir, changes } = await openConfig()
  const { id } = await store.createChannel(input())
  const { key, secret } = await store.createClientKey({ name: 'Laptop', allowedChannels: null, budget: null })
  changes.length = 0

  expect(await store.updateClientKey(key.id, { name: 'Work laptop' })).toEqual({ ...key, name: 'Work laptop' })
  expect(await store.updateClientKey(key.id, { allowedChannels: [id], budget: null })).toMatchObject({
    allowedChannels: [id]
  })

  expect(changes).toEqual([{ kind: 'client_key' }, { kind: 'client_key' }])
  expect(store.clientKey(sha256Of(secret))).toMatchObject({ name: 'Work laptop', allowedChannels: [id], budget: null })
  await store.close()
  const { store: again } = await openConfig(dir)
  expect(again.clientKey(sha256Of(secret))).toMatchObject({ name: 'Work laptop', allowedChannels: [id], budget: null })
  await expect(again.updateClientKey(key.id, { allowedChannels: null, budget: null })).resolves.toMatchObject({
    allowedChannels: null
  })
})

test('a key can not be kept to a channel that is not there, but may keep one that was deleted', async () => {
  const { store } = await openConfig()
  const { id } = await store.createChannel(input())
  const { key } = await store.createClientKey({ name: 'Laptop', allowedChannels: [id], budget: null })

  await expect(
    store.updateClientKey(key.id, { allowedChannels: ['ch_none' as ChannelId], budget: null })
  ).rejects.toMatchObject({
    code: 'unknown_channel',
    status: 400
  })
  await store.deleteChannel(id)

  await expect(store.updateClientKey(key.id, { allowedChannels: [id], budget: null })).resolves.toMatchObject({
    allowedChannels: [id]
  })
})

test("a key that is not there, or is the config file's, can not be changed", async () => {
  const { store } = await openConfig()
  store.applyFile(file({ clientKeys: [{ name: 'ci', key: 'k'.repeat(20) }] }))

  await expect(store.updateClientKey('key_none' as ClientKeyId, { name: 'x' })).rejects.toMatchObject({
    code: 'not_found',
    status: 404
  })
  await expect(store.updateClientKey('file:ci' as ClientKeyId, { name: 'x' })).rejects.toMatchObject({
    code: 'managed_by_config_file',
    status: 409
  })
})
