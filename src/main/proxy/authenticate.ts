import { hash } from 'node:crypto'
import type { ClientKey } from '../../shared/client-key'
import { isLoopbackHost } from '../../shared/loopback'
import type { Headers } from '../protocols/protocol'
import type { ClientRequest, ConfigReader } from './ports'
import { ProxyError } from './refusal'

/** Every key that Routex makes begins so; another text that fails may be a client's own login, sent along. */
const OWN_PREFIX = 'rtx-'

/** SHA-256 of what was presented lately, so that a busy key is hashed once and not with each request. */
const digests = new Map<string, string>()
const MAX_DIGESTS = 1000

/**
 * The client key of a request, or null where keyless requests from this machine are allowed and it presents none of
 * ours. Claude Code may send its own key beside ours, so whichever is a Routex key counts (clients.md).
 * @throws ProxyError `unauthorized`
 */
export function authenticate(config: ConfigReader, request: ClientRequest): ClientKey | null {
  const presented = presentedKeys(request.headers, request.query)
  for (const text of presented) {
    const key = config.clientKey(digestOf(text))
    if (key !== undefined) return key
  }
  const keyless = !config.settings().keyRequired && isLoopbackHost(request.remoteAddress)
  if (keyless && !presented.some((text) => text.startsWith(OWN_PREFIX))) return null
  throw new ProxyError(
    'unauthorized',
    presented.length === 0
      ? 'No Routex key was sent. Send one as x-api-key, Authorization: Bearer, x-goog-api-key or ?key=; Routex prints yours when it starts.'
      : 'Routex does not know this key. It may have been revoked; take the current one from what Routex printed when it started.'
  )
}

function presentedKeys(headers: Headers, query: string): readonly string[] {
  const keys: string[] = []
  const add = (value: string | readonly string[] | null | undefined): void => {
    if (typeof value === 'string' && value !== '') keys.push(value)
  }
  add(headers['x-api-key'])
  add(saidTwice(headers['x-api-key']))
  const { authorization } = headers
  if (typeof authorization === 'string' && /^bearer /i.test(authorization)) add(authorization.slice(7).trim())
  add(headers['x-goog-api-key'])
  add(saidTwice(headers['x-goog-api-key']))
  if (query.includes('key=')) add(new URLSearchParams(query).get('key'))
  return keys
}

/** A header that was sent more than once, each time with the same value: Node joins them. null for any other. */
function saidTwice(header: string | readonly string[] | undefined): string | null {
  if (typeof header !== 'string' || !header.includes(',')) return null
  const [first = '', ...others] = header.split(',').map((value) => value.trim())
  return others.every((value) => value === first) ? first : null
}

function digestOf(text: string): string {
  const known = digests.get(text)
  if (known !== undefined) return known
  const digest = hash('sha256', text)
  if (digests.size >= MAX_DIGESTS) digests.clear()
  digests.set(text, digest)
  return digest
}
