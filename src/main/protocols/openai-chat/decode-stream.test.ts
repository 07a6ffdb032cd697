import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  STREAMS,
  answerOf,
  callDelta,
  decodeChunks,
  decodeStream,
  delta,
  finishOf,
  inputsOf,
  fixtureBytes,
  fixtureJson,
  isWhole,
  sse,
  stopped,
  typesOf
} from '../../../../test/support/translation/chat-fixtures'
import { decodeAnswer } from './decode-answer'

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
    ['parallel-tools.sse', 'answer.json', { usage: expect.anything() as unknown }],
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
        fc.constantFrom(...STREAMS),
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
    const events = decodeChunks(delta({ content: 'yes' }), other, stopped())
    expect(answerOf(events).parts).toMatchObject([{ text: 'yes' }])
  })
})

describe('a chunk without a delta', () => {
  const choice = (said: object, finish_reason: string | null = null): object => ({
    id: 'c1',
    choices: [{ index: 0, finish_reason, ...said }]
  })

  test.each<[string, readonly object[]]>([
    ['a message', [choice({ message: { role: 'assistant', content: 'Hi' } }, 'stop')]],
    [
      'messages, piece by piece',
      [choice({ message: { content: 'H' } }), choice({ message: { content: 'i' } }), stopped()]
    ],
    ['a message beside an empty delta', [choice({ delta: {}, message: { content: 'Hi' } }, 'stop')]],
    ['a text', [choice({ text: 'Hi' }), stopped()]]
  ])('is read as %s', (_name, chunks) => {
    const events = decodeChunks(...chunks)
    expect(answerOf(events).parts).toMatchObject([{ type: 'text', text: 'Hi' }])
    expect(isWhole(events)).toBe(true)
  })

  test('holds calls too', () => {
    const tool_calls = [{ id: 'a', function: { name: 'f', arguments: '{"x":1}' } }]
    expect(inputsOf(decodeChunks(choice({ message: { tool_calls } }, 'tool_calls')))).toEqual([['f', '{"x":1}']])
  })

  test('that says the whole answer once more, as MiniMax’s last one does, adds nothing', () => {
    const whole = choice({ message: { role: 'assistant', content: 'Hi' } }, 'stop')
    expect(answerOf(decodeChunks(delta({ content: 'H' }), delta({ content: 'i' }), whole)).parts).toMatchObject([
      { type: 'text', text: 'Hi' }
    ])
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
    expect(answerOf(decodeChunks(delta(said), delta({ content: 'ok' }), stopped())).parts).toMatchObject([
      { type: 'reasoning', text: 'hm', signature: null },
      { type: 'text', text: 'ok' }
    ])
  })

  test('in tags is text: whose it is, only its vendor knows', () => {
    expect(answerOf(decodeChunks(delta({ content: '<think>hm</think>ok' }), stopped())).parts).toMatchObject([
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
    const events = decodeChunks(
      delta({ reasoning: 'hm' }),
      delta({ content: 'a' }),
      delta({ content: '', extra_content }),
      stopped()
    )
    expect(typesOf(events)).toEqual(['start', 'reasoning', 'text', 'signature', 'finish', 'end'])
  })

  test('B14 and a signature that signs none of it are two parts', () => {
    const extra_content = { vertex: { thought_signature: 'S' } }
    const whole = { index: 0, id: 'a', extra_content, function: { name: 'f', arguments: '{}' } }
    expect(answerOf(decodeChunks(delta({ reasoning: 'hm' }), callDelta(whole), stopped())).parts).toMatchObject([
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

describe('how a stream stops', () => {
  const whole = callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } })

  test.each([null, 'stop', 'tool_calls', 'function_call', 'eos', 'end_turn'])('%s with calls is for them', (reason) => {
    expect(finishOf(decodeChunks(whole, stopped(reason))).reason).toBe('tool_calls')
  })

  test('usage is read from the last chunk with content, from each, or from the choice', () => {
    const usage = { prompt_tokens: 5, completion_tokens: 2 }
    const running = { usage: { prompt_tokens: 5, completion_tokens: 1 } }
    const events = [
      decodeChunks(delta({ content: 'a' }), delta({ content: 'b' }, { finish_reason: 'stop' }, { usage })),
      decodeChunks(delta({ content: 'a' }, {}, running), delta({}, { finish_reason: 'stop' }, { usage })),
      decodeChunks(delta({ content: 'a' }), delta({}, { finish_reason: 'stop', usage })),
      decodeChunks(delta({ content: 'a' }), stopped('stop', { x_groq: { usage } }))
    ]
    expect(events.map((one) => finishOf(one).usage)).toEqual(
      Array(4).fill(expect.objectContaining({ input: 5, output: 2 }))
    )
  })

  test('vLLM’s stop_reason is the sequence that was met', () => {
    expect(finishOf(decodeChunks(delta({}, { finish_reason: 'stop', stop_reason: 'END' })))).toMatchObject({
      reason: 'stop_sequence',
      stopSequence: 'END'
    })
    expect(finishOf(decodeChunks(delta({}, { finish_reason: 'stop', stop_reason: 151645 }))).reason).toBe('stop')
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
    const cut = callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } })
    const events = decodeChunks(cut, stopped('length'))
    expect(typesOf(events)).toEqual(['start', 'tool-start', 'tool-input', 'tool-end', 'finish', 'end'])
    expect(finishOf(events).reason).toBe('length')
  })
})
