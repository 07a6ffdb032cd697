import type { Channel } from '../../shared/channel'
import type { Lease } from '../channels/lease'
import type { Protocol, Route } from '../protocols/protocol'
import { customUrl, upstreamUrl } from '../protocols/upstream-url'
import type { Passage } from './passage'

/** Where a channel's requests go, by what is called there; a handful for each frozen channel. */
const targets = new WeakMap<Channel, Map<string, URL>>()
const MOST_TARGETS = 200

interface Asked {
  readonly protocol: Protocol
  readonly route: Route
  readonly query: string
  /** Name that is sent; null leaves the one in the path. */
  readonly model: string | null
  readonly stream: boolean
}

/**
 * The URL of a request to a channel; a path of the channel's own (`quirks.path`) stands in the place of the protocol's main call.
 * @throws TypeError when the base URL is none
 */
export function urlOf({ baseUrl, quirks }: Pick<Channel, 'baseUrl' | 'quirks'>, asked: Asked): URL {
  const { protocol, route, query, model, stream } = asked
  const { path, streamPath, dropsQuery } = quirks
  const own = route.operation === 'generate' ? ((stream ? streamPath : undefined) ?? path) : undefined
  if (own === undefined) return upstreamUrl(baseUrl, protocol, route, query, model)
  return customUrl(baseUrl, own, dropsQuery === true ? '' : query, model)
}

/** The URL of a request, remembered. */
export function targetOf({ protocol, query, route }: Passage, { channel, model }: Lease, stream: boolean): URL {
  let known = targets.get(channel)
  if (known === undefined) targets.set(channel, (known = new Map<string, URL>()))
  const asked = `${stream ? 's' : ''} ${model ?? ''} ${route.version}/${route.operationPath}?${query}`
  let url = known.get(asked)
  if (url === undefined) {
    url = urlOf(channel, { protocol, route, query, model, stream })
    if (known.size >= MOST_TARGETS) known.clear()
    known.set(asked, url)
  }
  return url
}
