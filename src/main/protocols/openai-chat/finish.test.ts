import { describe, expect, test } from 'vitest'
import { decodeFinish, encodeFinish, endsInTheMiddle, stopSequenceOf } from './finish'

const NOTHING = { calls: false, refused: false }

describe('a finish reason', () => {
  test.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['end_turn', 'stop'],
    ['STOP', 'stop'],
    ['something new', 'stop'],
    ['constructor', 'stop'],
    [null, 'stop'],
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['model_length', 'length'],
    ['insufficient_system_resource', 'length'],
    ['network_error', 'length'],
    ['model_context_window_exceeded', 'context_length'],
    ['content_filter', 'refusal'],
    ['sensitive', 'refusal'],
    ['tool_calls', 'stop']
  ])('%s without calls means %s', (raw, reason) => {
    expect(decodeFinish(raw, NOTHING)).toBe(reason)
  })

  test.each(['stop', 'tool_calls', 'function_call', 'tool_use', 'eos', null])('%s with calls is for them', (raw) => {
    expect(decodeFinish(raw, { calls: true, refused: false })).toBe('tool_calls')
  })

  test('with calls that were cut short is the cut’s', () => {
    expect(decodeFinish('length', { calls: true, refused: false })).toBe('length')
    expect(endsInTheMiddle('length')).toBe(true)
    expect(endsInTheMiddle('content_filter')).toBe(true)
    expect(endsInTheMiddle('tool_calls')).toBe(false)
    expect(endsInTheMiddle(null)).toBe(false)
  })

  test('of a refusal in words is stop on the wire, both ways', () => {
    const refused = { calls: false, refused: true }
    expect(decodeFinish('stop', refused)).toBe('refusal')
    expect(encodeFinish('refusal', refused)).toBe('stop')
    expect(encodeFinish('refusal', NOTHING)).toBe('content_filter')
  })

  test.each([
    ['stop', 'stop'],
    ['stop_sequence', 'stop'],
    ['length', 'length'],
    ['context_length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['pause', 'length']
  ] as const)('%s is written as %s', (reason, name) => {
    expect(encodeFinish(reason, NOTHING)).toBe(name)
  })

  test('names the sequence that was met where the vendor tells it', () => {
    expect(stopSequenceOf({ finish_reason: 'stop', stop_reason: 'END' })).toBe('END')
    expect(stopSequenceOf({ finish_reason: 'stop', stop_reason: 'end_turn' })).toBeNull()
    expect(stopSequenceOf({ finish_reason: 'length', stop_reason: 'END' })).toBeNull()
    expect(stopSequenceOf({ finish_reason: 'stop', stop_reason: 2 })).toBeNull()
  })
})
