import { chmodSync, closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { CountedDatabase } from './counted-database'
import { StorageError } from './errors'
import { isDamage, isSqliteError, openSqlite } from './sqlite'

/** Which of the databases; it stands in the codes of their errors (`config_damaged`, `logs_newer`…). */
type DatabaseKind = 'config' | 'logs' | 'backup'

export interface OpenDatabaseOptions {
  readonly kind: DatabaseKind
  readonly path: string
  /** SQL of each version, in order: the first makes version 1. Each runs in a transaction of its own, once. */
  readonly migrations: readonly string[]
  /** Reads the whole file for damage before it is opened for writing: for a small one. */
  readonly checkWhole: boolean
  /**
   * Called before an older file is brought up to date, with what copies it into an empty file; null: no copy is kept. When
   * it throws, the file stays as old as it is.
   */
  readonly beforeMigration: ((copyTo: (path: string) => void) => void) | null
}

/** B42: whoever holds the file for longer is an owner that the folder's lock should have kept out. */
const BUSY_TIMEOUT_MS = 50
const SQLITE_HEADER = 'SQLite format 3\0'

function damaged(options: OpenDatabaseOptions, cause: unknown): StorageError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new StorageError(`${options.kind}_damaged`, `${options.path} is damaged (${why}); it was left as it is`, {
    cause
  })
}

function newer(options: OpenDatabaseOptions, found: number): StorageError {
  const known = options.migrations.length
  return new StorageError(
    `${options.kind}_newer`,
    `${options.path} was written by a newer Routex (its version is ${found}, this one knows ${known}); it was left as it is`
  )
}

function readHeader(path: string): string {
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(SQLITE_HEADER.length)
    const read = readSync(file, header, 0, header.length, 0)
    return header.toString('latin1', 0, read)
  } finally {
    closeSync(file)
  }
}

const readVersion = (database: Database): number => Number(database.pragma('user_version', { simple: true }))

/** Reads the version, and the whole file for damage when it is asked for. */
function readUnwritten(options: OpenDatabaseOptions): number {
  const database = openSqlite(options.path, { readonly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    const found = database.pragma(options.checkWhole ? 'quick_check(1)' : 'schema_version', { simple: true })
    if (options.checkWhole && found !== 'ok') throw damaged(options, found)
    return readVersion(database)
  } finally {
    database.close()
  }
}

/** Looks at an existing file without a right to write, so that a damaged or newer one stays as it was, byte for byte. */
function inspect(options: OpenDatabaseOptions): void {
  const found = statSync(options.path, { throwIfNoEntry: false })
  if (found?.isDirectory()) throw damaged(options, 'it is a folder')
  if (found === undefined || found.size === 0) return
  if (readHeader(options.path) !== SQLITE_HEADER) throw damaged(options, 'it is no SQLite database')
  // Reading alone makes them too, and leaves them.
  const made = ['-wal', '-shm'].map((suffix) => options.path + suffix).filter((path) => !existsSync(path))
  let version: number
  try {
    version = readUnwritten(options)
  } catch (error) {
    throw isDamage(error) ? damaged(options, error) : error
  } finally {
    for (const path of made) rmSync(path, { force: true })
  }
  if (version > options.migrations.length) throw newer(options, version)
}

function migrate(database: Database, options: OpenDatabaseOptions): void {
  const from = readVersion(database)
  const latest = options.migrations.length
  if (from > 0 && from < latest) options.beforeMigration?.((path) => database.prepare('VACUUM INTO ?').run(path))
  options.migrations.slice(from).forEach((sql, index) => {
    database.transaction(() => {
      database.exec(sql)
      database.pragma(`user_version = ${from + index + 1}`)
    })()
  })
}

function configure(database: Database): void {
  database.pragma('auto_vacuum = INCREMENTAL') // only takes before the first table, and must stand before WAL
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = NORMAL')
  database.pragma('foreign_keys = ON')
  database.pragma('cache_size = -4096') // KiB; four times that is the default, and would only be memory: pages are written in order
  database.pragma('journal_size_limit = 8388608')
}

/**
 * Opens a database of ours, new or existing, brings it up to date, and makes it readable by its owner alone.
 *
 * @throws StorageError `runtime_too_old`, `<kind>_damaged`, `<kind>_newer`; of the last two the file is left untouched
 */
export function openDatabase(options: OpenDatabaseOptions): CountedDatabase {
  inspect(options)
  const database = openSqlite(options.path, { timeout: BUSY_TIMEOUT_MS })
  try {
    chmodSync(options.path, 0o600) // its -wal and -shm take the same mode
    configure(database)
    migrate(database, options)
  } catch (error) {
    database.close()
    throw isDamage(error) ? damaged(options, error) : error
  }
  return new CountedDatabase(database)
}

/** Where the header says whether a write-ahead log stands beside the file; in memory there is none. */
const JOURNAL_MODE = { offset: 18, rollback: Buffer.of(1, 1) }

/**
 * Takes a database of ours out of its bytes into memory, reads it whole for damage, and brings it up to date there. The
 * file they come from stays as it is.
 *
 * @throws StorageError `<kind>_damaged`, also where it is another program's or empty; `<kind>_newer`
 */
export function openInMemory(
  options: Pick<OpenDatabaseOptions, 'kind' | 'path' | 'migrations'>,
  bytes: Buffer
): CountedDatabase {
  const whole = { ...options, checkWhole: true, beforeMigration: null }
  if (bytes.toString('latin1', 0, SQLITE_HEADER.length) !== SQLITE_HEADER)
    throw damaged(whole, 'it is no SQLite database')
  JOURNAL_MODE.rollback.copy(bytes, JOURNAL_MODE.offset)
  let database: Database | undefined
  try {
    database = openSqlite(bytes, {})
    const found = database.pragma('quick_check(1)', { simple: true })
    if (found !== 'ok') throw damaged(whole, found)
    const version = readVersion(database)
    if (version > options.migrations.length) throw newer(whole, version)
    if (version < 1) throw damaged(whole, 'it holds nothing of Routex')
    migrate(database, whole)
    return new CountedDatabase(database)
  } catch (error) {
    database?.close()
    throw isSqliteError(error) ? damaged(whole, error) : error
  }
}
