import { isHarmlessHeader } from '../../shared/channel-headers'
import { isMask, MASK } from '../../shared/mask'
import { RULES } from '../../shared/rules'
import { badArguments } from './api-error'

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

/**
 * Puts the values back that a caller has only seen masked. Names are the same in any case (RFC 9110 5.1). `place`: where the
 * headers stand among the arguments.
 *
 * @throws ApiError `bad_arguments` for a mask with no saved value behind it: it would go upstream as it is
 */
export function withSecretsOf(before: HeaderValues, headers: HeaderValues, place: string): Record<string, string> {
  const saved = new Map(Object.entries(before).map(([name, value]) => [name.toLowerCase(), value]))
  const put = Object.entries(headers).map(([name, value]) => {
    const found = value === MASK ? saved.get(name.toLowerCase()) : undefined
    return { name, value: found ?? value, isSaved: found !== undefined }
  })
  const masks = put.filter(({ name, value, isSaved }) => !isSaved && !isHarmlessHeader(name) && isMask(value))
  if (masks.length > 0)
    throw badArguments(masks.map(({ name }) => ({ path: `${place}.${name}`, message: RULES.not_a_mask })))
  return Object.fromEntries(put.map(({ name, value }) => [name, value]))
}
