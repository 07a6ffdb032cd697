import type { Channel } from '../../shared/channel'
import { isHarmlessHeader } from '../../shared/channel-headers'
import type { Verdict } from '../protocols/protocol'

const LONGEST_MESSAGE = 500
const MASK = '[credential]'
/** Keys of others, as the vendors write them: with their separator, and a rest that no name of a model or feature has. */
const KEYS = /\b(sk-|rtx-|xai-|gsk_|ya29\.|AIza|Bearer )([\w.~+/=-]{16,})/g
/** What tells a drawn text from words: a digit, or a capital within it. */
const DRAWN = /\d|[a-z][A-Z]/
/** Shorter values are no secrets, and would be found in many a word. */
const SHORTEST_KEY = 6
const SHORTEST_HEADER = 8
/** A part of a header's value (`Bearer …`, `name=…`) must be longer to be taken for one. */
const SHORTEST_PART = 12
/** From here on it is no part of a word, and is taken out wherever it stands (after the `\n` of quoted JSON, say). */
const LONG = 16
/** What stands for a key where none is needed (`ollama`), and in the upstream's words for itself. */
const WORD = /^[A-Za-z]?[a-z]{0,10}$/

/**
 * An upstream's words as they may go into log, health, events and answers of our own: the channel's credential, and what
 * of its headers may be one, are taken out, and only then they are cut to 500 characters.
 */
export function withoutCredential(verdict: Verdict, channel: Channel, credential: string | undefined): Verdict {
  if (verdict.kind === 'ok') return verdict
  let { message } = verdict
  for (const secret of secretsOf(channel, credential)) message = withoutSecret(message, secret)
  return { ...verdict, message: shortened(message.replace(KEYS, keyCutShort)) }
}

/** The longest first, so that no rest of one is left where another was its part. */
function secretsOf({ headers }: Channel, credential: string | undefined): readonly string[] {
  const values = Object.entries(headers).flatMap(([name, value]) => (isHarmlessHeader(name) ? [] : [value]))
  const keys = credential !== undefined && credential.length >= SHORTEST_KEY ? [credential] : []
  const parts = values.flatMap((value) => value.split(/[\s;,=]+/)).filter(({ length }) => length >= SHORTEST_PART)
  return [...keys, ...values.filter(({ length }) => length >= SHORTEST_HEADER), ...parts]
    .filter((secret) => !WORD.test(secret))
    .flatMap((secret) => [secret, asInJson(secret)])
    .sort((one, other) => other.length - one.length)
}

/** A short one only where it is no part of a longer word. */
function withoutSecret(message: string, secret: string): string {
  if (secret.length >= LONG) return message.replaceAll(secret, MASK)
  return message
    .split(secret)
    .reduce(
      (before, after) => before + (/[A-Za-z0-9]$/.test(before) || /^[A-Za-z0-9]/.test(after) ? secret : MASK) + after
    )
}

const keyCutShort = (key: string, prefix: string, rest: string): string => (DRAWN.test(rest) ? `${prefix}…` : key)

/** A body without a message is quoted as JSON. */
const asInJson = (text: string): string => JSON.stringify(text).slice(1, -1)

const shortened = (message: string): string =>
  message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message
