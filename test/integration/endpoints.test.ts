import { expect, test } from 'vitest'
import { startFakeUpstream } from '../support/fake-upstream'
import { byPath, json } from '../support/scripts'
import { channelOf, withChannels } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, gemini, openaiChat, says } from '../support/vendors/vendors'

test('GET /health tells liveness, readiness and version without a key', async () => {
  const gateway = await startGateway()
  const answer = await gateway.send({ target: '/health' }).done
  expect(answer.status).toBe(200)
  expect(answer.json()).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string })
  expect(answer.text).not.toContain(gateway.dataDir)
})

test.each(['/', '/api/hello'])('HEAD %s is answered without a key', async (target) => {
  const gateway = await startGateway()
  const answer = await gateway.send({ method: 'HEAD', target }).done
  expect(answer.status).toBe(200)
  expect(answer.bodyBytes).toBe(0)
})

test.each(['/v1/responses', '/v1/messages', '/'])('an upgrade to a WebSocket on %s is answered 426', async (target) => {
  const gateway = await startGateway()
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    authorization: `Bearer ${gateway.key}`
  }
  const answer = await gateway.send({ target, headers }).done
  expect(answer.status).toBe(426)
  expect(answer.complete).toBe(true)
})

test('the list of models is merged over channels, in the shape that the headers ask for', async () => {
  const chat = await startFakeUpstream()
  const claude = await startFakeUpstream()
  const list = json(200, {
    object: 'list',
    data: [
      { id: 'gpt-a', object: 'model' },
      { id: 'gpt-b', object: 'model' },
      { id: 'o-c', object: 'model' }
    ]
  })
  chat.always(byPath({ '/v1/models': list }, says(openaiChat, { text: 'x' })))
  claude.always(
    byPath(
      { '/v1/models': json(200, { data: [{ id: 'claude-x', type: 'model' }], has_more: false }) },
      says(anthropic, { text: 'x' })
    )
  )
  const gateway = await startGateway({
    config: withChannels([
      channelOf(openaiChat, chat, { name: 'chat', models: ['gpt-*'] }),
      channelOf(anthropic, claude, { name: 'claude' }),
      channelOf(openaiChat, chat, { name: 'exact', models: ['exact-one', 'gpt-a'] }),
      channelOf(openaiChat, chat, { name: 'off', models: ['never-listed'], enabled: false })
    ])
  })
  const expected = ['claude-x', 'exact-one', 'gpt-a', 'gpt-b']
  const openai = (
    await gateway.send({ target: '/v1/models', headers: openaiChat.headers(gateway.key) }).done
  ).json() as { object: string; data: { id: string }[] }
  expect(openai.object).toBe('list')
  expect(openai.data.map(({ id }) => id).sort()).toEqual(expected)
  const claudeShape = (
    await gateway.send({ target: '/v1/models?limit=1000', headers: anthropic.headers(gateway.key) }).done
  ).json() as { data: { id: string; type: string }[] }
  expect(claudeShape).toMatchObject({ has_more: false })
  expect(claudeShape.data.map(({ id }) => id).sort()).toEqual(expected)
  const geminiShape = (
    await gateway.send({ target: '/v1beta/models', headers: gemini.headers(gateway.key) }).done
  ).json() as { models: { name: string }[] }
  expect(geminiShape.models.map(({ name }) => name).sort()).toEqual(expected.map((id) => `models/${id}`).sort())
  const listCalls = chat.requests.filter(({ target }) => target.startsWith('/v1/models'))
  expect(listCalls.length, 'the upstream’s own list is cached').toBeLessThanOrEqual(2)
})

test('the list of models needs a key, and holds only what this key may use', async () => {
  const gateway = await startGateway({
    config: withChannels([
      channelOf(openaiChat, 'http://127.0.0.1:9', { name: 'one', models: ['model-of-one'] }),
      channelOf(openaiChat, 'http://127.0.0.1:9', { name: 'two', models: ['model-of-two'] })
    ])
  })
  expect((await gateway.send({ target: '/v1/models' }).done).status).toBe(401)
  const { secret } = await gateway.call('clientKeys.create', {
    name: 'narrow',
    allowedChannels: [(await gateway.health('two')).id]
  })
  const answer = await gateway.send({ target: '/v1/models', headers: openaiChat.headers(secret) }).done
  expect(answer.json()).toMatchObject({ data: [{ id: 'model-of-two' }] })
})

test('the list of models survives an upstream that gives none', async () => {
  const broken = await startFakeUpstream()
  const gateway = await startGateway({
    config: withChannels([
      channelOf(openaiChat, broken, { name: 'broken' }),
      channelOf(openaiChat, broken, { name: 'exact', models: ['exact-one'] })
    ])
  })
  const answer = await gateway.send({ target: '/v1/models', headers: openaiChat.headers(gateway.key) }).done
  expect(answer.status).toBe(200)
  expect(answer.json()).toMatchObject({ data: [{ id: 'exact-one' }] })
  expect((await gateway.health('broken')).failures).toBe(0)
})

test('a pause keeps the port and answers 503, and ends', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  expect(await gateway.call('gateway.setState', { state: 'paused' })).toMatchObject({
    state: 'paused',
    url: gateway.url
  })
  const paused = await gateway.ask(anthropic).done
  expect(paused.status).toBe(503)
  expect(paused.json()).toMatchObject({ type: 'error' })
  expect((await gateway.send({ target: '/health' }).done).status).toBeLessThan(600)
  await gateway.call('gateway.setState', { state: 'on' })
  expect((await gateway.ask(anthropic).done).status).toBe(200)
})

test.each([
  { target: '/v1/models', vendor: openaiChat },
  { target: '/v1/models?limit=1000', vendor: anthropic },
  { target: '/v1beta/models', vendor: gemini }
])('B30 a list of models at $target leaves one row, without usage and without an unknown cost', async (asked) => {
  const { target, vendor } = asked
  const gateway = await startGateway({
    config: withChannels([channelOf(openaiChat, 'http://127.0.0.1:9', { models: ['exact-one'] })])
  })
  const answer = await gateway.send({ target, headers: vendor.headers(gateway.key) }).done
  expect(answer.status).toBe(200)
  const row = await gateway.onlyRow()
  expect(row).toMatchObject({
    ...{ id: answer.header('x-routex-request-id'), method: 'GET', path: target.split('?')[0] },
    ...{ protocol: vendor.protocol, operation: 'models', outcome: 'ok', status: 200, clientKeyName: 'test' },
    ...{ usage: null, channelId: null, attempts: [], responseBytes: answer.bodyBytes }
  })
  const day = { from: row.at - 60_000, to: row.at + 60_000 }
  expect(await gateway.call('stats.overview', day)).toMatchObject({ errors: 0, usageUnknown: 0, costUnknown: 0 })
})

test('B30 a refused list of models leaves one row too', async () => {
  const gateway = await startGateway()
  const answer = await gateway.send({ target: '/v1/models' }).done
  expect(answer.status).toBe(401)
  expect(await gateway.onlyRow()).toMatchObject({ operation: 'models', outcome: 'refused', errorCode: 'unauthorized' })
  expect(
    (await gateway.send({ target: '/v1/models/none', headers: openaiChat.headers(gateway.key) }).done).status
  ).toBe(404)
  expect(await gateway.lastRow(2)).toMatchObject({ operation: 'models', errorCode: 'not_found', status: 404 })
})

test.each(['/v1/models', '/v1beta/models'])(
  'while paused for a time %s is 503 too, and says when to try again',
  async (target) => {
    const { gateway } = await startTwoChannels(anthropic)
    await gateway.call('gateway.setState', { state: 'paused', minutes: 15 })
    const answer = await gateway.send({ method: 'GET', target, headers: anthropic.headers(gateway.key) }).done
    expect(answer.status).toBe(503)
    expect(Number(answer.header('retry-after'))).toBeGreaterThan(800)
    expect(answer.body.toString()).not.toMatch(/window|tray/)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'refused', status: 503 })
  }
)
