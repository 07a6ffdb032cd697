import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { readEvents } from '../../support/sse'
import { startGateway } from '../../support/start-gateway'
import { anthropic, openaiResponses, says, VENDORS, type Vendor } from '../../support/vendors/vendors'

const OTHERS = VENDORS.filter((vendor) => vendor !== openaiResponses)
const OTHER_KEY = 'rtx-other-0123456789abcdef0123456789abcdef'
const [chat] = OTHERS.filter(({ protocol }) => protocol === 'openai-chat')

/** Routex before one channel that keeps no responses, for two client keys. */
async function start(vendor: Vendor | undefined = chat, text = 'Two.') {
  if (vendor === undefined) throw new Error('no vendor')
  const upstream = await startFakeUpstream()
  upstream.always(says(vendor, { text }))
  const config = withChannels([channelOf(vendor, upstream)])
  const clientKeys = [...(config.clientKeys ?? []), { name: 'other', key: OTHER_KEY }]
  const gateway = await startGateway({ config: { ...config, clientKeys } })
  const clientFor = (apiKey: string) => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 })
  const lastBody = () => String(upstream.requests.at(-1)?.body)
  return { upstream, gateway, client: clientFor(gateway.key), other: clientFor(OTHER_KEY), lastBody }
}

const model = 'gpt-5-mini'

async function create(client: OpenAI, stream: boolean, more: { input: string; previous_response_id?: string }) {
  const asked = { model, ...more }
  return stream ? client.responses.stream(asked).finalResponse() : client.responses.create({ ...asked, stream: false })
}

/** What a refusal says, as the SDK tells it. */
async function refusalOf(promise: Promise<unknown>): Promise<{ readonly status: unknown; readonly message: string }> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason
  )
  if (!(error instanceof OpenAI.APIError)) throw new Error('it was not refused', { cause: error })
  return { status: error.status, message: error.message }
}

describe.each(OTHERS)('on a channel of $protocol', (vendor) => {
  test.each([true, false])('a previous_response_id brings the conversation back, streamed: %s', async (stream) => {
    const { upstream, client, lastBody } = await start(vendor)
    const first = await create(client, stream, { input: 'One and one?' })
    expect(first.output_text).toBe('Two.')
    const second = await create(client, stream, { input: 'And one?', previous_response_id: first.id })
    expect(lastBody()).toMatch(/One and one\?.*Two\..*And one\?/s)
    expect(second.previous_response_id).toBe(first.id)
    await create(client, stream, { input: 'And ten?', previous_response_id: second.id })
    expect(lastBody()).toMatch(/One and one\?.*Two\..*And one\?.*Two\..*And ten\?/s)
    expect(lastBody()).not.toContain('previous_response_id')
    expect(upstream.requests).toHaveLength(3)
  })
})

test('what a kept answer was asked can be listed, and it can not be cancelled', async () => {
  const { client } = await start()
  const { id } = await create(client, false, { input: 'One and one?' })
  const items = await client.responses.inputItems.list(id, { order: 'asc', limit: 1 })
  expect(items.data).toMatchObject([{ type: 'message', role: 'user', content: 'One and one?' }])
  expect(items.data[0]?.id).toMatch(/^msg_/)
  const refused = await refusalOf(client.responses.cancel(id))
  expect(refused).toMatchObject({ status: 400, message: expect.stringContaining('synchronous') as string })
})

test('an item_reference is the item that it names', async () => {
  const { client, lastBody } = await start()
  const first = await create(client, false, { input: 'One and one?' })
  const id = String(first.output[0]?.id)
  await client.responses.create({
    model,
    input: [
      { type: 'item_reference', id },
      { role: 'user', content: 'Why?' }
    ]
  })
  expect(lastBody()).toMatch(/Two\..*Why\?/s)
  expect(lastBody()).not.toContain('One and one?')
})

test.each([{}, { type: null }])('an item_reference may leave its type out: %j', async (type) => {
  const { gateway, client, lastBody } = await start()
  const first = await create(client, false, { input: 'One and one?' })
  const input = [
    { id: first.output[0]?.id, ...type },
    { role: 'user', content: 'Why?' }
  ]
  expect((await gateway.ask(openaiResponses, { body: { input } }).done).status).toBe(200)
  expect(lastBody()).toMatch(/Two\..*Why\?/s)
  const unknown = await gateway.ask(openaiResponses, { body: { input: [{ id: 'msg_unheard_of', ...type }] } }).done
  expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining('msg_unheard_of') as string])
})

test('what was referred to is part of the conversation that goes on', async () => {
  const { client, lastBody } = await start()
  const first = await create(client, false, { input: 'One and one?' })
  const second = await client.responses.create({
    model,
    input: [
      { type: 'item_reference', id: String(first.output[0]?.id) },
      { role: 'user', content: 'Why?' }
    ]
  })
  expect((await client.responses.inputItems.list(second.id, { order: 'asc' })).data).toMatchObject([
    { type: 'message', role: 'assistant' },
    { role: 'user', content: 'Why?' }
  ])
  await create(client, false, { input: 'Really?', previous_response_id: second.id })
  expect(lastBody()).toMatch(/Two\..*Why\?.*Two\..*Really\?/s)
})

test('an item is there for as long as any answer of its conversation, sent whole with references each turn', async () => {
  const { client, lastBody } = await start()
  const first = await create(client, false, { input: 'One and one?' })
  const input: OpenAI.Responses.ResponseInput = [
    { role: 'user', content: 'One and one?' },
    { type: 'item_reference', id: String(first.output[0]?.id) },
    { role: 'user', content: 'Why?' }
  ]
  const second = await client.responses.create({ model, input })
  await client.responses.delete(first.id)
  input.push({ type: 'item_reference', id: String(second.output[0]?.id) }, { role: 'user', content: 'Really?' })
  await client.responses.create({ model, input })
  expect(lastBody()).toMatch(/One and one\?.*Two\..*Why\?.*Two\..*Really\?/s)
})

test('answers are told apart where the upstream gives the same id to each', async () => {
  const { client } = await start()
  const first = await create(client, false, { input: 'One and one?' })
  const second = await create(client, false, { input: 'Two and none?' })
  expect(second.id).not.toBe(first.id)
  expect((await client.responses.inputItems.list(first.id)).data).toMatchObject([{ content: 'One and one?' }])
})

test('a response is read, its input listed, and deleted, with no channel asked', async () => {
  const { upstream, client } = await start()
  const made = await create(client, true, { input: 'One and one?' })
  const kept = await client.responses.retrieve(made.id)
  expect([kept.id, kept.status, kept.output_text]).toEqual([made.id, 'completed', 'Two.'])
  const items = await client.responses.inputItems.list(made.id)
  expect(items.data).toMatchObject([{ role: 'user', content: 'One and one?' }])
  await client.responses.delete(made.id)
  expect(await refusalOf(client.responses.retrieve(made.id))).toMatchObject({ status: 404 })
  expect(upstream.requests).toHaveLength(1)
})

test('a response is read as a stream, from its beginning and after an event', async () => {
  const { client, gateway } = await start()
  const made = await create(client, true, { input: 'One and one?' })
  const whole = await client.responses.stream({ response_id: made.id }).finalResponse()
  expect([whole.id, whole.status, whole.output_text]).toEqual([made.id, 'completed', 'Two.'])
  const headers = openaiResponses.headers(gateway.key)
  const target = `/v1/responses/${made.id}?stream=true&starting_after=4`
  const rest = await gateway.send({ method: 'GET', target, headers }).done
  expect(rest.header('content-type')).toContain('text/event-stream')
  const events = readEvents(rest.text).map(({ data }) => JSON.parse(data) as unknown)
  expect(events).toMatchObject([{ type: 'response.completed', sequence_number: 5, response: { id: made.id } }])
})

test('a conversation can’t be compacted where its channel speaks another protocol, which the error says', async () => {
  const { client, upstream } = await start()
  const compacted = client.responses.compact({ model, input: 'One and one?' })
  expect(await refusalOf(compacted)).toMatchObject({
    status: 404,
    message: expect.stringContaining("speaks another protocol, into which this request can't be translated") as string
  })
  expect(upstream.requests).toHaveLength(0)
})

test('an id that nobody knows gets the vendor’s error, and no channel is asked', async () => {
  const { upstream, client } = await start()
  const previous = create(client, false, { input: 'And?', previous_response_id: 'resp_unheard_of' })
  expect(await refusalOf(previous)).toMatchObject({
    status: 400,
    message: expect.stringContaining("Previous response with id 'resp_unheard_of' not found.") as string
  })
  const reference = client.responses.create({ model, input: [{ type: 'item_reference', id: 'msg_unheard_of' }] })
  expect(await refusalOf(reference)).toMatchObject({
    status: 404,
    message: expect.stringContaining("Item with id 'msg_unheard_of' not found.") as string
  })
  expect(await refusalOf(client.responses.retrieve('resp_unheard_of'))).toMatchObject({ status: 404 })
  expect(upstream.requests).toHaveLength(0)
})

test('the error names its code as the vendor does', async () => {
  const { gateway } = await start()
  const answer = await gateway.ask(openaiResponses, { body: { previous_response_id: 'resp_unheard_of' } }).done
  expect(answer.status).toBe(400)
  expect(answer.json()).toMatchObject({
    error: { type: 'invalid_request_error', param: 'previous_response_id', code: 'previous_response_not_found' }
  })
})

test('one key’s responses are none of another’s', async () => {
  const { upstream, client, other } = await start()
  const made = await create(client, false, { input: 'A secret.' })
  const item = String(made.output[0]?.id)
  expect(await refusalOf(other.responses.retrieve(made.id))).toMatchObject({ status: 404 })
  expect(await refusalOf(other.responses.delete(made.id))).toMatchObject({ status: 404 })
  expect(await refusalOf(other.responses.inputItems.list(made.id).then(({ data }) => data))).toMatchObject({
    status: 404
  })
  const goesOn = create(other, false, { input: 'And?', previous_response_id: made.id })
  expect(await refusalOf(goesOn)).toMatchObject({ status: 400 })
  const refers = other.responses.create({ model, input: [{ type: 'item_reference', id: item }] })
  expect(await refusalOf(refers)).toMatchObject({ status: 404 })
  expect(upstream.requests).toHaveLength(1)
  expect((await client.responses.retrieve(made.id)).output_text).toBe('Two.')
})

test('what the client wants not to be stored is not', async () => {
  const { client } = await start()
  const made = await client.responses.create({ model, input: 'One and one?', store: false })
  expect(await refusalOf(client.responses.retrieve(made.id))).toMatchObject({ status: 404 })
})

describe('a conversation that a channel of OpenAI’s own keeps, asked of a model that it does not have', () => {
  async function startMixed() {
    const maker = await startFakeUpstream()
    maker.always(says(openaiResponses, { text: 'Two.' }))
    const other = await startFakeUpstream()
    other.always(says(anthropic, { text: 'Four.' }))
    const config = withChannels([
      channelOf(openaiResponses, maker, { models: [openaiResponses.model] }),
      channelOf(anthropic, other, { name: 'other', models: ['claude-*'] })
    ])
    const gateway = await startGateway({ config })
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const made = await client.responses.create({ model: openaiResponses.model, input: 'One and one?' })
    return { client, made, other }
  }
  const claude = 'claude-sonnet-4-5'

  test('is refused as one that nobody knows, which clients answer with the whole of it', async () => {
    const { client, made, other } = await startMixed()
    const goesOn = client.responses.create({ model: claude, input: 'And?', previous_response_id: made.id })
    await expect(goesOn).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
      message: expect.stringMatching(
        /Previous response with id '\w+' not found\..*claude-sonnet-4-5.*whole conversation/
      ) as string
    })
    expect(other.requests).toHaveLength(0)
    const whole = await client.responses.create({ model: claude, input: 'One and one?' })
    expect(whole.output_text).toBe('Four.')
  })

  test('is refused with the item that is not found, where it is named by one', async () => {
    const { client, made } = await startMixed()
    const input = [{ type: 'item_reference', id: String(made.output[0]?.id) } as const]
    expect(await refusalOf(client.responses.create({ model: claude, input }))).toMatchObject({
      status: 404,
      message: expect.stringMatching(/Item with id '\w+' not found\..*claude-sonnet-4-5/) as string
    })
  })

  test('is refused as before where no channel has the model', async () => {
    const { client, made } = await startMixed()
    const goesOn = client.responses.create({ model: 'unheard-of', input: 'And?', previous_response_id: made.id })
    await expect(goesOn).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  })
})
