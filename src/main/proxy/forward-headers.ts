import type { Channel } from '../../shared/channel'
import type { Headers } from '../protocols/protocol'
import type { HeaderList } from './ports'

/** Of one connection only (RFC 9110 7.6.1), plus what `Connection` names. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect'
] as const

/** B23: set anew for what is really sent, or nobody's business upstream: credentials, cookies, where the page came from. */
const NOT_SENT_UPSTREAM: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'host',
  'content-length',
  'content-encoding',
  'accept-encoding',
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'cookie',
  'cookie2',
  'origin',
  'referer',
  'via',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip'
])

const NOT_SENT_BACK: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'content-length',
  'content-encoding',
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
  'date'
])

/** Names that this message's `Connection` header declares to be of this connection only. */
function namedByConnection(headers: Headers): readonly string[] {
  const { connection } = headers
  if (typeof connection !== 'string' || connection === 'keep-alive' || connection === 'close') return []
  return connection.split(',').map((name) => name.trim().toLowerCase())
}

/** A channel's own headers with their names in lower case; made once for each frozen channel. */
const ownHeaders = new WeakMap<Channel, Readonly<Record<string, string>>>()

function headersOf(channel: Channel): Readonly<Record<string, string>> {
  let own = ownHeaders.get(channel)
  if (own === undefined) {
    own = Object.fromEntries(Object.entries(channel.headers).map(([name, value]) => [name.toLowerCase(), value]))
    ownHeaders.set(channel, own)
  }
  return own
}

/** What goes upstream: the client's headers by B23, the channel's own in their place, and its credential. */
export function upstreamHeaders(input: {
  readonly client: Headers
  readonly channel: Channel
  readonly credential: Readonly<Record<string, string>>
  readonly hasBody: boolean
  /** Streams are asked for as they are; a whole answer may come compressed, which saves the user's line. */
  readonly stream: boolean
  /** B41: sent to loopback and private addresses, so that a loop is seen; null elsewhere. */
  readonly via: string | null
}): HeaderList {
  const { client, channel, credential } = input
  const own = headersOf(channel)
  const list = endToEnd(client, NOT_SENT_UPSTREAM, own)
  for (const name in own) push(list, name, own[name])
  for (const name in credential) if (!(name in own)) push(list, name, credential[name])
  const typed = 'content-type' in client || 'content-type' in own
  if (input.hasBody && !typed) list.push('content-type', 'application/json')
  list.push('accept-encoding', input.stream ? 'identity' : 'gzip, br, identity')
  if (input.via !== null) list.push('via', input.via)
  return list
}

/** What goes back: the upstream's headers by B23 and B24, and ours. */
export function answerHeaders(upstream: Headers, routex: HeaderList): HeaderList {
  const list = endToEnd(upstream, NOT_SENT_BACK, {})
  for (const item of routex) list.push(item)
  return list
}

/** A message's headers without those of one connection, those in `dropped` and `replaced`, and Routex's own. */
function endToEnd(
  headers: Headers,
  dropped: ReadonlySet<string>,
  replaced: Readonly<Record<string, string>>
): string[] {
  const named = namedByConnection(headers)
  const list: string[] = []
  for (const name in headers) {
    if (dropped.has(name) || name.startsWith('x-routex-') || named.includes(name) || name in replaced) continue
    push(list, name, headers[name])
  }
  return list
}

function push(list: string[], name: string, value: string | readonly string[] | undefined): void {
  if (typeof value === 'string') list.push(name, value)
  else if (value !== undefined) for (const each of value) list.push(name, each)
}
