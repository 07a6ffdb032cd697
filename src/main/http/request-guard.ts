import type { IncomingHttpHeaders } from 'node:http'
import { isLoopbackHost } from '../../shared/loopback'
import type { Settings } from '../../shared/settings'

/*
 * A web page that is open in the user's browser must not reach the gateway. It could in two ways: by a name of its own that
 * it lets resolve to 127.0.0.1 (DNS rebinding), which the Host check stops, or by a cross-site request, which the Origin
 * check stops. Both run before anything else, for every path.
 */

export interface RequestSource {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** Address of the socket's own side: what the client connected to. */
  readonly localAddress: string | undefined
  /** What the listener was bound to. */
  readonly boundHost: string
}

export type GuardVerdict =
  /** `corsOrigin`: a listed web origin, which gets CORS headers; null for one that needs none. */
  | { readonly kind: 'pass'; readonly corsOrigin: string | null }
  | { readonly kind: 'refuse'; readonly status: 403 | 421; readonly message: string }

/** What the user listed beside this machine's own. */
type Exceptions = Pick<Settings, 'allowedHosts' | 'allowedOrigins'>

const HOST = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+)(?::\d{1,5})?$/i

/** The one way to write a host: without brackets or a last dot, an IPv4 address that is mapped into IPv6 as it is. */
function bare(host: string): string {
  const name = host
    .replace(/^\[|[\].]$/g, '')
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .toLowerCase()
  return name.includes(':') ? shortestIpv6(name) : name
}

/** `2001:db8:0::1` → `2001:db8::1` (RFC 5952). */
function shortestIpv6(address: string): string {
  const url = `http://[${address}]`
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address
}

function isOwnHost(name: string, source: RequestSource, settings: Exceptions): boolean {
  const host = bare(name)
  if (isLoopbackHost(host) || host === bare(source.boundHost)) return true
  // Bound to every address: the one that this connection came in by is ours too. A rebound name is never an address.
  if (source.localAddress !== undefined && host === bare(source.localAddress)) return true
  return settings.allowedHosts.some((allowed) => bare(allowed) === host)
}

/** As a browser writes it: without its scheme's own port, IDNs as `xn--…`. Schemes that are no web's stay as they are. */
function canonicalOrigin(origin: string): string {
  const known = URL.canParse(origin) ? new URL(origin).origin : 'null'
  return known === 'null' ? origin.replace(/\/$/, '').toLowerCase() : known
}

function isSameOrigin(origin: string, hostHeader: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host } = new URL(origin)
  return (protocol === 'http:' || protocol === 'https:') && host === hostHeader.toLowerCase()
}

/** Chromium, Firefox and Safari mark what a page asks for without an Origin: images, scripts, `no-cors` GETs. */
function isCrossSiteLoad({ method, headers }: RequestSource): boolean {
  const site = headers['sec-fetch-site']
  if (site !== 'cross-site' && site !== 'same-site') return false
  const followsLink = headers['sec-fetch-mode'] === 'navigate' && (method === 'GET' || method === 'HEAD')
  return !followsLink
}

const foreignOrigin = (origin: string): GuardVerdict => ({
  kind: 'refuse',
  status: 403,
  message: `Web pages of ${origin} may not call Routex. To allow them, add the origin to allowedOrigins in the settings.`
})

/** Decides by Host, Origin and Sec-Fetch-Site whether a request may go on (design.md, Ports; RFC 9110 7.4: 421). */
export function checkSource(source: RequestSource, settings: Exceptions): GuardVerdict {
  const hostHeader = source.headers.host ?? ''
  const name = HOST.exec(hostHeader)?.[1]
  if (name === undefined || !isOwnHost(name, source, settings)) {
    const shown = name ?? 'of this request'
    const message = `Routex does not answer to the host name ${shown}. To allow it, add it to allowedHosts in the settings.`
    return { kind: 'refuse', status: 421, message }
  }
  const { origin } = source.headers
  if (origin === undefined) {
    return isCrossSiteLoad(source) ? foreignOrigin('another site') : { kind: 'pass', corsOrigin: null }
  }
  if (isSameOrigin(origin, hostHeader)) return { kind: 'pass', corsOrigin: null }
  const asking = canonicalOrigin(origin)
  const listed = settings.allowedOrigins.some((allowed) => canonicalOrigin(allowed) === asking)
  return listed ? { kind: 'pass', corsOrigin: origin } : foreignOrigin(origin)
}
