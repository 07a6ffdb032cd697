import { isDeepStrictEqual } from 'node:util'
import type { Channel } from '../../../shared/channel'
import type { FileConfig } from '../../../shared/config-file'
import { channelId, clientKeyId, type ChannelId, type ClientKeyId } from '../../../shared/ids'
import type { SettingsPatch } from '../../../shared/settings'
import { newChannel } from './channel-table'
import { sha256Of, type StoredClientKey } from './client-key-table'
import { deepFreeze } from './deep-freeze'
import { slugOf } from './slug'

/** What the config file says, as the store lays it over what is saved. Frozen. */
export interface FileOverlayState {
  readonly channels: readonly Channel[]
  readonly credentials: ReadonlyMap<ChannelId, string>
  readonly clientKeys: readonly StoredClientKey[]
  /** The keys' text, in the order of the file. */
  readonly clientKeyTexts: ReadonlyMap<ClientKeyId, string>
  readonly settings: SettingsPatch
}

export const NO_FILE: FileOverlayState = {
  channels: [],
  credentials: new Map(),
  clientKeys: [],
  clientKeyTexts: new Map(),
  settings: {}
}

/** The old list when nothing in it changed, with each old item that did not. */
function keepSame<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): readonly T[] {
  const old = new Map(before.map((item) => [item.id, item]))
  const kept = after.map((item) => {
    const known = old.get(item.id)
    return known && isDeepStrictEqual(known, item) ? known : item
  })
  return kept.length === before.length && kept.every((item, index) => item === before[index])
    ? before
    : deepFreeze(kept)
}

function clientKeysOf(file: FileConfig, before: FileOverlayState, now: number): readonly StoredClientKey[] {
  const firstSeen = new Map(before.clientKeys.map(({ sha256, createdAt }) => [sha256, createdAt]))
  return file.clientKeys.map(({ name, key, budget }, index) => {
    const sha256 = sha256Of(key)
    return deepFreeze({
      id: clientKeyId.parse(`file:${slugOf(name)}`),
      name,
      sha256,
      last4: key.slice(-4),
      allowedChannels: null,
      budget: budget === null ? null : { ...budget },
      managedBy: 'config-file',
      isDefault: index === 0,
      createdAt: firstSeen.get(sha256) ?? now
    })
  })
}

/** Reads the config file's part, no two of whose names give one slug (storage/config-file). Whatever did not change since `before` stays the same object. */
export function overlayOf(file: FileConfig, before: FileOverlayState, now: number): FileOverlayState {
  const credentials = new Map<ChannelId, string>()
  const channels = file.channels.map((input) => {
    const slug = slugOf(input.name)
    const id = channelId.parse(`file:${slug}`)
    if (input.apiKey !== undefined) credentials.set(id, input.apiKey)
    return deepFreeze({ ...newChannel(id, input, 'config-file'), slug })
  })
  const clientKeys = clientKeysOf(file, before, now)
  return {
    channels: keepSame(before.channels, channels),
    credentials,
    clientKeys: keepSame(before.clientKeys, clientKeys),
    clientKeyTexts: new Map(clientKeys.map(({ id }, index) => [id, file.clientKeys[index]?.key ?? ''])),
    settings: deepFreeze(structuredClone(file.settings))
  }
}
