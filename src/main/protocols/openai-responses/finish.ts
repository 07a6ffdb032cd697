import type { FinishReason } from '../canonical-answer'
import { objectIn, textIn } from '../foreign-json'
import type { Response } from './wire'

/** Both in `response`, next to each other. */
export type EndFields = Required<Pick<Response, 'status' | 'incomplete_details'>>

/**
 * A model that declines says so in a `refusal` part of a completed response; where the vendor's filter stepped in, the
 * response is incomplete. https://platform.openai.com/docs/api-reference/responses/object#responses/object-incomplete_details
 */
export function encodeFinish(reason: FinishReason, saidRefusal: boolean): EndFields {
  switch (reason) {
    case 'length':
    case 'context_length':
      return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    case 'refusal':
      return saidRefusal ? COMPLETED : { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }
    // The vendor's own loop would go on when asked again. Codex asks five times more after an incomplete response, and would have
    // it begin anew each time; after a completed one its user can say so. What the answer has is whole.
    case 'pause':
    case 'stop':
    case 'stop_sequence':
    case 'tool_calls':
      return COMPLETED
  }
}

const COMPLETED: EndFields = { status: 'completed', incomplete_details: null }

/** What the output held, which Responses' status does not tell. */
export interface Held {
  readonly calls: boolean
  readonly refusal: boolean
}

/** `response`: at least its `status` and `incomplete_details`; foreign JSON. */
export function decodeFinish(response: unknown, held: Held): FinishReason {
  if (textIn(response, 'status') === 'incomplete') {
    return textIn(objectIn(response, 'incomplete_details'), 'reason') === 'content_filter' ? 'refusal' : 'length'
  }
  if (held.refusal) return 'refusal'
  return held.calls ? 'tool_calls' : 'stop'
}
