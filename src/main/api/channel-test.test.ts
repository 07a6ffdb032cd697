import { describe, expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import { startFakeUpstream, unusedUrl, type Script } from '../../../test/support/fake-upstream'
import { byPath, bytes, hangForever, json, resetBeforeHead, stream } from '../../../test/support/scripts'
import { anthropic, gemini, openaiChat, openaiResponses, type Vendor } from '../../../test/support/vendors/vendors'
import type { ChannelInput } from '../../shared/channel'
import { channelId } from '../../shared/ids'

const SECRET = 'upstream-secret-1234'

async function setup(vendor: Vendor = anthropic, input: Partial<ChannelInput> = {}) {
  const world = await makeApiWorld()
  const upstream = await startFakeUpstream()
  const { id } = await world.call('channels.create', {
    name: 'main',
    protocol: vendor.protocol,
    baseUrl: upstream.url,
    apiKey: SECRET,
    models: [vendor.model],
    ...input
  })
  const run = (model?: string) => world.call('channels.test', { id, ...(model !== undefined && { model }) })
  const outline = async () => (await run()).steps.map(({ step, ok }) => `${step} ${ok ? 'ok' : 'failed'}`)
  const bodies = () =>
    upstream.requests.map(({ body }) => (body.length === 0 ? null : (JSON.parse(body.toString()) as unknown)))
  return { ...world, id, upstream, run, outline, bodies }
}

const whole = (vendor: Vendor): Script => json(200, vendor.answer({ text: 'Hi' }))
const streamed = (vendor: Vendor): Script => stream(vendor.events({ text: 'Hi' }))

test.each([anthropic, openaiChat, openaiResponses, gemini])(
  'a good channel of $protocol passes every step, with few tokens asked for',
  async (vendor) => {
    const { upstream, run, bodies } = await setup(vendor)
    upstream.next(whole(vendor), streamed(vendor))
    const result = await run()
    expect(result).toMatchObject({ ok: true, model: vendor.model })
    expect(result.steps.map(({ step, ok, error }) => [step, ok, error])).toEqual([
      ['connect', true, null],
      ['auth', true, null],
      ['request', true, null],
      ['stream', true, null]
    ])
    expect(JSON.stringify(upstream.requests.map(({ headers, target }) => [headers, target]))).toContain(SECRET)
    expect(JSON.stringify(bodies()[0])).toMatch(/"max(_output_tokens|_tokens|OutputTokens)":(1|16)\b/)
    if (vendor !== gemini) expect(bodies()).toMatchObject([{ stream: false }, { stream: true }])
  }
)

test('a server that is not there fails the first step, with what to do', async () => {
  const { run } = await setup(anthropic, { baseUrl: await unusedUrl() })
  const { ok, steps } = await run()
  expect([ok, steps.length, steps[0]?.step, steps[0]?.ok]).toEqual([false, 1, 'connect', false])
  expect(steps[0]?.error).toMatch(/ECONNREFUSED.*\nCheck the base URL/s)
})

test('a credential that is refused fails auth, and its text is not repeated', async () => {
  const { upstream, run } = await setup()
  upstream.next(json(401, anthropic.error(401, `invalid x-api-key: ${SECRET}`)))
  const { steps } = await run()
  expect(steps.map(({ step, ok }) => [step, ok])).toEqual([
    ['connect', true],
    ['auth', false]
  ])
  expect(steps[1]?.error).toBe('401: invalid x-api-key: [credential]\nCheck the API key of this channel.')
})

test.each([
  [json(404, anthropic.error(404, 'model: claude-x')), 'request failed'],
  [json(529, anthropic.error(529, 'Overloaded')), 'request failed'],
  [json(500, anthropic.error(500, 'oops')), 'request failed'],
  [resetBeforeHead, 'request failed']
])('an answer that is no good fails the request (%#)', async (script, last) => {
  const { upstream, outline } = await setup()
  upstream.next(script)
  expect((await outline()).at(-1)).toBe(last)
})

test('a 2xx that is no answer fails the request, and says what came', async () => {
  const { upstream, run } = await setup()
  upstream.next(bytes(200, Buffer.from('<html></html>'), { 'content-type': 'text/html' }))
  const { ok, steps } = await run()
  expect(ok).toBe(false)
  expect(steps.at(-1)).toMatchObject({ step: 'request', ok: false })
  expect(steps.at(-1)?.error).toContain('answered 200 with text/html instead of JSON; check the base URL')
  upstream.next(bytes(200, Buffer.alloc(0)))
  expect((await run()).steps.at(-1)?.error).toContain('an empty body')
})

test('a stream that breaks off, or is none, fails the last step', async () => {
  const { upstream, outline } = await setup()
  const events = anthropic.events({ text: 'Hi' })
  upstream.next(whole(anthropic), stream(events.slice(0, 4)))
  expect(await outline()).toEqual(['connect ok', 'auth ok', 'request ok', 'stream failed'])
  upstream.next(whole(anthropic), whole(anthropic))
  expect((await outline()).at(-1)).toBe('stream failed')
  upstream.next(
    whole(anthropic),
    stream(['event: error\ndata: {"type":"error","error":{"type":"api_error","message":"x"}}\n\n'])
  )
  expect((await outline()).at(-1)).toBe('stream failed')
})

test('an upstream that never answers is given up after a minute', async () => {
  const { upstream, run, clock } = await setup()
  upstream.always(hangForever)
  const running = run()
  await upstream.request(1)
  clock.advance(60_000)
  expect((await running).steps.at(-1)).toMatchObject({ step: 'request', ok: false, ms: 60_000 })
  expect(clock.pendingTimers).toBeLessThan(4)
})

test('a newer chat model that refuses max_tokens is asked with max_completion_tokens', async () => {
  const { upstream, outline, bodies } = await setup(openaiChat)
  const refusal = json(
    400,
    openaiChat.error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
  )
  upstream.next(refusal, whole(openaiChat), refusal, streamed(openaiChat))
  expect((await outline()).at(-1)).toBe('stream ok')
  expect(bodies()).toMatchObject([{ max_tokens: 1 }, { max_completion_tokens: 512 }, {}, { stream: true }])
})

test('the model is the one given, mapped; else the first that is named; else one of the upstream’s own list', async () => {
  const { upstream, run, bodies, call, id } = await setup(anthropic, { modelMap: { fast: 'claude-haiku-4-5' } })
  upstream.always(
    byPath(
      { '/v1/models': json(200, { data: [{ id: 'other-1' }, { id: 'claude-2' }, { id: 'claude-3' }] }) },
      whole(anthropic)
    )
  )
  expect(await run('fast')).toMatchObject({ model: 'fast' })
  expect(bodies().at(-1)).toMatchObject({ model: 'claude-haiku-4-5' })
  await call('channels.update', { id, change: { models: ['claude-*', 'named-model'] } })
  expect(await run()).toMatchObject({ model: 'named-model' })
  await call('channels.update', { id, change: { models: ['claude-*'] } })
  expect(await run()).toMatchObject({ model: 'claude-2' })
  upstream.always(byPath({ '/v1/models': json(404, {}) }, whole(anthropic)))
  expect(await run()).toMatchObject({ model: 'claude-haiku-4-5' })
})

test('a channel that passes has its health cleared, one that fails has not', async () => {
  const { upstream, run, call, config, health, id } = await setup()
  const channel = config.channel(id)
  if (!channel) throw new Error('the channel is not there')
  const place = health.of(channel)
  place.fail({ kind: 'auth', message: 'invalid x-api-key' }, place.begin(0), channel, null, 0)
  upstream.next(json(500, {}))
  await run()
  expect(await call('stats.health', {})).toMatchObject({ channels: [{ state: 'auth_failed' }] })
  upstream.next(whole(anthropic), streamed(anthropic))
  await run()
  expect(await call('stats.health', {})).toMatchObject({ channels: [{ state: 'closed' }] })
})

test('each step is told as soon as it is over, to whom started the test', async () => {
  const { upstream, api, call, id } = await setup()
  const told: string[] = []
  api.on('test.step', ({ testId, step: { step, ok } }) => told.push(`${testId} ${step} ${ok ? 'ok' : 'failed'}`))
  const answered = Promise.withResolvers<undefined>()
  upstream.next(whole(anthropic), stream([answered.promise, ...anthropic.events({ text: 'Hi' })]))
  const running = call('channels.test', { id, testId: 't1' })
  await expect.poll(() => told).toEqual(['t1 connect ok', 't1 auth ok', 't1 request ok'])
  answered.resolve(undefined)
  await running
  expect(told.at(-1)).toBe('t1 stream ok')
  upstream.next(json(401, anthropic.error(401, 'no')))
  await call('channels.test', { id, testId: 't2' })
  upstream.next(json(401, anthropic.error(401, 'no')))
  await call('channels.test', { id })
  expect(told.slice(4)).toEqual(['t2 connect ok', 't2 auth failed'])
})

test('the Demo has nothing to test', async () => {
  const { call } = await makeApiWorld()
  const [demo] = (await call('channels.list', {})).channels
  if (!demo) throw new Error('there is no Demo')
  await expect(call('channels.test', { id: demo.id })).rejects.toMatchObject({ status: 409 })
})

describe('a channel that is not saved', () => {
  async function setupUnsaved(headers: Record<string, string> = {}) {
    const world = await setup(anthropic, { headers: { 'x-token': 'header-secret', 'x-title': 'team' } })
    const channel = {
      name: 'new',
      protocol: 'anthropic' as const,
      baseUrl: world.upstream.url,
      models: ['claude-x'],
      headers
    }
    return { ...world, channel }
  }

  test('is tried with what it was given', async () => {
    const { upstream, call, channel, api } = await setupUnsaved()
    const told: unknown[] = []
    api.on('test.step', (step) => told.push(step))
    upstream.next(whole(anthropic), streamed(anthropic))
    const result = await call('channels.tryOut', { channel: { ...channel, apiKey: 'sk-own' }, testId: 'mine' })
    expect(result).toMatchObject({ ok: true, model: 'claude-x' })
    expect(upstream.requests[0]?.headers).toMatchObject({ 'x-api-key': 'sk-own' })
    expect(upstream.requests[0]?.headers).not.toHaveProperty('x-token')
    expect(told).toEqual(result.steps.map((step) => ({ testId: 'mine', step })))
    expect((await call('channels.list', {})).channels).toHaveLength(1)
  })

  test('takes from the saved one the credential and the masked headers that it has none of its own for', async () => {
    const { upstream, call, channel, id } = await setupUnsaved({ 'x-token': '****', 'x-title': 'other' })
    upstream.always(whole(anthropic))
    await call('channels.tryOut', { channel, id })
    const saved = { 'x-api-key': SECRET, 'x-token': 'header-secret', 'x-title': 'other' }
    expect(upstream.requests[0]?.headers).toMatchObject(saved)
    await call('channels.tryOut', { channel: { ...channel, apiKey: 'sk-own' }, id })
    expect(upstream.requests.at(-1)?.headers).toMatchObject({ ...saved, 'x-api-key': 'sk-own' })
  })

  test('does not clear the health of the saved one, which may be another', async () => {
    const { upstream, call, channel, config, health, id } = await setupUnsaved()
    const saved = config.channel(id)
    if (!saved) throw new Error('the channel is not there')
    const place = health.of(saved)
    place.fail({ kind: 'auth', message: 'invalid x-api-key' }, place.begin(0), saved, null, 0)
    upstream.next(whole(anthropic), streamed(anthropic))
    expect(await call('channels.tryOut', { channel, id })).toMatchObject({ ok: true })
    expect(await call('stats.health', {})).toMatchObject({ channels: [{ state: 'auth_failed' }] })
  })

  test('fails with what and what to do, without the credential that it took', async () => {
    const { upstream, call, channel, id } = await setupUnsaved()
    upstream.next(json(401, anthropic.error(401, `invalid x-api-key: ${SECRET}`)))
    const { steps } = await call('channels.tryOut', { channel, id })
    expect(steps.at(-1)?.error?.split('\n')).toHaveLength(2)
    expect(JSON.stringify(steps)).not.toContain(SECRET)
  })

  test('B41 that leads back to Routex is refused, and so is one beside a channel that there is not', async () => {
    const { call, channel } = await setupUnsaved()
    const loop = { ...channel, baseUrl: 'http://localhost:8080' }
    const refused = { status: 400, details: { problems: [{ path: 'channel.baseUrl' }] } }
    await expect(call('channels.tryOut', { channel: loop })).rejects.toMatchObject(refused)
    await expect(call('channels.models', { channel: loop })).rejects.toMatchObject(refused)
    const none = channelId.parse('ch_none')
    await expect(call('channels.tryOut', { channel, id: none })).rejects.toMatchObject({ status: 404 })
    await expect(call('channels.models', { id: none })).rejects.toMatchObject({ status: 404 })
  })
})

describe('the models of a channel', () => {
  const list = json(200, { data: [{ id: 'claude-2' }, { id: 'claude-3' }] })

  test('are asked of its upstream with its credential, for a saved one and for one that is not', async () => {
    const { upstream, call, id } = await setup()
    upstream.always(byPath({ '/v1/models': list }, json(404, {})))
    expect(await call('channels.models', { id })).toEqual({ models: ['claude-2', 'claude-3'] })
    const channel = { name: 'new', protocol: 'openai-chat' as const, baseUrl: upstream.url }
    expect(await call('channels.models', { channel: { ...channel, apiKey: 'sk-own' } })).toMatchObject({
      models: ['claude-2', 'claude-3']
    })
    await call('channels.models', { channel, id })
    expect(upstream.requests.map(({ headers }) => headers['x-api-key'] ?? headers.authorization)).toEqual([
      SECRET,
      'Bearer sk-own',
      `Bearer ${SECRET}`
    ])
  })

  test.each([
    ['status 404', json(404, {})],
    ['no list of models', json(200, { hello: 'world' })]
  ])('can not be had: %s, with what to do', async (why, script) => {
    const { upstream, call, id } = await setup()
    upstream.always(script)
    const failed = { code: 'no_model_list', status: 502, message: expect.stringMatching(`${why}\nCheck`) as string }
    await expect(call('channels.models', { id })).rejects.toMatchObject(failed)
  })

  test('are told once each, however often the upstream lists them', async () => {
    const { call, id, upstream } = await setup()
    const twice = ['ma', 'mb', 'ma', 'models/mb'].map((name) => ({ id: name }))
    upstream.always(byPath({ '/v1/models': json(200, { data: twice }) }, json(404, {})))
    expect(await call('channels.models', { id })).toEqual({ models: ['ma', 'mb'] })
  })

  test('are one for the Demo, and a question about nothing is refused', async () => {
    const { call } = await makeApiWorld()
    const [demo] = (await call('channels.list', {})).channels
    if (!demo) throw new Error('there is no Demo')
    expect(await call('channels.models', { id: demo.id })).toEqual({ models: ['demo'] })
    await expect(call('channels.models', {})).rejects.toMatchObject({ status: 400 })
  })
})

test('a channel is tried as its requests will go: its path, its header, the members it wants and those it refuses', async () => {
  const { upstream, run, bodies } = await setup(anthropic, {
    quirks: {
      authHeader: 'authorization',
      path: '/models/{model}:rawPredict',
      streamPath: '/models/{model}:streamRawPredict',
      addsFields: { anthropic_version: 'vertex-2023-10-16' },
      dropsFields: ['model']
    }
  })
  upstream.next(whole(anthropic), streamed(anthropic))
  expect(await run()).toMatchObject({ ok: true })
  expect(upstream.requests.map(({ target, headers }) => [target, headers.authorization, headers['x-api-key']])).toEqual(
    [
      [`/models/${anthropic.model}:rawPredict`, `Bearer ${SECRET}`, undefined],
      [`/models/${anthropic.model}:streamRawPredict`, `Bearer ${SECRET}`, undefined]
    ]
  )
  for (const body of bodies()) {
    expect(body).toMatchObject({ anthropic_version: 'vertex-2023-10-16', max_tokens: 1 })
    expect(body).not.toHaveProperty('model')
  }
})
