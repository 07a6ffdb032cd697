import type { Channel, ChannelInput } from '../../shared/channel'
import { channelId } from '../../shared/ids'
import type { ConfigReader } from '../proxy/ports'
import { newChannel } from '../storage/config/channel-table'
import { withSecretsOf } from './secret-headers'

/** A channel with what it presents to its upstream, whether it is saved or not. */
export interface KeyedChannel {
  readonly channel: Channel
  readonly credential: string | undefined
}

const UNSAVED = channelId.parse('unsaved')

/**
 * A channel as it was filled in, with the credential and the masked headers of `saved` where it has none of its own.
 *
 * @throws ApiError `bad_arguments` for a mask that stands for nothing
 */
export function unsavedChannel(config: ConfigReader, input: ChannelInput, saved: Channel | null): KeyedChannel {
  const credential = input.apiKey ?? (saved === null ? undefined : config.credential(saved))
  const headers = withSecretsOf(saved?.headers ?? {}, input.headers, 'channel.headers')
  return { channel: newChannel(UNSAVED, { ...input, headers }, 'user'), credential }
}
