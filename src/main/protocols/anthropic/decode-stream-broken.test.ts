import { describe, expect, test } from 'vitest'
import {
  begin,
  delta,
  end,
  finish,
  json,
  sse,
  start,
  stop,
  text,
  tool
} from '../../../../test/support/translation/messages-events'
import { eventsOf } from '../../../../test/support/translation/anthropic-exchanges'
import type { AnswerEvent } from '../canonical-answer'

const types = (events: readonly AnswerEvent[]): readonly string[] => events.map(({ type }) => type)

describe('B02 what is damaged has no end', () => {
  const call = [begin(0, tool), delta(0, json('{"a":')), delta(0, json('1}')), stop(0)]
  const whole = [start, ...call, finish('tool_use'), end]
  const damaged = (change: (events: object[]) => unknown): readonly string[] => {
    const events: object[] = [...whole]
    change(events)
    return types(eventsOf(sse(...events)))
  }

  test.each<[string, (events: object[]) => unknown]>([
    ['a call that was never ended', (events) => events.splice(4, 1)],
    ['a call that another block follows', (events) => events.splice(4, 1, begin(1, { type: 'text' }))],
    ['a delta of another block', (events) => events.splice(2, 1, delta(1, json('1}')))],
    ['a delta without a block', (events) => events.splice(1, 1)],
    ['the end of another block', (events) => events.splice(4, 1, stop(1))],
    ['a piece of input that is no text', (events) => events.splice(2, 1, delta(0, { type: 'input_json_delta' }))],
    ['a delta in a call that is not known', (events) => events.splice(2, 1, delta(0, { type: 'input_jsoX_delta' }))],
    ['a text in a call', (events) => events.splice(2, 1, delta(0, text('1}')))],
    ['a call without a name', (events) => events.splice(1, 1, begin(0, { type: 'tool_use', id: 'x' }))],
    ['a block behind the stop reason', (events) => events.splice(6, 0, begin(1, { type: 'text' }))],
    ['an error', (events) => events.splice(5, 0, { type: 'error', error: {} })]
  ])('%s', (_name, change) => {
    expect(damaged(change)).not.toContain('end')
  })

  test.each([
    ['data that can’t be read', 'data: {"type":"content_block_delta","inde'],
    ['a name that was mutated', 'event: content_bXock_delta\ndata: {"type":"content_block_delta"}'],
    ['a line end that was mutated', 'event: content_block_delta data: {"type":"content_block_delta"}']
  ])('an event with %s', (_name, lines) => {
    const name = lines.startsWith('event') ? '' : 'event: content_block_delta\n'
    const bytes = Buffer.concat([
      sse(start, ...call.slice(0, 2)),
      Buffer.from(`${name}${lines}\n\n`),
      sse(...call.slice(3), finish(), end)
    ])
    expect(types(eventsOf(bytes))).toEqual(['start', 'tool-start', 'tool-input'])
  })

  test.each([
    ['its last piece', [delta(0, json('{"a":'))]],
    ['a piece in its middle', [delta(0, json('{"a":')), delta(0, json('"b":1}'))]]
  ])('a call that lost %s, though its block ended', (_name, pieces) => {
    const before = [start, begin(0, tool), ...pieces, stop(0)]
    const next = [begin(1, { type: 'text', text: 'Done.' }), stop(1)]
    for (const rest of [[finish('tool_use')], [finish()], [], [...next, finish('tool_use')]]) {
      const said = types(eventsOf(sse(...before, ...rest, end)))
      expect(said).toEqual(['start', 'tool-start', ...pieces.map(() => 'tool-input')])
    }
  })

  test.each(['max_tokens', 'refusal', 'model_context_window_exceeded'])(
    'but a call that %s cut is told as far as it came',
    (reason) => {
      const said = eventsOf(sse(start, begin(0, tool), delta(0, json('{"a":')), stop(0), finish(reason), end))
      expect(types(said)).toEqual(['start', 'tool-start', 'tool-input', 'tool-end', 'finish', 'end'])
    }
  )

  test.each(['max_tokens', 'refusal', 'model_context_window_exceeded'])(
    'a call that %s cut before its input is left out, for without one it would look whole',
    (reason) => {
      const before = [begin(0, tool), stop(0)]
      const cut = [begin(1, { ...tool, id: 'toolu_2' }), delta(1, json('')), stop(1)]
      const said = eventsOf(sse(start, ...before, ...cut, finish(reason), end))
      expect(types(said)).toEqual(['start', 'tool-start', 'tool-end', 'finish', 'end'])
      expect(said[1]).toMatchObject({ id: 'toolu_1' })
    }
  )

  test('a call that comes in one piece with the reason that cut it does not look whole', () => {
    const content = [{ ...tool, input: { path: 'x' } }]
    const message = { ...start.message, content, stop_reason: 'max_tokens' }
    expect(eventsOf(sse({ ...start, message }, end))).toContainEqual({ type: 'tool-input', json: '{"path":"x"' })
  })

  test('but why the vendor stepped in is told as a text behind a call that it cut, which is no answer that is whole', () => {
    const declined = {
      ...finish(),
      delta: { stop_reason: 'refusal', stop_details: { type: 'refusal', explanation: 'Declined.' } }
    }
    const said = eventsOf(sse(start, begin(0, tool), delta(0, json('{"a":')), stop(0), declined, end))
    expect(said.slice(3, -1)).toMatchObject([
      { type: 'tool-end' },
      { type: 'text', text: 'Declined.' },
      { type: 'finish', finish: { reason: 'refusal' } }
    ])
  })

  test('an end behind a call that was not ended', () => {
    expect(types(eventsOf(sse(start, begin(0, tool), delta(0, json('{'))), { ended: true }))).not.toContain('tool-end')
    expect(types(eventsOf(sse(start, begin(0, tool), end)))).toEqual(['start'])
  })
})
