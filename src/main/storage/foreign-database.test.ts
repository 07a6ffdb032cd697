import { chmodSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import files from 'node:fs/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { builtinSpy } from '../../../test/support/builtin-spy'
import { makeTempDir } from '../../../test/support/temp-dir'
import { ForeignDatabaseError, openForeignBytes, openForeignFile, type ForeignDatabase } from './foreign-database'

/** A folder for temporary files that no other test uses. */
async function ownTempDir(): Promise<void> {
  vi.stubEnv('TMPDIR', await makeTempDir())
  onTestFinished(() => void vi.unstubAllEnvs())
}

const copies = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('routex-import-'))

async function foreign(sql: string): Promise<{ path: string; dir: string; owner: Database.Database }> {
  const dir = await makeTempDir()
  const path = join(dir, 'foreign.db')
  const owner = new Database(path)
  onTestFinished(() => void owner.close())
  owner.exec(sql)
  return { path, dir, owner }
}

async function open(opening: Promise<ForeignDatabase>): Promise<ForeignDatabase> {
  const database = await opening
  onTestFinished(() => database.close())
  return database
}

test('what its program has only written to the log beside it is read, and nothing there is touched', async () => {
  const { dir, owner, path } = await foreign('PRAGMA journal_mode = WAL; CREATE TABLE t (a TEXT)')
  owner.exec("INSERT INTO t VALUES ('in the log')")
  const before = readdirSync(dir).map((name) => [name, readFileSync(join(dir, name)).toString('hex')])

  const database = await open(openForeignFile(path))

  expect(database.rows('t', ['a', 'missing'])).toEqual([{ a: 'in the log' }])
  expect(database.rows('other', ['a'])).toBeNull()
  expect(database.rows('t', ['missing'])).toEqual([])
  expect(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name)).toString('hex')])).toEqual(before)
  owner.exec("INSERT INTO t VALUES ('later')") // it is not locked
})

test('a file that may only be read is read', async () => {
  const { path } = await foreign("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x')")
  chmodSync(path, 0o400)
  expect((await open(openForeignFile(path))).rows('t', ['a'])).toEqual([{ a: 'x' }])
})

test('the copy is for its owner alone and goes when it is closed, or can not be opened', async () => {
  const { path } = await foreign('CREATE TABLE t (a TEXT)')
  await ownTempDir()
  const database = await openForeignFile(path)
  const [made = ''] = copies()
  expect(statSync(join(tmpdir(), made)).mode & 0o777).toBe(0o700)

  await database.close()
  await expect(openForeignBytes(Buffer.from('no database'))).rejects.toThrow(ForeignDatabaseError)
  await expect(openForeignFile(join(tmpdir(), 'nothing-here.db'))).rejects.toThrow('ENOENT')

  expect(copies()).toEqual([])
})

test('bytes are opened as a file is', async () => {
  const { path } = await foreign("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x')")
  const database = await open(openForeignBytes(readFileSync(path)))
  expect(database.rows('t', ['a'])).toEqual([{ a: 'x' }])
})

const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS a FROM n'

test.each([
  ['a view', `CREATE VIEW t AS ${ENDLESS}`, null],
  [
    'a column that is worked out',
    'CREATE TABLE t (b INT, a TEXT AS (hex(zeroblob(1000000)))); INSERT INTO t (b) VALUES (1)',
    []
  ],
  ['a virtual table', 'CREATE VIRTUAL TABLE t USING fts5(a)', null]
])('%s is not read', async (_what, sql, found) => {
  const { path } = await foreign(sql)
  expect((await open(openForeignFile(path))).rows('t', ['a'])).toEqual(found)
})

test('rows and values come in bounds', async () => {
  const { path } = await foreign(
    `CREATE TABLE t (a TEXT);
     INSERT INTO t VALUES (printf('%.*c', 2000000, 'x'));
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT i FROM n`
  )
  const rows = (await open(openForeignFile(path))).rows('t', ['a'])
  expect(rows).toHaveLength(1000)
  expect(rows?.[0]).toEqual({ a: null })
})

test('a damaged database is told as such, without its content', async () => {
  const { owner, path } = await foreign('CREATE TABLE t (a TEXT)')
  owner.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
     INSERT INTO t SELECT 'sk-secret ' || printf('%.*c', 100, 'x') FROM n`
  )
  owner.close()
  const bytes = readFileSync(path)
  bytes.fill(0xa5, 4096, 12288)

  const database = await open(openForeignBytes(bytes))

  expect(() => database.rows('t', ['a'])).toThrow(/^it is a damaged database$/)
})

test('one that was written while it was copied is copied anew, and one that is written all the time given up', async () => {
  const { path } = await foreign("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x')")
  const copyFile = builtinSpy(vi.spyOn(files, 'copyFile'))
  const writeDuring = (copies: number): void => {
    copyFile.mockReset()
    for (let copy = 1; copy <= copies; copy++) {
      copyFile.mockImplementationOnce(async (from, to) => {
        writeFileSync(to, readFileSync(from))
        utimesSync(path, copy, copy)
      })
    }
  }

  writeDuring(2)
  expect((await open(openForeignFile(path))).rows('t', ['a'])).toEqual([{ a: 'x' }])
  writeDuring(3)
  await expect(openForeignFile(path)).rejects.toThrow('its program writes it all the time')
})

test('what is no plain file is not copied', async () => {
  await expect(openForeignFile(await makeTempDir())).rejects.toThrow('it is no plain file')
})
