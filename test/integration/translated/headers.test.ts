import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { bytes, json } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { anthropic, gemini, openaiChat, openaiResponses, says, type Vendor } from '../../support/vendors/vendors'

async function start(channel: Vendor) {
  const upstream = await startFakeUpstream()
  upstream.always(says(channel, { text: 'Hello' }))
  const gateway = await startGateway({ config: withChannels([channelOf(channel, upstream)]) })
  return { upstream, gateway }
}

/** A whole answer with these headers beside its own. */
const withHeaders = (vendor: Vendor, headers: Readonly<Record<string, string>>) =>
  json(200, vendor.answer({ text: 'Hello' }), headers)

describe('rate-limit headers', () => {
  test('of OpenAI are Anthropic’s for its client', async () => {
    const { upstream, gateway } = await start(openaiChat)
    upstream.next(
      withHeaders(openaiChat, {
        'x-ratelimit-limit-requests': '500',
        'x-ratelimit-remaining-requests': '499',
        'x-ratelimit-reset-requests': '6m0s',
        'x-ratelimit-remaining-tokens': '1000',
        'x-request-id': 'req_of_upstream',
        'openai-organization': 'org-secret'
      })
    )
    const before = Date.now()
    const answer = await gateway.ask(anthropic).done
    expect(answer.header('anthropic-ratelimit-requests-limit')).toBe('500')
    expect(answer.header('anthropic-ratelimit-requests-remaining')).toBe('499')
    expect(answer.header('anthropic-ratelimit-tokens-remaining')).toBe('1000')
    const reset = Date.parse(answer.header('anthropic-ratelimit-requests-reset') ?? '') - before
    expect(reset).toBeGreaterThan(358_000)
    expect(reset).toBeLessThan(370_000)
    expect(answer.header('request-id')).toBe('req_of_upstream')
    expect([answer.header('x-ratelimit-limit-requests'), answer.header('openai-organization')]).toEqual([
      undefined,
      undefined
    ])
  })

  test('of Anthropic are OpenAI’s for its client, on a refusal too', async () => {
    const { upstream, gateway } = await start(anthropic)
    const reset = new Date(Date.now() + 90_000).toISOString()
    upstream.next(
      json(429, anthropic.error(429, 'slow down'), {
        'anthropic-ratelimit-tokens-limit': '80000',
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': reset,
        'retry-after': '90'
      })
    )
    const answer = await gateway.ask(openaiResponses).done
    expect(answer.status).toBe(429)
    expect(answer.header('x-ratelimit-limit-tokens')).toBe('80000')
    expect(answer.header('x-ratelimit-remaining-tokens')).toBe('0')
    expect(answer.header('x-ratelimit-reset-tokens')).toMatch(/^(?:8[0-9]|90)\d{3}ms$/)
    expect(answer.header('retry-after')).toBe('90')
    expect(answer.header('anthropic-ratelimit-tokens-limit')).toBeUndefined()
  })
})

describe('Anthropic’s windows of tokens for an OpenAI client', () => {
  const window = (kind: string, limit: string, remaining: string, seconds: number) => ({
    [`anthropic-ratelimit-${kind}-limit`]: limit,
    [`anthropic-ratelimit-${kind}-remaining`]: remaining,
    [`anthropic-ratelimit-${kind}-reset`]: new Date(Date.now() + seconds * 1000).toISOString()
  })
  const input = window('input-tokens', '450000', '60000', 30)
  const output = window('output-tokens', '90000', '7000', 90)

  test.each([
    ['the one with the least left', { ...input, ...output }, ['90000', '7000'], 90],
    ['whatever its kind', { ...output, ...window('input-tokens', '450000', '0', 30) }, ['450000', '0'], 30],
    ['also beside that of both', { ...window('tokens', '540000', '67000', 30), ...output }, ['90000', '7000'], 90],
    ['the only one', input, ['450000', '60000'], 30],
    [
      'one that tells what is left, before one that does not',
      { ...input, 'anthropic-ratelimit-tokens-limit': '1' },
      ['450000', '60000'],
      30
    ]
  ])('are one: %s', async (_name, headers, told, seconds) => {
    const { upstream, gateway } = await start(anthropic)
    upstream.next(withHeaders(anthropic, headers))
    const answer = await gateway.ask(openaiChat).done
    expect([answer.header('x-ratelimit-limit-tokens'), answer.header('x-ratelimit-remaining-tokens')]).toEqual(told)
    const resetMs = Number.parseInt(answer.header('x-ratelimit-reset-tokens') ?? '')
    expect(resetMs).toBeGreaterThan((seconds - 15) * 1000)
    expect(resetMs).toBeLessThanOrEqual(seconds * 1000)
    expect(answer.header('anthropic-ratelimit-input-tokens-limit')).toBeUndefined()
  })
})

describe('what could not be carried', () => {
  const lossy = {
    tools: [{ type: 'computer_20250124', name: 'computer', display_width_px: 1, display_height_px: 1 }],
    top_k: 3
  }

  test.each([true, false])('stands in x-routex-warnings and in the log, streamed: %s', async (stream) => {
    const { gateway } = await start(openaiChat)
    const answer = await gateway.ask(anthropic, { stream, body: lossy }).done
    expect(answer.status).toBe(200)
    const warnings = answer.header('x-routex-warnings') ?? ''
    expect(warnings).toContain('client_tool (computer')
    expect(warnings).toContain('top_k')
    expect((await gateway.onlyRow()).warnings).toBe(warnings)
  })

  test.each([openaiResponses, gemini])('is how often a $protocol channel may search', async (vendor) => {
    const { gateway } = await start(vendor)
    const search = { type: 'web_search_20250305', name: 'web_search' }
    const limited = await gateway.ask(anthropic, { body: { tools: [{ ...search, max_uses: 3 }] } }).done
    expect(limited.header('x-routex-warnings')).toBe('parameter (web_search.max_uses)')
    const free = await gateway.ask(anthropic, { body: { tools: [{ ...search, max_uses: null }] } }).done
    expect(free.header('x-routex-warnings')).toBeUndefined()
  })

  test('is nothing where all was carried, and where nothing is translated', async () => {
    const { gateway } = await start(gemini)
    expect((await gateway.ask(anthropic).done).header('x-routex-warnings')).toBeUndefined()
    expect((await gateway.lastRow(1)).warnings).toBeNull()
    const body = { safetySettings: [{ category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'OFF' }] }
    expect((await gateway.ask(gemini, { body }).done).header('x-routex-warnings')).toBeUndefined()
    expect((await gateway.lastRow(2)).warnings).toBeNull()
  })

  test('can be no line of its own in a header', async () => {
    const { gateway } = await start(openaiChat)
    const type = 'computer\r\nset-cookie: a=b, é'
    const answer = await gateway.ask(anthropic, { body: { tools: [{ type, name: 'computer' }] } }).done
    expect(answer.status).toBe(200)
    expect(answer.header('set-cookie')).toBeUndefined()
  })
})

describe('modelMap', () => {
  const MAP = { haiku: 'small', opus: 'large', 'claude-sonnet-4-5': 'exact', 'gpt-*': 'o-*' }

  test.each([
    [anthropic, 'claude-3-5-haiku-20241022', 'small'],
    [anthropic, 'claude-opus-5-5', 'large'],
    [anthropic, 'claude-sonnet-4-5', 'exact'],
    [anthropic, 'claude-sonnet-4-6', 'claude-sonnet-4-6'],
    [openaiResponses, 'gpt-5-mini', 'o-5-mini'],
    [gemini, 'gpt-x', 'o-x']
  ])('names the model for the channel before encoding: $1.model', async (client, asked, sent) => {
    const upstream = await startFakeUpstream()
    upstream.always(says(openaiChat, { text: 'Hello', model: 'as-the-upstream-calls-it' }))
    const gateway = await startGateway({ config: withChannels([channelOf(openaiChat, upstream, { modelMap: MAP })]) })
    const answer = await gateway.ask(client, { model: asked }).done
    expect(JSON.parse(String(upstream.requests[0]?.body))).toMatchObject({ model: sent })
    expect(answer.text).toContain(`"${asked}"`)
    expect(answer.text).not.toContain('as-the-upstream-calls-it')
    expect(await gateway.onlyRow()).toMatchObject({ model: asked })
  })

  test('decides what the encoder knows of the model: an adaptive Claude gets no budget', async () => {
    const upstream = await startFakeUpstream()
    upstream.always(says(anthropic, { text: 'Hello' }))
    const modelMap = { 'gpt-5-mini': 'claude-opus-5-5', 'gpt-5-nano': 'claude-haiku-4-5' }
    const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream, { modelMap })]) })
    const body = { reasoning: { effort: 'high' } }
    await gateway.ask(openaiResponses, { body, model: 'gpt-5-mini' }).done
    await gateway.ask(openaiResponses, { body, model: 'gpt-5-nano' }).done
    const [adaptive, budget] = upstream.requests.map((request) => JSON.parse(String(request.body)) as unknown)
    expect(adaptive).toMatchObject({ model: 'claude-opus-5-5', thinking: { type: 'adaptive' } })
    expect(budget).toMatchObject({ model: 'claude-haiku-4-5', thinking: { type: 'enabled', budget_tokens: 24_576 } })
  })

  test('a path takes the name that is sent', async () => {
    const upstream = await startFakeUpstream()
    upstream.always(says(gemini, { text: 'Hello' }))
    const modelMap = { sonnet: 'gemini-2.5-pro' }
    const gateway = await startGateway({ config: withChannels([channelOf(gemini, upstream, { modelMap })]) })
    await gateway.ask(anthropic, { stream: true }).done
    expect(upstream.requests[0]?.target).toBe('/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse')
  })
})

describe('the list of models', () => {
  test('of a channel of another protocol comes in the client’s shape', async () => {
    const { upstream, gateway } = await start(openaiChat)
    upstream.always(json(200, { object: 'list', data: [{ id: 'gpt-x', object: 'model', created: 1, owned_by: 'o' }] }))
    const ask = (headers: Readonly<Record<string, string>>, target = '/v1/models') =>
      gateway.send({ target, headers }).done.then((answer) => answer.json())
    expect(await ask(anthropic.headers(gateway.key))).toMatchObject({
      data: [{ id: 'gpt-x', type: 'model', display_name: expect.any(String) as string }],
      has_more: false
    })
    expect(await ask(gemini.headers(gateway.key), '/v1beta/models')).toMatchObject({
      models: [{ name: 'models/gpt-x', supportedGenerationMethods: expect.arrayContaining(['generateContent']) as [] }]
    })
    expect(await ask(openaiChat.headers(gateway.key))).toMatchObject({ object: 'list', data: [{ id: 'gpt-x' }] })
  })
})

test('an answer that is no JSON is the channel’s failure, and no empty answer', async () => {
  const { upstream, gateway } = await start(openaiChat)
  upstream.next(bytes(200, Buffer.from('<html>down</html>'), { 'content-type': 'text/html' }))
  const answer = await gateway.ask(anthropic).done
  expect(answer.status).toBe(502)
  expect(answer.json()).toMatchObject({ type: 'error' })
})
