import type { Headers } from '../protocols/protocol'
import { isPrivateHost } from './addresses'
import { ProxyError } from './refusal'

/**
 * B41: the `via` of a request to a loopback or private address (RFC 9110 7.6.3): what stood in the client's, then this
 * Routex's pseudonym. null for any other address, which is told nothing.
 */
export function viaTo(url: URL, client: Headers, instance: string): string | null {
  if (!isPrivateHost(url.hostname)) return null
  const { via } = client
  return typeof via === 'string' && via !== '' ? `${via}, ${instance}` : instance
}

/**
 * Refuses a request that passed through this Routex before (B41).
 * @throws ProxyError `loop`
 */
export function refuseLoop({ via }: Headers, instance: string): void {
  if (typeof via !== 'string' || !via.split(',').some((hop) => hop.trim() === instance)) return
  throw new ProxyError(
    'loop',
    'This request comes from this same Routex: one of its channels points back at it, directly or through another gateway'
  )
}
