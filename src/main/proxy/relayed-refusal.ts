import type { ProtocolId } from '../../shared/protocol'
import { isTooLong } from '../protocols/judge-status'
import type { ErrorAnswer, Protocol } from '../protocols/protocol'

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
 */
export function renderRelayed(protocol: Protocol, status: number, words: string): ErrorAnswer {
  // A redirect would send the client where only the channel was to go.
  const failed = status < 400 ? 502 : status
  const known = failed === OVERLOADED && protocol.id !== 'anthropic' ? 503 : failed
  const marker = TOO_LONG[protocol.id]
  const tooLong = known < 500 && isTooLong(words)
  const message = tooLong && !words.toLowerCase().includes(marker) ? `${marker}: ${words}` : words
  return protocol.renderRefusal({
    kind: tooLong ? 'too_long' : 'relayed',
    // Gemini and Anthropic say it with 400; so does OpenAI.
    status: tooLong ? 400 : known,
    message,
    requestId: ''
  })
}
