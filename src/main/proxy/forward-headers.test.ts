import { expect, test } from 'vitest'
import type { Channel } from '../../shared/channel'
import { channelId } from '../../shared/ids'
import type { Headers } from '../protocols/protocol'
import { answerHeaders, upstreamHeaders } from './forward-headers'
import type { HeaderList } from './ports'

const channel = (headers: Record<string, string> = {}): Channel => ({
  id: channelId.parse('c'),
  name: 'c',
  slug: 'c',
  protocol: 'anthropic',
  baseUrl: 'https://api.example.com',
  models: ['*'],
  modelMap: {},
  priority: 50,
  weight: 1,
  enabled: true,
  headers,
  timeouts: {},
  askForUsage: false,
  budget: null,
  prices: {},
  priceMultiplier: 1,
  quirks: {},
  managedBy: 'user',
  credentialRevision: null
})

const sent = (
  client: Headers,
  of: { readonly headers?: Record<string, string>; readonly stream?: boolean; readonly via?: string } = {}
): Record<string, string> =>
  asObject(
    upstreamHeaders({
      client,
      channel: channel(of.headers),
      credential: { 'x-api-key': 'sk-channel' },
      hasBody: true,
      stream: of.stream ?? true,
      via: of.via ?? null
    })
  )

function asObject(list: HeaderList): Record<string, string> {
  const object: Record<string, string> = {}
  for (let at = 0; at < list.length; at += 2) object[String(list[at])] = String(list[at + 1])
  return object
}

test("B23 hop-by-hop headers, what Connection names, the client's credentials and Routex's own stay here", () => {
  const got = sent({
    connection: 'keep-alive, X-Hop',
    'x-hop': '1',
    'keep-alive': 'timeout=5',
    'transfer-encoding': 'chunked',
    te: 'trailers',
    host: '127.0.0.1:8080',
    'content-length': '12',
    authorization: 'Bearer rtx-secret',
    'x-goog-api-key': 'rtx-secret',
    cookie: 'a=b',
    'x-routex-anything': '1',
    'x-custom': 'kept'
  })
  expect(got).toEqual({
    'x-custom': 'kept',
    'x-api-key': 'sk-channel',
    'content-type': 'application/json',
    'accept-encoding': 'identity'
  })
})

test('B23 what the protocol needs goes on as it came', () => {
  const kept = {
    'anthropic-beta': 'a,b',
    'anthropic-version': '2026-10-21',
    'openai-beta': 'x',
    'user-agent': 'claude-cli/2.1.330',
    'content-type': 'application/json'
  }
  expect(sent(kept)).toMatchObject(kept)
})

test("a channel's own header takes the place of the client's and of the credential, in any letter case", () => {
  const got = sent({ 'user-agent': 'client' }, { headers: { 'User-Agent': 'mine', 'X-API-Key': 'other' } })
  expect(got).toMatchObject({ 'user-agent': 'mine', 'x-api-key': 'other' })
})

test('only a whole answer may come compressed', () => {
  expect(sent({ 'accept-encoding': 'zstd' }, { stream: false })).toMatchObject({
    'accept-encoding': 'gzip, br, identity'
  })
})

test('B24 answers keep request ids and rate limits, and lose what belonged to the other connection', () => {
  const list = answerHeaders(
    {
      'request-id': 'req_1',
      'anthropic-ratelimit-requests-remaining': '3',
      'set-cookie': ['a=1', 'b=2'],
      'content-length': '10',
      'content-encoding': 'gzip',
      connection: 'close',
      'x-routex-channel': 'forged',
      warning: ['one', 'two']
    },
    ['x-routex-channel', 'main']
  )
  expect(list).toEqual([
    'request-id',
    'req_1',
    'anthropic-ratelimit-requests-remaining',
    '3',
    'warning',
    'one',
    'warning',
    'two',
    'x-routex-channel',
    'main'
  ])
})
