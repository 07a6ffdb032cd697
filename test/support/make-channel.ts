import type { Channel } from '../../src/shared/channel'
import { channelId, type ChannelId } from '../../src/shared/ids'

export const idOf = (id: string): ChannelId => channelId.parse(id)

/** A channel as the configuration would give it; its name is its id unless said otherwise. */
export function makeChannel(id: string, given: Partial<Channel> = {}): Channel {
  return Object.freeze({
    id: idOf(id),
    name: id,
    slug: id,
    protocol: 'anthropic' as const,
    baseUrl: 'https://upstream.test',
    models: ['*'],
    modelMap: {},
    priority: 50,
    weight: 1,
    enabled: true,
    headers: {},
    timeouts: {},
    askForUsage: false,
    budget: null,
    prices: {},
    priceMultiplier: 1,
    quirks: {},
    managedBy: 'user' as const,
    credentialRevision: 'one',
    ...given
  })
}
