import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { answerOf, decodeStream, fixtureBytes, STREAMS } from '../../../../test/support/translation/chat-fixtures'
import type { FunctionTool } from '../canonical'
import type { AnswerEvent, Asked, Finish } from '../canonical-answer'
import { encodeAnswer } from './encode-answer'
import { createStreamEncoder } from './encode-stream'

const USAGE = { input: 10, cacheRead: 20, cacheWrite: 0, cacheWrite1h: 0, output: 30, reasoning: 12 }
const WANTS_USAGE = { stream_options: { include_usage: true } }
const asked = (more: Partial<Asked> = {}): Asked => ({
  model: 'my-model',
  tools: [],
  body: WANTS_USAGE,
  now: 1_760_000_000_123,
  ...more
})
const start: AnswerEvent = { type: 'start', id: 'msg_1', usage: null }
const end: AnswerEvent = { type: 'end' }
const finish = (reason: Finish['reason'] = 'stop'): AnswerEvent => ({
  type: 'finish',
  finish: { reason, stopSequence: null, usage: USAGE }
})
const text = (said: string): AnswerEvent => ({ type: 'text', text: said })
const call = (id: string, ...pieces: readonly string[]): readonly AnswerEvent[] => [
  { type: 'tool-start', id, name: id.startsWith('sql') ? 'sql' : 'f' },
  ...pieces.map((json): AnswerEvent => ({ type: 'tool-input', json })),
  { type: 'tool-end' }
]
const whole = (parts: readonly AnswerEvent[], reason: Finish['reason'] = 'stop') => [
  start,
  ...parts,
  finish(reason),
  end
]

function bytesOf(events: readonly AnswerEvent[], more: Partial<Asked> = {}): string {
  const encoder = createStreamEncoder(asked(more))
  return events.map((event) => encoder.push(event)).join('')
}

const chunksOf = (bytes: string): readonly unknown[] =>
  [...bytes.matchAll(/^data: (\{.*)$/gm)].map(([, json = '']): unknown => JSON.parse(json))

function clientFor(bytes: string): OpenAI {
  const headers = { 'content-type': 'text/event-stream' }
  return new OpenAI({
    apiKey: 'k',
    baseURL: 'http://routex.invalid/v1',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(bytes, { headers }))
  })
}

const REQUEST = { model: 'my-model', messages: [{ role: 'user', content: 'hi' }] } as const

/** As the vendor's SDK puts it together. */
const sdkReads = (bytes: string): Promise<OpenAI.Chat.ChatCompletion> =>
  clientFor(bytes)
    .chat.completions.stream({ ...REQUEST, messages: [...REQUEST.messages] })
    .finalChatCompletion()

const reasoned: readonly AnswerEvent[] = [
  { type: 'reasoning', text: 'h' },
  { type: 'reasoning', text: 'm' },
  { type: 'signature', signature: { maker: 'anthropic', value: 'A1' } }
]

describe('a stream for a chat client', () => {
  test('is what OpenAI’s SDK reads: text, parallel calls, usage', async () => {
    const events = whole([text('Hi'), text(' there'), ...call('a', '{"x"', ':1}'), ...call('b')], 'tool_calls')
    expect(await sdkReads(bytesOf(events))).toMatchObject({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_760_000_000,
      model: 'my-model',
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'Hi there',
            tool_calls: [
              { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
              { id: 'b', type: 'function', function: { name: 'f', arguments: '{}' } }
            ]
          }
        }
      ],
      usage: { prompt_tokens: 30, completion_tokens: 30, prompt_tokens_details: { cached_tokens: 20 } }
    })
  })

  test('tells reasoning, and B14 its signature with the call', async () => {
    const bytes = bytesOf(whole([...reasoned, ...call('a', '{}')], 'tool_calls'))
    const deltas: object[] = []
    for await (const chunk of await clientFor(bytes).chat.completions.create({
      ...REQUEST,
      messages: [...REQUEST.messages],
      stream: true
    })) {
      if (chunk.choices[0] !== undefined) deltas.push(chunk.choices[0].delta)
    }
    expect(deltas.slice(1, 3)).toEqual([{ reasoning_content: 'h' }, { reasoning_content: 'm' }])
    const { choices } = await sdkReads(bytes)
    expect(choices[0]?.message.tool_calls).toMatchObject([
      { extra_content: { routex: { signature: 'routex:anthropic+["A1","hm"]', reasoning: [[0, 2]] } } }
    ])
  })

  test('refuses as OpenAI does', async () => {
    const { choices } = await sdkReads(bytesOf(whole([{ type: 'refusal', text: 'no' }], 'refusal')))
    expect(choices).toMatchObject([{ finish_reason: 'stop', message: { refusal: 'no' } }])
  })

  test('tells all its sources at once, before the finish', async () => {
    const cite = (url: string): AnswerEvent => ({ type: 'citation', citation: { url, title: 'T', quote: null } })
    const { choices } = await sdkReads(
      bytesOf(
        whole([text('Well. '), { type: 'text-end' }, text('Rain.'), cite('https://a.test/'), cite('https://b.test/')])
      )
    )
    const place = { title: 'T', start_index: 6, end_index: 11 }
    expect(choices[0]?.message.annotations).toMatchObject([
      { url_citation: { url: 'https://a.test/', ...place } },
      { url_citation: { url: 'https://b.test/', ...place } }
    ])
  })

  test('places a source that comes late at the text that was last', async () => {
    const cite: AnswerEvent = { type: 'citation', citation: { url: 'https://a.test/', title: 'T', quote: null } }
    const place = { start_index: 6, end_index: 11 }
    for (const between of [[], [{ type: 'text-end' }], [{ type: 'tool-start', id: 'c', name: 'f' }]] as const) {
      const events = [text('Well. '), { type: 'text-end' }, text('Rain.'), ...between, cite] as const
      const { choices } = await sdkReads(bytesOf(whole(events)))
      expect(choices[0]?.message.annotations).toMatchObject([{ url_citation: place }])
    }
  })

  test('begins with the role, ends with usage and [DONE]', () => {
    const bytes = bytesOf(whole([text('x')]))
    const chunks = chunksOf(bytes)
    expect(chunks[0]).toMatchObject({ choices: [{ delta: { role: 'assistant', content: '' } }], usage: null })
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 60 } })
    expect(bytes.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  test('has usage only where the client asked for it', () => {
    const bytes = bytesOf(whole([text('x')]), { body: {} })
    expect(bytes).not.toContain('usage')
    expect(bytes.endsWith('"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')).toBe(true)
  })

  test('gives a custom tool’s text in one piece', () => {
    const tool: FunctionTool = {
      kind: 'function',
      name: 'sql',
      description: '',
      parameters: {},
      strict: null,
      cache: null,
      origin: { kind: 'custom' }
    }
    const chunks = chunksOf(
      bytesOf(whole([...call('sql1', '{"input":"SEL', 'ECT 1"}')], 'tool_calls'), { tools: [tool] })
    )
    expect(chunks[1]).toMatchObject({
      choices: [
        {
          delta: { tool_calls: [{ index: 0, id: 'sql1', type: 'custom', custom: { name: 'sql', input: 'SELECT 1' } }] }
        }
      ]
    })
  })

  test('of a legacy client has one function_call', async () => {
    const body = { functions: [{ name: 'f' }] }
    const bytes = bytesOf(whole([...call('a', '{"x"', ':1}'), ...call('b')], 'tool_calls'), { body })
    expect((await sdkReads(bytes)).choices).toMatchObject([
      { finish_reason: 'function_call', message: { function_call: { name: 'f', arguments: '{"x":1}' } } }
    ])
  })

  test('shows pictures, and passes over what it has no form for', () => {
    const media = { type: 'media', media: 'image', mimeType: null, name: null, detail: null, cache: null } as const
    const source = { kind: 'url', url: 'https://a.test/a.png' } as const
    const search = { type: 'hosted-call', id: 's', tool: 'web_search', input: '', sources: [], output: null } as const
    const bytes = bytesOf(
      whole([
        { type: 'hosted-call', call: search },
        { type: 'media', media: { ...media, source } },
        { type: 'media', media: { ...media, media: 'audio', source } }
      ])
    )
    expect(chunksOf(bytes)).toHaveLength(4)
    expect(bytes).toContain('"images":[{"type":"image_url","image_url":{"url":"https://a.test/a.png"}}]')
  })
})

describe('B02 a stream that is cut', () => {
  test('looks finished at its end only', () => {
    const events = whole([text('x'), ...call('a', '{}')], 'tool_calls')
    for (let count = 1; count < events.length; count++) {
      expect(bytesOf(events.slice(0, count))).not.toContain('[DONE]')
    }
    expect(bytesOf(events.slice(0, -2))).not.toContain('"finish_reason":"')
  })

  test('ends with OpenAI’s error, which its SDK throws', async () => {
    const encoder = createStreamEncoder(asked())
    const problem = { message: 'gone', code: null, type: null }
    const ending = encoder.broken(problem)
    expect(ending.kind).toBe('write_and_cut')
    const bytes =
      encoder.push(start) + encoder.push(text('x')) + (ending.kind === 'write_and_cut' ? ending.bytes.toString() : '')
    await expect(sdkReads(bytes)).rejects.toThrow('gone')
    expect(bytes).toContain('"code":"upstream_error"')
    const named = encoder.broken({ ...problem, code: 'slow', type: 'tokens' })
    expect(named.kind === 'write_and_cut' && named.bytes.toString()).toContain(
      '"type":"tokens","param":null,"code":"slow"'
    )
  })

  test('B25 is kept alive by a comment', async () => {
    const encoder = createStreamEncoder(asked())
    const bytes = whole([text('x')])
      .map((event) => encoder.push(event) + encoder.keepAlive())
      .join('')
    expect((await sdkReads(bytes)).choices[0]?.message.content).toBe('x')
  })
})

describe('what a chat stream says', () => {
  test.each(STREAMS)('%s is the same after it was written and read again', (name) => {
    const events = decodeStream(fixtureBytes(name)).map((event) => (event.type === 'start' ? start : event))
    const again = decodeStream(bytesOf(events)).map((event) => (event.type === 'start' ? start : event))
    expect(again).toEqual(events)
  })

  test('is the same streamed and whole', () => {
    const part = fc.oneof(
      fc.constantFrom<readonly AnswerEvent[]>([text('a'), text('b')], [text('c'), { type: 'text-end' }], reasoned),
      fc.constantFrom<readonly AnswerEvent[]>([{ type: 'signature', signature: { maker: 'gemini', value: 'G' } }]),
      fc.nat({ max: 99 }).map((number) => call(`c${number}`, '{"x":', '1}'))
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const events = whole(parts.flat(), 'tool_calls')
        const { choices } = encodeAnswer(answerOf(events), asked()) as {
          choices: [{ message: Record<string, unknown> }]
        }
        const { content, reasoning_content, tool_calls = [] } = choices[0].message
        const streamed = putTogether(chunksOf(bytesOf(events)))
        expect(streamed).toEqual({ content: content ?? '', reasoning: reasoning_content ?? '', calls: tool_calls })
      })
    )
  })
})

interface Delta {
  readonly content?: string | null
  readonly reasoning_content?: string
  readonly tool_calls?: readonly { index: number; function: { arguments: string }; [name: string]: unknown }[]
}

/** As a client does it that keeps reasoning. */
function putTogether(chunks: readonly unknown[]) {
  const message = { content: '', reasoning: '', calls: [] as { function: { arguments: string } }[] }
  for (const chunk of chunks) {
    const [choice] = (chunk as { choices: readonly { delta: Delta }[] }).choices
    message.content += choice?.delta.content ?? ''
    message.reasoning += choice?.delta.reasoning_content ?? ''
    for (const { index, ...piece } of choice?.delta.tool_calls ?? []) {
      const known = message.calls[index]
      if (known === undefined) message.calls[index] = piece
      else known.function.arguments += piece.function.arguments
    }
  }
  return message
}
