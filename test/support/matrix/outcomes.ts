import type { LossName } from '../../../src/main/protocols/losses'
import { PROTOCOLS, type ProtocolId } from '../../../src/shared/protocol'

/** The columns of the matrix, and what each means. test/integration/matrix.test.ts proves them, docs/protocols.md tells them. */
export const FEATURES = {
  text: 'A system prompt and a text; a text back.',
  tools: 'Tool definitions, one of them forced; a call back, with its id and arguments.',
  'parallel tools': 'Two calls in one answer.',
  'tool results': 'Calls and their results in the history, a failed one among them.',
  'interrupted call': 'A call in the history that never got its result.',
  thinking: 'How much to think; the thoughts back.',
  'signed thinking': 'Thoughts come back to their maker with its own signature, in a loop of tools.',
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

/** Who can say it at all; all who are not named can. */
const SAID_BY: Partial<Readonly<Record<FeatureName, readonly ProtocolId[]>>> = {
  'image in a result': ['anthropic', 'openai-responses', 'gemini'],
  'PDF by address': ['anthropic', 'openai-responses', 'gemini'],
  'stop sequences': ['anthropic', 'openai-chat', 'gemini'],
  'one call at a time': ['anthropic', 'openai-chat', 'openai-responses'],
  top_k: ['anthropic', 'gemini'],
  seed: ['openai-chat', 'gemini'],
  penalties: ['openai-chat', 'gemini'],
  verbosity: ['openai-chat', 'openai-responses']
}

/** Whether the client’s protocol has words for it. */
export const isSaidBy = (feature: FeatureName, client: ProtocolId): boolean =>
  SAID_BY[feature]?.includes(client) ?? true

interface Exception extends Outcome {
  readonly feature: FeatureName
  /** Without it: of any. */
  readonly client?: ProtocolId
  readonly channel?: ProtocolId
}

const CARRIED: Outcome = { kind: 'carried', losses: [], because: null }
const NOT_SAID: Outcome = { kind: 'not said', losses: [], because: null }

const lost = (feature: FeatureName, channel: ProtocolId, loss: LossName, because: string): Exception => ({
  feature,
  channel,
  kind: 'lost',
  losses: [loss],
  because
})
/** Nothing of it is lost, so that no warning tells of it. */
const changed = (feature: FeatureName, between: Pick<Exception, 'client' | 'channel'>, because: string): Exception => ({
  feature,
  ...between,
  kind: 'changed',
  losses: [],
  because
})

/** What is not carried between two different protocols; the first that fits counts. */
const EXCEPTIONS: readonly Exception[] = [
  lost(
    'thinking',
    'openai-chat',
    'reasoning',
    'This model does none; OpenAI’s that do are told how much, though they show no thoughts. Other vendors’ get and give both.'
  ),
  lost('PDF by address', 'openai-chat', 'document', 'Chat takes a file’s bytes alone.'),
  lost('stop sequences', 'openai-responses', 'stop', 'Responses has none.'),
  lost('one call at a time', 'gemini', 'parallel_tools', 'Gemini can’t be kept from it.'),
  lost('temperature', 'openai-responses', 'temperature', 'Reasoning models take none; others get it.'),
  lost('top_p', 'openai-responses', 'top_p', 'Reasoning models take none; others get it.'),
  lost('top_k', 'openai-chat', 'top_k', 'OpenAI has none.'),
  lost('top_k', 'openai-responses', 'top_k', 'OpenAI has none.'),
  lost('seed', 'anthropic', 'seed', 'Anthropic has none.'),
  lost('seed', 'openai-responses', 'seed', 'Responses has none.'),
  lost('penalties', 'anthropic', 'penalties', 'Anthropic has none.'),
  lost('penalties', 'openai-responses', 'penalties', 'Responses has none.'),
  lost('penalties', 'gemini', 'penalties', 'Gemini’s models refuse them.'),
  lost('verbosity', 'anthropic', 'verbosity', 'Anthropic has none.'),
  lost('verbosity', 'gemini', 'verbosity', 'Gemini has none.'),
  lost('verbosity', 'openai-chat', 'verbosity', 'OpenAI’s models before GPT-5, as this one, take none; others get it.'),
  lost('web search', 'openai-chat', 'hosted_tool', 'Only OpenAI’s search models have it here; those get it.'),
  changed(
    'error',
    { client: 'anthropic' },
    'Before the answer it is; in the middle the connection is cut without words, since Claude Code asks again streamed only then. The log has the words.'
  ),
  changed(
    'error',
    { client: 'gemini' },
    'Before the answer it is; in the middle the stream ends without a finishReason and without words, since Gemini CLI asks again only then. The log has the words.'
  ),
  changed(
    'image in a result',
    { channel: 'openai-chat' },
    'A user message behind the results holds it, and says whose it is.'
  ),
  changed(
    'image in a result',
    { channel: 'gemini' },
    'To models before Gemini 3 it goes beside the result, in the same turn.'
  ),
  changed(
    'stop sequences',
    { client: 'anthropic', channel: 'openai-chat' },
    'The sequences are; that one was met is told as a plain end.'
  ),
  changed(
    'stop sequences',
    { client: 'anthropic', channel: 'gemini' },
    'The sequences are; that one was met is told as a plain end.'
  ),
  changed('interrupted call', {}, 'It gets a result that says so, since every vendor refuses a call without one.'),
  changed('usage', { client: 'gemini', channel: 'anthropic' }, 'What was written to the cache counts as prompt.'),
  changed('usage', { client: 'gemini', channel: 'openai-chat' }, 'What was written to the cache counts as prompt.'),
  changed('usage', { client: 'gemini', channel: 'openai-responses' }, 'What was written to the cache counts as prompt.')
]

/** What no vendor takes as it is said. */
const REFUSED: ReadonlySet<FeatureName> = new Set(['interrupted call'])

/** Whether the channel’s vendor takes it from anybody. */
export const isTakenBy = (feature: FeatureName, channel: ProtocolId): boolean =>
  !REFUSED.has(feature) &&
  !EXCEPTIONS.some((one) => one.feature === feature && one.kind === 'lost' && one.channel === channel)

/** What becomes of a feature between a client and a channel. Within one protocol bytes pass as they are (B13). */
export function outcomeOf(feature: FeatureName, client: ProtocolId, channel: ProtocolId): Outcome {
  const fits = (one: Exception): boolean =>
    one.feature === feature && (one.client ?? client) === client && (one.channel ?? channel) === channel
  if (!isSaidBy(feature, client) || (feature === 'signed thinking' && channel === 'openai-chat')) return NOT_SAID
  return (client === channel ? undefined : EXCEPTIONS.find(fits)) ?? CARRIED
}

/** Every client on every channel. */
export const PAIRS = PROTOCOLS.flatMap((client) => PROTOCOLS.map((channel) => ({ client, channel })))
