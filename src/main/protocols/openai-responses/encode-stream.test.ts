import fc from 'fast-check'
import type OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import {
  asked,
  built,
  decodedStream,
  encodedStream,
  fixture,
  functionTool,
  sdkReading
} from '../../../../test/support/translation/responses-exchange'
import { readEvents } from '../../../../test/support/sse'
import type { FunctionTool } from '../canonical'
import type { Answer, AnswerEvent, Finish, FinishReason } from '../canonical-answer'
import { encodeAnswer } from './encode-answer'
import { createStreamEncoder } from './encode-stream'

const start: AnswerEvent = { type: 'start', id: 'msg_0000000000000007', usage: null }
const finish = (reason: FinishReason = 'stop', usage: Finish['usage'] = null): AnswerEvent => ({
  type: 'finish',
  finish: { reason, stopSequence: null, usage }
})
const end: AnswerEvent = { type: 'end' }
const text = (value: string): AnswerEvent => ({ type: 'text', text: value })
const call = (id: string, name: string, ...pieces: readonly string[]): readonly AnswerEvent[] => [
  { type: 'tool-start', id, name },
  ...pieces.map((json) => ({ type: 'tool-input', json }) as const),
  { type: 'tool-end' }
]

interface Told {
  readonly type: string
  readonly sequence_number: number
  readonly delta?: string
  readonly item?: { readonly type: string; readonly id: string; readonly status?: string }
  readonly response?: OpenAI.Responses.Response
}
const told = (stream: string): readonly Told[] => readEvents(stream).map(({ data }) => JSON.parse(data) as Told)
const typesOf = (stream: string): readonly string[] => told(stream).map(({ type }) => type.replace('response.', ''))

const sdkStream = (stream: string) => sdkReading(stream).responses.stream({ model: 'm', input: 'x' })

const ALL: readonly AnswerEvent[] = [
  start,
  { type: 'reasoning', text: 'I ' },
  { type: 'reasoning', text: 'think' },
  { type: 'signature', signature: { maker: 'anthropic', value: 'sig' } },
  text('Look'),
  text(' here'),
  { type: 'citation', citation: { url: 'https://a.example', title: 'A', quote: null } },
  { type: 'text-end' },
  text('and there'),
  ...call('c1', 'f', '{"a"', ':1}'),
  ...call('c2', 'apply_patch', '{"input":"*** Be', 'gin \\"x\\"', '\\n"}'),
  ...call('c3', 'ns__g'),
  { type: 'signature', signature: { maker: 'gemini', value: 'stands alone' } },
  ...call('c4', 'local_shell', '{"command":["ls"]}'),
  {
    type: 'hosted-call',
    call: { type: 'hosted-call', id: 's', tool: 'web_search', input: 'q', sources: [], output: null }
  },
  { type: 'refusal', text: 'But no' },
  finish('tool_calls', { input: 1, cacheRead: 2, cacheWrite: 3, cacheWrite1h: 0, output: 4, reasoning: 1 }),
  end
]
const TOOLS: readonly FunctionTool[] = [
  functionTool('f'),
  functionTool('apply_patch', { kind: 'custom' }),
  functionTool('ns__g', { kind: 'namespaced', namespace: 'ns', name: 'g', custom: false }),
  functionTool('local_shell', { kind: 'local_shell' })
]

test('free text whose model named its input twice is done as it was told', () => {
  const twice = [start, ...call('c', 'apply_patch', '{"input":"a",', '"input":"b"}'), finish('tool_calls'), end]
  const events = told(encodedStream(twice, asked(fixture('codex-request.json'), TOOLS)))
  const deltas = events.flatMap(({ type, delta }) => (type.endsWith('input.delta') ? [delta] : []))
  expect(deltas).toEqual(['a'])
  expect(events.at(-1)?.response?.output).toMatchObject([{ type: 'custom_tool_call', input: 'a' }])
})

describe('a stream for a client', () => {
  const stream = encodedStream(ALL, asked(fixture('codex-request.json'), TOOLS))

  test('tells each item from its beginning to its end, one after the other', () => {
    expect(typesOf(stream)).toEqual([
      ...['created', 'in_progress'],
      ...['output_item.added', 'reasoning_summary_part.added'],
      ...['reasoning_summary_text.delta', 'reasoning_summary_text.delta'],
      ...['reasoning_summary_text.done', 'reasoning_summary_part.done', 'output_item.done'],
      ...['output_item.added', 'content_part.added', 'output_text.delta', 'output_text.delta'],
      ...['output_text.annotation.added', 'output_text.done', 'content_part.done'],
      ...['content_part.added', 'output_text.delta', 'output_text.done', 'content_part.done', 'output_item.done'],
      ...['output_item.added', 'function_call_arguments.delta', 'function_call_arguments.delta'],
      ...['function_call_arguments.done', 'output_item.done'],
      ...['output_item.added', 'custom_tool_call_input.delta', 'custom_tool_call_input.delta'],
      ...['custom_tool_call_input.delta', 'custom_tool_call_input.done', 'output_item.done'],
      ...['output_item.added', 'function_call_arguments.done', 'output_item.done'],
      ...['output_item.added', 'output_item.done'],
      ...['output_item.added', 'output_item.done'],
      ...['output_item.added', 'web_search_call.completed', 'output_item.done'],
      ...['output_item.added', 'content_part.added', 'refusal.delta', 'refusal.done', 'content_part.done'],
      ...['output_item.done', 'completed']
    ])
  })

  test('numbers its events from 0 and its items in their order, and names each event as its data does', () => {
    expect(told(stream).map((event) => event.sequence_number)).toEqual(told(stream).map((_event, index) => index))
    const indexes = told(stream).flatMap((event) => ('output_index' in event ? [event.output_index] : []))
    expect([...new Set(indexes)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    for (const { name, data } of readEvents(stream)) expect((JSON.parse(data) as Told).type).toBe(name)
  })

  test('is put together by the SDK to the response that an unstreamed answer is', async () => {
    const response = await sdkStream(stream).finalResponse()
    const whole = encodeAnswer(built(ALL), asked(fixture('codex-request.json'), TOOLS))
    // The SDK adds what it parsed of structured output.
    const plain = JSON.stringify(response, (name, value: unknown) =>
      name.endsWith('parsed') || name === 'parsed_arguments' ? undefined : value
    )
    expect(JSON.parse(plain)).toEqual(JSON.parse(JSON.stringify(whole)))
    expect(response.output_text).toBe('Look hereand there')
    expect(response.usage).toMatchObject({ input_tokens: 6, output_tokens: 4, total_tokens: 10 })
  })

  test('has the snapshots that the SDK keeps event by event', async () => {
    const seen: string[] = []
    const reading = sdkStream(stream)
    reading.on('response.function_call_arguments.delta', ({ snapshot }) => seen.push(snapshot))
    reading.on('response.output_text.delta', ({ snapshot }) => seen.push(snapshot))
    await reading.done()
    expect(seen).toEqual(['Look', 'Look here', 'and there', '{"a"', '{"a":1}'])
  })

  test('gives free text as it comes, and its namespace back', () => {
    const deltas = told(stream).filter(({ type }) => type === 'response.custom_tool_call_input.delta')
    expect(deltas.map(({ delta }) => delta)).toEqual(['*** Be', 'gin "x"', '\n'])
    const items = told(stream).flatMap(({ type, item }) => (type === 'response.output_item.done' ? [item] : []))
    expect(items).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'I think' }], encrypted_content: 'routex:anthropic:sig' },
      { type: 'message' },
      { type: 'function_call', arguments: '{"a":1}' },
      { type: 'custom_tool_call', call_id: 'c2', name: 'apply_patch', input: '*** Begin "x"\n' },
      { type: 'function_call', name: 'g', namespace: 'ns', arguments: '{}' },
      { type: 'reasoning', summary: [], encrypted_content: 'routex:gemini:stands alone' },
      { type: 'local_shell_call', action: { command: ['ls'] }, status: 'completed' },
      { type: 'web_search_call', action: { query: 'q' } },
      { type: 'message', content: [{ type: 'refusal', refusal: 'But no' }] }
    ])
  })

  test('repeats what was asked in its first event and its last', () => {
    const responses = told(stream).flatMap(({ response }) => response ?? [])
    expect(responses).toHaveLength(3)
    for (const response of responses) {
      expect(response.tools).toEqual(fixture('codex-request.json')['tools'])
      expect(response).toMatchObject({ id: 'resp_0000000000000007', model: 'claude-as-asked', store: false })
    }
    expect(responses[0]).toMatchObject({ status: 'in_progress', output: [] })
    expect(responses[0]).not.toHaveProperty('usage')
  })
})

describe('a stream that stops early', () => {
  test('looks finished at no event before its last, and no call of it does before what follows it came', () => {
    for (let kept = 0; kept < ALL.length; kept++) {
      const events = ALL.slice(0, kept)
      const types = typesOf(encodedStream(events, asked({}, TOOLS)))
      expect(types).not.toContain('completed')
      const begun = events.filter(({ type }) => type === 'tool-start').length
      const isLast = ['tool-start', 'tool-input', 'tool-end'].includes(events.at(-1)?.type ?? '')
      const ended = types.filter((type) => /^(?:function_call_arguments|custom_tool_call_input)\.done$/.test(type))
      expect(ended.length).toBeLessThanOrEqual(isLast ? begun - 1 : begun)
    }
  })

  test('says why, with the number that is next, and nothing after it', () => {
    const encoder = createStreamEncoder(asked({}, TOOLS))
    const before = [start, text('Hi')].map((event) => encoder.push(event)).join('')
    expect(told(encoder.keepAlive())).toEqual([{ type: 'keepalive', sequence_number: 5 }])
    const ending = encoder.broken({ message: 'overloaded', code: 'overloaded_error', type: null })
    if (ending.kind !== 'write_and_cut') throw new Error(ending.kind)
    expect(told(before)).toHaveLength(5)
    expect(told(ending.bytes.toString())).toMatchObject([
      {
        type: 'response.failed',
        sequence_number: 6,
        response: {
          id: 'resp_0000000000000007',
          status: 'failed',
          error: { code: 'overloaded_error', message: 'overloaded' },
          output: []
        }
      }
    ])
    expect(encoder.push(text('more'))).toBe('')
    expect(encoder.push(end)).toBe('')
  })

  test('before it began is a whole failed response, which the SDK reads', async () => {
    const ending = createStreamEncoder(asked()).broken({ message: 'gone', code: null, type: 'api_error' })
    if (ending.kind !== 'write_and_cut') throw new Error(ending.kind)
    const response = await sdkStream(ending.bytes.toString()).finalResponse()
    expect(response).toMatchObject({ status: 'failed', error: { code: 'server_error', type: 'api_error' } })
  })
})

test('free text of another shape than asked comes whole', () => {
  const stream = encodedStream(
    [start, ...call('c', 'apply_patch', '{"patch":', '"x"}'), finish(), end],
    asked({}, TOOLS)
  )
  const deltas = told(stream).filter(({ type }) => type === 'response.custom_tool_call_input.delta')
  expect(deltas.map(({ delta }) => delta)).toEqual(['x'])
})

test('empty pieces begin nothing', () => {
  const empty = [
    start,
    text(''),
    { type: 'refusal', text: '' },
    { type: 'reasoning', text: '' },
    finish(),
    end
  ] as const
  expect(typesOf(encodedStream(empty, asked()))).toEqual(['created', 'in_progress', 'completed'])
  expect(encodeAnswer({ ...built(empty), parts: [{ type: 'refusal', text: '' }] }, asked())['output']).toEqual([])
})

test('a citation that comes late stands with the text that was last', async () => {
  const citation: AnswerEvent = { type: 'citation', citation: { url: 'https://a.example', title: null, quote: null } }
  const after = encodedStream([start, text('a'), { type: 'text-end' }, citation, finish(), end], asked())
  const behind = encodedStream([start, text('a'), ...call('c', 'f', '{}'), citation, finish(), end], asked())
  for (const stream of [after, behind]) {
    const { output } = await sdkStream(stream).finalResponse()
    expect(output[0]).toMatchObject({ content: [{ text: 'a', annotations: [{ url: 'https://a.example' }] }] })
  }
  const alone = await sdkStream(encodedStream([start, citation, finish(), end], asked())).finalResponse()
  expect(alone.output).toMatchObject([{ content: [{ text: '', annotations: [{ url: 'https://a.example' }] }] }])
})

/** Any answer, in any pieces. */
const piece = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
const arbitraryPart: fc.Arbitrary<readonly AnswerEvent[]> = fc.oneof(
  fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => [...pieces.map(text), { type: 'text-end' } as const]),
  fc
    .record({ pieces: fc.array(piece, { maxLength: 3 }), value: piece })
    .map(({ pieces, value }): AnswerEvent[] => [
      ...pieces.map((one) => ({ type: 'reasoning', text: one }) as const),
      { type: 'signature', signature: { maker: 'anthropic', value } }
    ]),
  fc
    .record({ id: fc.stringMatching(/^[a-z]{8}$/), input: fc.dictionary(piece, piece), cut: fc.nat(20) })
    .map(({ id, input, cut }) => {
      const json = JSON.stringify(input)
      const pieces = [json.slice(0, cut), json.slice(cut)].filter((one) => one !== '')
      return call(id, 'f', ...pieces)
    })
)

/** Texts apart are messages apart, which begin as paragraphs when they are decoded. */
const asTexts = (answer: Answer): Answer => ({
  ...answer,
  parts: answer.parts.map((part) => (part.type === 'text' ? { ...part, text: part.text.replace(/^\n+/, '') } : part))
})

test('any answer that is encoded, cut anywhere and decoded again is the same', () => {
  fc.assert(
    fc.property(fc.array(arbitraryPart, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (parts, cuts) => {
      const events = [
        start,
        ...parts.flat(),
        finish(parts.some(([first]) => first?.type === 'tool-start') ? 'tool_calls' : 'stop'),
        end
      ]
      const stream = encodedStream(events, asked({}, TOOLS))
      const again = decodedStream(stream, cuts)
      expect(again.at(-1)).toEqual(end)
      expect(asTexts(built(again))).toEqual({ ...asTexts(built(events)), id: 'resp_0000000000000007' })
    })
  )
})
