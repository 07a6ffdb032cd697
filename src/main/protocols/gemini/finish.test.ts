import { describe, expect, test } from 'vitest'
import { decodeFinish, encodeFinish, needsExplanation } from './finish'

describe('why Gemini stopped', () => {
  test.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'refusal'],
    ['RECITATION', 'refusal'],
    ['PROHIBITED_CONTENT', 'refusal'],
    ['SPII', 'refusal'],
    ['CONTINUATION', 'pause'],
    ['MALFORMED_FUNCTION_CALL', 'length'],
    ['OTHER', 'stop'],
    ['A_FUTURE_ONE', 'stop']
  ])('%s is %s', (reason, expected) => {
    expect(decodeFinish(reason, false)).toBe(expected)
  })

  test('is the call of a tool where one was called, unless it was cut', () => {
    expect(decodeFinish('STOP', true)).toBe('tool_calls')
    expect(decodeFinish('MAX_TOKENS', true)).toBe('length')
  })

  test('is explained by its message where the content does not', () => {
    expect(needsExplanation('STOP')).toBe(false)
    expect(needsExplanation('SAFETY')).toBe(true)
    expect(needsExplanation('MALFORMED_FUNCTION_CALL')).toBe(true)
  })
})

describe('the stop reason for a client of Gemini', () => {
  test('is one that its SDK knows', () => {
    expect(encodeFinish('stop', false)).toBe('STOP')
    expect(encodeFinish('stop_sequence', false)).toBe('STOP')
    expect(encodeFinish('tool_calls', false)).toBe('STOP')
    expect(encodeFinish('length', false)).toBe('MAX_TOKENS')
    expect(encodeFinish('context_length', false)).toBe('MAX_TOKENS')
    expect(encodeFinish('refusal', false)).toBe('SAFETY')
    expect(encodeFinish('pause', false)).toBe('MAX_TOKENS')
  })

  test('tells of a call that could not be written, unless the answer was cut anyway', () => {
    expect(encodeFinish('tool_calls', true)).toBe('MALFORMED_FUNCTION_CALL')
    expect(encodeFinish('length', true)).toBe('MAX_TOKENS')
  })
})
