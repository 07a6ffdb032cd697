import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerOf, eventsOf } from '../../../../test/support/translation/anthropic-exchanges'
import type { AnswerEvent } from '../canonical-answer'

const sse = (...events: readonly { readonly type: string }[]): Buffer =>
  Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''))

const start = { type: 'message_start', message: { id: 'msg_1', usage: { input_tokens: 5, output_tokens: 1 } } }
const begin = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block })
const delta = (index: number, value: object) => ({ type: 'content_block_delta', index, delta: value })
const stop = (index: number) => ({ type: 'content_block_stop', index })
const finish = (stop_reason: string) => ({ type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 2 } })
const end = { type: 'message_stop' }
const tool = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }
const json = (partial_json: string) => ({ type: 'input_json_delta', partial_json })
const text = (value: string) => ({ type: 'text_delta', text: value })

const types = (events: readonly AnswerEvent[]): readonly string[] => events.map(({ type }) => type)

describe('blocks that are open at the same time', () => {
  const second = { ...tool, id: 'toolu_2', name: 'g' }

  test('are told one after the other, the first one’s pieces as they come', () => {
    const mixed = [start, begin(0, tool), begin(1, second), delta(0, json('{"a"')), delta(1, json('{}'))]
    expect(eventsOf(sse(...mixed, delta(0, json(':1}')))).slice(1)).toEqual([
      { type: 'tool-start', id: 'toolu_1', name: 'f' },
      { type: 'tool-input', json: '{"a"' },
      { type: 'tool-input', json: ':1}' }
    ])
    const events = eventsOf(sse(...mixed, delta(0, json(':1}')), stop(0), stop(1), finish('tool_use'), end))
    expect(answerOf(events).parts).toMatchObject([
      { id: 'toolu_1', input: '{"a":1}' },
      { id: 'toolu_2', input: '{}' }
    ])
    expect(types(events).slice(-2)).toEqual(['finish', 'end'])
  })

  test('are the same parts, however they are mixed', () => {
    const lanes = [
      [begin(0, { type: 'thinking', thinking: '' }), delta(0, { type: 'thinking_delta', thinking: 'hm' })],
      [begin(1, { type: 'text', text: '' }), delta(1, text('a')), delta(1, text('b'))],
      [begin(2, tool), delta(2, json('{"a":')), delta(2, json('1}'))],
      [begin(3, second), delta(3, json('{"b"')), delta(3, json(':2}'))]
    ].map((lane, index) => [...lane, stop(index)])
    const expected = answerOf(eventsOf(sse(start, ...lanes.flat(), finish('tool_use'), end)))
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 40 }), fc.nat({ max: 20 }), (turns, kept) => {
        const rest = lanes.map((lane) => [...lane])
        const dealt = turns.flatMap((turn) => {
          const isNext = rest.slice(0, turn).every((lane, at) => lane.length < (lanes[at]?.length ?? 0))
          return isNext ? (rest[turn]?.shift() ?? []) : []
        })
        const blocks = [...dealt, ...rest.flat()]
        expect(answerOf(eventsOf(sse(start, ...blocks, finish('tool_use'), end)))).toEqual(expected)
        const cut = eventsOf(sse(start, ...blocks.slice(0, kept)))
        const ended = types(cut).filter((type) => type === 'tool-end').length
        const whole = expected.parts.filter(({ type }) => type === 'tool-call').slice(0, ended)
        const calls = answerOf(cut).parts.filter(({ type }) => type === 'tool-call')
        expect(calls.slice(0, ended)).toEqual(whole)
        expect(types(cut)).not.toContain('end')
      })
    )
  })

  test('B02 have no end where one of them lacks its own', () => {
    const open = [start, begin(0, tool), begin(1, second), delta(0, json('{}')), delta(1, json('{}')), stop(1)]
    expect(types(eventsOf(sse(...open, finish('tool_use'), end)))).toEqual(['start', 'tool-start', 'tool-input'])
  })
})
