import { m } from '../paraglide/messages'

/** What Routex itself says of a rest; the upstream's own words may follow. */
const known: readonly (readonly [said: string, words: () => string])[] = [
  ['rate limited', m.common_cause_limit],
  ['overloaded', m.common_cause_overload],
  ['quota used up', m.common_cause_quota]
]

/** Why a channel is in trouble: Routex's words in the page's language, the upstream's as they are. */
export function causeText(cause: string): string {
  for (const [said, words] of known) {
    if (cause === said) return words()
    const lead = `${said}: `
    if (cause.startsWith(lead)) return m.common_cause_told({ cause: words(), told: cause.slice(lead.length) })
  }
  return cause
}
