import Anthropic from '@anthropic-ai/sdk'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { startFakeUpstream, type FakeUpstream, type RecordedRequest } from '../../support/fake-upstream'
import { fileScope } from '../../support/file-scope'
import { RED_PIXEL } from '../../support/pictures'
import { byPath, json } from '../../support/scripts'
import { channelOf, withChannels } from '../../support/config'
import type { RunningGateway } from '../../support/running-gateway'
import { startGateway } from '../../support/start-gateway'
import { ANTHROPIC_MODEL } from '../../support/vendors/anthropic'
import { anthropic, fails, says } from '../../support/vendors/vendors'

const register = fileScope()
let upstream: FakeUpstream
let gateway: RunningGateway
let client: Anthropic

const weather = {
  name: 'get_weather',
  description: 'Weather of a place',
  input_schema: { type: 'object' as const, properties: { place: { type: 'string' } }, required: ['place'] }
}
const hello = { model: ANTHROPIC_MODEL, max_tokens: 64, messages: [{ role: 'user' as const, content: 'Say hello.' }] }

beforeAll(async () => {
  upstream = await startFakeUpstream(register)
  gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]), register })
  client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
})

beforeEach(async () => {
  upstream.always(says(anthropic, { text: 'Hello from upstream' }))
  await gateway.call('channels.clearHealth', { id: (await gateway.health('main')).id })
})

const lastRequest = (): RecordedRequest => {
  const request = upstream.requests.at(-1)
  if (!request) throw new Error('nothing reached the upstream')
  return request
}
const lastBody = (): Record<string, unknown> => JSON.parse(lastRequest().body.toString()) as Record<string, unknown>

test('a message comes back whole', async () => {
  const message = await client.messages.create(hello)
  expect(message.content).toEqual([{ type: 'text', text: 'Hello from upstream' }])
  expect(message.stop_reason).toBe('end_turn')
  expect(message.usage).toMatchObject({ input_tokens: 11, output_tokens: 7 })
})

test('a streamed message comes back event by event', async () => {
  const texts: string[] = []
  const message = await client.messages
    .stream(hello)
    .on('text', (text) => texts.push(text))
    .finalMessage()
  expect(texts.length).toBeGreaterThan(1)
  expect(message.content).toMatchObject([{ type: 'text', text: 'Hello from upstream' }])
  expect(message.usage.output_tokens).toBe(7)
})

test.each([{ stream: false }, { stream: true }])(
  'a tool call comes back with its arguments, stream $stream',
  async ({ stream }) => {
    upstream.always(
      says(anthropic, { text: 'One moment', tool: { name: 'get_weather', arguments: { place: 'Zürich 🏔' } } })
    )
    const asked = { ...hello, tools: [weather], tool_choice: { type: 'auto' as const } }
    const message = stream ? await client.messages.stream(asked).finalMessage() : await client.messages.create(asked)
    expect(message.stop_reason).toBe('tool_use')
    expect(message.content.at(-1)).toMatchObject({
      type: 'tool_use',
      name: 'get_weather',
      input: { place: 'Zürich 🏔' }
    })
    expect(lastBody()['tools']).toEqual([weather])
  }
)

test.each([{ stream: false }, { stream: true }])(
  'thinking comes back with its signature, stream $stream',
  async ({ stream }) => {
    upstream.always(says(anthropic, { text: 'Four', thinking: 'Two and two' }))
    const asked = { ...hello, max_tokens: 2048, thinking: { type: 'enabled' as const, budget_tokens: 1024 } }
    const message = stream ? await client.messages.stream(asked).finalMessage() : await client.messages.create(asked)
    expect(message.content[0]).toMatchObject({ type: 'thinking', thinking: 'Two and two' })
    expect(message.content[0]).toHaveProperty('signature', expect.stringMatching(/.{10}/))
  }
)

test.each([{ stream: false }, { stream: true }])(
  'an image reaches the upstream unchanged, stream $stream',
  async ({ stream }) => {
    const content = [
      {
        type: 'image' as const,
        source: { type: 'base64' as const, media_type: 'image/png' as const, data: RED_PIXEL }
      },
      { type: 'text' as const, text: 'What colour is this?' }
    ]
    const asked = { ...hello, messages: [{ role: 'user' as const, content }] }
    await (stream ? client.messages.stream(asked).finalMessage() : client.messages.create(asked))
    expect(lastBody()['messages']).toEqual(asked.messages)
  }
)

test('a tool result and the assistant turn before it reach the upstream unchanged', async () => {
  const messages: Anthropic.MessageParam[] = [
    { role: 'user', content: 'Weather in Bern?' },
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { place: 'Bern' } }]
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Sun, 21 °C' }] }
  ]
  await client.messages.create({ ...hello, messages, tools: [weather] })
  expect(lastBody()['messages']).toEqual(messages)
})

test('the key works as a bearer token as well', async () => {
  const bearer = new Anthropic({ baseURL: gateway.url, apiKey: null, authToken: gateway.key, maxRetries: 0 })
  expect((await bearer.messages.create(hello)).stop_reason).toBe('end_turn')
  expect(lastRequest().headers['authorization']).toBeUndefined()
  expect(lastRequest().headers['x-api-key']).toBe('sk-upstream-secret-main')
})

test('the beta headers of the SDK reach the upstream', async () => {
  await client.beta.messages.create({ ...hello, betas: ['context-1m-2025-08-07'] })
  expect(lastRequest().headers['anthropic-beta']).toBe('context-1m-2025-08-07')
})

test('the SDK sees its own error classes', async () => {
  upstream.next(fails(anthropic, 400, 'max_tokens: too large'))
  await expect(client.messages.create(hello)).rejects.toBeInstanceOf(Anthropic.BadRequestError)
  upstream.next(fails(anthropic, 429, 'slow down', { 'retry-after': '1' }))
  await expect(client.messages.create(hello)).rejects.toBeInstanceOf(Anthropic.RateLimitError)
  const foreign = new Anthropic({ baseURL: gateway.url, apiKey: 'rtx-wrong', maxRetries: 0 })
  await expect(foreign.messages.create(hello)).rejects.toBeInstanceOf(Anthropic.AuthenticationError)
})

test('tokens are counted by the upstream', async () => {
  upstream.next(json(200, { input_tokens: 2095 }))
  const { max_tokens, ...counted } = hello
  expect(max_tokens).toBe(64)
  await expect(client.messages.countTokens(counted)).resolves.toEqual({ input_tokens: 2095 })
  expect(lastRequest().target).toBe('/v1/messages/count_tokens')
})

test('the list of models is the upstream’s, in Anthropic’s shape', async () => {
  const data = [
    { id: 'claude-opus-4-5', type: 'model', display_name: 'Opus', created_at: '2025-11-01T00:00:00Z' },
    { id: 'claude-sonnet-4-5', type: 'model', display_name: 'Sonnet', created_at: '2025-09-01T00:00:00Z' }
  ]
  const list = json(200, { data, has_more: false, first_id: data[0]?.id, last_id: data[1]?.id })
  upstream.always(byPath({ '/v1/models': list }, says(anthropic, { text: 'x' })))
  const ids: string[] = []
  for await (const model of client.models.list()) ids.push(model.id)
  expect(ids.sort()).toEqual(['claude-opus-4-5', 'claude-sonnet-4-5'])
  const one = await client.models.retrieve('claude-opus-4-5')
  expect(one).toMatchObject({ id: 'claude-opus-4-5', type: 'model' })
  await expect(client.models.retrieve('claude-unheard-of')).rejects.toBeInstanceOf(Anthropic.NotFoundError)
})
