import { describe, expect, test } from 'vitest'
import { decodeFinish, encodeFinish } from './finish'

const NOTHING = { calls: false, refusal: false }

describe('why a model stopped', () => {
  test.each([
    ['stop', 'completed', null],
    ['stop_sequence', 'completed', null],
    ['tool_calls', 'completed', null],
    // Codex would ask five times more, and have the vendor search anew each time.
    ['pause', 'completed', null],
    ['length', 'incomplete', 'max_output_tokens'],
    ['context_length', 'incomplete', 'max_output_tokens'],
    ['refusal', 'incomplete', 'content_filter']
  ] as const)('%s is %s, %s', (reason, status, details) => {
    expect(encodeFinish(reason, false)).toEqual({
      status,
      incomplete_details: details === null ? null : { reason: details }
    })
  })

  test('a refusal in words is a completed response', () => {
    expect(encodeFinish('refusal', true)).toEqual({ status: 'completed', incomplete_details: null })
    expect(decodeFinish({ status: 'completed' }, { calls: false, refusal: true })).toBe('refusal')
  })

  test.each([
    [{ status: 'completed' }, NOTHING, 'stop'],
    [{ status: 'completed' }, { calls: true, refusal: false }, 'tool_calls'],
    [
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      { ...NOTHING, calls: true },
      'length'
    ],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, NOTHING, 'refusal'],
    [{ status: 'incomplete', incomplete_details: null }, NOTHING, 'length'],
    [{}, NOTHING, 'stop'],
    [null, NOTHING, 'stop']
  ] as const)('%j with %j was %s', (response, held, reason) => {
    expect(decodeFinish(response, held)).toBe(reason)
  })
})
