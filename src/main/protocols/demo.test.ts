import Anthropic from '@anthropic-ai/sdk'
import { FunctionCallingConfigMode, GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { countTokens } from '../../../test/support/tokens-here'
import type { StreamFacts } from './protocol'
import { matchRoute, protocols } from './registry'

/** What our own reader made of the last streamed answer. */
let lastFacts: StreamFacts | null = null

/** Answers an SDK's calls from the Demo, streamed ones through our own reader. */
async function demoFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  const url = new URL(request.url)
  const route = matchRoute(request.method, url.pathname, url.search.slice(1))
  if ('kind' in route) throw new Error(`the SDK called ${request.method} ${url.pathname}`)
  const protocol = protocols[route.protocol]
  const text = await request.text()
  const body: unknown = text === '' ? undefined : JSON.parse(text)
  const stream = route.stream ?? protocol.readRequest(route, body).stream
  const answer = await protocol.demoAnswer(route, body, stream, countTokens)
  const headers = { 'content-type': answer.contentType }
  if (!stream) return new Response(Buffer.concat(answer.pieces), { status: answer.status, headers })
  const reader = protocol.createStreamReader({
    framing: route.framing,
    operation: route.operation,
    dropUsageChunk: false
  })
  const forwarded: Buffer[] = []
  for (const piece of answer.pieces) reader.push(piece, (bytes) => forwarded.push(bytes))
  reader.end((bytes) => forwarded.push(bytes))
  lastFacts = reader.facts
  expect(Buffer.concat(forwarded)).toEqual(Buffer.concat(answer.pieces))
  return new Response(Buffer.concat(forwarded), { status: answer.status, headers })
}

const schema = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    days: { type: 'integer' },
    unit: { enum: ['C', 'F'] },
    note: { type: 'string' }
  },
  required: ['city', 'days', 'unit']
} as const
const FILLED = { city: '[Routex demo]', days: 0, unit: 'C' }

const whole = (usage: object) =>
  expect(lastFacts).toMatchObject({ hasContent: true, stopped: true, finished: true, usage })

describe('the Demo as the Anthropic SDK sees it', () => {
  const client = new Anthropic({ apiKey: 'k', fetch: demoFetch })
  const request = { model: 'claude-x', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hello there' }] }

  test('answers whole and streamed, marked, with the same count of the prompt', async () => {
    const message = await client.messages.create(request)
    expect(message.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('[Routex demo]') as string })
    expect(message.content[0]).toMatchObject({ text: expect.stringContaining('“Hello there”') as string })
    expect(message).toMatchObject({ model: 'claude-x', stop_reason: 'end_turn' })
    const streamed = await client.messages.stream(request).finalMessage()
    expect(streamed.content).toEqual(message.content)
    expect(streamed.usage).toMatchObject({ input_tokens: 2, output_tokens: message.usage.output_tokens })
    whole({ input: 2, output: message.usage.output_tokens })
    expect(await client.messages.countTokens(request)).toEqual({ input_tokens: 2 })
  })

  test('calls a tool only when tool_choice names one', async () => {
    const tools = [{ name: 'weather', input_schema: { ...schema, required: [...schema.required] } }]
    const free = await client.messages.create({ ...request, tools })
    expect(free.stop_reason).toBe('end_turn')
    expect(free.usage.input_tokens).toBeGreaterThan(20)
    const any = await client.messages.create({ ...request, tools, tool_choice: { type: 'any' } })
    expect(any.stop_reason).toBe('end_turn')
    const named = { ...request, tools, tool_choice: { type: 'tool', name: 'weather' } as const }
    const message = await client.messages.create(named)
    expect(message).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', name: 'weather', input: FILLED }]
    })
    const streamed = await client.messages.stream(named).finalMessage()
    expect(streamed.content[0]).toMatchObject({ type: 'tool_use', name: 'weather', input: FILLED })
  })

  test('answers JSON where JSON was asked for', async () => {
    const format = { type: 'json_schema' as const, schema }
    const message = await client.messages.create({ ...request, output_config: { format } })
    const [block] = message.content
    expect(JSON.parse(block?.type === 'text' ? block.text : '')).toEqual(FILLED)
  })
})

describe('the Demo as the OpenAI SDK sees it', () => {
  const client = new OpenAI({ apiKey: 'k', fetch: demoFetch })
  const chat = { model: 'gpt-x', messages: [{ role: 'user' as const, content: 'Hello there' }] }

  test('chats whole and streamed', async () => {
    const answer = await client.chat.completions.create(chat)
    expect(answer.choices[0]?.message.content).toContain('[Routex demo]')
    expect(answer.usage?.prompt_tokens).toBe(2)
    const streamed = await client.chat.completions.stream(chat).finalChatCompletion()
    expect(streamed.choices[0]?.message.content).toBe(answer.choices[0]?.message.content)
    expect(lastFacts?.usage).toBeNull()
    const counted = client.chat.completions.stream({ ...chat, stream_options: { include_usage: true } })
    expect((await counted.finalChatCompletion()).usage).toEqual(answer.usage)
    whole({ input: 2 })
  })

  test('calls a tool of a chat only when tool_choice names one', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: schema } }]
    const free = await client.chat.completions.create({ ...chat, tools, tool_choice: 'required' })
    expect(free.choices[0]?.finish_reason).toBe('stop')
    const tool_choice = { type: 'function' as const, function: { name: 'weather' } }
    const streamed = await client.chat.completions.stream({ ...chat, tools, tool_choice }).finalChatCompletion()
    const call = streamed.choices[0]?.message.tool_calls?.[0]
    expect(streamed.choices[0]?.finish_reason).toBe('tool_calls')
    expect(call?.type === 'function' ? call.function : null).toMatchObject({
      name: 'weather',
      arguments: JSON.stringify(FILLED)
    })
    const whole = await client.chat.completions.create({ ...chat, tools, tool_choice })
    expect(whole.choices[0]?.message).toMatchObject({ content: null, tool_calls: [{ function: { name: 'weather' } }] })
  })

  test('answers JSON where JSON was asked for', async () => {
    const object = await client.chat.completions.create({ ...chat, response_format: { type: 'json_object' } })
    expect(JSON.parse(object.choices[0]?.message.content ?? '')).toHaveProperty('demo')
    const format = { type: 'json_schema' as const, json_schema: { name: 'x', schema } }
    const shaped = await client.chat.completions.create({ ...chat, response_format: format })
    expect(JSON.parse(shaped.choices[0]?.message.content ?? '')).toEqual(FILLED)
  })

  test('completes whole and streamed', async () => {
    const answer = await client.completions.create({ model: 'm', prompt: 'Once' })
    expect(answer.choices[0]?.text).toContain('“Once”')
    let text = ''
    const stream = await client.completions.create({
      model: 'm',
      prompt: 'Once',
      stream: true,
      stream_options: { include_usage: true }
    })
    for await (const chunk of stream) text += chunk.choices[0]?.text ?? ''
    expect(text).toBe(answer.choices[0]?.text)
    whole({ input: answer.usage?.prompt_tokens })
  })

  test('embeds with small vectors that are the same for the same text', async () => {
    const answer = await client.embeddings.create({ model: 'm', input: ['a', 'b', 'a'], dimensions: 4 })
    expect(answer.data.map(({ embedding }) => embedding.length)).toEqual([4, 4, 4])
    expect(answer.data[0]?.embedding).toEqual(answer.data[2]?.embedding)
    expect(answer.data[0]?.embedding).not.toEqual(answer.data[1]?.embedding)
    expect(answer.usage.prompt_tokens).toBe(3)
    const plain = await client.embeddings.create({ model: 'm', input: 'a', dimensions: 4, encoding_format: 'float' })
    expect(plain.data[0]?.embedding.map(Math.fround)).toEqual(answer.data[0]?.embedding)
    const tokens = await client.embeddings.create({ model: 'm', input: [1, 2, 3] })
    expect(tokens.data).toHaveLength(1)
  })

  test('responds whole and streamed', async () => {
    const request = { model: 'gpt-x', input: 'Hello there' }
    const answer = await client.responses.create(request)
    expect(answer.output_text).toContain('[Routex demo]')
    const streamed = await client.responses.stream(request).finalResponse()
    expect(streamed.output_text).toBe(answer.output_text)
    expect(streamed).toMatchObject({ status: 'completed', usage: { input_tokens: 2 } })
    whole({ input: 2, output: answer.usage?.output_tokens })
    expect(lastFacts?.stateId).toBe(streamed.id)
    const count = await client.responses.inputTokens.count({ model: 'm', input: 'Hello there' })
    expect(count).toEqual({ object: 'response.input_tokens', input_tokens: 2 })
  })

  test('calls a tool of a response only when tool_choice names one', async () => {
    const tools = [{ type: 'function' as const, name: 'weather', parameters: schema, strict: false }]
    const request = { model: 'gpt-x', input: [{ role: 'user' as const, content: 'Hi' }], tools }
    expect((await client.responses.create({ ...request, tool_choice: 'required' })).output[0]?.type).toBe('message')
    const named = { ...request, tool_choice: { type: 'function' as const, name: 'weather' } }
    const expected = { type: 'function_call', name: 'weather', arguments: JSON.stringify(FILLED) }
    expect((await client.responses.create(named)).output[0]).toMatchObject(expected)
    expect((await client.responses.stream(named).finalResponse()).output[0]).toMatchObject(expected)
  })

  test('compacts, and keeps no response', async () => {
    const compacted = await client.responses.compact({ model: 'gpt-5', input: 'Hello' })
    expect(compacted.object).toBe('response.compaction')
    await expect(client.responses.retrieve('resp_1')).rejects.toThrow(/404 Response with id 'resp_1' not found/)
    await expect(client.responses.cancel('resp_1')).rejects.toThrow(/404/)
  })
})

describe('the Demo as the Gemini SDK sees it', () => {
  function setUp() {
    vi.stubGlobal('fetch', demoFetch)
    onTestFinished(() => void vi.unstubAllGlobals())
    return new GoogleGenAI({ apiKey: 'k' }).models
  }
  const request = { model: 'gemini-x', contents: 'Hello there' }

  test('generates whole and streamed', async () => {
    const models = setUp()
    const answer = await models.generateContent(request)
    expect(answer.text).toContain('[Routex demo]')
    expect(answer.usageMetadata?.promptTokenCount).toBe(2)
    let text = ''
    for await (const chunk of await models.generateContentStream(request)) text += chunk.text ?? ''
    expect(text).toBe(answer.text)
    whole({ input: 2, output: answer.usageMetadata?.candidatesTokenCount })
    expect((await models.countTokens(request)).totalTokens).toBe(2)
  })

  test('calls a tool only when it is the only one allowed', async () => {
    const models = setUp()
    const tools = [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: schema }] }]
    const free = await models.generateContent({ ...request, config: { tools } })
    expect(free.functionCalls).toBeUndefined()
    const functionCallingConfig = { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['weather'] }
    const config = { tools, toolConfig: { functionCallingConfig } }
    const named = await models.generateContent({ ...request, config })
    expect(named.functionCalls).toMatchObject([{ name: 'weather', args: FILLED }])
    for await (const chunk of await models.generateContentStream({ ...request, config })) {
      expect(chunk.functionCalls).toMatchObject([{ name: 'weather', args: FILLED }])
    }
  })

  test('answers JSON where JSON was asked for', async () => {
    const models = setUp()
    const config = { responseMimeType: 'application/json', responseJsonSchema: schema }
    const answer = await models.generateContent({ ...request, config })
    expect(JSON.parse(answer.text ?? '')).toEqual(FILLED)
  })

  test('embeds one and several', async () => {
    const models = setUp()
    const answer = await models.embedContent({ model: 'm', contents: ['a', 'b'], config: { outputDimensionality: 3 } })
    expect(answer.embeddings?.map(({ values }) => values?.length)).toEqual([3, 3])
    const route = matchRoute('POST', '/v1beta/models/m:embedContent', '')
    if ('kind' in route) throw new Error('no route')
    const one = await protocols.gemini.demoAnswer(route, { content: { parts: [{ text: 'a' }] } }, false, countTokens)
    expect(JSON.parse(Buffer.concat(one.pieces).toString())).toMatchObject({ embedding: { values: { length: 8 } } })
  })

  test('streams an array where SSE was not asked for', async () => {
    const url = 'http://x/v1beta/models/m:streamGenerateContent'
    const body = JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] })
    const answer = await demoFetch(url, { method: 'POST', body })
    const chunks = JSON.parse(await answer.text()) as unknown[]
    expect(chunks.length).toBeGreaterThan(5)
    expect(chunks.at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }] })
    whole({ reasoning: 0 })
  })
})

describe('the Demo', () => {
  test('answers hostile and empty requests', async () => {
    const bodies = [undefined, null, 7, [], {}, { messages: 'x', tools: 3 }, { messages: [null, 1, { content: [{}] }] }]
    for (const path of [
      '/v1/messages',
      '/v1/chat/completions',
      '/v1/completions',
      '/v1/embeddings',
      '/v1/responses',
      '/v1beta/models/g:generateContent'
    ]) {
      const route = matchRoute('POST', path, '')
      if ('kind' in route) throw new Error(path)
      for (const body of bodies) {
        for (const stream of [false, true]) {
          const answer = await protocols[route.protocol].demoAnswer(route, body, stream, countTokens)
          expect([200, 400]).toContain(answer.status)
          expect(answer.pieces.length).toBeGreaterThan(0)
        }
      }
    }
  })

  test('counts a text with the tokenizer’s own marks, and a long one without spaces, at once', async () => {
    const route = matchRoute('POST', '/v1/messages/count_tokens', '')
    if ('kind' in route) throw new Error('no route')
    const content = `<|endoftext|> ${'a'.repeat(300_000)}`
    const answer = await protocols.anthropic.demoAnswer(
      route,
      { messages: [{ role: 'user', content }] },
      false,
      countTokens
    )
    const { input_tokens } = JSON.parse(Buffer.concat(answer.pieces).toString()) as { input_tokens: number }
    expect(input_tokens).toBeGreaterThan(1000)
  })
})
