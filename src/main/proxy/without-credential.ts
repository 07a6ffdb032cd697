import type { Channel } from '../../shared/channel'
import { isHarmlessHeader } from '../../shared/channel-headers'
import type { Verdict } from '../protocols/protocol'

const LONGEST_MESSAGE = 500
/** Keys of others, as the vendors write them. */
const KEYS = /\b(sk|rtx|gsk|xai|AIza|ya29|Bearer)([-_. ]?)[A-Za-z0-9_\-.]{12,}/g
/** A shorter value is no secret, and would be found in many a word. */
const SHORTEST_SECRET = 4
/** A part of a header's value (`Bearer …`, `name=…`) must be longer to be taken for one. */
const SHORTEST_PART = 12

/**
 * An upstream's words as they may go into log, health, events and answers of our own: the channel's credential, and what
 * of its headers may be one, are taken out, and only then they are cut to 500 characters.
 */
export function withoutCredential(verdict: Verdict, channel: Channel, credential: string | undefined): Verdict {
  if (verdict.kind === 'ok') return verdict
  let { message } = verdict
  for (const secret of secretsOf(channel, credential)) message = message.replaceAll(secret, '[credential]')
  return { ...verdict, message: shortened(message.replace(KEYS, '$1$2…')) }
}

/** The longest first, so that no rest of one is left where another was its part. */
function secretsOf({ headers }: Channel, credential: string | undefined): readonly string[] {
  const values = Object.entries(headers).flatMap(([name, value]) => (isHarmlessHeader(name) ? [] : [value]))
  const whole = credential === undefined ? values : [credential, ...values]
  const parts = values.flatMap((value) => value.split(/[\s;,=]+/)).filter(({ length }) => length >= SHORTEST_PART)
  return [...whole.filter(({ length }) => length >= SHORTEST_SECRET), ...parts]
    .flatMap((secret) => [secret, asInJson(secret)])
    .sort((one, other) => other.length - one.length)
}

/** A body without a message is quoted as JSON. */
const asInJson = (text: string): string => JSON.stringify(text).slice(1, -1)

const shortened = (message: string): string =>
  message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message
