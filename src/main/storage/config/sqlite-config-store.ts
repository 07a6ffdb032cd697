import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ClientKeyInput, ClientKeyPatch, ClientKeyView } from '../../../shared/client-key'
import type { FileConfig } from '../../../shared/config-file'
import { clientKeyId, type ChannelId, type ClientKeyId } from '../../../shared/ids'
import { bindConflict } from '../../../shared/loopback'
import type { Settings, SettingsPatch } from '../../../shared/settings'
import { BACKUP_FOLDER } from '../backups/backup-files'
import { Backups, type BackupSource } from '../backups/backups'
import type { ConfigSnapshot, Present } from '../backups/config-snapshot'
import { EncryptedExports } from '../encrypted-export/encrypted-exports'
import { StorageError } from '../errors'
import type { ConfigBackups, ConfigExports, ConfigStore } from '../ports'
import { ChannelWrites, FIRST_CHANNEL } from './channel-writes'
import { newClientKeyText, sha256Of, viewOf, type StoredClientKey } from './client-key-table'
import { newId, type ConfigStoreParts } from './config-writes'
import { overlayOf } from './file-overlay'
import type { HistoryEntry } from './history'
import { isOwnHost } from './own-host'
import { managedByFile, notOwnHost, unknownChannel } from './refusals'
import type { SecretVault } from './secret-vault'
import { layOver, settingNames } from './settings-table'

/** What the config file's watcher tells. */
export interface FileOverlay {
  /** Lays a good config file over what is saved, in the place of the last one. */
  applyFile(file: FileConfig): void
}

const DEFAULT_KEY_NAME = 'Default'

export class SqliteConfigStore extends ChannelWrites implements ConfigStore, FileOverlay {
  readonly backups: ConfigBackups
  readonly exports: ConfigExports

  constructor(parts: ConfigStoreParts) {
    super(parts)
    const { clock, database, logger, passphraseBox, path } = parts
    const source: BackupSource = {
      vault: this.vault,
      present: () => this.#present(),
      bytes: () => database.bytes(),
      copyTo: (copy) => database.copyTo(copy),
      replaceWith: (snapshot, secrets, saveFirst) => this.#replaceWith(snapshot, secrets, saveFirst)
    }
    this.backups = new Backups({ dir: join(dirname(path), BACKUP_FOLDER), clock, logger, source })
    this.exports = new EncryptedExports({ source, backups: this.backups, box: passphraseBox, logger })
  }

  createClientKey(input: ClientKeyInput): Promise<{ readonly key: ClientKeyView; readonly secret: string }> {
    return this.write(async () => {
      this.#refuseUnknownChannel(input.allowedChannels ?? [])
      const { key, secret } = await this.#saveNewKey(input, 'user', false)
      return { key: viewOf(key), secret }
    })
  }

  updateClientKey(id: ClientKeyId, change: ClientKeyPatch): Promise<ClientKeyView> {
    return this.write(() => {
      const key = this.#changeableKey(id)
      const { name = key.name, allowedChannels = key.allowedChannels, budget = key.budget } = change
      // A channel that was deleted since may stay in the list: it gives the key nothing.
      const had = new Set(key.allowedChannels)
      this.#refuseUnknownChannel((allowedChannels ?? []).filter((channel) => !had.has(channel)))
      const changed: StoredClientKey = { ...key, name, allowedChannels, budget }
      this.transaction([{ actor: 'user', action: 'client_key.update', subject: key, change }], () =>
        this.parts.clientKeys.update(changed)
      )
      this.#keysChanged()
      return viewOf(changed)
    })
  }

  rotateClientKey(id: ClientKeyId): Promise<{ readonly key: ClientKeyView; readonly secret: string }> {
    return this.write(async () => {
      const key = this.#changeableKey(id)
      const secret = newClientKeyText()
      const renewed: StoredClientKey = { ...key, sha256: sha256Of(secret), last4: secret.slice(-4) }
      const sealed = await this.vault.sealClientKey(id, secret)
      this.transaction([{ actor: 'user', action: 'client_key.rotate', subject: key, change: {} }], () =>
        this.parts.clientKeys.renew(renewed, sealed)
      )
      this.vault.keepClientKey(id, secret)
      this.#keysChanged()
      return { key: viewOf(renewed), secret }
    })
  }

  revokeClientKey(id: ClientKeyId): Promise<void> {
    return this.write(async () => {
      const key = this.#changeableKey(id)
      this.transaction([{ actor: 'user', action: 'client_key.delete', subject: key, change: {} }], () =>
        this.parts.clientKeys.delete(id)
      )
      this.vault.forgetClientKey(id)
      this.queries.clientKeys.renew()
      await this.ensureDefaultKey()
      this.emit({ kind: 'client_key' })
    })
  }

  updateSettings(change: SettingsPatch): Promise<Settings> {
    return this.write(() => {
      const managed = new Set(this.managedSettings())
      const taken = settingNames(change).filter((name) => managed.has(name))
      if (taken.length > 0) throw managedByFile(taken.join(', '))
      if (change.onlyChannel) this.#refuseUnknownChannel([change.onlyChannel])
      const conflict = bindConflict(layOver(this.settings(), change))
      if (conflict !== null) throw new StorageError('keyless_beyond_loopback', `keyRequired ${conflict}`)
      if (change.host !== undefined && !isOwnHost(change.host)) throw notOwnHost(change.host)
      const next = layOver(this.savedSettings, change)
      this.transaction([{ actor: 'user', action: 'settings.update', subject: null, change }], () =>
        this.parts.settingsTable.write(change, next)
      )
      this.savedSettings = next
      this.refreshSettings()
      this.emit({ kind: 'settings' })
      return this.settings()
    })
  }

  applyFile(file: FileConfig): void {
    const before = this.overlay
    this.overlay = overlayOf(file, before, this.parts.clock.now())
    const settingsDiffer = this.refreshSettings()
    if (this.overlay.channels !== before.channels) this.emit({ kind: 'channel', id: null })
    if (settingsDiffer) this.emit({ kind: 'settings' })
    if (this.overlay.clientKeys !== before.clientKeys) this.emit({ kind: 'client_key' })
  }

  sqliteVersion(): string {
    return this.parts.database.sqliteVersion()
  }

  databaseBytes(): number {
    return ['', '-wal'].reduce(
      (sum, suffix) => sum + (statSync(this.parts.path + suffix, { throwIfNoEntry: false })?.size ?? 0),
      0
    )
  }

  async close(): Promise<void> {
    this.cache.destroy()
    await this.written()
    this.deleted.forgetAll()
    this.parts.database.close()
  }

  /** There is always one key whose text can be shown: made at the first start, and when the last one was revoked. */
  async ensureDefaultKey(): Promise<void> {
    const shown = this.queries.clientKeys.get().some(({ id }) => this.vault.clientKeyText(id) !== undefined)
    if (!shown) await this.#saveNewKey({ name: DEFAULT_KEY_NAME, allowedChannels: null, budget: null }, 'routex', true)
  }

  async #saveNewKey(
    { name, allowedChannels, budget }: ClientKeyInput,
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
      budget,
      managedBy: 'user',
      isDefault,
      createdAt: this.parts.clock.now()
    }
    const sealed = await this.vault.sealClientKey(key.id, secret)
    this.transaction([{ actor, action: 'client_key.create', subject: key, change: { allowedChannels, budget } }], () =>
      this.parts.clientKeys.insert(key, sealed)
    )
    this.vault.keepClientKey(key.id, secret)
    this.#keysChanged()
    return { key, secret }
  }

  #replaceWith<T>(snapshot: ConfigSnapshot, secrets: SecretVault, saveFirst: () => Promise<T>): Promise<T> {
    return this.write(async () => {
      const settings = snapshot.settings()
      const conflict = bindConflict(layOver(settings, this.overlay.settings))
      if (conflict !== null) throw new StorageError('keyless_beyond_loopback', `keyRequired ${conflict}`)
      const saved = await saveFirst()
      const entry: HistoryEntry = { actor: 'user', action: 'config.restore', subject: null, change: {} }
      this.transaction([entry], () => snapshot.copyInto(this.parts.database))
      this.deleted.forgetAll()
      this.vault.become(secrets)
      this.savedSettings = settings
      this.everSaved = this.parts.facts.has(FIRST_CHANNEL)
      for (const query of Object.values(this.queries)) query.renew()
      const settingsDiffer = this.refreshSettings()
      await this.ensureDefaultKey()
      this.emit({ kind: 'channel', id: null })
      if (settingsDiffer) this.emit({ kind: 'settings' })
      this.emit({ kind: 'client_key' })
      return saved
    })
  }

  #present(): Present {
    return {
      saved: this.queries.channels.get(),
      clientKeys: this.queries.clientKeys.get(),
      settings: this.savedSettings,
      inForce: (saved) => layOver(saved, this.overlay.settings),
      managed: new Set(this.overlay.channels.map(({ slug }) => slug))
    }
  }

  #keysChanged(): void {
    this.queries.clientKeys.renew()
    this.emit({ kind: 'client_key' })
  }

  #changeableKey(id: ClientKeyId): StoredClientKey {
    const key = this.allKeys().find((one) => one.id === id)
    if (key === undefined) throw new StorageError('not_found', `there is no client key ${id}`)
    if (key.managedBy !== 'user') throw managedByFile(`the client key ${key.name}`)
    return key
  }

  #refuseUnknownChannel(ids: readonly ChannelId[]): void {
    const unknown = ids.find((id) => this.channel(id) === undefined)
    if (unknown !== undefined) throw unknownChannel(unknown)
  }
}
