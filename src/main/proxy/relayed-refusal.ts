import type { ProtocolId } from '../../shared/protocol'
import { isTooLong } from '../protocols/judge-status'
import type { ErrorAnswer, Headers, Protocol, Verdict } from '../protocols/protocol'

/** Statuses that one protocol alone has, as the others say the same. */
const OVERLOADED = 529

/** What clients of a protocol look for to shorten a conversation by themselves (Claude Code compacts at these words). */
const TOO_LONG: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'prompt is too long',
  'openai-chat': 'maximum context length',
  'openai-responses': 'context window',
  gemini: 'exceeds the maximum number of tokens'
}

/**
 * Another protocol's error in the client's own shape: the upstream's status, where the client's vendor has it, and its words.
 * `now` in ms since 1970.
 */
export function renderRelayed(protocol: Protocol, status: number, verdict: Verdict, now: number): ErrorAnswer {
  const words = verdict.kind === 'ok' ? '' : verdict.message
  const known = statusFor(protocol.id, status, verdict)
  const marker = TOO_LONG[protocol.id]
  // Bedrock says "too many tokens" of too many requests: its verdict tells them apart.
  const tooLong = verdict.kind === 'client_fault' && known < 500 && isTooLong(words)
  const message = tooLong && !words.toLowerCase().includes(marker) ? `${marker}: ${words}` : words
  return protocol.renderRefusal({
    kind: tooLong ? 'too_long' : verdict.kind === 'quota' ? 'relayed_quota' : 'relayed',
    // Gemini and Anthropic say it with 400; so does OpenAI.
    status: tooLong ? 400 : known,
    message,
    requestId: '',
    retryAfterMs: waitOf(verdict, now)
  })
}

/** Gemini refuses a key, and a region or an account, with 400; the others have 401 and 403 for it. */
function statusFor(client: ProtocolId, status: number, { kind, ...said }: Verdict): number {
  // A redirect would send the client where only the channel was to go.
  if (status < 400) return 502
  if (status === OVERLOADED && client !== 'anthropic') return 503
  if (status !== 400 || kind !== 'auth') return status
  return 'message' in said && /\b(?:key|token|credential)/i.test(said.message) ? 401 : 403
}

/** In ms; null: the upstream told none. */
function waitOf(verdict: Verdict, now: number): number | null {
  const untilMs = verdict.kind === 'busy' || verdict.kind === 'quota' ? verdict.untilMs : null
  return untilMs === null ? null : untilMs - now
}

/** The wait that an upstream told in its body alone (Gemini's RetryInfo), in the header that clients of others look for. */
export function toldWait(verdict: Verdict, now: number): Headers {
  const waitMs = waitOf(verdict, now)
  return waitMs === null ? {} : { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) }
}
