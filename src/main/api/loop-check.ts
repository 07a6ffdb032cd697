import { isLoopbackHost } from '../../shared/loopback'
import type { Address } from './gateway'

/** Every address of this machine to a listener; to who connects, the machine itself. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '::ffff:0:0', ''])

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase()

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

const isThisMachine = (host: string): boolean => isLoopbackHost(host) || WILDCARDS.has(bare(host))

/** A listener on loopback or on every address answers to each name of this machine. */
function answersTo(address: Address, host: string): boolean {
  if (bare(address.host) === bare(host)) return true
  return isThisMachine(host) && isThisMachine(address.host)
}

/**
 * B41: true when a channel's base URL leads back to one of our own listeners, by any name of this machine. A loop that
 * runs through another host can't be seen here; it is caught by its `via` header.
 */
export function pointsAtUs(baseUrl: string, addresses: readonly Address[]): boolean {
  if (!URL.canParse(baseUrl)) return false
  const url = new URL(baseUrl)
  return addresses.some((address) => address.port === portOf(url) && answersTo(address, url.hostname))
}
