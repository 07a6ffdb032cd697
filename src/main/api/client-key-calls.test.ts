import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import { makeRecord } from '../../../test/support/request-record'
import { fileConfig } from '../../shared/config-file'
import { channelId, clientKeyId } from '../../shared/ids'

const main = { name: 'main', protocol: 'anthropic', baseUrl: 'https://api.anthropic.example' } as const

test('a key is renamed and told which channels it may use, and keeps its text', async () => {
  const { call } = await makeApiWorld()
  const channel = await call('channels.create', main)
  const { key, secret } = await call('clientKeys.create', { name: 'laptop' })
  const renamed = await call('clientKeys.update', { id: key.id, change: { name: 'desk' } })
  expect(renamed).toEqual({ ...key, name: 'desk' })
  const limited = await call('clientKeys.update', { id: key.id, change: { allowedChannels: [channel.id] } })
  expect(limited).toMatchObject({ name: 'desk', allowedChannels: [channel.id] })
  expect(await call('clientKeys.reveal', { id: key.id })).toEqual({ secret })
})

test('a key that may use a channel that there is not is refused', async () => {
  const { call } = await makeApiWorld()
  const { key } = await call('clientKeys.create', { name: 'laptop' })
  const change = { allowedChannels: [channelId.parse('ch_none')] }
  await expect(call('clientKeys.update', { id: key.id, change })).rejects.toMatchObject({ status: 400 })
})

test('a changed key still says when it was last used', async () => {
  const { call, rows, clock } = await makeApiWorld()
  const { key } = await call('clientKeys.create', { name: 'laptop' })
  const at = clock.now() - 5000
  const row = { ...makeRecord({ clientKeyId: key.id, at }), costUsd: null, priceSource: null }
  rows.rows = [row]
  rows.timeseries = async () => [{ ...(await rows.overview()), at: 0, group: key.id }]
  expect(await call('clientKeys.update', { id: key.id, change: {} })).toMatchObject({ lastUsedAt: at })
})

test('the text of a key can be told again, that of the config file too', async () => {
  const { call, config } = await makeApiWorld()
  const { key, secret } = await call('clientKeys.create', { name: 'laptop' })
  expect(await call('clientKeys.reveal', { id: key.id })).toEqual({ secret })
  config.applyFile(fileConfig.parse({ clientKeys: [{ name: 'filed', key: 'rtx-0123456789abcdef' }] }))
  const filed = (await call('clientKeys.list', {})).keys.find(({ managedBy }) => managedBy === 'config-file')
  if (!filed) throw new Error('the file was not applied')
  expect(await call('clientKeys.reveal', { id: filed.id })).toEqual({ secret: 'rtx-0123456789abcdef' })
  await expect(call('clientKeys.update', { id: filed.id, change: { name: 'x' } })).rejects.toMatchObject({
    status: 409
  })
})

test('a key that there is not, or whose text is lost, is not revealed', async () => {
  const { call, config } = await makeApiWorld()
  await expect(call('clientKeys.reveal', { id: clientKeyId.parse('x') })).rejects.toMatchObject({ status: 404 })
  await expect(call('clientKeys.update', { id: clientKeyId.parse('x'), change: {} })).rejects.toMatchObject({
    status: 404
  })
  const { key } = await call('clientKeys.create', { name: 'laptop' })
  config.clientKeySecret = () => undefined
  await expect(call('clientKeys.reveal', { id: key.id })).rejects.toMatchObject({ status: 409 })
})
