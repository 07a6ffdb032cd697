import { describe, expect, test } from 'vitest'
import {
  callDelta,
  decodeChunks,
  delta,
  finishOf,
  inputsOf,
  isWhole,
  stopped,
  typesOf
} from '../../../../test/support/translation/chat-fixtures'

describe('calls as other vendors send them', () => {
  test('whole, in one delta, without index', () => {
    const two = [
      { id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
      { id: 'b', function: { name: 'f', arguments: '{"x":2}' } }
    ]
    expect(inputsOf(decodeChunks(delta({ tool_calls: two }), stopped('tool_calls')))).toEqual([
      ['f', '{"x":1}'],
      ['f', '{"x":2}']
    ])
  })

  test('all with index 0 and ids of their own', () => {
    const events = decodeChunks(
      callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }),
      callDelta({ index: 0, id: 'b', function: { name: 'f', arguments: '{"x":2}' } }),
      stopped()
    )
    expect(inputsOf(events)).toHaveLength(2)
  })

  test('without ids, which are made', () => {
    const events = decodeChunks(
      callDelta({ function: { name: 'f', arguments: '{}' } }),
      callDelta({ function: { name: 'f', arguments: '{}' } }),
      stopped()
    )
    const ids = events.flatMap((event) => (event.type === 'tool-start' ? [event.id] : []))
    expect(new Set(ids).size).toBe(2)
    expect(ids.every((id) => id.startsWith('call_'))).toBe(true)
  })

  test('with the same id twice, so that the second gets another', () => {
    const events = decodeChunks(
      callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
      callDelta({ index: 1, id: 'a', function: { name: 'g', arguments: '{}' } }),
      stopped()
    )
    expect(inputsOf(events)).toEqual([
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
    const events = decodeChunks(
      callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }),
      callDelta({ index: 0, id, function: { name, arguments: ':1}' } }),
      stopped()
    )
    expect(inputsOf(events)).toEqual([['f', '{"x":1}']])
  })

  test('with the id before the name', () => {
    const events = decodeChunks(
      callDelta({ index: 0, id: 'a', type: 'function' }),
      callDelta({ index: 0, function: { name: 'f' } }),
      callDelta({ index: 0, function: { arguments: '{}' } }),
      stopped()
    )
    expect(events[1]).toEqual({ type: 'tool-start', id: 'a', name: 'f' })
    expect(isWhole(events)).toBe(true)
  })

  test('with the name behind the arguments', () => {
    const events = decodeChunks(
      callDelta({ index: 0, id: 'a', function: { arguments: '{}' } }),
      delta({ content: 'x' }),
      callDelta({ index: 0, function: { name: 'f' } }),
      stopped()
    )
    expect(inputsOf(events)).toEqual([['f', '{}']])
    expect(isWhole(events)).toBe(true)
  })

  test('with arguments that are an object', () => {
    expect(
      inputsOf(decodeChunks(callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }), stopped()))
    ).toEqual([['f', '{"x":1}']])
  })

  test('without arguments', () => {
    expect(inputsOf(decodeChunks(callDelta({ index: 0, id: 'a', function: { name: 'f' } }), stopped()))).toEqual([
      ['f', '{}']
    ])
  })

  test('as the legacy function_call', () => {
    const events = decodeChunks(
      delta({ function_call: { name: 'f', arguments: '' } }),
      delta({ function_call: { arguments: '{"x":' } }),
      delta({ function_call: { arguments: '1}' } }),
      stopped('function_call')
    )
    expect(inputsOf(events)).toEqual([['f', '{"x":1}']])
    expect(finishOf(events).reason).toBe('tool_calls')
  })

  test('with blanks of content between their pieces', () => {
    const events = decodeChunks(
      callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }),
      delta({ content: '\n' }),
      callDelta({ index: 0, function: { arguments: ':1}' } }),
      stopped()
    )
    expect(inputsOf(events)).toEqual([['f', '{"x":1}']])
  })

  test('with text behind them', () => {
    const events = decodeChunks(
      callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
      delta({ content: 'x' }),
      stopped()
    )
    expect(typesOf(events)).toEqual(['start', 'tool-start', 'tool-input', 'tool-end', 'text', 'finish', 'end'])
  })
})
