import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { built, decodedStream, fixture, fixtureText } from '../../../../test/support/translation/responses-exchange'
import type { AnswerEvent } from '../canonical-answer'
import { isObject, parseJson } from '../foreign-json'
import { decodeAnswer } from './decode-answer'

const STREAMS = ['parallel-tools', 'reasoning', 'web-search', 'refusal', 'length'] as const

const sse = (...events: readonly { readonly type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
const types = (events: readonly AnswerEvent[]): readonly string[] => events.map(({ type }) => type)
const item = (output_index: number, more: object, done = false) => ({
  type: `response.output_item.${done ? 'done' : 'added'}`,
  output_index,
  item: { type: 'function_call', id: `fc_${output_index}`, call_id: `c${output_index}`, name: 'f', ...more }
})
const delta = (output_index: number, text: string, of = 'function_call_arguments') => ({
  type: `response.${of}.delta`,
  item_id: `fc_${output_index}`,
  output_index,
  delta: text
})
const created = { type: 'response.created', response: { id: 'resp_1' } }
const completed = { type: 'response.completed', response: { id: 'resp_1', status: 'completed', output: [] } }

describe.each(STREAMS)('the stream %s', (name) => {
  const text = fixtureText(`${name}.sse`)

  test('says what the whole answer says', () => {
    const events = decodedStream(text)
    expect(built(events)).toEqual(decodeAnswer(fixture(`${name}.json`)))
    expect(types(events)[0]).toBe('start')
    expect(types(events).slice(-2)).toEqual(['finish', 'end'])
  })

  test('says the same without event lines, and however its bytes are cut', () => {
    const expected = decodedStream(text)
    expect(decodedStream(text.replaceAll(/^event: .*\n/gm, ''))).toEqual(expected)
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
        expect(decodedStream(text, cuts)).toEqual(expected)
      }),
      { numRuns: 30 }
    )
  })

  test('that breaks off between any two events has no end', () => {
    const blocks = text.split('\n\n').slice(0, -1)
    for (let kept = 0; kept < blocks.length; kept++) {
      const events = types(decodedStream(blocks.slice(0, kept).join('\n\n') + '\n\n'))
      expect(events).not.toContain('end')
      expect(events).not.toContain('finish')
    }
  })

  test('that was damaged crashes nothing, and no call of it ends with half an input', () => {
    const bytes = Buffer.from(text)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(300), fc.uint8Array({ maxLength: 2 }), (at, gone, put) => {
        const events = decodedStream(Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + gone)]))
        if (!types(events).includes('end')) return
        for (const part of built(events).parts) {
          if (part.type === 'tool-call') expect(isObject(parseJson(part.input))).toBe(true)
        }
      }),
      { numRuns: 300 }
    )
  })
})

describe('a stream', () => {
  test('hands pieces on as they come', () => {
    const events = decodedStream(
      sse(created, item(0, {}), delta(0, '{"a"'), delta(0, ':1}'), item(0, { arguments: '{"a":1}' }, true), completed)
    )
    expect(events).toEqual([
      { type: 'start', id: 'resp_1', usage: null },
      { type: 'tool-start', id: 'c0', name: 'f' },
      { type: 'tool-input', json: '{"a"' },
      { type: 'tool-input', json: ':1}' },
      { type: 'tool-end' },
      { type: 'finish', finish: { reason: 'tool_calls', stopSequence: null, usage: null } },
      { type: 'end' }
    ])
  })

  test('of calls that end together tells one after the other', () => {
    const events = decodedStream(
      sse(
        created,
        item(0, {}),
        delta(0, '{}'),
        item(1, {}),
        delta(1, '{"b":'),
        delta(1, '2}'),
        item(0, { arguments: '{}' }, true),
        item(1, { arguments: '{"b":2}' }, true),
        completed
      )
    )
    expect(built(events).parts).toMatchObject([
      { id: 'c0', input: '{}' },
      { id: 'c1', input: '{"b":2}' }
    ])
    expect(types(events).at(-1)).toBe('end')
  })

  test('of calls that are mixed takes the later one when it is done', () => {
    const events = decodedStream(
      sse(
        created,
        item(0, {}),
        delta(0, '{"a":'),
        item(1, {}),
        delta(1, '{"b":2}'),
        item(1, { arguments: '{"b":2}' }, true),
        delta(0, '1}'),
        item(0, { arguments: '{"a":1}' }, true),
        completed
      )
    )
    expect(built(events).parts).toMatchObject([
      { id: 'c0', input: '{"a":1}' },
      { id: 'c1', input: '{"b":2}' }
    ])
  })

  test('whose call lost a piece has no end', () => {
    const lost = [created, item(0, {}), delta(0, '{"a":'), item(0, { arguments: '{"a":1}' }, true), completed]
    expect(types(decodedStream(sse(...lost)))).toEqual(['start', 'tool-start', 'tool-input'])
    const unfinished = [created, item(0, {}), delta(0, '{"a":'), completed]
    expect(types(decodedStream(sse(...unfinished)))).toEqual(['start', 'tool-start', 'tool-input'])
    const interrupted = [created, item(0, {}), delta(0, '{"a":'), delta(1, 'Hi', 'output_text'), completed]
    expect(types(decodedStream(sse(...interrupted)))).toEqual(['start', 'tool-start', 'tool-input'])
  })

  test('whose call was cut at the limit leaves it open', () => {
    const events = decodedStream(
      sse(created, item(0, {}), delta(0, '{"a":'), item(0, { arguments: '{"a":', status: 'incomplete' }, true), {
        type: 'response.incomplete',
        response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
      } as { type: string })
    )
    expect(types(events)).toEqual(['start', 'tool-start', 'tool-input', 'finish', 'end'])
    expect(built(events).finish.reason).toBe('length')
  })

  test('of free text makes it a string inside an object, piece by piece', () => {
    const custom = { type: 'custom_tool_call', input: '' }
    const events = decodedStream(
      sse(
        created,
        item(0, custom),
        delta(0, 'say "a', 'custom_tool_call_input'),
        delta(0, '"\n', 'custom_tool_call_input'),
        item(0, { ...custom, input: 'say "a"\n' }, true),
        completed
      )
    )
    expect(built(events).parts).toMatchObject([{ input: '{"input":"say \\"a\\"\\n"}' }])
    expect(types(events).filter((type) => type === 'tool-input')).toHaveLength(4)
  })

  test('in name only, with all in its last event, is told all the same', () => {
    const response = fixture('parallel-tools.json')
    const events = decodedStream(sse(created, { type: 'response.completed', response } as { type: string }))
    expect(built(events)).toEqual({ ...decodeAnswer(response), id: 'resp_1' })
  })

  test('that fails, or is cancelled, has no end', () => {
    for (const type of ['response.failed', 'error', 'response.cancelled']) {
      const events = decodedStream(sse(created, delta(0, 'Hi', 'output_text'), { type }, { type: 'keepalive' }))
      expect(types(events)).toEqual(['start', 'text'])
    }
  })

  test('of open models tells its reasoning by another name', () => {
    const events = decodedStream(
      sse(
        { type: 'response.in_progress', response: { id: 'resp_2' } } as { type: string },
        delta(0, 'hm', 'reasoning_text'),
        item(0, { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'hm' }] }, true),
        delta(1, 'Hi', 'output_text'),
        completed
      )
    )
    expect(events.slice(0, 4)).toEqual([
      { type: 'start', id: 'resp_2', usage: null },
      { type: 'reasoning', text: 'hm' },
      { type: 'reasoning-end' },
      { type: 'text', text: 'Hi' }
    ])
  })
})

describe('a stream that tells its items in odd ways', () => {
  const message = (id: string, text: string) => ({
    type: 'message',
    id,
    content: [{ type: 'output_text', text, annotations: [] }]
  })
  const call = (name: string, args = '{}') => ({
    type: 'function_call',
    id: `fc_${name}`,
    call_id: `c_${name}`,
    name,
    arguments: args
  })
  const end = (...output: readonly object[]) => ({
    type: 'response.completed',
    response: { id: 'resp_1', status: 'completed', output }
  })
  const added = (of: object) => ({ type: 'response.output_item.added', output_index: 0, item: of })
  const done = (of: object) => ({ type: 'response.output_item.done', output_index: 0, item: of })
  const piece = (item_id: string, text: string) => ({ ...delta(0, text, 'output_text'), item_id })

  test('has what is in its last event alone, once and in order', () => {
    const events = decodedStream(
      sse(created, piece('m1', 'Hi'), end(message('m9', 'Hi'), call('a'), call('b'), message('m2', 'Bye')))
    )
    expect(built(events)).toMatchObject({
      parts: [{ text: 'Hi' }, { name: 'a', input: '{}' }, { name: 'b' }, { text: '\n\nBye' }],
      finish: { reason: 'tool_calls' }
    })
    expect(types(events).at(-1)).toBe('end')
  })

  test('has all calls of one place', () => {
    const [a, b] = [call('a', '{"x":1}'), call('b', '{"y":2}')]
    const expected = [{ text: 'Hi' }, { name: 'a', input: '{"x":1}' }, { name: 'b', input: '{"y":2}' }]
    const whole = [
      created,
      piece('m1', 'Hi'),
      done(message('m1', 'Hi')),
      done(a),
      done(b),
      end(message('m1', 'Hi'), a, b)
    ]
    expect(built(decodedStream(sse(...whole))).parts).toMatchObject(expected)
    const pieces = (of: typeof a) => ({ ...delta(0, of.arguments), item_id: of.id })
    const begun = [
      added({ ...a, arguments: '' }),
      added({ ...b, arguments: '' }),
      pieces(a),
      pieces(b),
      done(a),
      done(b)
    ]
    const events = decodedStream(sse(created, piece('m1', 'Hi'), ...begun, end(message('m9', 'Hi'), a, b)))
    expect(built(events).parts).toMatchObject(expected)
    expect(types(events).at(-1)).toBe('end')
  })

  test('has a call that only began, with its input from the last event', () => {
    const events = decodedStream(sse(created, added(call('a', '')), end(call('a', '{"x":1}'), call('b'))))
    expect(built(events).parts).toMatchObject([{ name: 'a', input: '{"x":1}' }, { name: 'b' }])
  })

  test('has no item twice whose id is another in each event', () => {
    const reasoning = (id: string) => ({
      type: 'reasoning',
      id,
      summary: [{ type: 'summary_text', text: 'hm' }],
      encrypted_content: 'E'
    })
    const renamed = { ...call('a'), id: 'x3' }
    const events = decodedStream(
      sse(
        created,
        { ...delta(0, 'hm', 'reasoning_summary_text'), item_id: 'r1' } as { type: string },
        done(reasoning('r2')),
        { ...piece('m1', 'H'), output_index: 1 } as { type: string },
        { ...piece('m2', 'i'), output_index: 1 } as { type: string },
        { ...done(message('m3', 'Hi')), output_index: 1 } as { type: string },
        { ...added({ ...call('a'), id: 'x1', arguments: '' }), output_index: 2 } as { type: string },
        { ...delta(2, '{}'), item_id: 'x2' } as { type: string },
        { ...done(renamed), output_index: 2 } as { type: string },
        end(reasoning('r4'), message('m4', 'Hi'), { ...call('a'), id: 'x4' })
      )
    )
    expect(built(events).parts).toMatchObject([{ text: 'hm' }, { text: 'Hi' }, { name: 'a', input: '{}' }])
    expect(built(events).parts).toHaveLength(3)
  })

  test('has no end where a call of its last event breaks off', () => {
    const events = decodedStream(sse(created, piece('m1', 'Hi'), end(message('m1', 'Hi'), call('a', '{"x'))))
    expect(types(events)).toEqual(['start', 'text'])
  })

  const said = (output_index: number, text: string, phase: string) => ({
    ...item(
      output_index,
      { type: 'message', id: `msg_${output_index}`, phase, content: [{ type: 'output_text', text }] },
      true
    )
  })
  const told = (events: readonly AnswerEvent[]): string =>
    events.map((event) => (event.type === 'text' ? event.text : '')).join('')

  test('that comments before it answers tells paragraphs, with deltas or without, as the whole answer does', () => {
    const both = [said(0, 'Doing', 'commentary'), said(2, 'Done', 'final_answer')]
    const output = [both[0]?.item, { type: 'reasoning', summary: [] }, both[1]?.item]
    const deltas = [delta(0, 'Do', 'output_text'), delta(0, 'ing', 'output_text'), delta(2, 'Done', 'output_text')]
    for (const events of [deltas, both, [deltas[0], deltas[1], both[0], both[1]]]) {
      const given = events.filter((event) => event !== undefined)
      expect(told(decodedStream(sse(created, ...given, completed)))).toBe('Doing\n\nDone')
    }
    const atEnd = { ...completed, response: { ...completed.response, output } }
    expect(told(decodedStream(sse(created, atEnd)))).toBe('Doing\n\nDone')
    expect(decodeAnswer({ output }).parts).toMatchObject([{ text: 'Doing' }, { text: '\n\nDone' }])
  })
})
