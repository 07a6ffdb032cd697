import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { makeTempDir } from '../../../test/support/temp-dir'
import type { CountedDatabase } from './counted-database'
import { openDatabase, type OpenDatabaseOptions } from './open-database'

const FIRST = 'CREATE TABLE notes (text TEXT) STRICT'
const SECOND = 'ALTER TABLE notes ADD COLUMN at INTEGER'

async function options(said: Partial<OpenDatabaseOptions> = {}): Promise<OpenDatabaseOptions> {
  const path = join(await makeTempDir(), 'test.db')
  return { kind: 'config', path, migrations: [FIRST], checkWhole: true, beforeMigration: null, ...said }
}

function open(said: OpenDatabaseOptions): CountedDatabase {
  const database = openDatabase(said)
  onTestFinished(() => database.close())
  return database
}

const closeAfter = (said: OpenDatabaseOptions, work: (database: CountedDatabase) => void): void => {
  const database = openDatabase(said)
  work(database)
  database.close()
}

test('a new database is for its owner alone, in WAL mode, and can give pages back', async () => {
  const said = await options()

  const database = open(said)

  expect(statSync(said.path).mode & 0o777).toBe(0o600)
  expect(database.pragma('journal_mode')).toBe('wal')
  expect(database.pragma('auto_vacuum')).toBe(2) // INCREMENTAL
  expect(database.pragma('synchronous')).toBe(1) // NORMAL
  expect(database.pragma('busy_timeout')).toBe(50)
  expect(database.pragma('user_version')).toBe(1)
})

test('an older database is brought up to date once, and can be copied before', async () => {
  const said = await options()
  closeAfter(said, (database) => database.prepare('INSERT INTO notes VALUES (?)').run('kept'))
  const copies: string[] = []
  const beforeMigration = (copyTo: (path: string) => void): void => {
    copies.push(`${said.path}.copy-${copies.length}`)
    copyTo(copies.at(-1) ?? '')
  }

  for (let start = 0; start < 2; start++) {
    closeAfter({ ...said, migrations: [FIRST, SECOND], beforeMigration }, (database) => {
      expect(database.pragma('user_version')).toBe(2)
      expect(database.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept', at: null }])
    })
  }

  expect(copies).toHaveLength(1)
  const copy = new Database(copies[0], { readonly: true })
  onTestFinished(() => void copy.close())
  expect(copy.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept' }])
})

test('a database that can not be copied before stays as old as it is', async () => {
  const said = await options()
  closeAfter(said, (database) => database.prepare('INSERT INTO notes VALUES (?)').run('kept'))
  const full = (): never => {
    throw new Error('the disk is full')
  }

  expect(() => openDatabase({ ...said, migrations: [FIRST, SECOND], beforeMigration: full })).toThrow('disk is full')

  expect(open(said).pragma('user_version')).toBe(1)
})

test('a new database is not copied', async () => {
  const never = (): never => {
    throw new Error('copied')
  }
  closeAfter(await options({ migrations: [FIRST, SECOND], beforeMigration: never }), () => undefined)
})

test('a migration that fails leaves the database at the version it had', async () => {
  const said = await options()
  closeAfter(said, (database) => database.prepare('INSERT INTO notes VALUES (?)').run('kept'))

  expect(() => openDatabase({ ...said, migrations: [FIRST, `${SECOND}; SELECT nonsense`] })).toThrow('nonsense')

  const database = open(said)
  expect(database.pragma('user_version')).toBe(1)
  expect(database.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept' }])
})

test('a database of a newer Routex is refused and stays byte for byte as it was', async () => {
  const said = await options()
  closeAfter({ ...said, migrations: [FIRST, SECOND] }, () => undefined)
  const before = readFileSync(said.path)

  expect(() => openDatabase(said)).toThrow(
    expect.objectContaining({ code: 'config_newer', message: expect.stringContaining('this one knows 1') as string })
  )

  expect(readFileSync(said.path).equals(before)).toBe(true)
  expect(readdirSync(join(said.path, '..'))).toEqual(['test.db'])
})

test('a newer version that stands only in the write-ahead log is seen too', async () => {
  const said = await options()
  const running = open({ ...said, migrations: [FIRST, SECOND] }) // not closed, so nothing was moved to the file itself
  expect(existsSync(`${said.path}-wal`)).toBe(true)
  const before = readFileSync(said.path)

  expect(() => openDatabase(said)).toThrow(expect.objectContaining({ code: 'config_newer' }))

  expect(readFileSync(said.path).equals(before)).toBe(true)
  expect(running.pragma('user_version')).toBe(2)
})

test('what is no database is refused and stays as it was', async () => {
  const said = await options()
  writeFileSync(said.path, 'not a database, but somebody may want it back')

  expect(() => openDatabase(said)).toThrow(expect.objectContaining({ code: 'config_damaged' }))

  expect(readFileSync(said.path, 'utf8')).toBe('not a database, but somebody may want it back')
  expect(readdirSync(join(said.path, '..'))).toEqual(['test.db'])
})

test('a database with a damaged page is refused and stays as it was', async () => {
  const said = await options()
  closeAfter(said, (database) => {
    const insert = database.prepare<[string]>('INSERT INTO notes VALUES (?)')
    for (let row = 0; row < 2000; row++) insert.run(`row ${row} ${'x'.repeat(100)}`)
  })
  const bytes = readFileSync(said.path)
  bytes.fill(0xa5, 5 * 4096, 9 * 4096)
  writeFileSync(said.path, bytes)

  expect(() => openDatabase(said)).toThrow(
    expect.objectContaining({ code: 'config_damaged', message: expect.stringContaining(said.path) as string })
  )

  expect(readFileSync(said.path).equals(bytes)).toBe(true)
})

test('a folder in the place of a database is refused with its path', async () => {
  const said = await options()
  mkdirSync(said.path)

  expect(() => openDatabase(said)).toThrow(
    expect.objectContaining({
      code: 'config_damaged',
      message: expect.stringContaining(`${said.path} is damaged`) as string
    })
  )
})

test('an empty file is a new database', async () => {
  const said = await options()
  writeFileSync(said.path, '')

  expect(open(said).pragma('user_version')).toBe(1)
})

test('a transaction is done whole or not at all, and everything that ran is counted', async () => {
  const database = open(await options())
  const insert = database.prepare<[string]>('INSERT INTO notes VALUES (?)')
  const count = database.prepare<[], { rows: number }>('SELECT count(*) AS rows FROM notes')

  expect(() =>
    database.transaction(() => {
      insert.run('lost')
      throw new Error('changed my mind')
    })
  ).toThrow('changed my mind')
  expect(count.get()).toEqual({ rows: 0 })
  database.transaction(() => insert.run('kept'))

  expect(count.get()).toEqual({ rows: 1 })
  expect(database).toMatchObject({ statements: 4, transactions: 1 })
})
