import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import { fileConfig } from '../../shared/config-file'
import { channelId } from '../../shared/ids'

const none = channelId.parse('ch_none')

async function setup() {
  const world = await makeApiWorld()
  const create = (name: string) =>
    world.call('channels.create', {
      name,
      protocol: 'anthropic',
      baseUrl: 'https://api.anthropic.example',
      apiKey: `sk-ant-secret-of-${name}`,
      headers: { 'x-team': `team-of-${name}` }
    })
  return { ...world, create }
}

test('several channels are arranged at once, each by what is given alone', async () => {
  const { call, create } = await setup()
  const [one, two] = [await create('one'), await create('two')]
  const changes = [
    { id: one.id, priority: 2, enabled: false },
    { id: two.id, weight: 3 }
  ]
  const { channels } = await call('channels.arrange', { changes })
  expect(channels.map(({ name, priority, weight, enabled }) => ({ name, priority, weight, enabled }))).toEqual([
    { name: 'one', priority: 2, weight: 1, enabled: false },
    { name: 'two', priority: 50, weight: 3, enabled: true }
  ])
})

test('of channels that are arranged all change or none', async () => {
  const { call, config, create } = await setup()
  const { id } = await create('one')
  config.applyFile(
    fileConfig.parse({ channels: [{ name: 'filed', protocol: 'gemini', baseUrl: 'https://g.example' }] })
  )
  const filed = config.channels().find(({ managedBy }) => managedBy === 'config-file')
  if (!filed) throw new Error('the file was not applied')
  const arrange = (other: typeof id) =>
    call('channels.arrange', {
      changes: [
        { id, priority: 9 },
        { id: other, priority: 9 }
      ]
    })
  await expect(arrange(none)).rejects.toMatchObject({ status: 404 })
  await expect(arrange(filed.id)).rejects.toMatchObject({ status: 409 })
  expect(await call('channels.get', { id })).toMatchObject({ priority: 50 })
})

test('a copy has the credential and the headers of its original, a name of its own, and is disabled', async () => {
  const { call, config, create } = await setup()
  const original = await create('one')
  const copy = await call('channels.duplicate', { id: original.id })
  expect(copy).toMatchObject({ enabled: false, credentialLast4: '-one', baseUrl: original.baseUrl, managedBy: 'user' })
  expect(copy.name).not.toBe(original.name)
  expect(copy.id).not.toBe(original.id)
  const saved = config.channel(copy.id)
  expect(saved && [config.credential(saved), saved.headers]).toEqual([
    'sk-ant-secret-of-one',
    { 'x-team': 'team-of-one' }
  ])
  await expect(call('channels.duplicate', { id: none })).rejects.toMatchObject({ status: 404 })
})

test('a deleted channel comes back under its id and with its credential, until it is too late', async () => {
  const { call, config, create, clock } = await setup()
  const one = await create('one')
  const { restorableUntil } = await call('channels.delete', { id: one.id })
  expect(restorableUntil).toBeGreaterThan(clock.now())
  expect(await call('channels.restore', { id: one.id })).toEqual(one)
  const saved = config.channel(one.id)
  expect(saved && config.credential(saved)).toBe('sk-ant-secret-of-one')
  await call('channels.delete', { id: one.id })
  clock.advance(restorableUntil - clock.now() + 1)
  await expect(call('channels.restore', { id: one.id })).rejects.toMatchObject({ status: 404 })
  await expect(call('channels.restore', { id: none })).rejects.toMatchObject({ status: 404 })
})

test('the deletion of the channel that is used alone lets all be used again', async () => {
  const { call, create } = await setup()
  const { id } = await create('one')
  await call('settings.update', { onlyChannel: id })
  await call('channels.delete', { id })
  expect(await call('settings.get', {})).toMatchObject({ settings: { onlyChannel: null } })
})
