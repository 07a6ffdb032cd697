import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import { makeRecord } from '../../../test/support/request-record'
import { fileConfig } from '../../shared/config-file'
import { calls } from '../../shared/contract'
import { channelId, clientKeyId, requestId } from '../../shared/ids'
import { StorageError } from '../storage/errors'

const main = { name: 'main', protocol: 'anthropic', baseUrl: 'https://api.anthropic.example' } as const
const fromFile = fileConfig.parse({
  settings: { strategy: 'weighted' },
  channels: [{ ...main, name: 'filed' }],
  clientKeys: [{ name: 'filed', key: 'rtx-0123456789abcdef' }]
})

test('every call of the contract that takes nothing answers what the contract says', async () => {
  const { call } = await makeApiWorld()
  const names = Object.keys(calls) as (keyof typeof calls)[]
  // It takes one of two, which no schema of its fields says.
  for (const name of names.filter((each) => each !== 'channels.models')) {
    if (calls[name].params.safeParse({}).success) await expect(call(name, {}), name).resolves.toBeDefined()
  }
})

test('a name that there is not is a 404 that says what was meant', async () => {
  const { api } = await makeApiWorld()
  await expect(api.call('channel.list', {})).rejects.toMatchObject({
    status: 404,
    message: 'There is no call "channel.list"; did you mean "channels.list"?'
  })
  await expect(api.call('toString', {})).rejects.toMatchObject({ status: 404 })
  expect(() => api.stream('logs.query', {})).toThrow('There is no call "logs.query"')
})

test('bad arguments are a 400 with each path and what is allowed there', async () => {
  const { api } = await makeApiWorld()
  const bad = { ...main, protocol: 'claude', priority: -1, apikey: 'sk-secret' }
  await expect(api.call('channels.create', bad)).rejects.toMatchObject({
    code: 'bad_arguments',
    status: 400,
    details: {
      problems: [
        { path: 'protocol', message: 'must be one of "anthropic", "openai-chat", "openai-responses", "gemini"' },
        { path: 'priority', message: 'must be a whole number from 0 to 1000' },
        { path: 'apikey', message: 'is not known; did you mean "apiKey"?' }
      ]
    }
  })
  await expect(api.call('logs.query', { limit: 501 })).rejects.toMatchObject({ status: 400 })
  expect(() => api.stream('logs.export', { format: 'xml' })).toThrow('format must be one of "jsonl", "csv"')
})

test('a channel that is read back never carries its secrets', async () => {
  const { call } = await makeApiWorld()
  const headers = { 'x-auth-token': 'header-secret', 'x-foo': 'sk-ant-secret', 'User-Agent': 'mine', 'x-title': 'eu' }
  const created = await call('channels.create', { ...main, apiKey: 'sk-ant-secret-wxyz', headers })
  expect(created).toMatchObject({ hasCredential: true, credentialLast4: 'wxyz' })
  expect(created.headers).toEqual({ 'x-auth-token': '****', 'x-foo': '****', 'User-Agent': 'mine', 'x-title': 'eu' })
  const all = [
    await call('channels.list', {}),
    await call('channels.get', { id: created.id }),
    await call('config.export', {})
  ]
  expect(JSON.stringify([created, ...all])).not.toContain('secret')
})

test('a header that was only seen masked stays as it was when it is sent back', async () => {
  const { call, config } = await makeApiWorld()
  const { id } = await call('channels.create', { ...main, headers: { 'x-auth-token': 'secret' } })
  const { headers } = await call('channels.get', { id })
  await call('channels.update', { id, change: { headers: { ...headers, 'x-region': 'eu' } } })
  expect(config.channel(id)?.headers).toEqual({ 'x-auth-token': 'secret', 'x-region': 'eu' })
})

test('a channel is changed by what is given alone, and deleted', async () => {
  const { call } = await makeApiWorld()
  const { id } = await call('channels.create', { ...main, apiKey: 'sk-ant-secret-wxyz', priority: 3 })
  expect(await call('channels.update', { id, change: { enabled: false } })).toMatchObject({
    enabled: false,
    priority: 3,
    hasCredential: true
  })
  expect(await call('channels.update', { id, change: { apiKey: null } })).toMatchObject({ hasCredential: false })
  expect(await call('channels.delete', { id })).toMatchObject({ ok: true })
  await expect(call('channels.get', { id })).rejects.toMatchObject({ code: 'not_found', status: 404 })
})

test('what is not there is a 404 for every call that names it', async () => {
  const { call } = await makeApiWorld()
  const id = channelId.parse('ch_none')
  for (const name of ['channels.get', 'channels.delete', 'channels.test', 'channels.clearHealth'] as const) {
    await expect(call(name, { id }), name).rejects.toMatchObject({ status: 404 })
  }
  await expect(call('channels.update', { id, change: {} })).rejects.toMatchObject({ status: 404 })
  await expect(call('clientKeys.revoke', { id: clientKeyId.parse('x') })).rejects.toMatchObject({ status: 404 })
  await expect(call('logs.get', { id: requestId.parse('x') })).rejects.toMatchObject({ status: 404 })
})

test('B41 a channel that leads back to Routex is refused, when it is made and when it is changed', async () => {
  const { call } = await makeApiWorld()
  const loop = { status: 400, details: { problems: [{ path: 'baseUrl' }] } }
  await expect(call('channels.create', { ...main, baseUrl: 'http://localhost:8080/v1' })).rejects.toMatchObject(loop)
  const { id } = await call('channels.create', main)
  const change = { baseUrl: 'http://[::1]:8080' }
  await expect(call('channels.update', { id, change })).rejects.toMatchObject({
    details: { problems: [{ path: 'change.baseUrl' }] }
  })
  expect(await call('channels.list', {})).toMatchObject({ channels: [{ baseUrl: main.baseUrl }] })
})

test('what the config file manages is marked, and a 409 to change', async () => {
  const { call, config } = await makeApiWorld()
  config.applyFile(fromFile)
  const { channels } = await call('channels.list', {})
  const { keys } = await call('clientKeys.list', {})
  const [channel, key] = [channels[0], keys[0]]
  if (!channel || !key) throw new Error('the file was not applied')
  expect([channel.managedBy, key.managedBy]).toEqual(['config-file', 'config-file'])
  expect(await call('settings.get', {})).toMatchObject({ settings: { strategy: 'weighted' }, managed: ['strategy'] })
  const managed = { code: 'managed_by_config_file', status: 409 }
  await expect(call('channels.update', { id: channel.id, change: {} })).rejects.toMatchObject(managed)
  await expect(call('channels.delete', { id: channel.id })).rejects.toMatchObject(managed)
  await expect(call('clientKeys.revoke', { id: key.id })).rejects.toMatchObject(managed)
  await expect(call('settings.update', { strategy: 'priority' })).rejects.toMatchObject(managed)
})

test('what became of a channel’s health is told, the newest first, and of no channel a 404', async () => {
  const { call, config, health, clock } = await makeApiWorld()
  const { id } = await call('channels.create', main)
  expect(await call('stats.healthHistory', { id })).toEqual({ changes: [] })
  const channel = config.channel(id)
  if (channel === undefined) throw new Error('the channel is not there')
  const observed = health.of(channel)
  observed.fail({ kind: 'auth', message: 'invalid key' }, observed.begin(clock.now()), channel, null, clock.now())
  health.clear(id)
  expect(await call('stats.healthHistory', { id })).toMatchObject({
    changes: [{ state: 'closed' }, { state: 'auth_failed', cause: 'invalid key', at: clock.now() }]
  })
  await expect(call('stats.healthHistory', { id: 'nobody' })).rejects.toMatchObject({ status: 404 })
})

test('a name that is taken is a 409', async () => {
  const { call } = await makeApiWorld()
  await call('channels.create', main)
  await expect(call('channels.create', main)).rejects.toMatchObject({ code: 'name_taken', status: 409 })
})

test('settings are changed by what is given, and a new address needs a restart unless the start gave one', async () => {
  const { call, gateway } = await makeApiWorld()
  expect(await call('settings.update', { strategy: 'least_used' })).toMatchObject({
    settings: { strategy: 'least_used', port: 8080 },
    restartNeeded: false
  })
  expect(await call('settings.update', { port: 9000 })).toMatchObject({ settings: { port: 9000 }, restartNeeded: true })
  gateway.givenAtStart = { host: null, port: 7000 }
  expect(await call('settings.update', { port: 9001 })).toMatchObject({ restartNeeded: false })
})

test('keyless requests can not be combined with an address that others reach', async () => {
  const { call } = await makeApiWorld()
  const refused = { status: 400, details: { problems: [{ path: 'keyRequired' }] } }
  await expect(call('settings.update', { host: '0.0.0.0', keyRequired: false })).rejects.toMatchObject(refused)
  await call('settings.update', { keyRequired: false })
  await expect(call('settings.update', { host: '0.0.0.0' })).rejects.toMatchObject(refused)
})

test('the channel that is used alone must be one that there is', async () => {
  const { call } = await makeApiWorld()
  const { id } = await call('channels.create', main)
  expect(await call('settings.update', { onlyChannel: id })).toMatchObject({ settings: { onlyChannel: id } })
  await expect(call('settings.update', { onlyChannel: channelId.parse('ch_none') })).rejects.toMatchObject({
    code: 'unknown_channel',
    status: 400
  })
  expect(await call('settings.update', { onlyChannel: null })).toMatchObject({ settings: { onlyChannel: null } })
})

test('the text of a client key is told once', async () => {
  const { call } = await makeApiWorld()
  const { key, secret } = await call('clientKeys.create', { name: 'laptop' })
  expect(secret).toMatch(/^rtx-/)
  expect(secret.endsWith(key.last4)).toBe(true)
  expect(JSON.stringify(await call('clientKeys.list', {}))).not.toContain(secret)
  expect(await call('clientKeys.revoke', { id: key.id })).toEqual({ ok: true })
})

test('headless is paused but never turned off, the desktop is', async () => {
  const { call, gateway } = await makeApiWorld()
  expect(await call('gateway.setState', { state: 'paused' })).toMatchObject({ state: 'paused' })
  await expect(call('gateway.setState', { state: 'off' })).rejects.toMatchObject({
    code: 'cannot_turn_off',
    status: 409
  })
  gateway.canTurnOff = true
  expect(await call('gateway.setState', { state: 'off' })).toMatchObject({ state: 'off', url: null })
})

test('minutes belong to a pause alone', async () => {
  const { call } = await makeApiWorld()
  expect(await call('gateway.setState', { state: 'paused', minutes: 15 })).toMatchObject({ pausedUntil: 900_000 })
  await expect(call('gateway.setState', { state: 'on', minutes: 15 })).rejects.toMatchObject({
    status: 400,
    details: { problems: [{ path: 'minutes' }] }
  })
  await expect(call('gateway.setState', { state: 'paused', minutes: 0 })).rejects.toMatchObject({ status: 400 })
})

test('an error of a layer below keeps its code and its status, any other stays as it is', async () => {
  const { api, rows } = await makeApiWorld()
  rows.query = () => Promise.reject(new StorageError('bad_cursor', 'no such cursor'))
  await expect(api.call('logs.query', {})).rejects.toMatchObject({ name: 'ApiError', code: 'bad_cursor', status: 400 })
  const bug = new TypeError('a bug')
  rows.query = () => Promise.reject(bug)
  await expect(api.call('logs.query', {})).rejects.toBe(bug)
})

test('rows are read by page and by id', async () => {
  const { call, rows } = await makeApiWorld()
  rows.rows = ['a', 'b', 'c'].map((id) => ({
    ...makeRecord({ id: requestId.parse(id) }),
    costUsd: 1,
    priceSource: 'x'
  }))
  const first = await call('logs.query', { limit: 2, filter: { outcome: ['ok'] } })
  expect([first.rows.map(({ id }) => id), first.nextCursor]).toEqual([['a', 'b'], '2'])
  expect(rows.queries[0]).toEqual({ limit: 2, filter: { outcome: ['ok'] } })
  expect(await call('logs.get', { id: requestId.parse('c') })).toMatchObject({ id: 'c' })
})

test('a period that ends before it begins is refused', async () => {
  const { call } = await makeApiWorld()
  await expect(call('stats.overview', { from: 2, to: 1 })).rejects.toMatchObject({ status: 400 })
  await expect(call('stats.timeseries', { from: 1, to: 1, bucket: 'hour' })).rejects.toMatchObject({ status: 400 })
})

test('clearing the health of a channel ends its auth failure', async () => {
  const { call, config, health } = await makeApiWorld()
  const { id } = await call('channels.create', { ...main, apiKey: 'sk-ant-secret-wxyz' })
  const channel = config.channel(id)
  if (!channel) throw new Error('the channel is not there')
  const verdict = { kind: 'auth', message: 'invalid x-api-key' } as const
  health.of(channel).fail(verdict, health.of(channel).begin(0), channel, null, 0)
  expect(await call('stats.health', {})).toMatchObject({ channels: [{ id, state: 'auth_failed' }] })
  expect(await call('channels.clearHealth', { id })).toMatchObject({ state: 'closed' })
})

test('sessions are listed and unpinned', async () => {
  const { call, affinity } = await makeApiWorld()
  for (const sessionId of ['one', 'two']) {
    affinity.bind({ clientKeyId: null, sessionId, model: 'claude-x' }, channelId.parse('ch_1'), null)
  }
  const { sessions, total } = await call('sessions.list', { limit: 1 })
  expect([sessions.map(({ sessionId }) => sessionId), total]).toEqual([['two'], 2])
  expect(await call('sessions.clear', { key: sessions[0]?.key })).toEqual({ cleared: 1 })
  expect(await call('sessions.clear', {})).toEqual({ cleared: 1 })
})
