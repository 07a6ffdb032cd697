import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream, type Script } from '../support/fake-upstream'
import { cut, json, reset, resetBeforeHead, stream } from '../support/scripts'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, openaiChat, says, VENDORS } from '../support/vendors/vendors'

const rawAnswer =
  (text: string): Script =>
  ({ socket }) =>
    void socket.end(text)

const BROKEN_HEADS: readonly { readonly what: string; readonly script: Script }[] = [
  { what: 'a reset before the head', script: resetBeforeHead },
  { what: 'a close before the head', script: cut },
  { what: 'no HTTP at all', script: rawAnswer('SSH-2.0-OpenSSH_9.2\r\n') },
  { what: 'half a head', script: rawAnswer('HTTP/1.1 200 OK\r\ncontent-type: app') },
  { what: 'a broken chunk', script: rawAnswer('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nbad') },
  {
    what: 'a body shorter than its length',
    script: rawAnswer('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"type":')
  },
  {
    what: 'gzip that breaks off',
    script: async (exchange) => {
      exchange.head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      exchange.end(gzipSync(Buffer.alloc(100_000, 'x')).subarray(0, 60))
    }
  },
  {
    what: 'no gzip where gzip was said',
    script: async (exchange) => {
      exchange.head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      exchange.end('{"type":"message"}')
    }
  }
]

describe.each(BROKEN_HEADS)('$what', ({ script }) => {
  test.each([{ streamed: false }, { streamed: true }])('B01 fails over, streamed $streamed', async ({ streamed }) => {
    const { first, gateway } = await startTwoChannels(anthropic)
    first.next(script)
    const answer = await gateway.ask(anthropic, { stream: streamed }).done
    expect(answer.status).toBe(200)
    expect(answer.header('x-routex-channel')).toBe('second')
    expect((await gateway.health('first')).failures).toBe(1)
    expect((await gateway.onlyRow()).attempts).toHaveLength(2)
  })

  test('gives a 502 in the client’s shape where no other channel is left', async () => {
    const upstream = await startFakeUpstream()
    upstream.next(script)
    const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
    const answer = await gateway.ask(anthropic).done
    expect(answer.status).toBe(502)
    expect(answer.json()).toMatchObject({ type: 'error', error: { type: expect.any(String) as string } })
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'upstream_error', status: 502 })
  })
})

test.each(VENDORS)(
  'B02 a stream of $protocol that is reset in the middle never looks finished, and the next request is served',
  async (vendor) => {
    const { first, gateway } = await startTwoChannels(vendor)
    first.next(stream([...vendor.events({ text: 'one two three' }).slice(0, vendor.firstContent + 2), reset]))
    const broken = await gateway.ask(vendor, { stream: true }).done
    expect(broken.text).not.toContain('finish_reason":"stop')
    expect(broken.text).not.toMatch(/message_stop|response\.completed|\[DONE\]|"finishReason"/)
    expect((await gateway.ask(vendor, { stream: true, prompt: 'next' }).done).complete).toBe(true)
  }
)

test('informational answers and trailers are passed over', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const body = JSON.stringify(anthropic.answer({ text: 'from first' }))
  first.next(({ socket }) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n')
    socket.write(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n'
    )
    socket.write(`${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\nx-sum: 1\r\n\r\n`)
  })
  const answer = await gateway.ask(anthropic).done
  expect(answer.json()).toEqual(anthropic.answer({ text: 'from first' }))
  expect(answer.complete).toBe(true)
})

test('an answer without length that ends with its connection is whole', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const body = JSON.stringify(anthropic.answer({ text: 'from first' }))
  first.next(rawAnswer(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n${body}`))
  expect((await gateway.ask(anthropic).done).json()).toEqual(anthropic.answer({ text: 'from first' }))
})

test('a pooled connection that the upstream closes between two requests costs no request', async () => {
  const upstream = await startFakeUpstream()
  upstream.always((exchange) => {
    exchange.response.shouldKeepAlive = true
    exchange.response.once('finish', () => exchange.socket.end())
    return json(200, anthropic.answer({ text: 'fine' }), { connection: 'keep-alive', 'keep-alive': 'timeout=60' })(
      exchange
    )
  })
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  const statuses: number[] = []
  for (let count = 0; count < 30; count += 1)
    statuses.push((await gateway.ask(anthropic, { prompt: `${count}` }).done).status)
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect((await gateway.health('main')).failures).toBe(0)
})

test('connections to an upstream are kept and used again', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(openaiChat, { text: 'fine' }))
  const gateway = await startGateway({ config: withChannels([channelOf(openaiChat, upstream)]) })
  for (let count = 0; count < 10; count += 1) await gateway.ask(openaiChat, { stream: true, prompt: `${count}` }).done
  expect(upstream.connections).toBeLessThanOrEqual(2)
})

test('an error body that is compressed fails over by what it says', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const body = deflateSync(
    JSON.stringify(anthropic.error(400, 'Your credit balance is too low to access the Anthropic API.'))
  )
  first.next((exchange) => {
    exchange.head(400, { 'content-type': 'application/json', 'content-encoding': 'deflate' })
    exchange.end(body)
  })
  expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('second')
})

describe.each(['gzip', 'br', 'deflate'])('an error that says %s', (coding) => {
  const says = (status: number, body: string): Script => {
    return (exchange) => {
      exchange.head(status, { 'content-type': 'application/json', 'content-encoding': coding, 'retry-after': '7' })
      exchange.end(body)
    }
  }
  const plain = JSON.stringify(anthropic.error(401, 'invalid x-api-key'))

  test('and has no body, or a plain one, counts by its status', async () => {
    const { first, second, gateway } = await startTwoChannels(anthropic)
    first.next(says(429, ''))
    second.next(says(401, plain))
    const answer = await gateway.ask(anthropic).done
    expect([answer.status, answer.text]).toEqual([401, plain])
    expect(await gateway.health('first')).toMatchObject({ state: 'cooling', failures: 0 })
    expect(await gateway.health('second')).toMatchObject({ state: 'auth_failed', failures: 0 })
  })
})

test('a huge error body is neither kept whole nor lost', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  const page = `<html>${'x'.repeat(5_000_000)}</html>`
  const huge: Script = (exchange) => {
    exchange.head(502, { 'content-type': 'text/html' })
    exchange.end(page)
  }
  first.next(huge)
  second.next(huge)
  const answer = await gateway.ask(anthropic).done
  expect(answer.status).toBe(502)
  expect((await gateway.onlyRow()).attempts.every(({ message }) => (message ?? '').length <= 600)).toBe(true)
})
