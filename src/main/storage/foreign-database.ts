import { mkdtemp, rm, copyFile, stat, writeFile } from 'node:fs/promises'
import { constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { phrase, type Phrase } from '../../shared/phrase'
import { inEnglish } from '../../shared/phrase-in-english'
import { isDamage, isSqliteError, openSqlite } from './sqlite'

/** Beyond it a copy would fill the disk: other programs keep their logs in the same file. */
const MAX_BYTES = 2 * 1024 * 1024 * 1024
/** A write in the middle of the copying is seen, and the copying begun anew. */
const TRIES = 3
const MAX_ROWS = 1000
const MAX_VALUE_BYTES = 1024 * 1024

/** Why it can't be read, in words for people; nothing of its content. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError'
  readonly phrase: Phrase

  constructor(phrase: Phrase, options?: ErrorOptions) {
    super(inEnglish(phrase), options)
    this.phrase = phrase
  }
}

type Row = Readonly<Record<string, unknown>>

/** The database of another program, as a copy. Whoever opens it closes it, which deletes the copy. */
export interface ForeignDatabase {
  /**
   * At most 1,000 rows of a table with those of the columns that it has; null: there is no such table. A value of more
   * than a MiB is null.
   *
   * @throws ForeignDatabaseError
   */
  rows(table: string, columns: readonly string[]): readonly Row[] | null
  close(): Promise<void>
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

class CopiedDatabase implements ForeignDatabase {
  readonly #database: Database
  readonly #dir: string

  constructor(database: Database, dir: string) {
    this.#database = database
    this.#dir = dir
  }

  rows(table: string, columns: readonly string[]): readonly Row[] | null {
    try {
      return this.#rows(table, columns)
    } catch (error) {
      throw isSqliteError(error) ? readable(error) : error
    }
  }

  /**
   * Only columns that are stored, of a table that is one: a view, a virtual table, or a column that is worked out, is a program of whoever
   * made the file, and could run for ever.
   */
  #rows(table: string, columns: readonly string[]): readonly Row[] | null {
    const isTable = "SELECT 1 FROM sqlite_schema WHERE name = ? AND type = 'table' AND rootpage > 0"
    if (this.#database.prepare(isTable).get(table) === undefined) return null
    const stored = this.#database.prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0').pluck().all(table)
    const read = columns.filter((column) => stored.includes(column))
    if (read.length === 0) return []
    const list = read
      .map(
        (column) =>
          `CASE WHEN length(${quoted(column)}) <= ${MAX_VALUE_BYTES} THEN ${quoted(column)} END AS ${quoted(column)}`
      )
      .join(', ')
    return this.#database.prepare<[], Row>(`SELECT ${list} FROM ${quoted(table)} LIMIT ${MAX_ROWS}`).all()
  }

  async close(): Promise<void> {
    this.#database.close()
    await rm(this.#dir, { recursive: true, force: true })
  }
}

function readable(error: unknown): ForeignDatabaseError {
  if (isDamage(error)) return new ForeignDatabaseError(phrase('database_damaged'), { cause: error })
  return new ForeignDatabaseError(phrase('database_unreadable'), { cause: error })
}

async function withCopy(fill: (path: string) => Promise<void>): Promise<ForeignDatabase> {
  const dir = await mkdtemp(join(tmpdir(), 'routex-import-')) // for its owner alone
  let database: Database | undefined
  try {
    const path = join(dir, 'copy.db')
    await fill(path)
    // A write-ahead log is read through a file that SQLite makes beside the copy.
    database = openSqlite(path, { readonly: true, timeout: 0 })
    database.pragma('trusted_schema = OFF')
    database.pragma('cell_size_check = ON')
    // Read to see whether it is one at all.
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return new CopiedDatabase(database, dir)
  } catch (error) {
    database?.close()
    await rm(dir, { recursive: true, force: true })
    throw isSqliteError(error) ? readable(error) : error
  }
}

interface Stamp {
  readonly bytes: number
  readonly changed: number
}

/** null: there is none. */
async function stampOf(path: string): Promise<Stamp | null> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new ForeignDatabaseError(phrase('file_not_plain'))
    return { bytes: found.size, changed: found.mtimeMs }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

const stampsOf = (path: string): Promise<readonly (Stamp | null)[]> =>
  Promise.all([stampOf(path), stampOf(`${path}-wal`)])

/** The file and its write-ahead log as they stood at one moment. */
async function copyWhole(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const before = await stampsOf(from)
    if (before.reduce((sum, stamp) => sum + (stamp?.bytes ?? 0), 0) > MAX_BYTES) {
      throw new ForeignDatabaseError(phrase('database_too_large', { size: `${MAX_BYTES / 1024 ** 3} GiB` }))
    }
    await copyFile(from, to, constants.COPYFILE_FICLONE)
    await rm(`${to}-wal`, { force: true })
    if (before[1]) await copyFile(`${from}-wal`, `${to}-wal`, constants.COPYFILE_FICLONE)
    if (JSON.stringify(await stampsOf(from)) === JSON.stringify(before)) return
    if (attempt === TRIES) throw new ForeignDatabaseError(phrase('database_busy'))
  }
}

/**
 * Opens another program's SQLite file read-only, from a copy with its write-ahead log, so that nothing there is changed,
 * locked or made.
 *
 * @throws ForeignDatabaseError, and what the file system says when it can't be copied
 */
export const openForeignFile = (path: string): Promise<ForeignDatabase> => withCopy((copy) => copyWhole(path, copy))

/** The same for a file that came as bytes, without its write-ahead log. @throws ForeignDatabaseError */
export const openForeignBytes = (bytes: Buffer): Promise<ForeignDatabase> =>
  withCopy((copy) => writeFile(copy, bytes, { mode: 0o600 }))
