import OpenAI from 'openai'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { startFakeUpstream, type FakeUpstream, type RecordedRequest } from '../../support/fake-upstream'
import { fileScope } from '../../support/file-scope'
import { RED_PIXEL } from '../../support/pictures'
import { byPath, json, stream as streamed } from '../../support/scripts'
import { channelOf, withChannels } from '../../support/config'
import type { RunningGateway } from '../../support/running-gateway'
import { startGateway } from '../../support/start-gateway'
import { unnamed } from '../../support/vendors/content'
import { CHAT_MODEL } from '../../support/vendors/openai-chat'
import { fails, openaiChat, says } from '../../support/vendors/vendors'

const register = fileScope()
let upstream: FakeUpstream
let gateway: RunningGateway
let client: OpenAI

const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] }
  }
}
const hello = { model: CHAT_MODEL, messages: [{ role: 'user' as const, content: 'Say hello.' }] }

beforeAll(async () => {
  upstream = await startFakeUpstream(register)
  gateway = await startGateway({ config: withChannels([channelOf(openaiChat, upstream)]), register })
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
})

beforeEach(async () => {
  upstream.always(says(openaiChat, { text: 'Hello from upstream' }))
  await gateway.call('channels.clearHealth', { id: (await gateway.health('main')).id })
})

const lastRequest = (): RecordedRequest => {
  const request = upstream.requests.at(-1)
  if (!request) throw new Error('nothing reached the upstream')
  return request
}
const lastBody = (): Record<string, unknown> => JSON.parse(lastRequest().body.toString()) as Record<string, unknown>

test('a completion comes back whole', async () => {
  const completion = await client.chat.completions.create(hello)
  expect(completion.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Hello from upstream' } })
  expect(completion.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7 })
})

test('a streamed completion comes back chunk by chunk and ends with its usage', async () => {
  const stream = await client.chat.completions.create({
    ...hello,
    stream: true,
    stream_options: { include_usage: true }
  })
  const texts: string[] = []
  let usage: unknown = null
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta.content
    if (text) texts.push(text)
    usage = chunk.usage ?? usage
  }
  expect(texts.join('')).toBe('Hello from upstream')
  expect(texts.length).toBeGreaterThan(1)
  expect(usage).toMatchObject({ prompt_tokens: 11 })
})

test.each([{ stream: false }, { stream: true }])(
  'a tool call comes back with its arguments, stream $stream',
  async ({ stream }) => {
    upstream.always(
      says(openaiChat, { text: 'One moment', tool: { name: 'get_weather', arguments: { place: 'Zürich 🏔' } } })
    )
    const asked = { ...hello, tools: [weather] }
    const completion = stream
      ? await client.chat.completions.stream(asked).finalChatCompletion()
      : await client.chat.completions.create(asked)
    const [choice] = completion.choices
    expect(choice?.finish_reason).toBe('tool_calls')
    const [call] = choice?.message.tool_calls ?? []
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual({ place: 'Zürich 🏔' })
    expect(lastBody()['tools']).toEqual([weather])
  }
)

test.each([{ stream: false }, { stream: true }])(
  'an image reaches the upstream unchanged, stream $stream',
  async ({ stream }) => {
    const content = [
      { type: 'text' as const, text: 'What colour is this?' },
      { type: 'image_url' as const, image_url: { url: `data:image/png;base64,${RED_PIXEL}` } }
    ]
    const asked = { ...hello, messages: [{ role: 'user' as const, content }] }
    await (stream ? client.chat.completions.stream(asked).done() : client.chat.completions.create(asked))
    expect(lastBody()['messages']).toEqual(asked.messages)
  }
)

test('the SDK sees its own error classes', async () => {
  upstream.next(fails(openaiChat, 400, 'messages: too many'))
  await expect(client.chat.completions.create(hello)).rejects.toBeInstanceOf(OpenAI.BadRequestError)
  upstream.next(fails(openaiChat, 429, 'slow down', { 'retry-after': '1' }))
  await expect(client.chat.completions.create(hello)).rejects.toBeInstanceOf(OpenAI.RateLimitError)
  const foreign = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'rtx-wrong', maxRetries: 0 })
  await expect(foreign.chat.completions.create(hello)).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
})

test('embeddings come back as they were sent', async () => {
  const data = [{ object: 'embedding', index: 0, embedding: [0.25, -1.5, 3e-7] }]
  const answer = { object: 'list', data, model: 'text-embedding-3-small', usage: { prompt_tokens: 4, total_tokens: 4 } }
  upstream.next(json(200, answer))
  const result = await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: 'abc',
    encoding_format: 'float'
  })
  expect(result.data).toEqual(data)
  expect(lastRequest().target).toBe('/v1/embeddings')
})

test('old completions work, streamed and not', async () => {
  const choice = (text: string, finishReason: string | null) => ({
    text,
    index: 0,
    logprobs: null,
    finish_reason: finishReason
  })
  const completion = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'gpt-3.5-turbo-instruct' }
  upstream.next(json(200, { ...completion, choices: [choice('once upon', 'stop')] }))
  const asked = { model: 'gpt-3.5-turbo-instruct', prompt: 'Tell' }
  expect((await client.completions.create(asked)).choices[0]?.text).toBe('once upon')
  upstream.next(
    streamed([
      unnamed({ ...completion, choices: [choice('once', null)] }),
      unnamed({ ...completion, choices: [choice(' upon', 'stop')] }),
      'data: [DONE]\n\n'
    ])
  )
  let text = ''
  for await (const chunk of await client.completions.create({ ...asked, stream: true }))
    text += chunk.choices[0]?.text ?? ''
  expect(text).toBe('once upon')
  expect(lastRequest().target).toBe('/v1/completions')
})

test('the list of models is the upstream’s, in OpenAI’s shape', async () => {
  const data = [{ id: 'gpt-4.1-mini', object: 'model', created: 1, owned_by: 'openai' }]
  upstream.always(byPath({ '/v1/models': json(200, { object: 'list', data }) }, says(openaiChat, { text: 'x' })))
  const ids: string[] = []
  for await (const model of client.models.list()) ids.push(model.id)
  expect(ids).toEqual(['gpt-4.1-mini'])
  expect(await client.models.retrieve('gpt-4.1-mini')).toMatchObject({ id: 'gpt-4.1-mini', object: 'model' })
  await expect(client.models.retrieve('gpt-unheard-of')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
})
