import { describe, expect, test } from 'vitest'
import { startFakeUpstream } from '../support/fake-upstream'
import { bytes, stream } from '../support/scripts'
import { channelOf, withChannels, type ChannelConfig } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { anthropic, gemini, openaiChat, says, VENDORS, type Vendor } from '../support/vendors/vendors'

async function start(vendor: Vendor, rest: Partial<ChannelConfig> = {}) {
  const upstream = await startFakeUpstream()
  upstream.always(says(vendor, { text: 'fine' }))
  const gateway = await startGateway({ config: withChannels([channelOf(vendor, upstream, rest)]) })
  return { upstream, gateway }
}

/** JSON that no serializer would write again as it is: spaces, escapes, big and long numbers, a double name, unknown fields. */
function oddBody(model: string): Buffer {
  return Buffer.from(
    `{ "zz_unknown" : {"deep":[1e2,1.0,12345678901234567890,-0]},\r\n\t"model":"${model}",\n "max_tokens":64 ,` +
      `"messages":[{"role":"user","content":"caf\\u00e9 \\/ é 🏔 \\ud83c\\udfd4 \\u2028"}],"contents":[{"parts":[{"text":"x"}]}],"input":"x",` +
      `"metadata":{"a":"1","a":"2","model":"not this one"}}  \n`
  )
}

describe.each(VENDORS)('$protocol', (vendor) => {
  test('B13 the request’s bytes reach the upstream as they are', async () => {
    const { upstream, gateway } = await start(vendor)
    const body = oddBody(vendor.model)
    await gateway.send({ target: vendor.target({ stream: false }), headers: vendor.headers(gateway.key), body }).done
    expect(upstream.requests[0]?.body.equals(body)).toBe(true)
    expect(upstream.requests[0]?.headers['content-length']).toBe(String(body.length))
  })

  test('B13 the answer’s bytes reach the client as they are', async () => {
    const { upstream, gateway } = await start(vendor)
    const body = Buffer.from(
      `\n  ${JSON.stringify(vendor.answer({ text: 'déjà vu' }), null, 3).replace('é', '\\u00e9')}\r\n`
    )
    upstream.next(bytes(200, body, { 'content-type': 'application/json; charset=utf-8' }))
    const answer = await gateway.ask(vendor).done
    expect(answer.body.equals(body)).toBe(true)
    expect(answer.header('content-type')).toBe('application/json; charset=utf-8')
  })

  test('B13 a stream’s bytes reach the client as they are', async () => {
    const { upstream, gateway } = await start(vendor)
    const events = vendor.events({ text: 'déjà vu 🏔', tool: { name: 'f', arguments: { a: '"\n' } }, thinking: 'hm' })
    upstream.next(stream(events))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.text).toBe(events.join(''))
    expect(answer.header('content-type')).toContain('text/event-stream')
  })
})

test('B13 where only the model name changes, only its bytes are replaced', async () => {
  const { upstream, gateway } = await start(anthropic, { modelMap: { 'claude-asked': 'claude-sent' } })
  const body = oddBody('claude-asked')
  await gateway.send({ target: '/v1/messages', headers: anthropic.headers(gateway.key), body }).done
  expect(upstream.requests[0]?.body.toString()).toBe(oddBody('claude-sent').toString())
  expect(await gateway.onlyRow()).toMatchObject({ model: 'claude-asked', sentModel: 'claude-sent' })
})

test('B13 a model name in the path is replaced there, and the body stays', async () => {
  const { upstream, gateway } = await start(gemini, { modelMap: { 'gemini-asked': 'gemini-sent' } })
  const body = Buffer.from('{ "contents" : [ {"role":"user", "parts":[{"text":"d\\u00e9jà"}]} ] , "contents2":1.50}')
  await gateway.send({
    target: '/v1beta/models/gemini-asked:generateContent',
    headers: gemini.headers(gateway.key),
    body
  }).done
  expect(upstream.requests[0]?.target).toBe('/v1beta/models/gemini-sent:generateContent')
  expect(upstream.requests[0]?.body.equals(body)).toBe(true)
})

test('B13 the filter goes by the name that was asked for, before the map', async () => {
  const { upstream, gateway } = await start(openaiChat, { models: ['asked-*'], modelMap: { 'asked-one': 'sent-one' } })
  expect((await gateway.ask(openaiChat, { model: 'asked-one' }).done).status).toBe(200)
  expect([404, 503]).toContain((await gateway.ask(openaiChat, { model: 'sent-one' }).done).status)
  expect(upstream.requests).toHaveLength(1)
})

interface BaseUrl {
  readonly vendor: Vendor
  readonly base: string
  readonly expected: string
}

describe('the base URL as the vendor’s SDK takes it', () => {
  const urls: readonly BaseUrl[] = [
    { vendor: anthropic, base: '', expected: '/v1/messages' },
    { vendor: anthropic, base: '/', expected: '/v1/messages' },
    { vendor: anthropic, base: '/v1', expected: '/v1/messages' },
    { vendor: anthropic, base: '/api/anthropic', expected: '/api/anthropic/v1/messages' },
    { vendor: openaiChat, base: '/v1', expected: '/v1/chat/completions' },
    { vendor: openaiChat, base: '/v1/', expected: '/v1/chat/completions' },
    { vendor: openaiChat, base: '', expected: '/v1/chat/completions' },
    { vendor: openaiChat, base: '/api/paas/v4', expected: '/api/paas/v4/chat/completions' },
    { vendor: openaiChat, base: '/openai/v1/proxy', expected: '/openai/v1/proxy/chat/completions' },
    { vendor: gemini, base: '', expected: `/v1beta/models/${gemini.model}:generateContent` },
    { vendor: gemini, base: '/v1beta', expected: `/v1beta/models/${gemini.model}:generateContent` }
  ]
  test.each(urls)('$vendor.protocol at "$base" is asked at $expected', async ({ vendor, base, expected }) => {
    const upstream = await startFakeUpstream()
    upstream.always(says(vendor, { text: 'fine' }))
    const gateway = await startGateway({ config: withChannels([channelOf(vendor, `${upstream.url}${base}`)]) })
    await gateway.ask(vendor).done
    expect(upstream.requests[0]?.target).toBe(expected)
  })
})
