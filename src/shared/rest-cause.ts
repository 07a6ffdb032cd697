/** What Routex itself says of a channel's rest. The upstream's own words may follow behind a colon. */
export const REST_CAUSES = { limit: 'rate limited', overload: 'overloaded', quota: 'quota used up' } as const
export type RestCause = keyof typeof REST_CAUSES

const entries: readonly (readonly [RestCause, string])[] = [
  ['limit', REST_CAUSES.limit],
  ['overload', REST_CAUSES.overload],
  ['quota', REST_CAUSES.quota]
]

/** A channel's cause in other words: Routex's by `words`, joined by `join` to the upstream's, which stay as they are. */
export function inOtherWords(
  cause: string,
  words: (cause: RestCause) => string,
  join: (words: string, told: string) => string
): string {
  for (const [kind, said] of entries) {
    if (cause === said) return words(kind)
    const lead = `${said}: `
    if (cause.startsWith(lead)) return join(words(kind), cause.slice(lead.length))
  }
  return cause
}
