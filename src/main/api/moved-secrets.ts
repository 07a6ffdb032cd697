import type { Channel } from '../../shared/channel'
import { isHarmlessHeader } from '../../shared/channel-headers'
import { MASK } from '../../shared/mask'
import { RULES } from '../../shared/rules'
import { ApiError } from './api-error'

type HeaderValues = Readonly<Record<string, string>>

/** What is said of a saved channel. Left out: as it was. */
interface Said {
  readonly baseUrl?: string | undefined
  readonly apiKey?: string | null | undefined
  readonly headers?: HeaderValues | undefined
}

const originOf = (url: string): string => new URL(url).origin

function keptSecretHeaders(saved: HeaderValues, said: HeaderValues | undefined): readonly string[] {
  const secret = Object.keys(saved).filter((name) => !isHarmlessHeader(name))
  if (said === undefined) return secret
  const masked = new Set(Object.keys(said).flatMap((name) => (said[name] === MASK ? [name.toLowerCase()] : [])))
  return secret.filter((name) => masked.has(name.toLowerCase()))
}

/**
 * A saved secret is sent to the origin that it was given for and to no other: else whoever holds the management token
 * could read it, which the API never tells, by pointing its channel at a server of his own. `place`: where `said` stands
 * among the arguments.
 *
 * @throws ApiError `credential_needed`, 400, with the path of each secret that must be given again
 */
export function refuseMovedSecrets(saved: Channel, said: Said, place: 'change' | 'channel'): void {
  if (said.baseUrl === undefined || originOf(said.baseUrl) === originOf(saved.baseUrl)) return
  const keepsKey = said.apiKey === undefined && saved.credentialRevision !== null
  const kept = keptSecretHeaders(saved.headers, said.headers).map((name) => `${place}.headers.${name}`)
  const paths = keepsKey ? [`${place}.apiKey`, ...kept] : kept
  if (paths.length === 0) return
  const message = RULES.secret_again
  const problems = paths.map((path) => ({ path, message, rule: { kind: 'own', code: 'secret_again' } }))
  const text = problems.map(({ path }) => `${path} ${message}`).join('; ')
  throw new ApiError('credential_needed', text, { details: { problems } })
}
