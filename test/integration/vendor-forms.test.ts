import { describe, expect, test } from 'vitest'
import { presets } from '../../src/shared/presets'
import { channelOf, withChannels, type ChannelConfig } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { byPath, json, stream } from '../support/scripts'
import { startGateway } from '../support/start-gateway'
import { anthropic, openaiChat, openaiResponses, says, type Vendor } from '../support/vendors/vendors'

/** The quirks that a preset gives its endpoint, before a stand-in for the vendor. */
function quirksOf(id: string, vendor: Vendor) {
  const endpoint = presets
    .find((preset) => preset.id === id)
    ?.endpoints.find(({ protocol }) => protocol === vendor.protocol)
  if (!endpoint) throw new Error(`the preset ${id} does not speak ${vendor.protocol}`)
  return endpoint.quirks
}

async function start(vendor: Vendor, path: string, rest: Partial<ChannelConfig>) {
  const upstream = await startFakeUpstream()
  upstream.always(says(vendor, { text: 'fine' }))
  const gateway = await startGateway({
    config: withChannels([channelOf(vendor, `${upstream.url}${path}`, rest)])
  })
  const sent = (index = 0) => {
    const request = upstream.requests[index]
    if (!request) throw new Error(`the upstream got no request ${index}`)
    return request
  }
  const json = (index = 0): unknown => JSON.parse(sent(index).body.toString())
  return { upstream, gateway, sent, json }
}

const secret = 'sk-upstream-secret-main'
const credentials = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const

describe('Azure OpenAI', () => {
  test.each([openaiChat, openaiResponses])('gets its key in its own header in $protocol', async (vendor) => {
    const { gateway, sent } = await start(vendor, '/openai/v1', { quirks: quirksOf('azure', vendor) })
    for (const streamed of [false, true]) {
      expect((await gateway.ask(vendor, { stream: streamed }).done).status).toBe(200)
    }
    const operation = vendor === openaiChat ? 'chat/completions' : 'responses'
    for (const index of [0, 1]) {
      const { target, headers } = sent(index)
      expect(target).toBe(`/openai/v1/${operation}`)
      expect(credentials.map((name) => headers[name])).toEqual([undefined, undefined, secret, undefined])
    }
  })

  test('B13 the body goes through byte for byte', async () => {
    const { gateway, sent } = await start(openaiChat, '/openai/v1', { quirks: quirksOf('azure', openaiChat) })
    const body = Buffer.from(
      `{ "model":"${openaiChat.model}" ,\n "max_tokens":1e1,"messages":[{"role":"user","content":"\\u00e9"}]}`
    )
    await gateway.send({ target: '/v1/chat/completions', headers: openaiChat.headers(gateway.key), body }).done
    expect(sent().body.equals(body)).toBe(true)
  })

  test('a deployment of the old kind has the model in its path and its version in the query', async () => {
    const quirks = {
      authHeader: 'api-key',
      path: '/openai/deployments/{model}/chat/completions?api-version=2024-10-21'
    } as const
    const { gateway, sent } = await start(openaiChat, '', { quirks, modelMap: { [openaiChat.model]: 'my gpt/4' } })
    expect((await gateway.ask(openaiChat).done).status).toBe(200)
    expect(sent().target).toBe('/openai/deployments/my%20gpt%2F4/chat/completions?api-version=2024-10-21')
  })
})

describe('Claude on Vertex AI', () => {
  const path = '/v1/projects/p-1/locations/us-east5'
  const place = `${path}/publishers/anthropic/models`
  const vertex = () => start(anthropic, path, { quirks: quirksOf('vertex', anthropic) })

  test('gets the model in the path, by rawPredict or streamRawPredict, and a bearer token', async () => {
    const { gateway, sent } = await vertex()
    expect((await gateway.ask(anthropic).done).status).toBe(200)
    expect((await gateway.ask(anthropic, { stream: true }).done).status).toBe(200)
    expect(sent(0).target).toBe(`${place}/${anthropic.model}:rawPredict`)
    expect(sent(1).target).toBe(`${place}/${anthropic.model}:streamRawPredict`)
    for (const index of [0, 1]) {
      const { headers } = sent(index)
      expect(credentials.map((name) => headers[name])).toEqual([`Bearer ${secret}`, undefined, undefined, undefined])
    }
  })

  test('gets its version in the body and no model, and every other byte as it came', async () => {
    const { gateway, sent } = await vertex()
    const said = '"max_tokens": 9 ,\n  "messages":[{"role":"user","content":"\\u00e9 model"}]'
    const body = Buffer.from(`{ "model" : "${anthropic.model}", ${said} }`)
    await gateway.send({ target: '/v1/messages?beta=true', headers: anthropic.headers(gateway.key), body }).done
    expect(sent().body.toString()).toBe(`{"anthropic_version":"vertex-2023-10-16", ${said} }`)
    expect(sent().headers['content-length']).toBe(String(sent().body.length))
  })

  test('gets no query of the client, since Google refuses what it does not know', async () => {
    const { gateway, sent } = await vertex()
    const request = { headers: anthropic.headers(gateway.key), body: anthropic.request({ stream: false }) }
    await gateway.send({ target: '/v1/messages?beta=true', ...request }).done
    expect(sent().target).toBe(`${place}/${anthropic.model}:rawPredict`)
  })

  test('a name that is mapped is the one in the path', async () => {
    const preset = presets.find(({ id }) => id === 'vertex')
    const { gateway, sent } = await start(anthropic, path, {
      quirks: quirksOf('vertex', anthropic),
      modelMap: preset?.modelMap ?? {}
    })
    await gateway.ask(anthropic, { model: 'claude-haiku-4-5-20251001' }).done
    expect(sent().target).toBe(`${place}/claude-haiku-4-5%4020251001:rawPredict`)
  })
})

describe('a strict vendor', () => {
  test('Groq gets none of the members that it refuses, and the others as they came', async () => {
    const { gateway, sent, json } = await start(openaiChat, '/openai/v1', { quirks: quirksOf('groq', openaiChat) })
    const refused = '"store":false,"prompt_cache_key":"k", "verbosity" : "low"'
    const kept = `"model":"${openaiChat.model}","messages":[{"role":"user","content":"store"}],"user":"u"`
    const body = Buffer.from(`{${refused},${kept}, "logprobs":true}`)
    await gateway.send({ target: '/v1/chat/completions', headers: openaiChat.headers(gateway.key), body }).done
    expect(sent().body.toString()).toBe(`{${kept}}`)
    expect(Object.keys(json() as object)).toEqual(['model', 'messages', 'user'])
  })

  // https://github.com/diegosouzapw/OmniRoute/pull/3277, https://github.com/earendil-works/pi/issues/1745,
  // https://github.com/NousResearch/hermes-agent/pull/23435
  test.each([
    ['groq', openaiChat, 'llama-3.3-70b-versatile', null],
    ['groq', openaiChat, 'qwen/qwen3-32b', null],
    ['groq', openaiChat, 'openai/gpt-oss-120b', { reasoning_effort: 'high' }],
    ['groq', openaiResponses, 'llama-3.3-70b-versatile', null],
    ['xai', openaiChat, 'grok-4.20-0309-reasoning', null],
    ['xai', openaiChat, 'grok-code-fast-1', null],
    ['xai', openaiChat, 'grok-4.6', { reasoning_effort: 'high' }],
    ['xai', openaiResponses, 'grok-4-0709', null],
    ['xai', openaiResponses, 'grok-4.7', { reasoning: { effort: 'high' } }]
  ] as const)('%s in $protocol: an effort goes to %s only where it takes one', async (id, vendor, model, effort) => {
    const { gateway, json } = await start(vendor, '/v1', { quirks: quirksOf(id, vendor), models: [model] })
    const said = { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }
    const body = { model, max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }], ...said }
    const answer = await gateway.send({ target: '/v1/messages', headers: anthropic.headers(gateway.key), body }).done
    expect(answer.status).toBe(200)
    if (effort !== null) expect(json()).toMatchObject(effort)
    else {
      expect(Object.keys(json() as object).filter((name) => name.startsWith('reasoning'))).toEqual([])
      expect(answer.header('x-routex-warnings')).toContain('reasoning')
    }
  })

  // https://github.com/anomalyco/opencode/issues/19115
  test('Mistral, which refuses a begun answer last, is asked to go on with it', async () => {
    const { gateway, json } = await start(openaiChat, '/v1', { quirks: quirksOf('mistral', openaiChat) })
    const messages = [
      { role: 'user', content: 'Say it as JSON.' },
      { role: 'assistant', content: '{' }
    ]
    const body = { model: openaiChat.model, max_tokens: 9, messages }
    const answer = await gateway.send({ target: '/v1/messages', headers: anthropic.headers(gateway.key), body }).done
    expect(answer.status).toBe(200)
    expect(answer.header('x-routex-warnings')).toContain('a begun answer')
    expect(json()).toMatchObject({ messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }] })
  })

  test('members are taken out in a retry on another channel too, and not where a channel takes them', async () => {
    const upstream = await startFakeUpstream()
    upstream.next(json(503, openaiChat.error(503, 'busy')))
    upstream.always(says(openaiChat, { text: 'fine' }))
    const gateway = await startGateway({
      config: withChannels([
        channelOf(openaiChat, upstream, { name: 'strict', priority: 1, quirks: { dropsFields: ['store'] } }),
        channelOf(openaiChat, upstream, { name: 'open', priority: 2 })
      ])
    })
    const body = { ...openaiChat.request({ stream: false }), store: false }
    const headers = openaiChat.headers(gateway.key)
    expect((await gateway.send({ target: '/v1/chat/completions', headers, body }).done).status).toBe(200)
    const sent = upstream.requests.map((request) => JSON.parse(request.body.toString()) as object)
    expect(sent.map((each) => Object.hasOwn(each, 'store'))).toEqual([false, true])
  })
})

test('OpenRouter’s Anthropic endpoint gets a bearer token, and its list is asked for at its own place', async () => {
  const { upstream, gateway, sent } = await start(anthropic, '/api', { quirks: quirksOf('openrouter', anthropic) })
  upstream.always(
    byPath(
      { '/api/v1/models': json(200, { data: [{ id: 'anthropic/claude-x' }] }) },
      stream(anthropic.events({ text: 'fine' }))
    )
  )
  expect((await gateway.ask(anthropic, { stream: true }).done).status).toBe(200)
  expect(sent(0).target).toBe('/api/v1/messages')
  const list = await gateway.send({ target: '/v1/models', headers: openaiChat.headers(gateway.key) }).done
  expect(list.json()).toMatchObject({ data: [{ id: 'anthropic/claude-x' }] })
  expect(sent(1).target).toBe('/api/v1/models')
  for (const index of [0, 1]) {
    expect(sent(index).headers).toMatchObject({ authorization: `Bearer ${secret}` })
    expect(sent(index).headers['x-api-key']).toBeUndefined()
  }
})

test('a channel that the config file gives no quirks keeps its vendor’s, by its host', async () => {
  const gateway = await startGateway({
    config: withChannels([
      { name: 'known', protocol: 'openai-chat', baseUrl: 'https://my-own.openai.azure.com/openai/v1', apiKey: 'k' },
      { name: 'bare', protocol: 'openai-chat', baseUrl: 'https://my-own.openai.azure.com/openai/v1', quirks: {} }
    ])
  })
  const { channels } = await gateway.call('channels.list', {})
  expect(channels.map(({ quirks }) => quirks)).toMatchObject([{ authHeader: 'api-key', modelsPath: null }, {}])
})
