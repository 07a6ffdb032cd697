import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import { startFakeUpstream, type Script } from '../../../test/support/fake-upstream'
import { hangForever, json } from '../../../test/support/scripts'
import type { ChannelInput } from '../../shared/channel'

async function setup() {
  const world = await makeApiWorld()
  const upstream = await startFakeUpstream()
  const { catalog } = world.dependencies
  const create = (name: string, input: Partial<ChannelInput>) =>
    world.call('channels.create', { name, protocol: 'openai-chat', baseUrl: upstream.url, apiKey: 'sk-x', ...input })
  return { ...world, upstream, catalog, create }
}
const listing = (...ids: string[]): Script => json(200, { object: 'list', data: ids.map((id) => ({ id })) })

test('names, mapped names and what of the upstream’s list fits the globs are merged, each once', async () => {
  const { upstream, catalog, create } = await setup()
  upstream.always(listing('gpt-b', 'gpt-a', 'o-c'))
  await create('one', { models: ['gpt-*', 'own'], modelMap: { 'gpt-fast': 'gpt-a', other: 'gpt-b', 'gpt-*': 'gpt-a' } })
  await create('two', { models: ['own', 'o-?'] })
  await create('three', { models: ['off'], enabled: false })
  expect(await catalog.list(null, {})).toEqual(['own', 'gpt-fast', 'gpt-b', 'gpt-a', 'o-c'])
})

test('a channel without globs is not asked', async () => {
  const { upstream, catalog, create } = await setup()
  await create('one', { models: ['a', 'b'] })
  expect(await catalog.list(null, {})).toEqual(['a', 'b'])
  expect(upstream.requests).toEqual([])
})

test('a key sees the models of its channels alone', async () => {
  const { catalog, create, call, config } = await setup()
  await create('one', { models: ['a'] })
  const two = await create('two', { models: ['b'] })
  const { key } = await call('clientKeys.create', { name: 'limited', allowedChannels: [two.id] })
  const found = config.clientKeys().find(({ id }) => id === key.id)
  if (!found) throw new Error('the key is not there')
  expect(await catalog.list(found, {})).toEqual(['b'])
})

test('an upstream’s list is kept for five minutes, and asked for again when the channel is another', async () => {
  const { upstream, catalog, create, call, clock } = await setup()
  upstream.always(listing('gpt-a'))
  const { id } = await create('one', { models: ['*'] })
  await Promise.all([catalog.list(null, {}), catalog.list(null, {})])
  clock.advance(299_999)
  await catalog.list(null, {})
  expect(upstream.requests).toHaveLength(1)
  clock.advance(1)
  await catalog.list(null, {})
  expect(upstream.requests).toHaveLength(2)
  await call('channels.update', { id, change: { apiKey: 'sk-y' } })
  await catalog.list(null, {})
  expect(upstream.requests).toHaveLength(3)
})

test('a list that can not be had leaves the others, and is asked for again after half a minute', async () => {
  const { upstream, catalog, create, clock } = await setup()
  upstream.next(json(500, {}))
  upstream.always(listing('gpt-a'))
  await create('one', { models: ['*', 'own'] })
  expect(await catalog.list(null, {})).toEqual(['own'])
  clock.advance(29_999)
  expect(await catalog.list(null, {})).toEqual(['own'])
  clock.advance(1)
  expect(await catalog.list(null, {})).toEqual(['own', 'gpt-a'])
})

test('an upstream that hangs holds a client up for five seconds at most', async () => {
  const { upstream, catalog, create, clock } = await setup()
  upstream.always(hangForever)
  await create('one', { models: ['*', 'own'] })
  const listed = catalog.list(null, {})
  await upstream.request(1)
  clock.advance(5000)
  expect(await listed).toEqual(['own'])
})

test.each([
  ['not JSON', { status: 200, body: '<html>' }],
  ['another shape', { status: 200, body: '{"data":[{"name":1}]}' }]
])('%s is no list', async (_name, { status, body }) => {
  const { upstream, catalog, create } = await setup()
  upstream.always(({ response }) => void response.writeHead(status).end(body))
  await create('one', { models: ['*', 'own'] })
  expect(await catalog.list(null, {})).toEqual(['own'])
})

test.each([
  [
    'odd entries',
    { data: [null, 7, 'gpt-b', { id: 'gpt-a' }, {}, { id: 9 }, { id: '' }, { id: 'x'.repeat(201) }, ['gpt-c']] }
  ],
  ['a bare array', [{ id: 'gpt-b' }, { name: 'models/gpt-a' }, { type: 'model' }]],
  ['entries of both shapes', { models: [{ name: 'models/gpt-b' }, { id: 'gpt-a' }] }],
  ['a list under each name', { data: [], models: [{ name: 'gpt-b' }, { name: 'gpt-a' }] }]
])('of a list with %s what can be read is taken', async (_name, body) => {
  const { upstream, catalog, create } = await setup()
  upstream.always(json(200, body))
  await create('one', { models: ['gpt-*'] })
  expect(await catalog.list(null, {})).toEqual(['gpt-b', 'gpt-a'])
})

test('each protocol is asked for its list in its own way', async () => {
  const { upstream, catalog, create } = await setup()
  upstream.always(({ request, response }) => {
    const names = { models: [{ name: 'models/gemini-x' }] }
    const ids = { data: [{ id: 'claude-x', type: 'model' }], has_more: false }
    response.writeHead(200).end(JSON.stringify(request.target.includes('v1beta') ? names : ids))
  })
  await create('claude', { protocol: 'anthropic' })
  await create('google', { protocol: 'gemini' })
  expect(await catalog.list(null, {})).toEqual(['claude-x', 'gemini-x'])
  const asked = upstream.requests.map(({ target, headers }) => [
    target,
    headers['x-api-key'] ?? headers['x-goog-api-key']
  ])
  expect(asked).toEqual([
    ['/v1/models?limit=1000', 'sk-x'],
    ['/v1beta/models?pageSize=1000', 'sk-x']
  ])
})

test('a channel’s own place and header are used for its list, without the protocol’s query', async () => {
  const { upstream, catalog, create } = await setup()
  upstream.always(listing('anthropic/claude-x'))
  const quirks = { modelsPath: '/api/v1/models?kind=chat', authHeader: 'authorization' } as const
  await create('router', { protocol: 'anthropic', baseUrl: `${upstream.url}/api/anthropic`, quirks })
  await create('azure', { baseUrl: `${upstream.url}/openai/v1`, quirks: { authHeader: 'api-key' } })
  expect(await catalog.list(null, {})).toEqual(['anthropic/claude-x'])
  const asked = upstream.requests.map(({ target, headers }) => [
    target,
    headers.authorization,
    headers['x-api-key'],
    headers['api-key']
  ])
  expect(asked).toEqual([
    ['/api/v1/models?kind=chat', 'Bearer sk-x', undefined, undefined],
    ['/openai/v1/models', undefined, undefined, 'sk-x']
  ])
})

test('a vendor without a list is not asked for it', async () => {
  const { upstream, catalog, create, call } = await setup()
  const { id } = await create('azure', { models: ['*', 'own'], quirks: { modelsPath: null } })
  expect(await catalog.list(null, {})).toEqual(['own'])
  await expect(call('channels.models', { id })).rejects.toThrow(/no list of models/)
  expect(upstream.requests).toEqual([])
})

test('the API answers what is in memory, and asks again when it is told to', async () => {
  const { upstream, catalog, create, call, clock } = await setup()
  upstream.next(listing('gpt-a'), listing('gpt-b'))
  upstream.always(listing('gpt-c'))
  const { id } = await create('one', { models: ['*'] })
  expect(await call('channels.models', { id })).toEqual({ models: ['gpt-a'] })
  expect(await call('channels.models', { id })).toEqual({ models: ['gpt-a'] })
  expect(await call('channels.models', { id, refresh: true })).toEqual({ models: ['gpt-b'] })
  expect(await catalog.list(null, {})).toEqual(['gpt-b'])
  expect(upstream.requests).toHaveLength(2)
  clock.advance(300_000)
  expect(await call('channels.models', { id })).toEqual({ models: ['gpt-c'] })
})

test('a list that could not be had is asked for at once when it is told to', async () => {
  const { upstream, create, call } = await setup()
  upstream.next(json(500, {}))
  upstream.always(listing('gpt-a'))
  const { id } = await create('one', { models: ['*'] })
  await expect(call('channels.models', { id })).rejects.toMatchObject({ code: 'no_model_list' })
  await expect(call('channels.models', { id })).rejects.toMatchObject({ code: 'no_model_list' })
  expect(await call('channels.models', { id, refresh: true })).toEqual({ models: ['gpt-a'] })
})

test('B41 a channel that leads back to Routex is not asked for its list', async () => {
  const { upstream, catalog, create, gateway } = await setup()
  await create('one', { models: ['*', 'own'] })
  gateway.own = [{ host: '127.0.0.1', port: Number(new URL(upstream.url).port) }]
  expect(await catalog.list(null, {})).toEqual(['own'])
  expect(upstream.requests).toEqual([])
})

test('the Demo lists one model', async () => {
  const { catalog } = await setup()
  expect(await catalog.list(null, {})).toEqual(['demo'])
})
