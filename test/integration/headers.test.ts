import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { startFakeUpstream, type RecordedRequest } from '../support/fake-upstream'
import { bytes, json, stream } from '../support/scripts'
import { channelOf, withChannels, type ChannelConfig } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { makeTempDir } from '../support/temp-dir'
import { anthropic, gemini, openaiChat, openaiResponses, says, VENDORS, type Vendor } from '../support/vendors/vendors'

async function start(vendor: Vendor, rest: Partial<ChannelConfig> = {}) {
  const upstream = await startFakeUpstream()
  upstream.always(says(vendor, { text: 'fine' }))
  const gateway = await startGateway({ config: withChannels([channelOf(vendor, upstream, rest)]) })
  const received = (): RecordedRequest => {
    const request = upstream.requests.at(-1)
    if (!request) throw new Error('nothing reached the upstream')
    return request
  }
  return { upstream, gateway, received }
}

describe('to the upstream', () => {
  test('B23 hop-by-hop headers and those that Connection names stay behind', async () => {
    const { gateway, received } = await start(anthropic)
    const headers = {
      connection: 'close, X-Hop',
      'x-hop': 'mine',
      'keep-alive': 'timeout=5',
      te: 'trailers',
      'proxy-authorization': 'Basic c2VjcmV0',
      'proxy-connection': 'keep-alive',
      upgrade: 'h2c',
      trailer: 'x-checksum'
    }
    await gateway.ask(anthropic, { headers }).done
    const sent = received().headers
    for (const name of ['x-hop', 'te', 'proxy-authorization', 'proxy-connection', 'upgrade', 'trailer']) {
      expect(sent[name], name).toBeUndefined()
    }
    expect(sent['keep-alive']).not.toBe('timeout=5')
  })

  test('B23 host and content-length are set for what is really sent', async () => {
    const { upstream, gateway, received } = await start(anthropic, {
      modelMap: { [anthropic.model]: 'a-much-longer-name-of-a-model' }
    })
    await gateway.ask(anthropic).done
    expect(received().headers.host).toBe(upstream.host)
    expect(received().headers['content-length']).toBe(String(received().body.length))
  })

  test.each(VENDORS)(
    'B23 the $protocol client’s own credentials, cookies and Routex’s headers never reach an upstream',
    async (vendor) => {
      const { gateway, received } = await start(vendor)
      const foreign = {
        'x-api-key': vendor === anthropic ? gateway.key : 'sk-ant-own-key',
        authorization: `Bearer ${gateway.key}`,
        'x-goog-api-key': vendor === gemini ? gateway.key : 'AIza-own-key',
        'api-key': 'azure-own-key',
        cookie: 'session=own-cookie',
        'x-routex-anything': 'internal'
      }
      await gateway.ask(vendor, { headers: foreign }).done
      const text = received().rawHeaders.join('\n')
      for (const secret of [gateway.key, 'own-key', 'own-cookie', 'x-routex-anything'])
        expect(text).not.toContain(secret)
      expect(text).toContain('sk-upstream-secret-main')
    }
  )

  test('B23 Gemini’s ?key= never reaches an upstream, and the rest of the query string is kept', async () => {
    const { gateway, received } = await start(gemini)
    await gateway.send({
      target: `/v1beta/models/${gemini.model}:streamGenerateContent?alt=sse&key=${gateway.key}&%24fields=a%2Cb&x=1`,
      body: gemini.request({ stream: true })
    }).done
    expect(received().target).toBe(`/v1beta/models/${gemini.model}:streamGenerateContent?alt=sse&%24fields=a%2Cb&x=1`)
    expect(received().headers['x-goog-api-key']).toBe('sk-upstream-secret-main')
  })

  test('B23 a query string is kept', async () => {
    const { gateway, received } = await start(anthropic)
    await gateway.send({
      target: '/v1/messages?beta=true&x=%20y',
      headers: anthropic.headers(gateway.key),
      body: anthropic.request({ stream: false })
    }).done
    expect(received().target).toBe('/v1/messages?beta=true&x=%20y')
  })

  test('B23 the vendor’s version, beta and user-agent headers reach the upstream', async () => {
    const { gateway, received } = await start(anthropic)
    const headers = {
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'context-1m-2025-08-07,interleaved-thinking-2025-05-14',
      'user-agent': 'claude-cli/2.1.330 (external, cli)',
      'x-app': 'cli',
      'x-stainless-lang': 'js'
    }
    await gateway.ask(anthropic, { headers }).done
    expect(received().headers).toMatchObject(headers)
  })

  test('B23 openai-beta reaches the upstream', async () => {
    const { gateway, received } = await start(openaiResponses)
    await gateway.ask(openaiResponses, { headers: { 'openai-beta': 'responses=v1', originator: 'codex_cli_rs' } }).done
    expect(received().headers).toMatchObject({ 'openai-beta': 'responses=v1', originator: 'codex_cli_rs' })
  })

  test.each(VENDORS)('B23 a stream of $protocol is asked for as identity', async (vendor) => {
    const { gateway, received } = await start(vendor)
    await gateway.ask(vendor, { stream: true, headers: { 'accept-encoding': 'gzip, br, zstd' } }).done
    expect(received().headers['accept-encoding']).toBe('identity')
  })

  test('a channel’s own headers are sent, in the place of the client’s', async () => {
    const { gateway, received } = await start(anthropic, {
      headers: { 'X-Team': 'blue', 'user-agent': 'of the channel' }
    })
    await gateway.ask(anthropic, { headers: { 'user-agent': 'of the client' } }).done
    expect(received().headers).toMatchObject({ 'x-team': 'blue', 'user-agent': 'of the channel' })
  })
})

describe('a compressed answer that nobody asked for', () => {
  const zip = { 'content-encoding': 'gzip' }

  test('B23 is decoded for a client that asked for no coding', async () => {
    const { upstream, gateway } = await start(openaiChat)
    const body = Buffer.from(JSON.stringify(openaiChat.answer({ text: 'fine' })))
    upstream.next(bytes(200, gzipSync(body), { 'content-type': 'application/json', ...zip }))
    const answer = await gateway.ask(openaiChat).done
    expect(answer.header('content-encoding')).toBeUndefined()
    expect(answer.body.equals(body)).toBe(true)
    expect((await gateway.onlyRow()).usage).toMatchObject({ input: 11, output: 7 })
  })

  test.each(VENDORS)('B23 is decoded in a stream of $protocol, and counted', async (vendor) => {
    const { upstream, gateway } = await start(vendor)
    const text = vendor.events({ text: 'one two three' }).join('')
    upstream.next(stream([gzipSync(text)], { 'content-type': 'text/event-stream', ...zip }))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.header('content-encoding')).toBeUndefined()
    expect(answer.text).toBe(text)
    expect((await gateway.onlyRow()).usage).toMatchObject({ input: 11, output: 7 })
  })

  test.each(['utf-8', 'binary', 'none'])('B23 whose coding is called %s is as it is', async (coding) => {
    const { upstream, gateway } = await start(openaiChat)
    const body = openaiChat.answer({ text: 'fine' })
    upstream.next(json(200, body, { 'content-encoding': coding }))
    const answer = await gateway.ask(openaiChat).done
    expect(answer.header('content-encoding')).toBeUndefined()
    expect(answer.json()).toEqual(body)
  })

  test('B23 an error in it is understood', async () => {
    const { upstream, gateway } = await start(anthropic)
    upstream.next(
      bytes(400, gzipSync(JSON.stringify(anthropic.error(400, 'max_tokens'))), {
        'content-type': 'application/json',
        ...zip
      })
    )
    const answer = await gateway.ask(anthropic).done
    expect(answer.status).toBe(400)
    expect(answer.json()).toEqual(anthropic.error(400, 'max_tokens'))
  })
})

describe('to the client', () => {
  test('B24 the upstream’s request id and rate-limit headers are kept', async () => {
    const { upstream, gateway } = await start(anthropic)
    const kept = {
      'request-id': 'req_011',
      'anthropic-ratelimit-tokens-remaining': '17',
      'x-request-id': 'x1',
      'openai-processing-ms': '12'
    }
    upstream.next(json(200, anthropic.answer({ text: 'fine' }), kept))
    const answer = await gateway.ask(anthropic).done
    for (const [name, value] of Object.entries(kept)) expect(answer.header(name)).toBe(value)
  })

  test('B24 the upstream’s cookies and hop-by-hop headers are not', async () => {
    const { upstream, gateway } = await start(anthropic)
    upstream.next(
      json(200, anthropic.answer({ text: 'fine' }), {
        'set-cookie': 'cf=1',
        connection: 'close, x-hop',
        'x-hop': '1',
        'x-routex-channel': 'forged'
      })
    )
    const answer = await gateway.ask(anthropic).done
    expect(answer.header('set-cookie')).toBeUndefined()
    expect(answer.header('x-hop')).toBeUndefined()
    expect(answer.head?.headers.get('x-routex-channel')).toEqual(['main'])
  })

  test('B24 x-routex-channel, -attempts and -request-id are there, and the last is the row’s id', async () => {
    const { gateway } = await start(gemini)
    const answer = await gateway.ask(gemini, { stream: true }).done
    expect(answer.header('x-routex-channel')).toBe('main')
    expect(answer.header('x-routex-attempts')).toBe('1')
    expect((await gateway.onlyRow()).id).toBe(answer.header('x-routex-request-id'))
  })

  test('B24 a refusal carries a request id too', async () => {
    const { gateway } = await start(anthropic)
    const answer = await gateway.ask(anthropic, { key: null }).done
    expect((await gateway.onlyRow()).id).toBe(answer.header('x-routex-request-id'))
  })

  test('B24 a channel named 渠道 has an ASCII slug that is stable over restarts', async () => {
    const upstream = await startFakeUpstream()
    upstream.always(says(anthropic, { text: 'fine' }))
    const dataDir = await makeTempDir()
    const names = ['渠道', '渠道二', 'Ünïcode Châne!', '🏔']
    const slugsOf = async (): Promise<readonly string[]> => {
      const gateway = await startGateway({
        dataDir,
        config: withChannels(names.map((name) => channelOf(anthropic, upstream, { name })))
      })
      const answer = await gateway.ask(anthropic).done
      const slugs = (await gateway.call('channels.list', {})).channels.map(({ slug }) => slug)
      expect(answer.status).toBe(200)
      expect(slugs).toContain(answer.header('x-routex-channel'))
      await gateway.stop()
      return slugs
    }
    const before = await slugsOf()
    expect(before).toHaveLength(names.length)
    expect(new Set(before).size).toBe(names.length)
    for (const slug of before) expect(slug).toMatch(/^[a-z0-9][a-z0-9-]*$/)
    expect(await slugsOf()).toEqual(before)
  })
})
