import { createServer } from 'node:http'
import { GoogleGenAI, type GenerateContentResponse } from '@google/genai'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { arbitraryConversation } from '../../../../test/support/translation/arbitrary-conversation'
import { asked, conversation, jsonFixture, THOUGHTS } from '../../../../test/support/translation/gemini'
import type { Conversation, Part, Turn } from '../canonical'
import type { AnswerEvent } from '../canonical-answer'
import { Losses } from '../losses'
import { textPart } from './content'
import { geminiTranslator } from './translator'

const { decodeRequest, encodeRequest, createStreamEncoder, encodeAnswer } = geminiTranslator

function thereAndBack(whole: Conversation, model: string): Conversation {
  const losses = new Losses()
  const body = encodeRequest(whole, { model, stream: true, quirks: {} }, losses)
  const back = decodeRequest(JSON.parse(JSON.stringify(body)) as Record<string, unknown>, losses)
  expect(losses.toString()).toBe('')
  return back
}

/** Neighbouring turns of one role are one in Gemini, the results in them first. */
function merged(turns: readonly Turn[]): Turn[] {
  const whole: { role: Turn['role']; parts: Part[] }[] = []
  for (const { role, parts } of turns) {
    const last = whole.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else whole.push({ role, parts: [...parts] })
  }
  return whole
}

describe('a conversation', () => {
  test('comes back from Gemini as it was, of any model', () => {
    fc.assert(
      fc.property(arbitraryConversation, fc.constantFrom('gemini-2.5-pro', 'gemini-3.8-flash', 'x'), (whole, model) => {
        expect(thereAndBack(whole, model)).toEqual({ ...whole, turns: merged(whole.turns) })
      }),
      { numRuns: 300 }
    )
  })

  test('comes back with its signatures, media, choices and format', () => {
    const signature = { maker: 'gemini', value: 'RXBF' } as const
    const media = {
      type: 'media',
      media: 'document',
      mimeType: 'application/pdf',
      source: { kind: 'url', url: 'https://example.com/a.pdf' },
      name: null,
      detail: null,
      cache: null
    } as const
    const whole = conversation({
      turns: [
        { role: 'user', parts: [media] },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: '', signature },
            { type: 'tool-call', id: 'a', name: 'f', input: '{}', cache: null }
          ]
        },
        {
          role: 'user',
          parts: [
            {
              type: 'tool-result',
              callId: 'a',
              name: 'f',
              content: [textPart('x'), { ...media, source: { kind: 'base64', data: 'JVBE' } }],
              isError: true,
              cache: null
            }
          ]
        }
      ],
      tools: [
        {
          kind: 'function',
          name: 'f',
          description: 'd',
          parameters: { type: 'object', properties: {} },
          strict: null,
          cache: null,
          origin: { kind: 'function' }
        }
      ],
      toolChoice: { kind: 'tool', name: 'f' },
      maxTokens: 7,
      reasoning: { kind: 'effort', effort: 'high', shown: true },
      serviceTier: 'flex'
    })
    expect(thereAndBack(whole, 'gemini-3.8-flash')).toEqual(whole)
    const format = {
      kind: 'schema',
      name: 'response',
      description: null,
      schema: { type: 'object' },
      strict: null
    } as const
    const formatted = { ...whole, toolChoice: null, format }
    expect(thereAndBack(formatted, 'gemini-3.8-flash')).toEqual(formatted)
  })

  test('of 1 MB is decoded and encoded in a few milliseconds', () => {
    const exchange = (jsonFixture('request.json')['contents'] as unknown[]).slice(1, 4)
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(40)
    const contents = Array.from({ length: 400 }, (_, index) =>
      index % 2 === 0 ? { role: 'user', parts: [{ text }] } : { role: 'model', parts: [{ text }] }
    )
    const body = {
      ...jsonFixture('request.json'),
      contents: [...contents, ...Array.from({ length: 400 }, () => exchange).flat(), { parts: [{ text: 'x' }] }]
    }
    expect(JSON.stringify(body).length).toBeGreaterThan(1_000_000)
    const target = { model: 'gemini-3.8-flash', stream: true, quirks: {} }
    const runs = 20
    const before = process.threadCpuUsage()
    for (let count = 0; count < runs; count++) encodeRequest(decodeRequest(body, new Losses()), target, new Losses())
    // What the work costs, not what else this machine does meanwhile.
    const { user, system } = process.threadCpuUsage(before)
    expect((user + system) / 1000 / runs).toBeLessThan(60)
  })
})

test('a token count is as its clients know it', () => {
  expect(geminiTranslator.encodeTokenCount(7)).toEqual({ totalTokens: 7 })
})

test('tool names are those that Gemini takes', () => {
  const { pattern, longest } = geminiTranslator.toolNames
  for (const name of ['f', '_f', 'mcp__a-b.c:d']) expect(pattern.test(name), name).toBe(true)
  for (const name of ['', '1f', '-f', 'a b', 'é']) expect(pattern.test(name), name).toBe(false)
  expect(longest).toBe(128)
})

const usage = { input: 20, cacheRead: 100, cacheWrite: 0, cacheWrite1h: 0, output: 42, reasoning: 12 }
const EVENTS: readonly AnswerEvent[] = [
  { type: 'start', id: 'msg_1', usage: null },
  { type: 'reasoning', text: 'Two cities.' },
  { type: 'signature', signature: { maker: 'anthropic', value: 'ErUB' } },
  { type: 'text', text: '渠道 ' },
  { type: 'text', text: 'ok' },
  { type: 'citation', citation: { url: 'https://a.example', title: 'a', quote: null } },
  { type: 'tool-start', id: 'toolu_1', name: 'weather' },
  { type: 'tool-input', json: '{"city":' },
  { type: 'tool-input', json: '"Zürich"}' },
  { type: 'tool-end' },
  { type: 'tool-start', id: 'toolu_2', name: 'weather' },
  { type: 'tool-input', json: '{"city":"Paris"}' },
  { type: 'tool-end' },
  { type: 'finish', finish: { reason: 'tool_calls', stopSequence: null, usage } },
  { type: 'end' }
]

/** The vendor's SDK against a server that answers these bytes. */
async function sdkReading(contentType: string, pieces: readonly string[]): Promise<GoogleGenAI> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': contentType })
    for (const piece of pieces) response.write(piece)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: `http://127.0.0.1:${port}` } })
}

const question = { model: 'gemini-client', contents: 'What is the weather?' }

function judge(responses: readonly GenerateContentResponse[]): void {
  const last = responses.at(-1)
  const parts = responses.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? [])
  const texts = parts.filter(({ text, thought }) => text !== undefined && thought !== true)
  expect(texts.map(({ text }) => text).join('')).toBe('渠道 ok')
  expect(parts.filter(({ thought }) => thought === true).map(({ text }) => text)).toEqual(['Two cities.'])
  expect(responses.flatMap(({ functionCalls }) => functionCalls ?? [])).toEqual([
    { id: 'toolu_1', name: 'weather', args: { city: 'Zürich' } },
    { id: 'toolu_2', name: 'weather', args: { city: 'Paris' } }
  ])
  expect(parts.filter(({ thoughtSignature }) => thoughtSignature !== undefined)).toHaveLength(1)
  expect(last?.candidates?.[0]?.finishReason).toBe('STOP')
  expect(last?.candidates?.[0]?.groundingMetadata?.groundingChunks?.[0]?.web?.uri).toBe('https://a.example')
  expect(last?.usageMetadata).toMatchObject({
    promptTokenCount: 120,
    cachedContentTokenCount: 100,
    candidatesTokenCount: 30,
    thoughtsTokenCount: 12,
    totalTokenCount: 162
  })
  expect(last).toMatchObject({ modelVersion: 'gemini-client', responseId: 'msg_1' })
}

describe('Google’s SDK', () => {
  test('reads a stream', async () => {
    const encoder = createStreamEncoder(asked(THOUGHTS), 'sse')
    const pieces = EVENTS.flatMap((event) => [encoder.keepAlive(), encoder.push(event)])
    const sdk = await sdkReading('text/event-stream', pieces)
    const responses: GenerateContentResponse[] = []
    for await (const response of await sdk.models.generateContentStream(question)) responses.push(response)
    judge(responses)
  })

  test('reads a whole answer', async () => {
    const parts: Part[] = [
      { type: 'reasoning', text: 'Two cities.', signature: { maker: 'anthropic', value: 'ErUB' } },
      { ...textPart('渠道 ok'), citations: [{ url: 'https://a.example', title: 'a', quote: null }] },
      { type: 'tool-call', id: 'toolu_1', name: 'weather', input: '{"city":"Zürich"}', cache: null },
      { type: 'tool-call', id: 'toolu_2', name: 'weather', input: '{"city":"Paris"}', cache: null }
    ]
    const answer = {
      id: 'msg_1',
      parts: parts.filter((part) => part.type !== 'tool-result'),
      finish: { reason: 'tool_calls', stopSequence: null, usage } as const
    }
    const body = JSON.stringify(encodeAnswer(answer, asked(THOUGHTS)))
    const sdk = await sdkReading('application/json', [body])
    judge([await sdk.models.generateContent(question)])
  })

  test('keeps a streamed answer in its chat’s history, so that the next turn has the signature and its text', async () => {
    const encoder = createStreamEncoder(asked(THOUGHTS), 'sse')
    const sdk = await sdkReading(
      'text/event-stream',
      EVENTS.map((event) => encoder.push(event))
    )
    const chat = sdk.chats.create({ model: 'gemini-client' })
    for await (const _response of await chat.sendMessageStream({ message: 'Hi' })) continue
    const history = chat.getHistory(true)
    const { turns } = decodeRequest({ contents: history }, new Losses())
    expect(turns.flatMap(({ parts }) => parts)).toContainEqual({
      type: 'reasoning',
      text: 'Two cities.',
      signature: { maker: 'anthropic', value: 'ErUB' }
    })
    expect(turns.flatMap(({ parts }) => parts).filter(({ type }) => type === 'tool-call')).toHaveLength(2)
  })

  test('B02 sees that a broken stream has no stop reason', async () => {
    const encoder = createStreamEncoder(asked(), 'sse')
    const ending = encoder.broken({ message: 'gone', code: null, type: null })
    const end = ending.kind === 'end' ? ending.bytes.toString() : ''
    const sdk = await sdkReading('text/event-stream', [...EVENTS.slice(0, 8).map((event) => encoder.push(event)), end])
    const reasons: unknown[] = []
    for await (const { candidates } of await sdk.models.generateContentStream(question)) {
      reasons.push(candidates?.[0]?.finishReason)
    }
    expect(reasons.length).toBeGreaterThan(0)
    expect(reasons.every((reason) => reason === undefined)).toBe(true)
  })

  test('reads a token count', async () => {
    const sdk = await sdkReading('application/json', [JSON.stringify(geminiTranslator.encodeTokenCount(7))])
    expect(await sdk.models.countTokens(question)).toMatchObject({ totalTokens: 7 })
  })
})
