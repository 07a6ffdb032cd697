import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { channelInput, type Channel, type ChannelInput, type ChannelPatch } from '../../../shared/channel'
import type { ClientKeyInput, ClientKeyView } from '../../../shared/client-key'
import type { FileConfig } from '../../../shared/config-file'
import { channelId, clientKeyId, type ChannelId, type ClientKeyId } from '../../../shared/ids'
import { bindConflict } from '../../../shared/loopback'
import type { Stop } from '../../../shared/ports'
import type { Settings, SettingsPatch } from '../../../shared/settings'
import type { CountedDatabase } from '../counted-database'
import { StorageError } from '../errors'
import type { ConfigChange, ConfigStore } from '../ports'
import { newChannel, type ChannelSecrets } from './channel-table'
import { newClientKeyText, sha256Of, viewOf, type StoredClientKey } from './client-key-table'
import { ConfigView, type ConfigViewParts } from './config-view'
import type { FactTable } from './fact-table'
import { overlayOf } from './file-overlay'
import type { History, HistoryEntry } from './history'
import { layOver, settingNames, type SettingsTable } from './settings-table'

/** What the config file's watcher tells. */
export interface FileOverlay {
  /** Lays a good config file over what is saved, in the place of the last one. */
  applyFile(file: FileConfig): void
}

export interface ConfigStoreParts extends ConfigViewParts {
  /** The file of `database`. */
  readonly path: string
  readonly database: CountedDatabase
  readonly settingsTable: SettingsTable
  readonly facts: FactTable
  readonly history: History
}

/** Remembered for good: the Demo never comes back. */
export const FIRST_CHANNEL = 'first_channel_saved'
const DEFAULT_KEY_NAME = 'Default'

const newId = (prefix: string): string => `${prefix}_${randomBytes(9).toString('base64url')}`

export class SqliteConfigStore extends ConfigView implements ConfigStore, FileOverlay {
  readonly #parts: ConfigStoreParts
  readonly #listeners = new Set<(change: ConfigChange) => void>()
  /** Writes go one after the other: between reading a row and writing it, sealing takes its time. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(parts: ConfigStoreParts) {
    super(parts)
    this.#parts = parts
  }

  createChannel(input: ChannelInput): Promise<Channel> {
    return this.#write(async () => {
      const channel = newChannel(channelId.parse(newId('ch')), input, 'user')
      const secrets = { apiKey: input.apiKey ?? null, headers: input.headers }
      return this.#saveChannel(channel, secrets, 'channel.create', input)
    })
  }

  updateChannel(id: ChannelId, change: ChannelPatch): Promise<Channel> {
    return this.#write(async () => {
      const before = this.#changeable(id)
      const { apiKey: oldKey, headers: oldHeaders } = this.vault.channelSecrets(id)
      const apiKey = change.apiKey === undefined ? oldKey : change.apiKey
      const { enabled, timeouts, askForUsage, models, modelMap, priority, weight, baseUrl, protocol, name } = before
      const input = channelInput.parse({
        ...{ name, protocol, baseUrl, models, modelMap, priority, weight, enabled, timeouts, askForUsage },
        headers: oldHeaders,
        ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
        apiKey: apiKey ?? undefined
      })
      const channel = newChannel(id, input, 'user')
      return this.#saveChannel(channel, { apiKey, headers: input.headers }, 'channel.update', change)
    })
  }

  deleteChannel(id: ChannelId): Promise<void> {
    return this.#write(() => {
      const channel = this.#changeable(id)
      const wasOnly = this.savedSettings.onlyChannel === id
      const settings = wasOnly ? layOver(this.savedSettings, { onlyChannel: null }) : this.savedSettings
      this.#transaction({ actor: 'user', action: 'channel.delete', subject: channel, change: {} }, () => {
        this.#parts.channels.delete(id)
        if (wasOnly) this.#parts.settingsTable.write({ onlyChannel: null }, settings)
      })
      this.savedSettings = settings
      this.vault.forgetChannel(id)
      this.#channelsChanged(id)
    })
  }

  createClientKey(input: ClientKeyInput): Promise<{ readonly key: ClientKeyView; readonly secret: string }> {
    return this.#write(async () => {
      const unknown = input.allowedChannels?.find((id) => this.channel(id) === undefined)
      if (unknown !== undefined) throw unknownChannel(unknown)
      const { key, secret } = await this.#saveNewKey(input, 'user', false)
      return { key: viewOf(key), secret }
    })
  }

  revokeClientKey(id: ClientKeyId): Promise<void> {
    return this.#write(async () => {
      const key = this.allKeys().find((one) => one.id === id)
      if (key === undefined) throw new StorageError('not_found', `there is no client key ${id}`)
      if (key.managedBy !== 'user') throw managedByFile(`the client key ${key.name}`)
      this.#transaction({ actor: 'user', action: 'client_key.delete', subject: key, change: {} }, () =>
        this.#parts.clientKeys.delete(id)
      )
      this.vault.forgetClientKey(id)
      this.queries.clientKeys.renew()
      await this.ensureDefaultKey()
      this.#emit({ kind: 'client_key' })
    })
  }

  updateSettings(change: SettingsPatch): Promise<Settings> {
    return this.#write(() => {
      const managed = new Set(this.managedSettings())
      const taken = settingNames(change).filter((name) => managed.has(name))
      if (taken.length > 0) throw managedByFile(taken.join(', '))
      const { onlyChannel = null } = change
      if (onlyChannel !== null && this.channel(onlyChannel) === undefined) throw unknownChannel(onlyChannel)
      const conflict = bindConflict(layOver(this.settings(), change))
      if (conflict !== null) throw new StorageError('keyless_beyond_loopback', `keyRequired ${conflict}`)
      const next = layOver(this.savedSettings, change)
      this.#transaction({ actor: 'user', action: 'settings.update', subject: null, change }, () =>
        this.#parts.settingsTable.write(change, next)
      )
      this.savedSettings = next
      this.refreshSettings()
      this.#emit({ kind: 'settings' })
      return this.settings()
    })
  }

  applyFile(file: FileConfig): void {
    const before = this.overlay
    this.overlay = overlayOf(file, before, this.#parts.clock.now())
    const settingsDiffer = this.refreshSettings()
    if (this.overlay.channels !== before.channels) this.#emit({ kind: 'channel', id: null })
    if (settingsDiffer) this.#emit({ kind: 'settings' })
    if (this.overlay.clientKeys !== before.clientKeys) this.#emit({ kind: 'client_key' })
  }

  onChange(listener: (change: ConfigChange) => void): Stop {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  databaseBytes(): number {
    return ['', '-wal'].reduce(
      (sum, suffix) => sum + (statSync(this.#parts.path + suffix, { throwIfNoEntry: false })?.size ?? 0),
      0
    )
  }

  async close(): Promise<void> {
    this.cache.destroy()
    await this.#writing
    this.#parts.database.close()
  }

  /** There is always one key whose text can be shown: made at the first start, and when the last one was revoked. */
  async ensureDefaultKey(): Promise<void> {
    const shown = this.queries.clientKeys.get().some(({ id }) => this.vault.clientKeyText(id) !== undefined)
    if (!shown) await this.#saveNewKey({ name: DEFAULT_KEY_NAME, allowedChannels: null }, 'routex', true)
  }

  #write<T>(work: () => Promise<T> | T): Promise<T> {
    const written = this.#writing.then(work)
    this.#writing = written.catch(() => undefined) // it is told to whoever asked for it
    return written
  }

  #transaction(entry: HistoryEntry, work: () => void): void {
    this.#parts.database.transaction(() => {
      work()
      this.#parts.history.add(this.#parts.clock.now(), entry)
    })
  }

  async #saveChannel(
    channel: Channel,
    secrets: ChannelSecrets,
    action: 'channel.create' | 'channel.update',
    change: ChannelInput | ChannelPatch
  ): Promise<Channel> {
    this.#refuseTakenName(channel)
    const sealed = await this.vault.sealChannel(channel.id, secrets)
    const { channels, facts } = this.#parts
    this.#transaction({ actor: 'user', action, subject: channel, change }, () => {
      channels.put(channel, sealed, this.#parts.clock.now())
      facts.remember(FIRST_CHANNEL, this.#parts.clock.now())
    })
    this.everSaved = true
    this.vault.keepChannel(channel.id, secrets)
    this.#channelsChanged(channel.id)
    return this.queries.channel.get(channel.id) ?? channel
  }

  async #saveNewKey(
    { name, allowedChannels }: ClientKeyInput,
    actor: HistoryEntry['actor'],
    isDefault: boolean
  ): Promise<{ readonly key: StoredClientKey; readonly secret: string }> {
    const secret = newClientKeyText()
    const key: StoredClientKey = {
      id: clientKeyId.parse(newId('key')),
      name,
      sha256: sha256Of(secret),
      last4: secret.slice(-4),
      allowedChannels,
      managedBy: 'user',
      isDefault,
      createdAt: this.#parts.clock.now()
    }
    const sealed = await this.vault.sealClientKey(key.id, secret)
    this.#transaction({ actor, action: 'client_key.create', subject: key, change: { allowedChannels } }, () =>
      this.#parts.clientKeys.insert(key, sealed)
    )
    this.vault.keepClientKey(key.id, secret)
    this.queries.clientKeys.renew()
    this.#emit({ kind: 'client_key' })
    return { key, secret }
  }

  #changeable(id: ChannelId): Channel {
    const channel = this.channel(id)
    if (channel === undefined) throw new StorageError('not_found', `there is no channel ${id}`)
    if (channel.managedBy === 'config-file') throw managedByFile(`the channel ${channel.name}`)
    if (channel.managedBy === 'built-in') throw new StorageError('built_in', 'the Demo can not be changed')
    return channel
  }

  #refuseTakenName({ id, name, slug }: Channel): void {
    const other = [...this.overlay.channels, ...this.queries.channels.get()].find((one) => one.slug === slug)
    if (other === undefined || other.id === id) return
    throw new StorageError('name_taken', `the name ${name} is too like that of the channel ${other.name}`)
  }

  #channelsChanged(id: ChannelId): void {
    this.queries.channel.renew()
    this.queries.channels.renew()
    this.queries.enabledChannels.renew()
    const settingsDiffer = this.refreshSettings()
    this.#emit({ kind: 'channel', id })
    if (settingsDiffer) this.#emit({ kind: 'settings' })
  }

  #emit(change: ConfigChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}

function unknownChannel(id: ChannelId): StorageError {
  return new StorageError('unknown_channel', `there is no channel ${id}`)
}

function managedByFile(what: string): StorageError {
  return new StorageError('managed_by_config_file', `the config file manages ${what}: change it there`)
}
