import { startFakeUpstream, type FakeUpstream } from './fake-upstream'
import { channelOf, withChannels, type ChannelConfig, type ConfigFile } from './config'
import type { RunningGateway } from './running-gateway'
import { startGateway, type GatewayOptions } from './start-gateway'
import { says, type Vendor } from './vendors/vendors'

export interface TwoChannels {
  readonly first: FakeUpstream
  readonly second: FakeUpstream
  readonly gateway: RunningGateway
}

export interface TwoChannelsOptions extends Omit<GatewayOptions, 'config'> {
  readonly settings?: ConfigFile['settings']
  readonly firstChannel?: Partial<ChannelConfig>
  readonly secondChannel?: Partial<ChannelConfig>
}

/**
 * A gateway before two upstreams of one vendor: `first` is asked first and has no answer yet, `second` stands by and
 * says "from second".
 */
export async function startTwoChannels(vendor: Vendor, options: TwoChannelsOptions = {}): Promise<TwoChannels> {
  const { settings, firstChannel, secondChannel, ...rest } = options
  const first = await startFakeUpstream(rest.register)
  const second = await startFakeUpstream(rest.register)
  first.always(says(vendor, { text: 'from first' }))
  second.always(says(vendor, { text: 'from second' }))
  const channels = [
    channelOf(vendor, first, { name: 'first', apiKey: 'sk-secret-of-first', priority: 1, ...firstChannel }),
    channelOf(vendor, second, { name: 'second', apiKey: 'sk-secret-of-second', priority: 2, ...secondChannel })
  ]
  const gateway = await startGateway({ ...rest, config: withChannels(channels, settings) })
  return { first, second, gateway }
}
