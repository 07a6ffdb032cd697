import type { Channel } from '../../shared/channel'
import type { Lease } from '../channels/lease'
import { customUrl, upstreamUrl } from '../protocols/upstream-url'
import type { Passage } from './passage'

/** Where a channel's requests go, by what is called there; a handful for each frozen channel. */
const targets = new WeakMap<Channel, Map<string, URL>>()
const MOST_TARGETS = 200

/** The URL of a request; a path of the channel's own (`quirks.path`) stands in the place of the protocol's main call. */
export function targetOf({ protocol, query, route }: Passage, { channel, model }: Lease, stream: boolean): URL {
  let known = targets.get(channel)
  if (known === undefined) targets.set(channel, (known = new Map<string, URL>()))
  const asked = `${stream ? 's' : ''} ${model ?? ''} ${route.version}/${route.operationPath}?${query}`
  let url = known.get(asked)
  if (url === undefined) {
    const { path, streamPath } = channel.quirks
    const own = route.operation === 'generate' ? ((stream ? streamPath : undefined) ?? path) : undefined
    url =
      own === undefined
        ? upstreamUrl(channel.baseUrl, protocol, route, query, model)
        : customUrl(channel.baseUrl, own, query, model)
    if (known.size >= MOST_TARGETS) known.clear()
    known.set(asked, url)
  }
  return url
}
