import { expect, test } from 'vitest'
import type { Finish } from '../canonical-answer'
import { decodeFinish, encodeStopReason } from './finish'

const finish = (reason: Finish['reason'], stopSequence: string | null = null): Finish => ({
  reason,
  stopSequence,
  usage: null
})
const nothing = { calls: false, refusal: false }

test.each([
  ['end_turn', 'stop'],
  ['max_tokens', 'length'],
  ['stop_sequence', 'stop_sequence'],
  ['tool_use', 'tool_calls'],
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
  ['model_context_window_exceeded', 'context_length']
] as const)('%s is %s, both ways', (stopReason, reason) => {
  expect(decodeFinish({ stop_reason: stopReason }, null)).toEqual(finish(reason))
  expect(encodeStopReason(finish(reason), nothing).stop_reason).toBe(stopReason)
})

test('the stop sequence that was met is kept', () => {
  const met = decodeFinish({ stop_reason: 'stop_sequence', stop_sequence: 'END' }, null)
  expect(met).toEqual(finish('stop_sequence', 'END'))
  expect(encodeStopReason(met, nothing)).toEqual({
    stop_reason: 'stop_sequence',
    stop_sequence: 'END',
    stop_details: null
  })
})

test.each([[{ stop_reason: 'of_the_future' }], [{ stop_reason: 'constructor' }], [{ stop_reason: 7 }], [{}], [null]])(
  'a reason that is not known is a plain stop: %j',
  (holder) => {
    expect(decodeFinish(holder, null)).toEqual(finish('stop'))
  }
)

test('an answer with calls stopped for them, whatever its vendor called it; one that was cut did not', () => {
  expect(encodeStopReason(finish('stop'), { calls: true, refusal: false }).stop_reason).toBe('tool_use')
  expect(encodeStopReason(finish('length'), { calls: true, refusal: false }).stop_reason).toBe('max_tokens')
})

test('an answer that declines is a refusal with its details', () => {
  expect(encodeStopReason(finish('stop'), { calls: false, refusal: true })).toEqual({
    stop_reason: 'refusal',
    stop_sequence: null,
    stop_details: { type: 'refusal', category: null, explanation: null }
  })
})
