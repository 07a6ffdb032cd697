import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Channel } from '../../../shared/channel'
import type { Clock, Logger } from '../../../shared/ports'
import { BACKUP_FOLDER } from '../backups/backup-files'
import { MigrationBackup } from '../backups/migration-backup'
import type { CountedDatabase } from '../counted-database'
import { StorageError } from '../errors'
import { PassphraseBox } from '../encrypted-export/passphrase-box'
import { logDatabasePath } from '../logs/open-log-database'
import { openDatabase } from '../open-database'
import type { ConfigStore, SecretBox } from '../ports'
import { ChannelTable } from './channel-table'
import { FIRST_CHANNEL } from './channel-writes'
import { ClientKeyTable } from './client-key-table'
import { configMigrations } from './config-migrations'
import { FactTable } from './fact-table'
import { History } from './history'
import { RuleTable } from './rule-table'
import { SecretVault } from './secret-vault'
import { SettingsTable } from './settings-table'
import { SqliteConfigStore, type FileOverlay } from './sqlite-config-store'

export interface ConfigStoreOptions {
  /** The data folder. */
  readonly dir: string
  readonly secretBox: SecretBox
  /** Of exports; one that takes the time it should unless given. */
  readonly passphraseBox?: PassphraseBox
  readonly clock: Clock
  readonly logger: Logger
  /** Shown until the first channel was ever saved, while the config file has none. */
  readonly demoChannels: readonly Channel[]
}

async function openStore(
  path: string,
  database: CountedDatabase,
  { clock, demoChannels, logger, passphraseBox = new PassphraseBox(), secretBox }: ConfigStoreOptions
): Promise<SqliteConfigStore> {
  const vault = new SecretVault(secretBox, logger)
  const channels = new ChannelTable(database, (id) => vault.channelSecrets(id), logger)
  const clientKeys = new ClientKeyTable(database)
  const settingsTable = new SettingsTable(database)
  const facts = new FactTable(database)
  await vault.unsealChannels(channels.sealed())
  await vault.unsealClientKeys(clientKeys.sealed())
  const store = new SqliteConfigStore({
    path,
    database,
    clock,
    logger,
    channels,
    clientKeys,
    settingsTable,
    facts,
    vault,
    demoChannels,
    passphraseBox,
    rules: new RuleTable(database),
    history: new History(database),
    settings: settingsTable.read(logger),
    everSaved: facts.has(FIRST_CHANNEL)
  })
  await store.ensureDefaultKey()
  return store
}

/** The log's database is made after this one, so beside it an empty file is one that was cut off, not a new one. */
function refuseEmptied(path: string, dir: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile() || found.size > 0 || !existsSync(logDatabasePath(dir))) return
  throw new StorageError(
    'config_damaged',
    `${path} is empty, though its folder was used before; it was left as it is. Put a copy in its place, or remove it to begin anew`
  )
}

/**
 * Opens routex.db, brings it up to date, unseals its secrets, and makes the default client key at the first start.
 *
 * @throws StorageError `config_damaged`, `config_newer` (the file is left as it is), `runtime_too_old`, `backup_unwritable`
 *   when an older file can't be copied before it is brought up to date
 */
export async function openConfigStore(options: ConfigStoreOptions): Promise<ConfigStore & FileOverlay> {
  const path = join(options.dir, 'routex.db')
  refuseEmptied(path, options.dir)
  const copy = new MigrationBackup(join(options.dir, BACKUP_FOLDER), options)
  const database = openDatabase({
    kind: 'config',
    path,
    migrations: configMigrations,
    checkWhole: true,
    beforeMigration: (copyTo) => copy.make(copyTo)
  })
  try {
    await copy.makeRoom()
    return await openStore(path, database, options)
  } catch (error) {
    database.close()
    throw error
  }
}
