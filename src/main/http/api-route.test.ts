import { setImmediate } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { startStubListener, TOKEN } from '../../../test/support/stub-listener'
import { ApiError } from '../api/api-error'

const bearer = { authorization: `Bearer ${TOKEN}` }

test('a call is a POST of its arguments and answers the bare result', async () => {
  const { send, api } = await startStubListener()
  api.answer = async () => ({ channels: [] })
  const answer = await send({ method: 'POST', target: '/api/channels.list', headers: bearer, body: { a: 1 } })
  expect([answer.status, answer.json()]).toEqual([200, { channels: [] }])
  expect(answer.header('cache-control')).toBe('no-store')
  expect(api.calls).toEqual([{ name: 'channels.list', params: { a: 1 } }])
})

test('a call without a body has no arguments', async () => {
  const { send, api } = await startStubListener()
  await send({ method: 'POST', target: '/api/channels.list', headers: { ...bearer, 'content-length': '0' } })
  expect(api.calls).toEqual([{ name: 'channels.list', params: {} }])
})

test.each([
  ['no token', {}],
  ['another token', { authorization: 'Bearer other' }],
  ['a longer token', { authorization: `Bearer ${TOKEN}x` }],
  ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ['a client key', { 'x-api-key': TOKEN }]
])('%s is refused with 401 before the body is read', async (_name, headers) => {
  const { send, api } = await startStubListener()
  const answer = await send({ method: 'POST', target: '/api/channels.list', headers, body: '{ broken' })
  expect([answer.status, answer.json()]).toEqual([401, { code: 'unauthorized', message: expect.any(String) as string }])
  expect((await send({ target: '/api/events', headers })).status).toBe(401)
  expect(api.calls).toEqual([])
})

test('an error of the API keeps its code, its details and its status', async () => {
  const { send, api } = await startStubListener()
  api.answer = () => Promise.reject(new ApiError('conflict', 'is managed by the file', { details: { name: 'main' } }))
  const answer = await send({ method: 'POST', target: '/api/channels.update', headers: bearer, body: {} })
  expect([answer.status, answer.json()]).toEqual([
    409,
    { code: 'conflict', message: 'is managed by the file', details: { name: 'main' } }
  ])
})

test('any other error is a 500 that tells nothing', async () => {
  const { send, api, logged } = await startStubListener()
  api.answer = () => Promise.reject(new Error('secret'))
  const answer = await send({ method: 'POST', target: '/api/channels.list', headers: bearer, body: {} })
  expect([answer.status, answer.text]).toEqual([500, expect.not.stringContaining('secret')])
  expect(logged[0]?.context).toMatchObject({ call: 'channels.list', error: { message: 'secret' } })
})

test('bad JSON is a 400 that does not repeat it', async () => {
  const { send } = await startStubListener()
  const answer = await send({
    method: 'POST',
    target: '/api/channels.create',
    headers: bearer,
    body: '{"apiKey":"sk-secret'
  })
  expect([answer.status, answer.text]).toEqual([400, expect.not.stringContaining('sk-secret')])
})

test('a body over 1 MiB is a 413, and an import may have 16', async () => {
  const { send, api } = await startStubListener()
  const body = { text: 'x'.repeat(1024 * 1024) }
  const over = await send({ method: 'POST', target: '/api/channels.create', headers: bearer, body })
  expect([over.status, over.json()]).toEqual([413, { code: 'too_large', message: 'The body is over 1 MiB' }])
  expect((await send({ method: 'POST', target: '/api/config.import', headers: bearer, body })).status).toBe(200)
  expect(api.calls.map(({ name }) => name)).toEqual(['config.import'])
})

test('a call is a POST, and events are a GET', async () => {
  const { send } = await startStubListener()
  expect((await send({ target: '/api/channels.list', headers: bearer })).status).toBe(405)
  expect((await send({ method: 'POST', target: '/api/events', headers: bearer, body: {} })).status).toBe(405)
})

test('there is no API over HTTP in the desktop', async () => {
  const { send } = await startStubListener({ apiOverHttp: false })
  expect((await send({ method: 'POST', target: '/api/channels.list', headers: bearer, body: {} })).status).toBe(404)
})

test('an export is streamed as fast as its reader takes it', async () => {
  const { open, api } = await startStubListener()
  let pieces = 0
  api.chunks = async function* () {
    for (; pieces < 4000; pieces += 1) yield `${'x'.repeat(16_384)}\n`
  }
  const exchange = open({ method: 'POST', target: '/api/logs.export', headers: bearer, body: { format: 'jsonl' } })
  const head = await exchange.head()
  expect(head.headers.get('content-type')).toEqual(['application/jsonl'])
  expect(head.headers.get('content-disposition')).toEqual(['attachment; filename="requests.jsonl"'])
  exchange.pause()
  let before = -1
  await vi.waitFor(() => {
    const still = pieces === before
    before = pieces
    expect(still).toBe(true)
  })
  expect(pieces).toBeLessThan(4000)
  exchange.resume()
  const answer = await exchange.done
  expect([answer.complete, answer.bodyBytes]).toEqual([true, 4000 * 16_385])
})

test('an export that fails on its way is cut off, so that it never looks whole', async () => {
  const { send, api, logged } = await startStubListener()
  api.chunks = async function* () {
    yield 'one\n'
    await setImmediate()
    throw new Error('the worker is gone')
  }
  const answer = await send({ method: 'POST', target: '/api/logs.export', headers: bearer, body: { format: 'jsonl' } })
  expect(answer.complete).toBe(false)
  await vi.waitFor(() => expect(logged).toHaveLength(1))
})

test('bad arguments of an export are a plain error', async () => {
  const { send } = await startStubListener()
  const answer = await send({ method: 'POST', target: '/api/logs.export', headers: bearer, body: {} })
  expect(answer.status).toBe(400)
})

test('events come as Server-Sent Events, all of them or those that were named', async () => {
  const { open, api } = await startStubListener()
  const all = open({ target: '/api/events', headers: bearer })
  const some = open({ target: '/api/events?names=channel.changed,stats.tick', headers: bearer })
  await Promise.all([all.until('connected'), some.until('connected')])
  api.emit('gateway.changed', { state: 'paused' })
  api.emit('channel.changed', { id: null })
  await Promise.all([all.until('"id":null}\n\n'), some.until('"id":null}\n\n')])
  expect(some.text).toBe(': connected\n\nevent: channel.changed\ndata: {"id":null}\n\n')
  expect(all.text).toContain('event: gateway.changed\ndata: {"state":"paused"}\n\n')
})

test('an event that there is not is refused by name', async () => {
  const { send } = await startStubListener()
  const answer = await send({ target: '/api/events?names=chanel.changed', headers: bearer })
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('did you mean \\"channel.changed\\"?')
})

test('the API is only listened to while somebody listens, and silence is filled with comments', async () => {
  const clock = new FakeClock()
  const { open, api } = await startStubListener({ clock })
  const one = open({ target: '/api/events?names=stats.tick', headers: bearer })
  const two = open({ target: '/api/events?names=stats.tick', headers: bearer })
  await Promise.all([one.until('connected'), two.until('connected')])
  expect(api.listeners.get('stats.tick')?.size).toBe(1)
  clock.advance(15_000)
  await one.until('still here')
  one.leave()
  two.leave()
  await vi.waitFor(() => expect(api.listeners.size).toBe(0))
  expect(clock.pendingTimers).toBe(0)
})

test('a slow subscriber loses ticks first, keeps the rest, and never fills the memory', async () => {
  const { open, api } = await startStubListener()
  const slow = open({ target: '/api/events', headers: bearer })
  await slow.until('connected')
  slow.pause()
  const filler = 'x'.repeat(100_000)
  // More than all buffers on the way hold, so that the last ones wait inside.
  for (let index = 0; index < 200; index += 1) api.emit('stats.tick', { index, filler })
  api.emit('channel.changed', { id: 'kept' })
  for (let index = 200; index < 400; index += 1) api.emit('stats.tick', { index, filler })
  slow.resume()
  await slow.until('{"id":"kept"}')
  api.emit('stats.tick', { index: 400 })
  await slow.until('"index":400')
  expect(slow.text.split('event: stats.tick').length).toBeLessThan(300)
})

test('a subscriber that is too slow for what may not be lost is cut off', async () => {
  const { open, api } = await startStubListener()
  const slow = open({ target: '/api/events', headers: bearer })
  await slow.until('connected')
  slow.pause()
  for (let index = 0; index < 400; index += 1) api.emit('request.finished', { rows: ['x'.repeat(100_000)] })
  slow.resume()
  expect((await slow.done).complete).toBe(false)
  expect(api.listeners.size).toBe(0)
})
