import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { FakeClock } from '../../../../test/support/fake-clock'
import { silentLogger } from '../../../../test/support/silent-logger'
import { makeTempDir } from '../../../../test/support/temp-dir'
import { openDatabase } from '../open-database'
import { BackupFiles } from './backup-files'
import { MigrationBackup } from './migration-backup'

const FIRST = 'CREATE TABLE notes (text TEXT) STRICT'
const SECOND = 'ALTER TABLE notes ADD COLUMN at INTEGER'

async function setup() {
  const dir = await makeTempDir()
  const path = join(dir, 'routex.db')
  const backups = join(dir, 'backups')
  const clock = new FakeClock()
  const open = async (migrations: readonly string[]): Promise<void> => {
    const copy = new MigrationBackup(backups, { clock, logger: silentLogger() })
    const beforeMigration = (copyTo: (path: string) => void): void => copy.make(copyTo)
    openDatabase({ kind: 'config', path, migrations, checkWhole: true, beforeMigration }).close()
    await copy.makeRoom()
  }
  return { backups, clock, files: new BackupFiles(backups), open, path }
}

test('a configuration is backed up before it is brought up to date, and only then', async () => {
  const { backups, clock, files, open } = await setup()
  await open([FIRST])
  expect(await files.list()).toEqual([])

  await open([FIRST, SECOND])
  await open([FIRST, SECOND])

  const [made, ...more] = await files.list()
  expect(more).toEqual([])
  expect(made).toMatchObject({ name: 'routex-20260101T000000000Z-migration.db', at: clock.now(), reason: 'migration' })
  const path = join(backups, made?.name ?? '')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const copy = new Database(path, { readonly: true })
  expect(copy.pragma('user_version', { simple: true })).toBe(1)
  copy.close()
})

test('the copy is one of the ten that are kept of those that Routex makes by itself', async () => {
  const { clock, files, open } = await setup()
  await open([FIRST])
  const made = Array.from({ length: 10 }, () => {
    clock.advance(1000)
    return files.add(clock.now(), 'import', (path) => writeFileSync(path, 'a copy'))
  })
  clock.advance(1000)

  await open([FIRST, SECOND])

  const names = (await files.list()).map(({ name }) => name)
  expect(names).toHaveLength(10)
  expect(names[0]).toMatch(/-migration\.db$/)
  expect(names).not.toContain(made[0])
})

test('without room for the copy the configuration stays as it is, and the start says why', async () => {
  const { backups, open, path } = await setup()
  await open([FIRST])
  writeFileSync(backups, 'in the way')

  await expect(open([FIRST, SECOND])).rejects.toMatchObject({ code: 'backup_unwritable' })

  const database = new Database(path, { readonly: true })
  expect(database.pragma('user_version', { simple: true })).toBe(1)
  database.close()
})

test('a name that only looks like one of ours is none', async () => {
  const { backups, files } = await setup()
  mkdirSync(backups)
  for (const name of ['routex-20260101T000000000Z-asked.db', 'routex-20260101T000000000Z-other.db']) {
    writeFileSync(join(backups, name), 'x')
    await expect(files.find(name)).rejects.toMatchObject({ code: 'not_found' })
  }
  expect(await files.list()).toEqual([])
})
