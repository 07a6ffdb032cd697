import type { Channel } from '../../shared/channel'
import type { ChannelId } from '../../shared/ids'
import type { ConfigReader } from '../proxy/ports'
import { ApiError } from './api-error'

/** @throws ApiError `not_found` */
export function findChannel(config: ConfigReader, id: ChannelId): Channel {
  const channel = config.channel(id)
  if (channel === undefined) throw new ApiError('not_found', `There is no channel ${id}`)
  return channel
}
