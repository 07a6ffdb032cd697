import { expect, test } from 'vitest'
import { startStubListener } from '../../../test/support/stub-listener'

test('whatever is not ours goes the way of a request', async () => {
  const { send, proxied } = await startStubListener()
  const paths = [
    '/v1/messages?beta=true',
    '/v1/models/gemini-2.5-pro:generateContent',
    '/unknown',
    '/v1/responses/x',
    '/healthy'
  ]
  for (const target of paths) {
    const answer = await send({ method: 'POST', target, body: {} })
    expect(answer.text).toBe('from the proxy')
  }
  expect(proxied).toEqual([
    'POST /v1/messages',
    'POST /v1/models/gemini-2.5-pro:generateContent',
    'POST /unknown',
    'POST /v1/responses/x',
    'POST /healthy'
  ])
})

test.each([
  ['HEAD', '/'],
  ['GET', '/'],
  ['HEAD', '/api/hello'],
  ['GET', '/api/hello']
])('%s %s is answered without a key', async (method, target) => {
  const { send } = await startStubListener()
  expect((await send({ method, target })).status).toBe(200)
})

test('health needs no key and tells version, readiness and the error of the config file', async () => {
  const configError = 'channels[0].name: is required'
  const health = { live: true, ready: false, version: '1.2.3', configError } as const
  const { send } = await startStubListener({ routes: { health: () => health } })
  const whole = await send({ target: '/health' })
  expect([whole.status, whole.json()]).toEqual([200, health])
  expect((await send({ target: '/health/live' })).status).toBe(200)
  expect((await send({ target: '/health/ready' })).status).toBe(503)
})

test.each(['/v1/models', '/v1beta/models?pageSize=50', '/v1/models/claude-opus-4-8', '/v1/models/vendor/model'])(
  'GET %s is a list of models',
  async (target) => {
    const { send } = await startStubListener()
    expect((await send({ target })).text).toMatch(/^models for/)
  }
)

test('a WebSocket upgrade is answered 426 in words', async () => {
  const { send, refused, proxied } = await startStubListener()
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': 'x',
    'sec-websocket-version': '13'
  }
  const answer = await send({ target: '/v1/responses', headers })
  expect(answer.status).toBe(426)
  expect(answer.text).toContain('WebSocket')
  expect(answer.header('connection')).toBe('close')
  expect(refused).toHaveLength(1)
  expect(proxied).toEqual([])
})

test('an offer to upgrade to HTTP/2 is passed over', async () => {
  const { send } = await startStubListener()
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' }
  const answer = await send({ method: 'POST', target: '/v1/messages', headers, body: {} })
  expect(answer.text).toBe('from the proxy')
})

test('a target that is no path is refused', async () => {
  const { send } = await startStubListener()
  expect((await send({ target: 'ftp://127.0.0.1/v1/messages' })).status).toBe(400)
  expect((await send({ method: 'OPTIONS', target: '*' })).status).toBe(400)
})

test('a target in absolute form is taken by its path (RFC 9112 3.2.2)', async () => {
  const { send, proxied, port } = await startStubListener()
  const targets = [
    `http://127.0.0.1:${port}/v1/messages?beta=true`,
    'HTTP://localhost/v1/%6dessages',
    'http://127.0.0.1?x'
  ]
  for (const target of targets) expect((await send({ method: 'POST', target, body: {} })).status).toBe(200)
  expect(proxied).toEqual(['POST /v1/messages', 'POST /v1/%6dessages', 'POST /'])
  expect((await send({ target: `http://127.0.0.1:${port}/health` })).json()).toMatchObject({ live: true })
})

test.each([
  [{ target: 'http://evil.example/v1/messages' }, 421],
  [{ target: 'http://user@127.0.0.1/v1/messages' }, 421],
  [{ target: 'http://127.0.0.1/v1/messages', headers: { host: 'evil.example' } }, 421],
  [{ target: 'http://127.0.0.1/v1/messages', headers: { origin: 'https://evil.example' } }, 403]
])('the authority of a target in absolute form, Host and Origin must all be ours: %j', async (request, status) => {
  const { send, proxied } = await startStubListener()
  expect((await send({ method: 'POST', ...request })).status).toBe(status)
  expect(proxied).toEqual([])
})

test('an expectation that is not known is refused in words', async () => {
  const { send, refused, proxied } = await startStubListener()
  const target = '/v1/messages'
  expect((await send({ method: 'POST', target, headers: { expect: 'foo' }, body: {} })).status).toBe(417)
  expect(refused[0]?.message).toContain('foo')
  expect((await send({ method: 'POST', target, headers: { expect: '100-Continue' }, body: {} })).status).toBe(200)
  expect(proxied).toHaveLength(1)
})

test('a fault inside is a 500 that tells nothing, and the log tells all', async () => {
  const handleProxy = () => Promise.reject(new Error('secret cause'))
  const { send, logged } = await startStubListener({ routes: { handleProxy } })
  const answer = await send({ method: 'POST', target: '/v1/messages?key=rtx-secret', body: {} })
  expect([answer.status, answer.text]).toEqual([500, expect.not.stringContaining('secret')])
  expect(logged[0]?.context).toMatchObject({ path: '/v1/messages', error: { message: 'secret cause' } })
})
