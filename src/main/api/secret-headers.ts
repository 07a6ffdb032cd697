/** Headers that are known to hold no credential. Any other may, whatever it is called: vendors and proxies name them freely. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'anthropic-beta',
  'anthropic-version',
  'cache-control',
  'content-type',
  'http-referer',
  'openai-beta',
  'openai-organization',
  'openai-project',
  'referer',
  'user-agent',
  'x-title'
])

/** What stands in the place of a secret that is read back. Sent again, it means: as it was. */
const MASK = '****'

type HeaderValues = Readonly<Record<string, string>>

/** A channel's own headers with each value that may be secret replaced by what `write` says of its name. */
export function withoutSecrets(
  headers: HeaderValues,
  write: (name: string) => string = () => MASK
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, HARMLESS.has(name.toLowerCase()) ? value : write(name)])
  )
}

/** Puts the values back that a caller has only seen masked. */
export function withSecretsOf(before: HeaderValues, headers: HeaderValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value === MASK ? (before[name] ?? value) : value])
  )
}
