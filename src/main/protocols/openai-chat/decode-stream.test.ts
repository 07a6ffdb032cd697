import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answerOf,
  decodeStream,
  delta,
  fixtureBytes,
  fixtureJson,
  sse,
  stopped
} from '../../../../test/support/translation/chat-fixtures'
import type { AnswerEvent } from '../canonical-answer'
import { decodeAnswer } from './decode-answer'

const types = (events: readonly AnswerEvent[]): readonly string[] => events.map(({ type }) => type)
const call = (entry: object): object => delta({ tool_calls: [entry] })
const inputs = (events: readonly AnswerEvent[]) =>
  answerOf(events).parts.flatMap((part) => (part.type === 'tool-call' ? [[part.name, part.input]] : []))
const read = (...chunks: readonly object[]) => decodeStream(sse(chunks))
const finishOf = (events: readonly AnswerEvent[]) =>
  events.find((event) => event.type === 'finish')?.finish ?? expect.fail('no finish')
const isWhole = (events: readonly AnswerEvent[]): boolean => events.some(({ type }) => type === 'end')

const ALL = [
  'text.sse',
  'tools.sse',
  'parallel-tools.sse',
  'refusal.sse',
  'length.sse',
  'search.sse',
  'deepseek-reasoning.sse',
  'kimi-usage.sse',
  'openrouter-reasoning.sse',
  'gemini-tools.sse'
]

describe('a chat stream', () => {
  test('of text is told piece by piece, its usage at the end', () => {
    expect(decodeStream(fixtureBytes('text.sse'))).toEqual([
      { type: 'start', id: 'chatcmpl-123', usage: null },
      { type: 'text', text: 'Grüße' },
      { type: 'text', text: ', 世界' },
      { type: 'text', text: '!' },
      {
        type: 'finish',
        finish: {
          reason: 'stop',
          stopSequence: null,
          usage: { input: 176, cacheRead: 1024, cacheWrite: 0, cacheWrite1h: 0, output: 80, reasoning: 30 }
        }
      },
      { type: 'end' }
    ])
  })

  test('of a call is told piece by piece', () => {
    expect(decodeStream(fixtureBytes('tools.sse')).slice(1, -2)).toEqual([
      { type: 'tool-start', id: 'call_abc', name: 'get_weather' },
      { type: 'tool-input', json: '{"' },
      { type: 'tool-input', json: 'city":"Os' },
      { type: 'tool-input', json: 'lo"}' },
      { type: 'tool-end' }
    ])
  })

  test.each([
    ['parallel-tools.sse', 'answer.json', { usage: expect.anything() }],
    ['refusal.sse', 'refusal.json', {}],
    ['length.sse', 'length.json', {}],
    ['deepseek-reasoning.sse', 'deepseek-reasoning.json', {}],
    ['openrouter-reasoning.sse', 'openrouter-reasoning.json', {}]
  ])('%s says what %s says whole', (stream, whole, finish) => {
    const answer = decodeAnswer(fixtureJson(whole))
    const { parts, finish: finished } = answerOf(decodeStream(fixtureBytes(stream)))
    expect(parts).toEqual(answer.parts)
    expect(finished).toEqual({ ...answer.finish, ...finish })
  })

  test('says the same however its bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (name, sizes) => {
          const bytes = fixtureBytes(name)
          expect(decodeStream(bytes, sizes)).toEqual(decodeStream(bytes))
        }
      ),
      { numRuns: 300 }
    )
  })

  test('of a search cites what it found', () => {
    const { parts } = answerOf(decodeStream(fixtureBytes('search.sse')))
    expect(parts).toMatchObject([
      { text: 'It rains in Oslo.', citations: [{ url: 'https://www.yr.no/', title: 'Yr', quote: null }] }
    ])
  })

  test('is one choice: others are passed over', () => {
    const other = { choices: [{ index: 1, delta: { content: 'no' }, finish_reason: null }] }
    const events = read(delta({ content: 'yes' }), other, stopped())
    expect(answerOf(events).parts).toMatchObject([{ text: 'yes' }])
  })
})

describe('reasoning', () => {
  test.each([
    ['reasoning_content', { reasoning_content: 'hm' }],
    ['reasoning', { reasoning: 'hm' }],
    ['reasoning_details', { reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] }],
    ['a summary', { reasoning_details: [{ type: 'reasoning.summary', summary: 'hm' }] }],
    ['Mistral’s content', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] }]
  ])('is read as %s', (_name, said) => {
    expect(answerOf(read(delta(said), delta({ content: 'ok' }), stopped())).parts).toMatchObject([
      { type: 'reasoning', text: 'hm', signature: null },
      { type: 'text', text: 'ok' }
    ])
  })

  test('in tags is text: whose it is, only its vendor knows', () => {
    expect(answerOf(read(delta({ content: '<think>hm</think>ok' }), stopped())).parts).toMatchObject([
      { type: 'text', text: '<think>hm</think>ok' }
    ])
  })

  test('B14 of Gemini stands before its call as a signature alone', () => {
    const { parts, finish } = answerOf(decodeStream(fixtureBytes('gemini-tools.sse')))
    expect(parts).toMatchObject([
      { type: 'reasoning', text: '', signature: { maker: 'gemini', value: 'EjQKMgEM' } },
      { type: 'tool-call', id: 'jm4owj31', input: '{"city":"Oslo"}' },
      { type: 'tool-call', id: 'jm4owj32', input: '{"city":"Rome"}' }
    ])
    expect(finish.reason).toBe('tool_calls')
  })

  test('B14 of a text answer comes at its end', () => {
    const extra_content = { google: { thought_signature: 'S' } }
    const events = read(
      delta({ reasoning: 'hm' }),
      delta({ content: 'a' }),
      delta({ content: '', extra_content }),
      stopped()
    )
    expect(types(events)).toEqual(['start', 'reasoning', 'text', 'signature', 'finish', 'end'])
  })

  test('B14 and a signature that signs none of it are two parts', () => {
    const extra_content = { vertex: { thought_signature: 'S' } }
    const whole = { index: 0, id: 'a', extra_content, function: { name: 'f', arguments: '{}' } }
    expect(answerOf(read(delta({ reasoning: 'hm' }), call(whole), stopped())).parts).toMatchObject([
      { type: 'reasoning', text: 'hm', signature: null },
      { type: 'reasoning', text: '', signature: { maker: 'gemini' } },
      { type: 'tool-call' }
    ])
  })

  test('B14 of OpenRouter keeps each detail as it must come back', () => {
    const { parts } = answerOf(decodeStream(fixtureBytes('openrouter-reasoning.sse')))
    const values = parts.flatMap((part) => (part.type === 'reasoning' ? [part.signature?.value ?? ''] : []))
    expect(values.map((value): unknown => JSON.parse(value))).toEqual([
      { type: 'reasoning.text', signature: 'sig-A', id: null, format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'opaque', id: 'r1', format: 'anthropic-claude-v1', index: 1 }
    ])
  })
})

describe('calls as other vendors send them', () => {
  test('whole, in one delta, without index', () => {
    const two = [
      { id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
      { id: 'b', function: { name: 'f', arguments: '{"x":2}' } }
    ]
    expect(inputs(read(delta({ tool_calls: two }), stopped('tool_calls')))).toEqual([
      ['f', '{"x":1}'],
      ['f', '{"x":2}']
    ])
  })

  test('all with index 0 and ids of their own', () => {
    const events = read(
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }),
      call({ index: 0, id: 'b', function: { name: 'f', arguments: '{"x":2}' } }),
      stopped()
    )
    expect(inputs(events)).toHaveLength(2)
  })

  test('without ids, which are made', () => {
    const events = read(
      call({ function: { name: 'f', arguments: '{}' } }),
      call({ function: { name: 'f', arguments: '{}' } }),
      stopped()
    )
    const ids = events.flatMap((event) => (event.type === 'tool-start' ? [event.id] : []))
    expect(new Set(ids).size).toBe(2)
    expect(ids.every((id) => id.startsWith('call_'))).toBe(true)
  })

  test('with the same id twice, so that the second gets another', () => {
    const events = read(
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
      call({ index: 1, id: 'a', function: { name: 'g', arguments: '{}' } }),
      stopped()
    )
    expect(inputs(events)).toEqual([
      ['f', '{}'],
      ['g', '{}']
    ])
    const [first, second] = events.flatMap((event) => (event.type === 'tool-start' ? [event.id] : []))
    expect(first).not.toBe(second)
  })

  test.each([
    ['the id repeated', { id: 'a' }],
    ['id and name repeated', { id: 'a', name: 'f' }],
    ['the name repeated', { name: 'f' }],
    ['another id', { id: 'zzz' }],
    ['an empty name', { id: 'a', name: '' }]
  ])('in pieces, each with %s', (_name, { id, name }: { id?: string; name?: string }) => {
    const events = read(
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }),
      call({ index: 0, id, function: { name, arguments: ':1}' } }),
      stopped()
    )
    expect(inputs(events)).toEqual([['f', '{"x":1}']])
  })

  test('with the id before the name', () => {
    const events = read(
      call({ index: 0, id: 'a', type: 'function' }),
      call({ index: 0, function: { name: 'f' } }),
      call({ index: 0, function: { arguments: '{}' } }),
      stopped()
    )
    expect(events[1]).toEqual({ type: 'tool-start', id: 'a', name: 'f' })
    expect(isWhole(events)).toBe(true)
  })

  test('with arguments that are an object', () => {
    expect(inputs(read(call({ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }), stopped()))).toEqual([
      ['f', '{"x":1}']
    ])
  })

  test('without arguments', () => {
    expect(inputs(read(call({ index: 0, id: 'a', function: { name: 'f' } }), stopped()))).toEqual([['f', '{}']])
  })

  test('as the legacy function_call', () => {
    const events = read(
      delta({ function_call: { name: 'f', arguments: '' } }),
      delta({ function_call: { arguments: '{"x":' } }),
      delta({ function_call: { arguments: '1}' } }),
      stopped('function_call')
    )
    expect(inputs(events)).toEqual([['f', '{"x":1}']])
    expect(finishOf(events).reason).toBe('tool_calls')
  })

  test('with blanks of content between their pieces', () => {
    const events = read(
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }),
      delta({ content: '\n' }),
      call({ index: 0, function: { arguments: ':1}' } }),
      stopped()
    )
    expect(inputs(events)).toEqual([['f', '{"x":1}']])
  })

  test('with text behind them', () => {
    const events = read(
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
      delta({ content: 'x' }),
      stopped()
    )
    expect(types(events)).toEqual(['start', 'tool-start', 'tool-input', 'tool-end', 'text', 'finish', 'end'])
  })
})

describe('how a stream stops', () => {
  const whole = call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } })

  test.each([null, 'stop', 'tool_calls', 'function_call', 'eos', 'end_turn'])('%s with calls is for them', (reason) => {
    expect(finishOf(read(whole, stopped(reason))).reason).toBe('tool_calls')
  })

  test('usage is read from the last chunk with content, from each, or from the choice', () => {
    const usage = { prompt_tokens: 5, completion_tokens: 2 }
    const running = { usage: { prompt_tokens: 5, completion_tokens: 1 } }
    const events = [
      read(delta({ content: 'a' }), delta({ content: 'b' }, { finish_reason: 'stop' }, { usage })),
      read(delta({ content: 'a' }, {}, running), delta({}, { finish_reason: 'stop' }, { usage })),
      read(delta({ content: 'a' }), delta({}, { finish_reason: 'stop', usage })),
      read(delta({ content: 'a' }), stopped('stop', { x_groq: { usage } }))
    ]
    expect(events.map((one) => finishOf(one).usage)).toEqual(
      Array(4).fill(expect.objectContaining({ input: 5, output: 2 }))
    )
  })

  test('vLLM’s stop_reason is the sequence that was met', () => {
    expect(finishOf(read(delta({}, { finish_reason: 'stop', stop_reason: 'END' })))).toMatchObject({
      reason: 'stop_sequence',
      stopSequence: 'END'
    })
    expect(finishOf(read(delta({}, { finish_reason: 'stop', stop_reason: 151645 }))).reason).toBe('stop')
  })

  test('B27 without [DONE] a stream with a reason is whole, one without is not', () => {
    const text = delta({ content: 'x' })
    expect(isWhole(decodeStream(sse([text, stopped()], false)))).toBe(true)
    expect(isWhole(decodeStream(sse([text], false)))).toBe(false)
    expect(isWhole(decodeStream(sse([text, stopped()], false), [], false))).toBe(false)
  })

  test('[DONE] alone is no answer', () => {
    expect(decodeStream(sse([]))).toEqual([])
  })

  test('tokens that ran out in the middle of a call end it as it is', () => {
    const cut = call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } })
    const events = read(cut, stopped('length'))
    expect(types(events)).toEqual(['start', 'tool-start', 'tool-input', 'tool-end', 'finish', 'end'])
    expect(finishOf(events).reason).toBe('length')
  })
})

describe('B02 a stream that lost something is never whole', () => {
  const first = call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } })
  const text = `data: ${JSON.stringify(delta({ content: 'x' }))}\n\n`

  test.each<[string, readonly object[]]>([
    ['a call that stops in the middle', [first, stopped('tool_calls')]],
    ['a call that stops in the middle, without a reason', [first]],
    [
      'a call that stops in the middle before the next',
      [first, call({ index: 1, id: 'b', function: { name: 'g' } }), stopped()]
    ],
    ['a call that stops in the middle before text', [first, delta({ content: 'x' }), stopped()]],
    [
      'a piece of a call that has ended',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
        call({ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }),
        call({ index: 0, function: { arguments: '}' } }),
        stopped()
      ]
    ],
    ['arguments of a call without a name', [call({ index: 0, id: 'a', function: { arguments: '{}' } }), stopped()]],
    ['an error', [delta({ content: 'x' }), { error: { message: 'gone' } }, stopped()]]
  ])('%s', (_name, chunks) => {
    expect(isWhole(read(...chunks))).toBe(false)
  })

  test('a line that is no JSON', () => {
    expect(isWhole(decodeStream(`${text}data: {"id":"c1","choi\n\n${sse([stopped()])}`))).toBe(false)
    expect(isWhole(decodeStream(`${text}data: \n\n${sse([stopped()])}`))).toBe(true)
  })

  test('a stream cut at any event', () => {
    for (const name of ALL) {
      const blocks = fixtureBytes(name).toString().split('\n\n').slice(0, -1)
      const stop = blocks.findIndex((block) => /"finish_reason":"/.test(block))
      for (let count = 0; count < blocks.length; count++) {
        const bytes = blocks
          .slice(0, count)
          .map((block) => `${block}\n\n`)
          .join('')
        expect(isWhole(decodeStream(bytes)), `${name} ${count}`).toBe(count > stop)
      }
    }
  })

  test('a stream cut at any byte before its reason to stop', () => {
    for (const name of ALL) {
      const bytes = fixtureBytes(name)
      const stop = bytes.indexOf('"finish_reason":"')
      for (let length = 0; length < stop; length += 7) {
        expect(isWhole(decodeStream(bytes.subarray(0, length)))).toBe(false)
      }
    }
  })

  test('bytes that were changed never leave a call that looks whole and is not', () => {
    const mutation = fc.record({
      name: fc.constantFrom(...ALL),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('{}[]":,\\0n\n'))),
      drop: fc.integer({ min: 0, max: 40 })
    })
    fc.assert(
      fc.property(mutation, ({ name, at, byte, drop }) => {
        const bytes = fixtureBytes(name)
        const place = Math.floor(at * (bytes.length - 1))
        const changed = Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place + 1 + drop)])
        const events = decodeStream(changed)
        if (!isWhole(events) || finishOf(events).reason !== 'tool_calls') return
        for (const [, input = ''] of inputs(events)) expect(() => void JSON.parse(input)).not.toThrow()
      }),
      { numRuns: 2000 }
    )
  })

  test('nonsense never throws', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.json(),
            fc.anything().map((one) => JSON.stringify({ choices: [{ delta: one }] }))
          )
        ),
        (lines) => {
          decodeStream(lines.map((json) => `data: ${json}\n\n`).join(''))
        }
      )
    )
  })
})
