import type { LossName } from '../../../src/main/protocols/losses'
import { PROTOCOLS, type ProtocolId } from '../../../src/shared/protocol'

/** The columns of the matrix, and what each means. test/integration/matrix.test.ts proves them, docs/protocols.md tells them. */
export const FEATURES = {
  text: 'A system prompt and a text; a text back.',
  tools: 'Tool definitions, one of them forced; a call back, with its id and arguments.',
  'parallel tools': 'Two calls in one answer.',
  'tool results': 'Calls and their results in the history, a failed one among them.',
  thinking: 'How much to think; the thoughts back.',
  'signed thinking': 'Thoughts that come back with the next request carry their maker’s signature.',
  image: 'An image in a user’s turn, as bytes.',
  'image in a result': 'An image in a tool’s result.',
  PDF: 'A PDF in a user’s turn, as bytes.',
  'PDF by address': 'A PDF that the vendor fetches itself.',
  'long history': 'Sixty turns with texts, calls and results, in their order.',
  refusal: 'The model declines, with its words.',
  error: 'The upstream’s status and words, before and in the middle of an answer.',
  'stop reasons': 'A plain end, and the limit of tokens.',
  'stop sequences': 'Which sequences end the answer, and that one did.',
  usage: 'Tokens of prompt, cache, answer and reasoning.',
  'one call at a time': 'Calls in parallel are switched off.',
  'JSON schema': 'An answer that is held to a schema.',
  temperature: 'Temperature.',
  top_p: 'Nucleus sampling.',
  top_k: 'Sampling among the first k.',
  seed: 'A seed.',
  penalties: 'Presence and frequency penalties.',
  verbosity: 'How long answers are to be.',
  'web search': 'The vendor’s own search as a tool.'
} as const satisfies Readonly<Record<string, string>>

export type FeatureName = keyof typeof FEATURES
export const FEATURE_NAMES = Object.keys(FEATURES) as readonly FeatureName[]

/** `not said`: the client’s protocol has no words for it, or the channel’s vendor makes no such thing. */
export type Kind = 'carried' | 'changed' | 'lost' | 'not said'

export interface Outcome {
  readonly kind: Kind
  /** As `x-routex-warnings` names them. */
  readonly losses: readonly LossName[]
  /** For the page; null where the kind says all. */
  readonly because: string | null
}

interface Exception extends Outcome {
  readonly feature: FeatureName
  /** null: of any. */
  readonly client: ProtocolId | null
  readonly channel: ProtocolId | null
}

const CARRIED: Outcome = { kind: 'carried', losses: [], because: null }

/** What is not carried between two different protocols; the first that fits counts. */
const EXCEPTIONS: readonly Exception[] = []

/** What becomes of a feature between a client and a channel. Within one protocol bytes pass as they are (B13). */
export function outcomeOf(feature: FeatureName, client: ProtocolId, channel: ProtocolId): Outcome {
  const fits = (one: Exception): boolean =>
    one.feature === feature &&
    (one.client === null || one.client === client) &&
    (one.channel === null || one.channel === channel)
  const found = EXCEPTIONS.find((one) => fits(one) && (client !== channel || one.kind === 'not said'))
  return found ?? CARRIED
}

/** Every client on every channel. */
export const PAIRS = PROTOCOLS.flatMap((client) => PROTOCOLS.map((channel) => ({ client, channel })))
