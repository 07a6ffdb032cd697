import { z } from 'zod'
import { RULES } from './rules'

/** Names of query parameters that hold a credential, in whatever way they are written (`api_key`, `X-Amz-Signature`). */
const CREDENTIAL_NAME =
  /key$|token|secret|passw|pwd|credential|signature|authorization|bearer|(?:^|[^a-z])(?:sig|auth|pass)$/i

/** False of what is no URL: another check tells that. */
function hasUserInfo(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username !== '' || password !== ''
}

const hasCredentialInQuery = (text: string): boolean =>
  URL.canParse(text) && [...new URL(text).searchParams.keys()].some((name) => CREDENTIAL_NAME.test(name))

/**
 * As the vendor's own SDK takes it, with or without the version segment. A base URL is kept and shown in clear, so it must
 * hold no credential. No message repeats it.
 */
export const baseUrl = z
  .url({ protocol: /^https?$/, error: RULES.http_url })
  .refine((text) => !hasUserInfo(text), RULES.url_without_login)
  .refine((text) => !hasCredentialInQuery(text), RULES.url_without_credential)
