import Database from 'better-sqlite3'
import { StorageError } from './errors'

const NODE_API_NEEDED = 10

/**
 * Opens a file with the driver, or a file's bytes as a database in memory. On a runtime that is too old its binary ends the whole process, so that is checked first.
 *
 * @throws StorageError `runtime_too_old`
 */
export function openSqlite(path: string | Buffer, options: Database.Options): Database.Database {
  if (Number(process.versions['napi'] ?? 0) < NODE_API_NEEDED) {
    throw new StorageError(
      'runtime_too_old',
      `Node.js ${process.versions.node} is too old for the database driver: 22.19 or newer is needed`
    )
  }
  return new Database(path, options)
}

const hasCode = (error: unknown, code: RegExp): boolean =>
  error instanceof Database.SqliteError && code.test(error.code)

/** Whatever SQLite itself says. */
export const isSqliteError = (error: unknown): boolean => error instanceof Database.SqliteError

/** SQLite says that the file is damaged, or no database at all. */
export const isDamage = (error: unknown): boolean => hasCode(error, /^SQLITE_(CORRUPT|NOTADB)/)

/** The disk is full, or failed. */
export const isDiskFault = (error: unknown): boolean => hasCode(error, /^SQLITE_(FULL|IOERR)/)

/** Somebody else holds the file. */
export const isBusy = (error: unknown): boolean => hasCode(error, /^SQLITE_BUSY/)

/** One row's own fault: the others of its batch are good. A value that can't be bound is a TypeError or RangeError. */
export const isRowFault = (error: unknown): boolean =>
  hasCode(error, /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/) ||
  error instanceof TypeError ||
  error instanceof RangeError
