import type { TokenUsage } from '../../../shared/usage'
import type { Finish, FinishReason } from '../canonical-answer'
import { entryOf, textIn } from '../foreign-json'
import type { StopReason } from './wire'

/** https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons */
const REASON_OF: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  max_tokens: 'length',
  stop_sequence: 'stop_sequence',
  tool_use: 'tool_calls',
  pause_turn: 'pause',
  refusal: 'refusal',
  model_context_window_exceeded: 'context_length'
} satisfies Record<StopReason, FinishReason>

/**
 * `holder` has `stop_reason` and `stop_sequence`: a whole message, or the `delta` of a message_delta. A reason that is not
 * known, or none, is a plain stop.
 */
export const decodeFinish = (holder: unknown, usage: TokenUsage | null): Finish => ({
  reason: entryOf(REASON_OF, textIn(holder, 'stop_reason') ?? '') ?? 'stop',
  stopSequence: textIn(holder, 'stop_sequence'),
  usage
})

const STOP_REASON_OF = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  length: 'max_tokens',
  context_length: 'model_context_window_exceeded',
  tool_calls: 'tool_use',
  refusal: 'refusal',
  pause: 'pause_turn'
} as const satisfies Readonly<Record<FinishReason, StopReason>>

/**
 * Clients go by `tool_use` and `refusal`, which some vendors call a plain stop, so what the answer holds counts as well.
 */
export function encodeStopReason(finish: Finish, holds: { readonly calls: boolean; readonly refusal: boolean }) {
  const plain = finish.reason === 'stop'
  const reason = plain && holds.calls ? 'tool_calls' : plain && holds.refusal ? 'refusal' : finish.reason
  return {
    stop_reason: STOP_REASON_OF[reason],
    stop_sequence: finish.stopSequence,
    stop_details: reason === 'refusal' ? { type: 'refusal' as const, category: null, explanation: null } : null
  }
}
