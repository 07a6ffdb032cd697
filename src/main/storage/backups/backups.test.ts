import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { phrase } from '../../../shared/phrase'
import { files, folder, openBackups } from '../../../../test/support/open-backups'
import { file, input } from '../../../../test/support/open-config'
import { sha256Of } from '../config/client-key-table'

test('a backup is a whole database for its owner alone, named by its time', async () => {
  const { backups, clock, dir, store } = await openBackups()
  await store.createChannel(input())

  const made = await backups.create()

  const path = join(folder(dir), made.name)
  expect(made).toEqual({
    name: 'routex-20260101T000000000Z.db',
    at: clock.now(),
    reason: 'asked',
    bytes: statSync(path).size,
    channels: 1,
    clientKeys: 1,
    problem: null
  })
  expect([statSync(path).mode & 0o777, statSync(folder(dir)).mode & 0o777]).toEqual([0o600, 0o700])
  expect(files(dir)).toEqual([made.name])
  expect(readFileSync(path, 'latin1')).not.toContain('sk-ant-secret')
  expect(await backups.list()).toEqual([made])
})

test('two backups of one millisecond are two files', async () => {
  const { backups } = await openBackups()

  const names = (await Promise.all([backups.create(), backups.create()])).map(({ name }) => name)

  expect(new Set(names).size).toBe(2)
  expect((await backups.list()).map(({ name }) => name)).toEqual(names.toReversed())
})

test('the last ten are kept, and half a copy that a crash left goes with the old ones', async () => {
  const { backups, clock, dir } = await openBackups()
  mkdirSync(folder(dir), { recursive: true })
  writeFileSync(join(folder(dir), 'routex-20251231T000000000Z.db.new'), 'half')
  writeFileSync(join(folder(dir), 'my own copy.db'), 'kept')
  const made: string[] = []
  for (let count = 0; count < 12; count++) {
    made.push((await backups.create()).name)
    clock.advance(1000)
  }

  expect(files(dir)).toEqual(['my own copy.db', ...made.slice(2)])
  expect((await backups.list()).map(({ name }) => name)).toEqual(made.slice(2).reverse())
})

test('copies that are asked for push out none that Routex made by itself, nor the other way round', async () => {
  const { backups, clock } = await openBackups()
  const make = async (reason: 'asked' | 'import', count: number): Promise<readonly string[]> => {
    const made: string[] = []
    while (made.length < count) {
      made.push((await backups.create(reason)).name)
      clock.advance(1000)
    }
    return made
  }
  const automatic = await make('import', 11)
  const asked = await make('asked', 12)
  const kept = [...automatic.slice(1), ...asked.slice(2)]

  expect((await backups.list()).map(({ name }) => name).toReversed()).toEqual(kept)
  await make('import', 10)
  expect((await backups.list()).filter(({ reason }) => reason === 'asked')).toHaveLength(10)
})

test('a restore puts channels, keys and settings back as they were, and backs up what was there', async () => {
  const { backups, changes, clock, dir, names, state, store } = await openBackups()
  const kept = await store.createChannel(input({ name: 'Kept', headers: { 'x-auth': 'header-secret' } }))
  await store.createChannel(input({ name: 'Gone', apiKey: 'sk-gone-5678' }))
  await store.createClientKey({ name: 'Laptop', allowedChannels: null, budget: null })
  await store.updateSettings({ strategy: 'weighted', retention: { days: 7 } })
  const before = state()
  const { name } = await backups.create()
  clock.advance(60_000)

  await store.updateChannel(kept.id, { name: 'Renamed', apiKey: 'sk-other-9999' })
  await store.deleteChannel(before.channels[1]?.channel.id ?? kept.id)
  await store.createChannel(input({ name: 'New' }))
  const { secret } = await store.createClientKey({ name: 'Phone', allowedChannels: null, budget: null })
  await store.updateSettings({ strategy: 'least_used', bodyLimitMiB: 3 })
  const later = state()
  changes.length = 0

  const { savedAs } = await backups.restore(name)

  expect(state()).toEqual(before)
  expect(names()).toEqual(['Kept', 'Gone'])
  expect(store.channel(kept.id)?.name).toBe('Kept')
  expect(store.clientKey(sha256Of(secret))).toBeUndefined()
  expect(changes).toEqual([{ kind: 'channel', id: null }, { kind: 'settings' }, { kind: 'client_key' }])
  expect(savedAs).toMatchObject({ at: clock.now(), reason: 'restore', channels: 2, clientKeys: 3 })
  await store.close()

  const again = await openBackups(dir)
  expect(again.state()).toEqual(before)
  await again.backups.restore(savedAs.name)
  expect(again.state()).toEqual(later)
})

test('a backup that is being restored is not the one that makes room for the present state', async () => {
  const { backups, clock, store } = await openBackups()
  await store.createChannel(input())
  const oldest = await backups.create()
  for (let count = 0; count < 9; count++) {
    clock.advance(1000)
    await backups.create()
  }
  clock.advance(1000)

  await backups.restore(oldest.name)

  expect((await backups.list()).map(({ name }) => name)).toContain(oldest.name)
})

test('a preview names what a restore would add, change and remove, and changes nothing', async () => {
  const { backups, dir, state, store } = await openBackups()
  const [same, other, gone] = await Promise.all(
    ['Same', 'Other', 'Gone'].map((name) => store.createChannel(input({ name })))
  )
  const { name } = await backups.create()
  if (!same || !other || !gone) throw new Error('not made')
  await store.updateChannel(same.id, { priority: 7 })
  await store.updateChannel(same.id, { priority: same.priority })
  await store.updateChannel(other.id, { apiKey: 'sk-changed-1234' })
  await store.deleteChannel(gone.id)
  await store.createChannel(input({ name: 'New' }))
  const before = state()

  expect(await backups.preview(name)).toEqual({
    added: ['Gone'],
    changed: ['Other'],
    removed: ['New'],
    skipped: [],
    settings: [],
    clientKeys: { added: [], removed: [] }
  })

  expect(state()).toEqual(before)
  expect(files(dir)).toEqual([name])
})

test('a preview names the settings that would be other ones, and the client keys', async () => {
  const { backups, store } = await openBackups()
  await store.updateSettings({ port: 9000, retention: { days: 7 } })
  const { key } = await store.createClientKey({ name: 'Laptop', allowedChannels: null, budget: null })
  const { name } = await backups.create()
  await store.updateSettings({ port: 9001, retention: { days: 8 }, allowedHosts: ['gateway.lan'] })
  await store.revokeClientKey(key.id)
  await store.createClientKey({ name: 'Phone', allowedChannels: null, budget: null })

  expect(await backups.preview(name)).toMatchObject({
    settings: ['port', 'allowedHosts', 'retention.days'],
    clientKeys: { added: ['Laptop'], removed: ['Phone'] }
  })
  store.applyFile(file({ settings: { port: 9100 } }))
  expect((await backups.preview(name)).settings).toEqual(['allowedHosts', 'retention.days'])
})

test('what the config file manages is in no backup and outlives a restore', async () => {
  const { backups, names, store } = await openBackups()
  await store.createChannel(input({ name: 'Mine' }))
  await store.updateSettings({ port: 9000, bodyLimitMiB: 3 })
  const { name } = await backups.create()
  const theirs = { name: 'Theirs', protocol: 'gemini', baseUrl: 'https://file.example' } as const
  store.applyFile(file({ channels: [{ ...theirs, name: 'mine' }, theirs], settings: { port: 9100 } }))
  await store.updateSettings({ bodyLimitMiB: 5 })

  expect(await backups.preview(name)).toMatchObject({
    added: [],
    changed: [],
    skipped: [
      {
        ...{ name: 'Mine', reason: expect.stringContaining('config file') as string },
        reasonPhrase: phrase('restore_in_config_file')
      }
    ]
  })
  await backups.restore(name)

  expect(names()).toEqual(['mine', 'Theirs'])
  expect(store.settings()).toMatchObject({ port: 9100, bodyLimitMiB: 3 })
  store.applyFile(file({}))
  expect(names()).toEqual(['Mine'])
  expect(store.settings().port).toBe(9000)
})

test('a restore to before the first channel brings no Demo back, and leaves a client key to show', async () => {
  const { backups, names, store } = await openBackups()
  const { name } = await backups.create()
  await store.createChannel(input())

  await backups.restore(name)

  expect(names()).toEqual([])
  expect(store.defaultClientKey()).toMatch(/^rtx-/)
})

test('a deletion is not undone into what a restore has put back', async () => {
  const { backups, names, store } = await openBackups()
  const { id } = await store.createChannel(input())
  const { name } = await backups.create()
  await store.deleteChannel(id)

  await backups.restore(name)

  await expect(store.restoreChannel(id)).rejects.toMatchObject({ code: 'not_found' })
  expect(names()).toEqual(['Main'])
})

test('keyless requests do not come back where others reach the address that the file sets', async () => {
  const { backups, dir, store } = await openBackups()
  await store.updateSettings({ keyRequired: false })
  const { name } = await backups.create()
  await store.updateSettings({ keyRequired: true })
  store.applyFile(file({ settings: { host: '0.0.0.0' } }))

  await expect(backups.restore(name)).rejects.toMatchObject({ code: 'keyless_beyond_loopback' })

  expect(store.settings().keyRequired).toBe(true)
  expect(files(dir)).toEqual([name])
})

test('a deleted backup is gone', async () => {
  const { backups, dir } = await openBackups()
  const { name } = await backups.create()

  await backups.delete(name)

  expect([await backups.list(), files(dir)]).toEqual([[], []])
  await expect(backups.delete(name)).rejects.toMatchObject({ code: 'not_found' })
})

test('a folder that was made for others is still readable by its owner alone where it counts', async () => {
  const { backups, dir } = await openBackups()
  mkdirSync(folder(dir))
  chmodSync(folder(dir), 0o755)

  const { name } = await backups.create()

  expect(statSync(join(folder(dir), name)).mode & 0o777).toBe(0o600)
})

test('who restored what stands in the history', async () => {
  const { backups, dir, store } = await openBackups()
  const { name } = await backups.create()
  await backups.restore(name)
  await store.close()

  const database = new Database(join(dir, 'routex.db'), { readonly: true })
  const last = database.prepare('SELECT actor, action FROM history ORDER BY seq DESC LIMIT 1').get()
  database.close()
  expect(last).toEqual({ actor: 'user', action: 'config.restore' })
})
