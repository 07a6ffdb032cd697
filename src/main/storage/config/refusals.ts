import type { ChannelId } from '../../../shared/ids'
import { StorageError } from '../errors'
import { ownHostMessage } from './own-host'

/** What the config file says is changed there alone. */
export const managedByFile = (what: string): StorageError =>
  new StorageError('managed_by_config_file', `the config file manages ${what}: change it there`)

/** For something else that names a channel, which is not there. */
export const unknownChannel = (id: ChannelId): StorageError =>
  new StorageError('unknown_channel', `there is no channel ${id}`)

export const notOwnHost = (host: string): StorageError =>
  new StorageError('not_own_host', `host ${ownHostMessage(host)}`, { details: { host } })
