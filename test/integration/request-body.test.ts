import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { startFakeUpstream } from '../support/fake-upstream'
import { channelOf, withChannels, type ConfigFile } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { anthropic, openaiChat, says, VENDORS, type Vendor } from '../support/vendors/vendors'

const MIB = 1024 * 1024

async function start(vendor: Vendor, settings: ConfigFile['settings'] = {}) {
  const upstream = await startFakeUpstream()
  upstream.always(says(vendor, { text: 'fine' }))
  const gateway = await startGateway({ config: withChannels([channelOf(vendor, upstream)], settings) })
  return { upstream, gateway }
}

const requestOf = (vendor: Vendor, bytes: number): Buffer =>
  Buffer.from(JSON.stringify(vendor.request({ stream: false, prompt: 'x'.repeat(bytes) })))

test('B22 a body of 40 MB is served by default', async () => {
  const { upstream, gateway } = await start(anthropic)
  const body = requestOf(anthropic, 40_000_000)
  const answer = await gateway.send({ target: '/v1/messages', headers: anthropic.headers(gateway.key), body }).done
  expect(answer.status).toBe(200)
  expect(upstream.requests[0]?.body.equals(body)).toBe(true)
})

describe.each(VENDORS)('$protocol', (vendor) => {
  test('B22 over the limit the client gets a 413 in its own shape, and nothing goes out', async () => {
    const { upstream, gateway } = await start(vendor, { bodyLimitMiB: 1 })
    const body = requestOf(vendor, MIB)
    const answer = await gateway.send({
      target: vendor.target({ stream: false }),
      headers: vendor.headers(gateway.key),
      body
    }).done
    expect(answer.status).toBe(413)
    if (vendor === anthropic)
      expect(answer.json()).toMatchObject({ type: 'error', error: { type: 'request_too_large' } })
    else expect(answer.json()).toMatchObject({ error: { message: expect.any(String) as string } })
    expect(upstream.requests).toHaveLength(0)
    expect(await gateway.onlyRow()).toMatchObject({ status: 413, outcome: 'refused', attempts: [] })
  })
})

test('B22 a body in chunks without a length is held to the limit too', async () => {
  const { upstream, gateway } = await start(anthropic, { bodyLimitMiB: 1 })
  const chunk = Buffer.alloc(256 * 1024, 0x20)
  const exchange = gateway.send({
    method: 'POST',
    target: '/v1/messages',
    headers: { ...anthropic.headers(gateway.key), 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
  })
  for (let count = 0; count < 6; count += 1) {
    exchange.write(`${chunk.length.toString(16)}\r\n`)
    exchange.write(chunk)
    exchange.write('\r\n')
  }
  exchange.write('0\r\n\r\n')
  expect((await exchange.done).status).toBe(413)
  expect(upstream.requests).toHaveLength(0)
})

const CODINGS = [
  { coding: 'gzip', encode: gzipSync },
  { coding: 'deflate', encode: deflateSync },
  {
    coding: 'br',
    encode: (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
  },
  { coding: 'zstd', encode: zstdCompressSync }
] as const

describe.each(CODINGS)('$coding', ({ coding, encode }) => {
  test('B22 a compressed body is decoded for the upstream', async () => {
    const { upstream, gateway } = await start(openaiChat)
    const body = requestOf(openaiChat, 5000)
    const headers = { ...openaiChat.headers(gateway.key), 'content-encoding': coding }
    const answer = await gateway.send({ target: '/v1/chat/completions', headers, body: encode(body) }).done
    expect(answer.status).toBe(200)
    expect(upstream.requests[0]?.body.equals(body)).toBe(true)
    expect(upstream.requests[0]?.headers['content-encoding']).toBeUndefined()
    expect(upstream.requests[0]?.headers['content-length']).toBe(String(body.length))
  })

  test('B22 the limit holds for what comes out of a small body', async () => {
    const { upstream, gateway } = await start(openaiChat, { bodyLimitMiB: 1 })
    const headers = { ...openaiChat.headers(gateway.key), 'content-encoding': coding }
    const body = encode(requestOf(openaiChat, 12 * MIB))
    expect(body.length).toBeLessThan(MIB / 4)
    const answer = await gateway.send({ target: '/v1/chat/completions', headers, body }).done
    expect(answer.status).toBe(413)
    expect(upstream.requests).toHaveLength(0)
  })

  test('a body that is not in the coding it names is a clear 400', async () => {
    const { gateway } = await start(openaiChat)
    const headers = { ...openaiChat.headers(gateway.key), 'content-encoding': coding }
    const answer = await gateway.send({ target: '/v1/chat/completions', headers, body: requestOf(openaiChat, 10) }).done
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ error: { message: expect.any(String) as string } })
  })
})

test.each(['utf-8', 'identity'])('a body whose coding is called %s is taken as it is', async (coding) => {
  const { upstream, gateway } = await start(openaiChat)
  const body = requestOf(openaiChat, 10)
  const headers = { ...openaiChat.headers(gateway.key), 'content-encoding': coding }
  const answer = await gateway.send({ target: '/v1/chat/completions', headers, body }).done
  expect(answer.status).toBe(200)
  expect(upstream.requests[0]?.body.equals(body)).toBe(true)
})

test('the connection serves on after a body over the limit, or is closed', async () => {
  const { gateway } = await start(anthropic, { bodyLimitMiB: 1 })
  const body = requestOf(anthropic, 8 * MIB)
  const answer = await gateway.send({ target: '/v1/messages', headers: anthropic.headers(gateway.key), body }).done
  expect(answer.status).toBe(413)
  expect(answer.complete).toBe(true)
  expect((await gateway.ask(anthropic).done).status).toBe(200)
})
