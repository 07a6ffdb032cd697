import type { Backup, BackupReason, ConfigChanges } from '../../shared/backups'
import type { Channel, ChannelInput, ChannelPatch } from '../../shared/channel'
import type { ClientKeyInput, ClientKeyPatch, ClientKeyView } from '../../shared/client-key'
import type { LogFilter } from '../../shared/log-filter'
import type { Overview, QueryCacheStats, WriterStats } from '../../shared/stats'
import type { ChannelId, ClientKeyId, RequestId } from '../../shared/ids'
import type { PriceTable } from '../../shared/price-table'
import type { Stop } from '../../shared/ports'
import type { JournaledRecord, RequestRow } from '../../shared/request-log'
import type { Settings, SettingsPatch } from '../../shared/settings'
import type { Periods, SpendingByPeriod, SpendingEntry } from '../channels/spending'
import type { ConfigReader, RequestLogSink } from '../proxy/ports'
import type { StorageError } from './errors'

/** Emitted after a change was written and the caches were invalidated. */
export type ConfigChange =
  | { readonly kind: 'channel'; readonly id: ChannelId | null }
  | { readonly kind: 'settings' }
  | { readonly kind: 'client_key' }

/** What `arrangeChannels` sets of one channel. */
export type ChannelArrangement = { readonly id: ChannelId } & Pick<ChannelPatch, 'priority' | 'weight' | 'enabled'>

/** The whole configuration: read through the query cache, written to routex.db, overlaid by the config file. */
export interface ConfigStore extends ConfigReader {
  createChannel(input: ChannelInput): Promise<Channel>
  /**
   * Adds all of them at once, told and read anew once, where each alone would read all channels. In their order: the channel,
   * or why it is not added (`name_taken`), which keeps none of the others out. A budget may name a channel among them.
   */
  createChannels(inputs: readonly ChannelInput[]): Promise<readonly (Channel | StorageError)[]>
  updateChannel(id: ChannelId, change: ChannelPatch): Promise<Channel>
  /** Sets priority, weight or enabled of several: all of them or none. 404 and 409 as `updateChannel`. */
  arrangeChannels(changes: readonly ChannelArrangement[]): Promise<void>
  /** A disabled copy with its secrets, under a free name. */
  duplicateChannel(id: ChannelId): Promise<Channel>
  /** `restoreChannel` brings it back until then, ms since 1970. A setting `onlyChannel` that names it goes and comes back with it. */
  deleteChannel(id: ChannelId): Promise<{ readonly restorableUntil: number }>
  /** Deletes all of them or none, told and read anew once. 404 and 409 as `updateChannel`. */
  deleteChannels(ids: readonly ChannelId[]): Promise<{ readonly restorableUntil: number }>
  /** Brings back what was just deleted, under its id, with its secrets, and under a free name when its own was taken. 404 when it is too late. */
  restoreChannel(id: ChannelId): Promise<Channel>
  /** The same for several: all of them or none, told and read anew once. */
  restoreChannels(ids: readonly ChannelId[]): Promise<readonly Channel[]>
  credentialLast4(channel: Channel): string | null
  createClientKey(input: ClientKeyInput): Promise<{ readonly key: ClientKeyView; readonly secret: string }>
  updateClientKey(id: ClientKeyId, change: ClientKeyPatch): Promise<ClientKeyView>
  /** Gives a key another text; the old one ends at once. 404 and 409 as `updateClientKey`. */
  rotateClientKey(id: ClientKeyId): Promise<{ readonly key: ClientKeyView; readonly secret: string }>
  /** A key's text; undefined when there is no such key, or its text could not be unsealed. */
  clientKeySecret(id: ClientKeyId): string | undefined
  revokeClientKey(id: ClientKeyId): Promise<void>
  clientKeyViews(): readonly ClientKeyView[]
  /** Text of the key that snippets and the start line show: the config file's first, else the default key (made at the first start). */
  defaultClientKey(): string
  updateSettings(change: SettingsPatch): Promise<Settings>
  /** Names of the settings that the config file sets. */
  managedSettings(): readonly string[]
  onChange(listener: (change: ConfigChange) => void): Stop
  cacheStats(): readonly QueryCacheStats[]
  clearAllCaches(): void
  /** Clears one query of the cache; false when there is none of that name. */
  clearCache(name: string): boolean
  databaseBytes(): number
  /** Of the database engine. */
  sqliteVersion(): string
  readonly backups: ConfigBackups
  readonly exports: ConfigExports
  close(): Promise<void>
}

/** Copies of routex.db in the data folder's `backups`. What the config file manages is in none of them. */
export interface ConfigBackups {
  /** The newest first, damaged ones too. */
  list(): Promise<readonly Backup[]>
  /** Makes a copy, asked for unless said otherwise; the last ten asked for are kept, and the last ten others. Rejects with StorageError `backup_unwritable`. */
  create(reason?: BackupReason): Promise<Backup>
  /** What `restore` would change. Rejects with StorageError `not_found`, `backup_damaged`, `backup_newer`. */
  preview(name: string): Promise<ConfigChanges>
  /** Puts channels, settings and client keys back as they were, after the present ones were backed up: all, or nothing. */
  restore(name: string): Promise<{ readonly savedAs: Backup }>
  /** Rejects with StorageError `not_found`. */
  delete(name: string): Promise<void>
}

/**
 * The whole configuration with its secrets as one text under a passphrase. Every call rejects with StorageError
 * `memory_short`; reading also with `encrypted_export_invalid`, `encrypted_export_newer`, `encrypted_export_damaged`,
 * `passphrase_wrong`, `backup_newer` (its database is of a newer Routex).
 */
export interface ConfigExports {
  /** How many channels and client keys are in it is told: what the config file manages is not. */
  create(passphrase: string): Promise<{ readonly text: string; readonly channels: number; readonly clientKeys: number }>
  /** What `restore` would change. */
  preview(text: string, passphrase: string): Promise<ConfigChanges>
  /** Puts it in the place of what is saved, which is backed up first: all, or nothing. Client keys that are here stay beside its own. */
  restore(text: string, passphrase: string): Promise<{ readonly savedAs: Backup }>
}

/** Encrypts what rests on disk: the OS keychain (Electron's safeStorage) or AES-256-GCM with a key file. */
export interface SecretBox {
  readonly kind: 'keychain' | 'key-file'
  encrypt(text: string): Promise<Buffer>
  decrypt(sealed: Buffer): Promise<string>
}

export interface TimeseriesBucket extends Overview {
  readonly at: number
  readonly group: string | null
}

export interface LogCount {
  readonly rows: number
  readonly more: boolean
}

export interface RetentionPreview {
  /** Rows that would be deleted, and that would stay. */
  readonly rows: number
  readonly kept: number
  /** ms since 1970; null when none would stay. */
  readonly oldestKept: number | null
}

/** An id of state that a channel made and alone knows (B14), and that channel. */
export type StoredState = readonly [id: string, channelId: ChannelId]

/** Size on disk with the write-ahead log. */
export interface Vacuumed {
  readonly beforeBytes: number
  readonly afterBytes: number
  readonly ms: number
}

/** The log database, owned by one worker thread. Every query first reads the journal to its end. */
export interface LogStore extends RequestLogSink {
  query(query: {
    readonly limit: number
    readonly cursor?: string | undefined
    readonly filter?: LogFilter | undefined
  }): Promise<{
    readonly rows: readonly RequestRow[]
    readonly nextCursor: string | null
  }>
  /** Appends at once what ends with the program, and what waits for its turn: a single write. Nothing is committed by it. */
  appendNow(records: readonly JournaledRecord[]): void
  /** How many rows match, counted to 100,000 at most; `more`: there are more. */
  count(filter: LogFilter | undefined): Promise<LogCount>
  get(id: RequestId): Promise<RequestRow | undefined>
  overview(period: { readonly from: number; readonly to: number }): Promise<Overview>
  timeseries(query: {
    readonly from: number
    readonly to: number
    /** `period`: one bucket over all of it. */
    readonly bucket: 'minute' | 'hour' | 'day' | 'period'
    /** How many of them make one bucket; 1 when left out. */
    readonly every?: number | undefined
    readonly groupBy?: 'channel' | 'model' | 'clientKey' | undefined
  }): Promise<readonly TimeseriesBucket[]>
  /** Rows that were committed, with their cost; only told while somebody listens. */
  onCommitted(listener: (rows: readonly RequestRow[]) => void): Stop
  /** What was spent in each of these periods, everything committed until then included. */
  spending(periods: Periods): Promise<SpendingByPeriod>
  /** Tells what each commit adds to it, without the Demo. An answer of `spending` comes between the commits, so none is missed or counted twice. */
  onSpent(listener: (entries: readonly SpendingEntry[]) => void): Stop
  /** Which prices costs are worked out with. */
  priceTable(): Promise<PriceTable>
  /** Takes over a table as genai-prices publishes it, and keeps it. Rejects when it is none; the present one stays then. */
  installPrices(text: Buffer, fetchedAt: number): Promise<PriceTable>
  /** `configBytes` is the size of routex.db, which the worker does not know. */
  stats(configBytes: number): Promise<WriterStats>
  setRetention(retention: Settings['retention']): void
  /** What these limits would delete now. By size it is reckoned from how large a row is on average. */
  previewRetention(retention: Settings['retention']): Promise<RetentionPreview>
  /** What requests before this call made, the 10,000 newest ids, those last. */
  storedStates(): Promise<readonly StoredState[]>
  /**
   * Writes logs.db anew without its free space. Rows that arrive meanwhile wait in the journal, and questions for its end.
   * Rejects with StorageError `log_unwritable` when the disk has no room for the copy.
   */
  vacuum(): Promise<Vacuumed>
  /** Resolves when every record appended before the call is committed. */
  flush(): Promise<void>
  /** Flushes and ends the worker. */
  close(): Promise<void>
}
