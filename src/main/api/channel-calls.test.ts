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

test('several channels are deleted in one call and come back in one, with what their end means for budgets', async () => {
  const { call, create } = await setup()
  const [one, two, three] = [await create('one'), await create('two'), await create('three')]
  const budget = { period: 'day', limitUsd: 5, then: 'switch', switchTo: one.id } as const
  for (const { id } of [two, three]) await call('channels.update', { id, change: { budget } })

  const ids = [one.id, two.id]
  expect(await call('channels.deleteMany', { ids })).toMatchObject({ ok: true, budgetsThatStop: ['three'] })
  expect((await call('channels.list', {})).channels.map(({ name }) => name)).toEqual(['three'])
  const { channels } = await call('channels.restoreMany', { ids })
  expect(channels.map(({ name, credentialLast4 }) => [name, credentialLast4])).toEqual([
    ['one', '-one'],
    ['two', '-two']
  ])
  await expect(call('channels.restoreMany', { ids })).rejects.toMatchObject({ status: 404 })
})

test('the deletion of the channel that is used alone lets all be used again', async () => {
  const { call, create } = await setup()
  const { id } = await create('one')
  await call('settings.update', { onlyChannel: id })
  await call('channels.delete', { id })
  expect(await call('settings.get', {})).toMatchObject({ settings: { onlyChannel: null } })
})

test('the undo of such a deletion lets it alone be used again, unless another was chosen meanwhile', async () => {
  const { call, create } = await setup()
  const [one, two] = [await create('one'), await create('two')]
  const only = async () => (await call('settings.get', {})).settings.onlyChannel
  await call('settings.update', { onlyChannel: one.id })
  await call('channels.delete', { id: one.id })
  await call('channels.restore', { id: one.id })
  expect(await only()).toBe(one.id)

  await call('channels.delete', { id: one.id })
  await call('settings.update', { onlyChannel: two.id })
  await call('channels.restore', { id: one.id })
  expect(await only()).toBe(two.id)
})

test('a credential does not follow its channel to another origin: it must be given again, or taken away', async () => {
  const { call, config } = await setup()
  const channel = { name: 'one', protocol: 'anthropic', baseUrl: 'https://api.anthropic.example' } as const
  const { id } = await call('channels.create', { ...channel, apiKey: 'sk-ant-secret-of-one' })
  const elsewhere = 'https://collector.example'

  await expect(call('channels.update', { id, change: { baseUrl: elsewhere } })).rejects.toMatchObject({
    code: 'credential_needed',
    status: 400,
    message: "change.apiKey must be given again: the channel's address changed",
    details: { problems: [{ path: 'change.apiKey' }] }
  })
  await expect(
    call('channels.update', { id, change: { baseUrl: 'http://api.anthropic.example' } })
  ).rejects.toMatchObject({ code: 'credential_needed' })
  expect(await call('channels.get', { id })).toMatchObject({ baseUrl: 'https://api.anthropic.example' })

  await call('channels.update', { id, change: { baseUrl: 'https://api.anthropic.example/v1', priority: 3 } })
  await call('channels.update', { id, change: { baseUrl: elsewhere, apiKey: 'sk-ant-new-and-long' } })
  const saved = config.channel(id)
  expect(saved && config.credential(saved)).toBe('sk-ant-new-and-long')
  await call('channels.update', { id, change: { baseUrl: 'https://other.example', apiKey: null } })
  await expect(call('channels.update', { id, change: { baseUrl: 'https://third.example' } })).resolves.toMatchObject({
    baseUrl: 'https://third.example',
    hasCredential: false
  })
})

test('neither does a header that may be secret', async () => {
  const { call } = await setup()
  const channel = { name: 'h', protocol: 'openai-chat', baseUrl: 'https://one.example' } as const
  const { id } = await call('channels.create', { ...channel, headers: { 'x-api-key': 'header-secret', accept: 'a/b' } })
  const baseUrl = 'https://two.example'
  const refused = { code: 'credential_needed', details: { problems: [{ path: 'change.headers.x-api-key' }] } }

  await expect(call('channels.update', { id, change: { baseUrl } })).rejects.toMatchObject(refused)
  const masked = { 'x-api-key': '****', accept: 'a/b' }
  await expect(call('channels.update', { id, change: { baseUrl, headers: masked } })).rejects.toMatchObject(refused)

  const headers = { 'x-api-key': 'another-secret', accept: 'a/b' }
  await expect(call('channels.update', { id, change: { baseUrl, headers } })).resolves.toMatchObject({ baseUrl })
})

test('a masked header is the saved one however its name is written, and moves no further for it', async () => {
  const { call, config, create } = await setup()
  const { id } = await create('one')
  await call('channels.update', { id, change: { headers: { 'X-Team': '****' } } })
  expect(config.channel(id)?.headers).toEqual({ 'X-Team': 'team-of-one' })

  const change = { baseUrl: 'https://collector.example', apiKey: 'sk-new-and-long', headers: { 'x-TEAM': '****' } }
  await expect(call('channels.update', { id, change })).rejects.toMatchObject({ code: 'credential_needed' })
})

test('what is tried out elsewhere takes no saved credential along', async () => {
  const { call, create } = await setup()
  const { id } = await create('one')
  const channel = { name: 'one', protocol: 'anthropic', baseUrl: 'https://collector.example' } as const

  const refused = { code: 'credential_needed', details: { problems: [{ path: 'channel.apiKey' }] } }
  await expect(call('channels.tryOut', { id, channel })).rejects.toMatchObject(refused)
  await expect(call('channels.models', { id, channel })).rejects.toMatchObject(refused)
})

test('a mask with no saved value behind it is refused as a header and as a key, and nothing is saved', async () => {
  const { call, create } = await setup()
  const { id } = await create('one')
  const plain = { protocol: 'anthropic', baseUrl: 'https://api.anthropic.example' } as const
  const refused = (path: string) => ({ code: 'bad_arguments', status: 400, details: { problems: [{ path }] } })
  const headers = { 'x-other': '****', accept: '*' }

  const created = call('channels.create', { ...plain, name: 'two', headers })
  await expect(created).rejects.toMatchObject(refused('headers.x-other'))
  const changed = call('channels.update', { id, change: { headers } })
  await expect(changed).rejects.toMatchObject(refused('change.headers.x-other'))
  const tried = call('channels.tryOut', { id, channel: { ...plain, name: 'one', headers } })
  await expect(tried).rejects.toMatchObject(refused('channel.headers.x-other'))
  await expect(call('channels.create', { ...plain, name: 'two', apiKey: '****' })).rejects.toMatchObject(
    refused('apiKey')
  )
  await expect(call('channels.update', { id, change: { apiKey: '••••' } })).rejects.toMatchObject(
    refused('change.apiKey')
  )

  expect((await call('channels.list', {})).channels).toMatchObject([
    { name: 'one', credentialLast4: '-one', headers: { 'x-team': '****' } }
  ])
})

const groq = { protocol: 'openai-chat', baseUrl: 'https://api.groq.com/openai/v1' } as const
const groqQuirks = { dropsFields: expect.arrayContaining(['prompt_cache_key']) as string[] }

test('a channel that is made without quirks has those of the vendor whose protocol and host it has', async () => {
  const { call, config } = await setup()
  expect(await call('channels.create', { name: 'known', ...groq })).toMatchObject({ quirks: groqQuirks })
  expect(await call('channels.create', { name: 'bare', ...groq, quirks: {} })).toMatchObject({ quirks: {} })
  const elsewhere = await call('channels.create', { name: 'elsewhere', ...groq, baseUrl: 'https://groq.example/v1' })
  expect(elsewhere.quirks).toEqual({})
  config.applyFile(fileConfig.parse({ channels: [{ name: 'filed', ...groq }] }))
  expect(config.channels().find(({ name }) => name === 'filed')).toMatchObject({ quirks: groqQuirks })
})

test('what was known of a vendor does not follow a channel to another; what was said does', async () => {
  const { call } = await setup()
  const move = async (quirks?: object) => {
    const { id } = await call('channels.create', { name: `moves ${JSON.stringify(quirks)}`, ...groq, ...quirks })
    const renamed = await call('channels.update', { id, change: { weight: 2 } })
    const moved = await call('channels.update', { id, change: { baseUrl: 'https://api.x.ai/v1' } })
    return [renamed.quirks, moved.quirks]
  }
  expect(await move()).toMatchObject([groqQuirks, { dropsFields: ['presence_penalty', 'frequency_penalty', 'stop'] }])
  const said = { maxTemperature: 1 }
  expect(await move({ quirks: said })).toEqual([said, said])
})
