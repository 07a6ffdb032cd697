import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream'
import { RED_PIXEL } from '../../support/pictures'
import { json } from '../../support/scripts'
import { channelOf, withChannels } from '../../support/config'
import type { RunningGateway } from '../../support/running-gateway'
import { startGateway } from '../../support/start-gateway'
import { RESPONSES_MODEL, response } from '../../support/vendors/openai-responses'
import { openaiResponses, says } from '../../support/vendors/vendors'

const weather = {
  type: 'function' as const,
  name: 'get_weather',
  strict: false,
  parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] }
}
const hello = { model: RESPONSES_MODEL, input: 'Say hello.' }

async function setUp(): Promise<{ upstream: FakeUpstream; client: OpenAI }> {
  const upstream = await startFakeUpstream()
  upstream.always(says(openaiResponses, { text: 'Hello from upstream' }))
  const gateway = await startGateway({ config: withChannels([channelOf(openaiResponses, upstream)]) })
  return { upstream, client: clientOf(gateway) }
}

const clientOf = (gateway: RunningGateway): OpenAI =>
  new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })

function bodyOf(upstream: FakeUpstream): Record<string, unknown> {
  return JSON.parse(upstream.requests.at(-1)?.body.toString() ?? '{}') as Record<string, unknown>
}

test('a response comes back whole', async () => {
  const { client } = await setUp()
  const answer = await client.responses.create(hello)
  expect(answer.output_text).toBe('Hello from upstream')
  expect(answer.usage).toMatchObject({ input_tokens: 11, output_tokens: 7 })
})

test('a streamed response comes back event by event up to response.completed', async () => {
  const { client } = await setUp()
  const types: string[] = []
  let text = ''
  for await (const event of await client.responses.create({ ...hello, stream: true })) {
    types.push(event.type)
    if (event.type === 'response.output_text.delta') text += event.delta
  }
  expect(text).toBe('Hello from upstream')
  expect(types[0]).toBe('response.created')
  expect(types.at(-1)).toBe('response.completed')
})

test.each([{ stream: false }, { stream: true }])(
  'a function call comes back with its arguments, stream $stream',
  async ({ stream }) => {
    const { upstream, client } = await setUp()
    upstream.next(
      says(openaiResponses, { text: 'One moment', tool: { name: 'get_weather', arguments: { place: 'Zürich 🏔' } } })
    )
    const asked = { ...hello, tools: [weather] }
    const answer = stream ? await client.responses.stream(asked).finalResponse() : await client.responses.create(asked)
    const call = answer.output.find((item) => item.type === 'function_call')
    expect(call).toMatchObject({ name: 'get_weather', arguments: JSON.stringify({ place: 'Zürich 🏔' }) })
    expect(bodyOf(upstream)['tools']).toEqual([weather])
  }
)

test.each([{ stream: false }, { stream: true }])(
  'an image reaches the upstream unchanged, stream $stream',
  async ({ stream }) => {
    const { upstream, client } = await setUp()
    const content = [
      { type: 'input_text' as const, text: 'What colour is this?' },
      { type: 'input_image' as const, detail: 'auto' as const, image_url: `data:image/png;base64,${RED_PIXEL}` }
    ]
    const asked = { ...hello, input: [{ role: 'user' as const, content }] }
    await (stream ? client.responses.stream(asked).finalResponse() : client.responses.create(asked))
    expect(bodyOf(upstream)['input']).toEqual(asked.input)
  }
)

test('input tokens are counted by the upstream', async () => {
  const { upstream, client } = await setUp()
  upstream.next(json(200, { object: 'response.input_tokens', input_tokens: 11 }))
  await expect(client.responses.inputTokens.count(hello)).resolves.toMatchObject({ input_tokens: 11 })
  expect(upstream.requests.at(-1)?.target).toBe('/v1/responses/input_tokens')
})

test('the sub-paths of a response go to the channel that answered it', async () => {
  const first = await startFakeUpstream()
  const second = await startFakeUpstream()
  first.always(says(openaiResponses, { text: 'one' }))
  second.always(says(openaiResponses, { text: 'two' }))
  first.next(json(200, response({ text: 'one', id: 'resp_of_first' })))
  second.next(json(200, response({ text: 'two', id: 'resp_of_second' })))
  const gateway = await startGateway({
    config: withChannels(
      [
        channelOf(openaiResponses, first, { name: 'first' }),
        channelOf(openaiResponses, second, { name: 'second', apiKey: 'sk-second' })
      ],
      { strategy: 'round_robin' }
    )
  })
  const client = clientOf(gateway)
  await client.responses.create({ ...hello, input: 'A' })
  await client.responses.create({ ...hello, input: 'B' })
  const before = { first: first.requests.length, second: second.requests.length }
  const items = json(200, { object: 'list', data: [], has_more: false, first_id: null, last_id: null })
  second.next(
    json(200, response({ text: 'two', id: 'resp_of_second' })),
    items,
    json(200, response({ text: 'x' })),
    json(200, {})
  )
  await client.responses.retrieve('resp_of_second')
  await client.responses.inputItems.list('resp_of_second')
  await client.responses.cancel('resp_of_second')
  await client.responses.delete('resp_of_second')
  expect(first.requests.length).toBe(before.first)
  expect(
    second.requests.slice(before.second).map(({ method, target }) => `${method} ${target.split('?')[0] ?? ''}`)
  ).toEqual([
    'GET /v1/responses/resp_of_second',
    'GET /v1/responses/resp_of_second/input_items',
    'POST /v1/responses/resp_of_second/cancel',
    'DELETE /v1/responses/resp_of_second'
  ])
})

test('a streamed response is found again by its id', async () => {
  const first = await startFakeUpstream()
  const second = await startFakeUpstream()
  first.always(says(openaiResponses, { text: 'one' }))
  second.always(says(openaiResponses, { text: 'two' }))
  const gateway = await startGateway({
    config: withChannels([
      channelOf(openaiResponses, first, { name: 'first', priority: 2 }),
      channelOf(openaiResponses, second, { name: 'second', priority: 1 })
    ])
  })
  const client = clientOf(gateway)
  const streamed = await client.responses.stream(hello).finalResponse()
  second.next(json(200, response({ text: 'two' })))
  await client.responses.retrieve(streamed.id)
  expect(second.requests.at(-1)?.target).toBe(`/v1/responses/${streamed.id}`)
})

test('previous_response_id pins the request to the channel that made it', async () => {
  const first = await startFakeUpstream()
  const second = await startFakeUpstream()
  first.always(json(200, response({ text: 'one', id: 'resp_of_first' })))
  second.always(json(200, response({ text: 'two', id: 'resp_of_second' })))
  const gateway = await startGateway({
    config: withChannels(
      [channelOf(openaiResponses, first, { name: 'first' }), channelOf(openaiResponses, second, { name: 'second' })],
      { strategy: 'round_robin' }
    )
  })
  const client = clientOf(gateway)
  await client.responses.create({ ...hello, input: 'A' })
  await client.responses.create({ ...hello, input: 'B' })
  for (const round of [1, 2, 3]) {
    const answer = await client.responses.create({
      ...hello,
      input: `more ${round}`,
      previous_response_id: 'resp_of_first'
    })
    expect(answer.output_text).toBe('one')
  }
})

test('a response that no channel is known for is a 404 in OpenAI’s shape', async () => {
  const { upstream, client } = await setUp()
  await expect(client.responses.retrieve('resp_unheard_of')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  expect(upstream.requests).toHaveLength(0)
})
