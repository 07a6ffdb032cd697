import { expect, test } from 'vitest'
import { startStubListener } from '../../../test/support/stub-listener'
import { settings } from '../../shared/settings'
import { checkSource } from './request-guard'

const verdict = (
  headers: Record<string, string>,
  overrides: Partial<{
    method: string
    localAddress: string
    boundHost: string
    allowedHosts: string[]
    allowedOrigins: string[]
  }> = {}
) => {
  const { method = 'POST', localAddress = '127.0.0.1', boundHost = '127.0.0.1', ...inForce } = overrides
  const decided = checkSource({ method, headers, localAddress, boundHost }, settings.parse(inForce))
  return decided.kind === 'pass' ? 'pass' : decided.status
}

test.each([
  ['127.0.0.1:8080', 'pass'],
  ['localhost', 'pass'],
  ['LOCALHOST:8080', 'pass'],
  ['app.localhost:8080', 'pass'],
  ['[::1]:8080', 'pass'],
  ['127.9.9.9', 'pass'],
  ['evil.example:8080', 421],
  ['127.0.0.1.evil.example', 421],
  ['localhost.evil.example', 421],
  ['192.168.1.5:8080', 421],
  ['localhost@evil.example', 421],
  ['', 421]
])('Host %s: %s', (host, expected) => {
  expect(verdict({ host })).toBe(expected)
})

test('a host name that the user listed, and the addresses that the listener is bound to, are answered', () => {
  expect(verdict({ host: 'Gateway.lan:8080' }, { allowedHosts: ['gateway.lan'] })).toBe('pass')
  expect(verdict({ host: 'sub.gateway.lan' }, { allowedHosts: ['gateway.lan'] })).toBe(421)
  expect(verdict({ host: '10.0.0.5:8080' }, { boundHost: '10.0.0.5', localAddress: '10.0.0.5' })).toBe('pass')
  expect(verdict({ host: '10.0.0.5:8080' }, { boundHost: '0.0.0.0', localAddress: '::ffff:10.0.0.5' })).toBe('pass')
  expect(verdict({ host: '10.0.0.6:8080' }, { boundHost: '0.0.0.0', localAddress: '::ffff:10.0.0.5' })).toBe(421)
})

test.each([
  ['[2001:db8::1]:8080', '2001:DB8:0:0::1'],
  ['[2001:DB8::1]', '[2001:db8::1]'],
  ['[2001:db8::1]', '2001:0db8::0001'],
  ['GATEWAY.lan', 'Gateway.LAN'],
  ['gateway.lan.:8080', 'gateway.lan'],
  ['gateway.lan', 'gateway.lan.'],
  ['10.0.0.5', '::ffff:10.0.0.5']
])('Host %s is the listed %s', (asked, listed) => {
  expect(verdict({ host: asked }, { allowedHosts: [listed] })).toBe('pass')
})

const host = 'localhost:8080'
test.each([
  ['https://app.example', 'HTTPS://App.Example'],
  ['https://app.example', 'https://app.example:443'],
  ['http://[2001:db8::1]:3000', 'http://[2001:DB8:0::1]:3000/'],
  ['https://xn--bcher-kva.example', 'https://bücher.example'],
  ['app://bundle', 'app://bundle']
])('Origin %s is the listed %s', (origin, listed) => {
  expect(verdict({ host, origin }, { allowedOrigins: [listed] })).toBe('pass')
  expect(verdict({ host, origin: `${origin}1` }, { allowedOrigins: [listed] })).toBe(403)
})

test.each([
  ['http://localhost:8080', 'pass'],
  ['http://localhost:3000', 403],
  ['http://127.0.0.1:8080', 403],
  ['https://evil.example', 403],
  ['null', 403],
  ['app://localhost:8080', 403],
  ['https://app.example', 'pass'],
  ['https://app.example.evil.example', 403]
])('Origin %s: %s', (origin, expected) => {
  expect(verdict({ host, origin }, { allowedOrigins: ['https://app.example/'] })).toBe(expected)
})

test('what a page of another site loads without an Origin is refused, and following a link is not', () => {
  expect(verdict({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, { method: 'GET' })).toBe(403)
  expect(verdict({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, { method: 'GET' })).toBe(
    'pass'
  )
  expect(verdict({ host, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })).toBe('pass')
  expect(verdict({ host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, { method: 'GET' })).toBe('pass')
})

test('a foreign Host is refused on every path before anything else is done', async () => {
  const { send, refused, proxied, api } = await startStubListener()
  const headers = { host: 'evil.example' }
  for (const target of ['/v1/messages', '/v1/models']) {
    expect((await send({ method: 'GET', target, headers })).status).toBe(421)
  }
  expect(refused).toHaveLength(2)
  for (const target of ['/', '/health', '/ui/', '/api/hello', '/api/events', '/api/channels.list']) {
    const answer = await send({ target, headers })
    expect([answer.status, answer.json()]).toEqual([421, { code: 'forbidden', message: expect.any(String) as string }])
  }
  expect([proxied, api.calls]).toEqual([[], []])
})

test('a foreign Origin is refused on every path, its preflight too', async () => {
  const { send, proxied } = await startStubListener()
  const headers = { origin: 'https://evil.example' }
  const preflight = { ...headers, 'access-control-request-method': 'POST' }
  for (const target of ['/v1/messages', '/api/channels.list']) {
    const posted = await send({ method: 'POST', target, headers, body: {} })
    const asked = await send({ method: 'OPTIONS', target, headers: preflight })
    expect([posted.status, asked.status]).toEqual([403, 403])
    expect(posted.header('access-control-allow-origin')).toBeUndefined()
  }
  expect(proxied).toEqual([])
})

test('a listed origin gets CORS headers on its preflight and on its answers', async () => {
  const { send } = await startStubListener({ settings: { allowedOrigins: ['https://app.example'] } })
  const origin = 'https://app.example'
  const asked = await send({
    method: 'OPTIONS',
    target: '/v1/messages',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-api-key,content-type',
      'access-control-request-private-network': 'true'
    }
  })
  expect(asked.status).toBe(204)
  expect(asked.header('access-control-allow-origin')).toBe(origin)
  expect(asked.header('access-control-allow-headers')).toBe('x-api-key,content-type')
  expect(asked.header('access-control-allow-private-network')).toBe('true')
  const posted = await send({ method: 'POST', target: '/v1/messages', headers: { origin }, body: {} })
  expect([posted.status, posted.header('access-control-allow-origin'), posted.header('vary')]).toEqual([
    200,
    origin,
    'origin'
  ])
})
