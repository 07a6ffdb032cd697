import type { Channel, ChannelView } from '../../shared/channel'
import type { ConfigStore } from '../storage/ports'
import { withoutSecrets } from './secret-headers'

/** A channel as it is read back: of its credential only whether there is one and how it ends, its secret headers masked. */
export const viewOfChannel = (config: Pick<ConfigStore, 'credentialLast4'>, channel: Channel): ChannelView => ({
  id: channel.id,
  name: channel.name,
  slug: channel.slug,
  protocol: channel.protocol,
  baseUrl: channel.baseUrl,
  models: [...channel.models],
  modelMap: { ...channel.modelMap },
  priority: channel.priority,
  weight: channel.weight,
  enabled: channel.enabled,
  headers: withoutSecrets(channel.headers),
  timeouts: { ...channel.timeouts },
  askForUsage: channel.askForUsage,
  budget: channel.budget,
  prices: { ...channel.prices },
  priceMultiplier: channel.priceMultiplier,
  quirks: channel.quirks,
  managedBy: channel.managedBy,
  hasCredential: channel.credentialRevision !== null,
  credentialLast4: config.credentialLast4(channel)
})
