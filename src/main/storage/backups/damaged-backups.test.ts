import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { phrase } from '../../../shared/phrase'
import { files, folder, openBackups } from '../../../../test/support/open-backups'
import { input } from '../../../../test/support/open-config'
import { CountedDatabase } from '../counted-database'

test('secrets that another key sealed are told, and the rest is restored', async () => {
  const { backups, dir, store } = await openBackups()
  await store.createChannel(input())
  const { name } = await backups.create()
  const copy = readFileSync(join(folder(dir), name))
  await store.close()
  for (const left of ['secret.key', 'routex.db', 'routex.db-wal', 'routex.db-shm']) {
    rmSync(join(dir, left), { force: true })
  }

  const moved = await openBackups(dir)
  writeFileSync(join(folder(dir), name), copy)
  expect(await moved.backups.preview(name)).toEqual({
    added: ['Main'],
    changed: [],
    removed: [],
    skipped: [
      {
        ...{ name: 'Main: apiKey', reason: expect.stringContaining('enter it anew') as string },
        reasonPhrase: phrase('restore_sealed')
      }
    ],
    settings: [],
    clientKeys: { added: ['Default'], removed: ['Default'] }
  })
  await moved.backups.restore(name)

  expect(moved.store.channels()).toMatchObject([{ name: 'Main', credentialRevision: null }])
})

test.each([
  '../routex.db',
  '../backups/routex-20260101T000000000Z.db',
  'routex-20260101T000000000Z.db/../../routex.db',
  '/etc/passwd',
  'ROUTEX-20260101T000000000Z.DB',
  'routex-20260101T000000000Z.db\0.txt',
  'routex-20260101T000000000Z.db ',
  'routex-20261301T000000000Z.db',
  'routex-20990101T000000000Z.db',
  '.',
  ''
])('the name %j leads nowhere', async (name) => {
  const { backups, dir } = await openBackups()
  await backups.create()
  const there = files(dir)

  for (const refused of [backups.preview(name), backups.restore(name), backups.delete(name)]) {
    await expect(refused).rejects.toMatchObject({ code: 'not_found', status: 404 })
  }

  expect(files(dir)).toEqual(there)
})

test('a link or a folder in the place of a copy is none', async () => {
  const { backups, dir } = await openBackups()
  mkdirSync(join(folder(dir), 'routex-20260101T000000001Z.db'), { recursive: true })
  symlinkSync(join(dir, 'routex.db'), join(folder(dir), 'routex-20260101T000000002Z.db'))

  expect(await backups.list()).toEqual([])
  await expect(backups.restore('routex-20260101T000000002Z.db')).rejects.toMatchObject({ code: 'not_found' })
})

test('a damaged copy is told in the list, restores nothing, and is left as it is', async () => {
  const { backups, dir, state, store } = await openBackups()
  for (let count = 0; count < 20; count++) await store.createChannel(input({ name: `Channel ${count}` }))
  const { name } = await backups.create()
  const path = join(folder(dir), name)
  const whole = readFileSync(path)
  const other = new Database(':memory:')
  other.exec('CREATE TABLE t (a); PRAGMA user_version = 1')
  const empty = new Database(':memory:')
  empty.exec('CREATE TABLE t (a)')
  const before = state()
  const damaged: readonly Buffer[] = [
    Buffer.alloc(0),
    Buffer.from('not a database'),
    whole.subarray(0, 5000),
    Buffer.from(whole).fill(0xa5, 4096, 12_288),
    other.serialize(),
    empty.serialize()
  ]
  for (const bytes of damaged) {
    writeFileSync(path, bytes)

    expect(await backups.list()).toMatchObject([
      { name, channels: 0, problem: expect.stringContaining('damaged') as string }
    ])
    await expect(backups.preview(name)).rejects.toMatchObject({ code: 'backup_damaged', status: 422 })
    await expect(backups.restore(name)).rejects.toMatchObject({ code: 'backup_damaged' })

    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect(files(dir)).toEqual([name])
    expect(state()).toEqual(before)
  }
})

test('a copy whose tables were changed restores nothing, since its rows could contradict each other', async () => {
  const { backups, dir, state, store } = await openBackups()
  await store.createChannel(input())
  const { name } = await backups.create()
  const path = join(folder(dir), name)
  const copy = new Database(path)
  copy.exec('CREATE TABLE loose AS SELECT * FROM channels; DROP TABLE channels; ALTER TABLE loose RENAME TO channels')
  copy.exec('INSERT INTO channels SELECT * FROM channels')
  copy.close()
  await store.updateSettings({ strategy: 'weighted' })
  const before = state()

  await expect(backups.restore(name)).rejects.toMatchObject({ code: 'backup_damaged' })

  expect(state()).toEqual(before)
})

test('a copy of a newer Routex is told apart from a damaged one', async () => {
  const { backups, dir } = await openBackups()
  const { name } = await backups.create()
  const copy = new Database(join(folder(dir), name))
  copy.pragma('user_version = 99')
  copy.close()

  expect(await backups.list()).toMatchObject([{ problem: expect.stringContaining('newer Routex') as string }])
  await expect(backups.restore(name)).rejects.toMatchObject({ code: 'backup_newer' })
})

test('a database file that was copied by hand, with its write-ahead log still open, is read as well', async () => {
  const { backups, dir, store } = await openBackups()
  await store.createChannel(input())
  await store.close()
  const name = 'routex-20260101T000000000Z.db'
  mkdirSync(folder(dir))
  writeFileSync(join(folder(dir), name), readFileSync(join(dir, 'routex.db')))

  expect(await backups.list()).toMatchObject([{ name, channels: 1, problem: null }])
  expect(files(dir)).toEqual([name])
})

test('a folder that takes no copy is told, and nothing is restored over what could not be backed up', async () => {
  const { backups, dir, state, store } = await openBackups()
  await store.createChannel(input())
  const { name } = await backups.create()
  await store.updateSettings({ strategy: 'weighted' })
  const before = state()
  const copying = vi.spyOn(CountedDatabase.prototype, 'copyTo').mockImplementation(() => {
    throw new Error('database or disk is full')
  })
  onTestFinished(() => copying.mockRestore())

  const refused = { code: 'backup_unwritable', status: 507, message: expect.stringContaining('disk is full') as string }
  await expect(backups.create()).rejects.toMatchObject(refused)
  await expect(backups.restore(name)).rejects.toMatchObject(refused)

  expect(state()).toEqual(before)
  expect(files(dir)).toEqual([name])
})
