import { isDeepStrictEqual } from 'node:util'
import type { ConfigChanges } from '../../../shared/backups'
import type { Channel } from '../../../shared/channel'
import { phrase, type Phrase } from '../../../shared/phrase'
import { inEnglish } from '../../../shared/phrase-in-english'
import type { Logger } from '../../../shared/ports'
import type { Settings } from '../../../shared/settings'
import { ChannelTable, NO_SECRETS, type ChannelSecrets } from '../config/channel-table'
import { ClientKeyTable, type StoredClientKey } from '../config/client-key-table'
import { configMigrations } from '../config/config-migrations'
import { FactTable } from '../config/fact-table'
import type { SecretVault } from '../config/secret-vault'
import { differentSettings, SettingsTable } from '../config/settings-table'
import type { CountedDatabase, SqlValue } from '../counted-database'
import { StorageError } from '../errors'
import { openInMemory } from '../open-database'
import { openSqlite } from '../sqlite'

/** What is put back, in the order in which its rows are read. The history is not: it tells of the restoring too. */
const TABLES = { channels: 'rowid', client_keys: 'rowid', rules: 'position', settings: 'name' } as const

const SCHEMA = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"

type Row = Readonly<Record<string, SqlValue>>

/** What the present configuration says, as far as a preview is about it. */
export interface Present {
  /** Channels that are saved, also those that the config file hides. */
  readonly saved: readonly Channel[]
  readonly clientKeys: readonly StoredClientKey[]
  /** As saved, and as the config file lays its own over them. */
  readonly settings: Settings
  readonly inForce: (saved: Settings) => Settings
  /** Slugs that the config file uses. */
  readonly managed: ReadonlySet<string>
}

/** Secrets in clear, by the ids of channels and client keys. */
export interface PlainSecrets {
  readonly channels: Readonly<Record<string, ChannelSecrets>>
  readonly clientKeys: Readonly<Record<string, string>>
}

/** What a configuration of this version is made of. A copy that is brought up to date has come to the same. */
function ownSchema(): readonly unknown[] {
  const database = openSqlite(':memory:', {})
  try {
    for (const sql of configMigrations) database.exec(sql)
    return database.prepare(SCHEMA).raw().all()
  } finally {
    database.close()
  }
}

const because = (reason: Phrase): Pick<ConfigChanges['skipped'][number], 'reason' | 'reasonPhrase'> => ({
  reason: inEnglish(reason),
  reasonPhrase: reason
})

/** A copy of routex.db, read into memory. Whoever opens it closes it. */
export class ConfigSnapshot {
  readonly #database: CountedDatabase
  readonly #logger: Logger

  private constructor(database: CountedDatabase, logger: Logger) {
    this.#database = database
    this.#logger = logger
  }

  /** @throws StorageError `backup_damaged`, `backup_newer` */
  static open(path: string, bytes: Buffer, logger: Logger): ConfigSnapshot {
    const database = openInMemory({ kind: 'backup', path, migrations: configMigrations }, bytes)
    if (isDeepStrictEqual(database.prepareRaw<[]>(SCHEMA).all(), ownSchema())) {
      return new ConfigSnapshot(database, logger)
    }
    database.close()
    throw new StorageError('backup_damaged', `${path} is damaged (its tables are not ours); it was left as it is`)
  }

  counts(): { readonly channels: number; readonly clientKeys: number } {
    const [channels, clientKeys] = Object.entries(TABLES).map(([table, order]) => this.#rows(table, order).length)
    return { channels: channels ?? 0, clientKeys: clientKeys ?? 0 }
  }

  settings(): Settings {
    return new SettingsTable(this.#database).read(this.#logger)
  }

  /** Its default counts then. */
  forgetSetting(name: keyof Settings): void {
    this.#database.prepare<SqlValue[]>('DELETE FROM settings WHERE name = ?').run(name)
  }

  /** Its secrets, in a vault of their own; one that can't be read is left out and told. */
  async unseal(vault: SecretVault): Promise<SecretVault> {
    const own = vault.sibling()
    await own.unsealChannels(this.#channels(own).sealed())
    await own.unsealClientKeys(new ClientKeyTable(this.#database).sealed())
    return own
  }

  /** The secrets of its rows as `vault` has them in clear, by the ids of their rows. */
  secretsOf(vault: SecretVault): PlainSecrets {
    const channels = this.#channels(vault).sealed()
    const keys = new ClientKeyTable(this.#database).sealed()
    return {
      channels: Object.fromEntries(
        channels.flatMap(({ id, sealed }) => (sealed === null ? [] : [[id, vault.channelSecrets(id)]]))
      ),
      clientKeys: Object.fromEntries(
        keys.flatMap(({ id }) => {
          const text = vault.clientKeyText(id)
          return text === undefined ? [] : [[id, text]]
        })
      )
    }
  }

  /** As a file would hold it, without what is sealed and without the history. It can't be used any more then. */
  bytesWithoutSecrets(): Buffer {
    this.#database.prepare('UPDATE channels SET sealed = NULL').run()
    this.#database.prepare("UPDATE client_keys SET sealed = x''").run()
    this.#database.prepare('DELETE FROM history').run()
    this.#database.prepare('VACUUM').run()
    return this.#database.bytes()
  }

  /** Seals secrets that came in clear for the box of `vault`; they are in the vault that is given back. */
  async sealAnew(vault: SecretVault, secrets: PlainSecrets): Promise<SecretVault> {
    const own = vault.sibling()
    const [channels, keys] = [new Map(Object.entries(secrets.channels)), new Map(Object.entries(secrets.clientKeys))]
    const putChannel = this.#database.prepare<SqlValue[]>('UPDATE channels SET sealed = ? WHERE id = ?')
    for (const { id } of this.#channels(own).sealed()) {
      const given = channels.get(id)
      if (given === undefined) continue
      putChannel.run(await vault.sealChannel(id, given), id)
      own.keepChannel(id, given)
    }
    const putKey = this.#database.prepare<SqlValue[]>('UPDATE client_keys SET sealed = ? WHERE id = ?')
    for (const { id } of new ClientKeyTable(this.#database).sealed()) {
      const text = keys.get(id)
      if (text === undefined) continue
      putKey.run(await vault.sealClientKey(id, text), id)
      own.keepClientKey(id, text)
    }
    return own
  }

  /**
   * Makes the present client keys part of it, so that what comes from elsewhere locks out no client that is connected here.
   * One that both have is as this copy says; one that was given another text here keeps that.
   *
   * @param secrets its own, which have the texts of those keys then
   */
  async keepClientKeys(present: readonly StoredClientKey[], vault: SecretVault, secrets: SecretVault): Promise<void> {
    const table = new ClientKeyTable(this.#database)
    const own = table.all()
    for (const key of present) {
      const others = own.filter(({ id, sha256 }) => id === key.id || sha256 === key.sha256)
      if (others.some(({ id, sha256 }) => id === key.id && sha256 === key.sha256)) continue
      for (const { id } of others) table.delete(id)
      const text = vault.clientKeyText(key.id)
      // One whose text was lost is looked up by its hash all the same.
      table.insert(key, text === undefined ? Buffer.alloc(0) : await vault.sealClientKey(key.id, text))
      if (text !== undefined) secrets.keepClientKey(key.id, text)
    }
  }

  /** What putting it back would change. `secrets` are its own. */
  compare(secrets: SecretVault, present: Present): ConfigChanges {
    return { ...this.#compareChannels(secrets, present), ...this.#compareRest(present) }
  }

  #compareRest({ clientKeys, inForce, settings }: Present): Pick<ConfigChanges, 'settings' | 'clientKeys'> {
    const then = new ClientKeyTable(this.#database).all()
    const without = (some: readonly StoredClientKey[], others: readonly StoredClientKey[]): string[] => {
      const known = new Set(others.map(({ sha256 }) => sha256))
      return some.filter(({ sha256 }) => !known.has(sha256)).map(({ name }) => name)
    }
    return {
      settings: [...differentSettings(inForce(settings), inForce(this.settings()))],
      clientKeys: { added: without(then, clientKeys), removed: without(clientKeys, then) }
    }
  }

  #compareChannels(secrets: SecretVault, { managed, saved }: Present): Omit<ConfigChanges, 'settings' | 'clientKeys'> {
    const table = this.#channels(secrets)
    const readable = table.all()
    const now = new Map(saved.map((channel) => [channel.id, channel]))
    const then = new Map(readable.map((channel) => [channel.id, channel]))
    const names = (channels: readonly Channel[]): string[] => channels.map(({ name }) => name)
    const seen = readable.filter(({ slug }) => !managed.has(slug))
    const sealed = table.sealed()
    return {
      added: names(seen.filter(({ id }) => !now.has(id))),
      changed: names(seen.filter((channel) => now.has(channel.id) && !isDeepStrictEqual(channel, now.get(channel.id)))),
      removed: names(saved.filter(({ id }) => !then.has(id))),
      skipped: [
        ...sealed
          .filter(({ id }) => !then.has(id))
          .map(({ name }) => ({ name, ...because(phrase('restore_unreadable')) })),
        ...readable
          .filter(({ slug }) => managed.has(slug))
          .map(({ name }) => ({ name, ...because(phrase('restore_in_config_file')) })),
        ...sealed
          .filter((row) => row.sealed !== null && secrets.channelSecrets(row.id) === NO_SECRETS)
          .map(({ name }) => ({ name: `${name}: apiKey`, ...because(phrase('restore_sealed')) }))
      ]
    }
  }

  /**
   * Puts its channels, client keys, rules and settings in the place of what is there, sealed as they are. Part of the
   * caller's transaction.
   */
  copyInto(database: CountedDatabase): void {
    for (const [table, order] of Object.entries(TABLES)) {
      database.prepare(`DELETE FROM ${table}`).run()
      for (const row of this.#rows(table, order)) insert(database, table, row)
    }
    const facts = new FactTable(database)
    for (const { name, at } of this.#rows('facts', 'name')) facts.remember(String(name), Number(at))
  }

  close(): void {
    this.#database.close()
  }

  #channels(secrets: SecretVault): ChannelTable {
    return new ChannelTable(this.#database, (id) => secrets.channelSecrets(id), this.#logger)
  }

  #rows(table: string, order: string): readonly Row[] {
    return this.#database.prepare<[], Row>(`SELECT * FROM ${table} ORDER BY ${order}`).all()
  }
}

function insert(database: CountedDatabase, table: string, row: Row): void {
  const columns = Object.keys(row)
  const places = columns.map(() => '?').join(', ')
  database
    .prepare<SqlValue[]>(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`)
    .run(...Object.values(row))
}
