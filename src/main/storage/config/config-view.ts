import { isDeepStrictEqual } from 'node:util'
import type { Channel } from '../../../shared/channel'
import type { ClientKey, ClientKeyView } from '../../../shared/client-key'
import type { QueryCacheStats } from '../../../shared/stats'
import type { ChannelId, ClientKeyId } from '../../../shared/ids'
import type { Clock } from '../../../shared/ports'
import type { Settings } from '../../../shared/settings'
import type { ConfigReader } from '../../proxy/ports'
import type { ChannelTable } from './channel-table'
import { viewOf, type ClientKeyTable, type StoredClientKey } from './client-key-table'
import { deepFreeze } from './deep-freeze'
import { NO_FILE, type FileOverlayState } from './file-overlay'
import { CachedQuery, QueryCache } from './query-cache'
import type { RuleTable } from './rule-table'
import type { SecretVault } from './secret-vault'
import { layOver, settingNames } from './settings-table'

/** A value made from two others, and kept until one of them is another object. */
function keptUntilChanged<A, B, T>(make: (one: A, other: B) => T): (one: A, other: B) => T {
  let last: { readonly one: A; readonly other: B; readonly made: T } | null = null
  return (one, other) => {
    if (last?.one !== one || last.other !== other) last = { one, other, made: deepFreeze(make(one, other)) }
    return last.made
  }
}

export interface ConfigViewParts {
  readonly clock: Clock
  readonly channels: ChannelTable
  readonly clientKeys: ClientKeyTable
  readonly rules: RuleTable
  readonly vault: SecretVault
  readonly demoChannels: readonly Channel[]
  readonly settings: Settings
  /** A channel was saved once, so the Demo is gone for good. */
  readonly everSaved: boolean
}

/**
 * The configuration as it is read: what is saved, behind the query cache, with the config file laid over it and the Demo
 * in the place of nothing. A saved channel whose slug the file uses too is not seen: the file wins.
 */
export class ConfigView implements ConfigReader {
  protected readonly vault: SecretVault
  protected savedSettings: Settings
  protected everSaved: boolean
  protected overlay: FileOverlayState = NO_FILE
  protected readonly cache: QueryCache
  protected readonly queries
  readonly #demo: readonly Channel[]
  #settings: Settings

  constructor({ clock, channels, clientKeys, rules, vault, demoChannels, settings, everSaved }: ConfigViewParts) {
    this.vault = vault
    this.savedSettings = settings
    this.everSaved = everSaved
    this.#demo = demoChannels
    this.queries = {
      channel: new CachedQuery('channel', clock, (id) => channels.one(id)),
      channels: new CachedQuery('channels', clock, () => channels.all()),
      enabledChannels: new CachedQuery('enabledChannels', clock, () => channels.enabled()),
      enabledRules: new CachedQuery('enabledRules', clock, () => rules.enabled()),
      clientKeys: new CachedQuery('clientKeys', clock, () => clientKeys.all())
    }
    this.cache = new QueryCache(clock, Object.values(this.queries))
    this.#settings = this.#settingsInForce()
  }

  readonly #mergeChannels = keptUntilChanged((saved: readonly Channel[], file: readonly Channel[]) => {
    if (this.#showsDemo) return this.#demo
    const slugs = new Set(file.map(({ slug }) => slug))
    return [...file, ...saved.filter(({ slug }) => !slugs.has(slug))]
  })

  readonly #mergeEnabled = keptUntilChanged((saved: readonly Channel[], file: readonly Channel[]) => {
    if (this.#showsDemo) return this.#demo
    const slugs = new Set(file.map(({ slug }) => slug))
    return [...file.filter(({ enabled }) => enabled), ...saved.filter(({ slug }) => !slugs.has(slug))]
  })

  readonly #mergeKeys = keptUntilChanged((saved: readonly StoredClientKey[], file: readonly StoredClientKey[]) => [
    ...file,
    ...saved
  ])

  readonly #keysBySha256 = keptUntilChanged(
    (saved: readonly StoredClientKey[], file: readonly StoredClientKey[]) =>
      new Map([...saved, ...file].map((key) => [key.sha256, key]))
  )

  channels(): readonly Channel[] {
    return this.#mergeChannels(this.queries.channels.get(), this.overlay.channels)
  }

  enabledChannels(): readonly Channel[] {
    return this.#mergeEnabled(this.queries.enabledChannels.get(), this.overlay.channels)
  }

  channel(id: ChannelId): Channel | undefined {
    return this.#unsaved(id) ?? this.#saved(id)
  }

  /** Rules that are switched on, in their order. The table is there for what comes; nothing writes it yet. */
  enabledRules(): readonly unknown[] {
    return this.queries.enabledRules.get()
  }

  clientKeys(): readonly ClientKey[] {
    return this.allKeys()
  }

  clientKey(sha256: string): ClientKey | undefined {
    return this.#keysBySha256(this.queries.clientKeys.get(), this.overlay.clientKeys).get(sha256)
  }

  clientKeyViews(): readonly ClientKeyView[] {
    return this.allKeys().map(viewOf)
  }

  defaultClientKey(): string {
    const texts = this.queries.clientKeys.get().map((key) => ({ key, text: this.vault.clientKeyText(key.id) }))
    const known = texts.filter(({ text }) => text !== undefined)
    const saved = (known.find(({ key }) => key.isDefault) ?? known[0])?.text
    const [ofFile] = this.overlay.clientKeyTexts.values()
    return ofFile ?? saved ?? ''
  }

  clientKeySecret(id: ClientKeyId): string | undefined {
    return this.overlay.clientKeyTexts.get(id) ?? this.vault.clientKeyText(id)
  }

  settings(): Settings {
    return this.#settings
  }

  managedSettings(): readonly string[] {
    return settingNames(this.overlay.settings)
  }

  credential(channel: Channel): string | undefined {
    return this.overlay.credentials.get(channel.id) ?? this.vault.channelSecrets(channel.id).apiKey ?? undefined
  }

  credentialLast4(channel: Channel): string | null {
    const credential = this.credential(channel)
    // Of a short credential the last four characters would be too much of it.
    return credential === undefined || credential.length < 12 ? null : credential.slice(-4)
  }

  cacheStats(): readonly QueryCacheStats[] {
    return this.cache.getCacheStats()
  }

  clearAllCaches(): void {
    this.cache.clearAllCaches()
  }

  clearCache(name: string): boolean {
    return this.cache.clearCache(name)
  }

  protected allKeys(): readonly StoredClientKey[] {
    return this.#mergeKeys(this.queries.clientKeys.get(), this.overlay.clientKeys)
  }

  /** After a change of what is saved or of the file. Answers whether anything is different now. */
  protected refreshSettings(): boolean {
    const before = this.#settings
    this.#settings = this.#settingsInForce()
    return !isDeepStrictEqual(before, this.#settings)
  }

  /** An only channel that is not there now (the file's, the Demo) does not count, else nothing could serve. */
  #settingsInForce(): Settings {
    const laidOver = layOver(this.savedSettings, this.overlay.settings)
    const { onlyChannel } = laidOver
    if (onlyChannel === null || this.channel(onlyChannel) !== undefined) return laidOver
    return layOver(laidOver, { onlyChannel: null })
  }

  get #showsDemo(): boolean {
    return !this.everSaved && this.overlay.channels.length === 0
  }

  #unsaved(id: ChannelId): Channel | undefined {
    return (this.#showsDemo ? this.#demo : this.overlay.channels).find((channel) => channel.id === id)
  }

  #saved(id: ChannelId): Channel | undefined {
    const channel = this.queries.channel.get(id)
    const hidden = channel !== undefined && this.overlay.channels.some(({ slug }) => slug === channel.slug)
    return hidden ? undefined : channel
  }
}
