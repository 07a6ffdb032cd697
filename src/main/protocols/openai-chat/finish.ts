import { CUT, type FinishReason } from '../canonical-answer'
import { entryOf, objectIn, textIn } from '../foreign-json'
import type { FinishReasonName } from './wire'

/**
 * Finish reasons, OpenAI's and others'. What broke off at the vendor is an error (`failureOf`), and never looks whole:
 * DeepSeek's `insufficient_system_resource`, GLM's `network_error`, vLLM's `abort`, OpenRouter's and Mistral's `error`.
 * https://platform.openai.com/docs/api-reference/chat/object#chat/object-choices
 * https://docs.z.ai/api-reference/llm/chat-completion https://docs.mistral.ai/api/#tag/chat
 */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop_sequence',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  insufficient_system_resource: 'length',
  network_error: 'length',
  abort: 'length',
  error: 'length',
  model_context_window_exceeded: 'context_length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  tool_use: 'tool_calls',
  content_filter: 'refusal',
  safety: 'refusal',
  sensitive: 'refusal',
  refusal: 'refusal'
}

/** Reasons of an answer that failed at the vendor, so that another channel may still give one. */
const FAILED: ReadonlySet<string> = new Set(['insufficient_system_resource', 'network_error', 'abort', 'error'])

/** Texts of choices in which such a reason may stand. */
export const MAY_HAVE_FAILED = /"finish_reason"\s*:\s*"(?:insufficient_system_resource|network_error|abort|error)"/i

/** Why a choice failed, in the upstream's words where it has some; null for one that did not. */
export function failureOf(choice: unknown): string | null {
  const reason = textIn(choice, 'finish_reason')
  if (reason === null || !FAILED.has(reason.toLowerCase())) return null
  const told = textIn(objectIn(choice, 'error'), 'message') ?? textIn(choice, 'error')
  return told ?? `The upstream ended its answer with finish_reason "${reason}"`
}

/** What the answer held, which some vendors' reasons contradict. */
export interface Said {
  readonly calls: boolean
  readonly refused: boolean
}

/** Unknown reasons and null count as `stop`, and a stop with calls as one for them: several vendors send it so. */
export function decodeFinish(raw: string | null, { calls, refused }: Said): FinishReason {
  const reason = (raw === null ? undefined : entryOf(REASONS, raw.toLowerCase())) ?? 'stop'
  if (refused && reason === 'stop') return 'refusal'
  if (calls) return reason === 'stop' ? 'tool_calls' : reason
  // A client would wait for a call that never came.
  return reason === 'tool_calls' ? 'stop' : reason
}

/** The answer was ended from outside, so that a call may stop in the middle of its JSON. */
export const endsInTheMiddle = (raw: string | null): boolean =>
  CUT.has(decodeFinish(raw, { calls: true, refused: false }))

/** vLLM tells which sequence was met, or the number of a token: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html */
export function stopSequenceOf(choice: unknown): string | null {
  const told = textIn(choice, 'finish_reason') === 'stop' ? textIn(choice, 'stop_reason') : null
  // Relays put the reason of another protocol there.
  return told === null || Object.hasOwn(REASONS, told) ? null : told
}

const NAMES: Readonly<Record<FinishReason, FinishReasonName>> = {
  stop: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  context_length: 'length',
  tool_calls: 'tool_calls',
  refusal: 'content_filter',
  // The answer is not whole, and a chat client can't let the vendor go on with it.
  pause: 'length'
}

/** A refusal that has words of its own stops normally, as OpenAI's do. */
export function encodeFinish(reason: FinishReason, { refused }: Said): FinishReasonName {
  return reason === 'refusal' && refused ? 'stop' : NAMES[reason]
}
