import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { CountedDatabase } from '../counted-database'
import { StorageError } from '../errors'
import { openDatabase } from '../open-database'
import { isDamage } from '../sqlite'
import { logMigrations } from './log-migrations'

export const logDatabasePath = (dataDir: string): string => join(dataDir, 'logs.db')

/** The files that SQLite keeps for one database. */
const SUFFIXES = ['', '-wal', '-shm']

const asFileName = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]/g, '').replace('.', '')

/** Renames a log database that can't be used, so that a fresh one can be begun; its new name. It must be closed. */
export function setAsideLogDatabase(dataDir: string, why: 'damaged' | 'newer', now: number): string {
  const name = `logs.${why}-${asFileName(now)}.db`
  for (const suffix of SUFFIXES) {
    const path = logDatabasePath(dataDir) + suffix
    if (existsSync(path)) renameSync(path, join(dataDir, name) + suffix)
  }
  return name
}

/** Reads the end of each table, where the next rows go: damage there would else end every start of the worker. */
function probe(database: CountedDatabase): void {
  for (const table of [
    'requests',
    'requests INDEXED BY requests_by_time',
    'rollups',
    'journal_offsets',
    'stored_states'
  ]) {
    database.prepare<[]>(`SELECT * FROM ${table} LIMIT 1`).all()
  }
}

function open(dataDir: string): CountedDatabase {
  const path = logDatabasePath(dataDir)
  const database = openDatabase({
    kind: 'logs',
    path,
    migrations: logMigrations,
    checkWhole: false, // it can have gigabytes; damage that is met later is dealt with then
    beforeMigration: null // it can be lost without losing configuration
  })
  try {
    probe(database)
    return database
  } catch (cause) {
    database.close()
    throw isDamage(cause) ? new StorageError('logs_damaged', `${path} is damaged`, { cause }) : cause
  }
}

/** Opens logs.db. One that is damaged, or was written by a newer Routex, is set aside and a fresh one begun. */
export function openLogDatabase(dataDir: string, now: number): { database: CountedDatabase; setAside: string | null } {
  try {
    return { database: open(dataDir), setAside: null }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    if (error.code !== 'logs_damaged' && error.code !== 'logs_newer') throw error
    const setAside = setAsideLogDatabase(dataDir, error.code === 'logs_newer' ? 'newer' : 'damaged', now)
    return { database: open(dataDir), setAside }
  }
}
