import { isHarmlessHeader } from '../../shared/channel-headers'

/** What stands in the place of a secret that is read back. Sent again, it means: as it was. */
export const MASK = '****'

type HeaderValues = Readonly<Record<string, string>>

/** A channel's own headers with each value that may be secret replaced by what `write` says of its name. */
export function withoutSecrets(
  headers: HeaderValues,
  write: (name: string) => string = () => MASK
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isHarmlessHeader(name) ? value : write(name)])
  )
}

/** Puts the values back that a caller has only seen masked. Names are the same in any case (RFC 9110 5.1). */
export function withSecretsOf(before: HeaderValues, headers: HeaderValues): Record<string, string> {
  const saved = new Map(Object.entries(before).map(([name, value]) => [name.toLowerCase(), value]))
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value === MASK ? (saved.get(name.toLowerCase()) ?? value) : value
    ])
  )
}
