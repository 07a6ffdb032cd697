import type { FinishReason } from '../canonical-answer'
import type { FinishReason as GeminiFinishReason } from './wire'

/** https://ai.google.dev/api/generate-content#FinishReason: the vendor's filters. */
const REFUSALS: ReadonlySet<string> = new Set([
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MODEL_ARMOR',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION'
])

/** The model meant to call a tool and could not: the answer lacks what it was for. */
const MALFORMED: ReadonlySet<string> = new Set([
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MALFORMED_RESPONSE'
])

export const isMalformed = (reason: string): boolean => MALFORMED.has(reason)

/**
 * What a `finishReason` means. STOP also ends an answer that calls tools, and one that wanted to and could not is cut. What is
 * left (OTHER, one of the future) ended the answer, and no other protocol knows more of it.
 */
export function decodeFinish(reason: string, hasCalls: boolean): FinishReason {
  if (reason === 'MAX_TOKENS') return 'length'
  if (REFUSALS.has(reason)) return 'refusal'
  if (reason === 'CONTINUATION') return 'pause'
  if (hasCalls) return 'tool_calls'
  return isMalformed(reason) ? 'length' : 'stop'
}

/** Whether its `finishMessage` says what the content does not. */
export const needsExplanation = (reason: string): boolean => reason !== 'STOP' && reason !== 'MAX_TOKENS'

const WRITTEN = {
  stop: 'STOP',
  stop_sequence: 'STOP',
  tool_calls: 'STOP',
  length: 'MAX_TOKENS',
  context_length: 'MAX_TOKENS',
  refusal: 'SAFETY',
  // The answer is not whole, and STOP would end the turn. CONTINUATION would need a token that only its vendor can make.
  pause: 'MAX_TOKENS'
} as const satisfies Readonly<Record<FinishReason, GeminiFinishReason>>

/** `isMalformed`: a call came whose arguments are no JSON; Gemini's own word for it, which Gemini CLI asks again after. */
export function encodeFinish(reason: FinishReason, isMalformed: boolean): GeminiFinishReason {
  const written = WRITTEN[reason]
  return isMalformed && written === 'STOP' ? 'MALFORMED_FUNCTION_CALL' : written
}
