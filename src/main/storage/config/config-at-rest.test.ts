import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { input, openConfig } from '../../../../test/support/open-config'
import { makeTempDir } from '../../../../test/support/temp-dir'
import { sha256Of } from './client-key-table'

/** Everything that lies in the data folder but the key itself. */
const onDisk = (dir: string): string =>
  readdirSync(dir)
    .filter((name) => name !== 'secret.key')
    .map((name) => readFileSync(join(dir, name), 'latin1'))
    .join('\n')

test('a channel that was created is there after a restart, with its credential', async () => {
  const { store, dir } = await openConfig()
  const made = await store.createChannel(
    input({
      models: ['claude-*'],
      modelMap: { fast: 'claude-haiku-4-5' },
      headers: { 'x-team': 'a' },
      timeouts: { idleMs: 5 }
    })
  )
  await store.close()

  const { store: again } = await openConfig(dir)

  const channel = again.channel(made.id)
  expect(channel).toEqual(made)
  expect(channel).toMatchObject({
    slug: 'main',
    managedBy: 'user',
    headers: { 'x-team': 'a' },
    timeouts: { idleMs: 5 }
  })
  expect(channel && again.credential(channel)).toBe('sk-ant-secret-1234')
  expect(channel && again.credentialLast4(channel)).toBe('1234')
})

test('neither credentials nor headers nor client keys stand on disk in clear', async () => {
  const { store, dir } = await openConfig()
  const made = await store.createChannel(input({ headers: { authorization: 'Bearer header-secret' } }))
  await store.updateChannel(made.id, { apiKey: 'sk-ant-another-5678' })
  const { secret } = await store.createClientKey({ name: 'Laptop', allowedChannels: null, budget: null })
  const defaultKey = store.defaultClientKey()

  for (const text of ['sk-ant-secret', 'header-secret', 'sk-ant-another', secret, defaultKey]) {
    expect(onDisk(dir)).not.toContain(text)
  }
})

test('with another key file the channels are there without credentials, which is told', async () => {
  const { store, dir } = await openConfig()
  const made = await store.createChannel(input())
  const oldDefault = store.defaultClientKey()
  await store.close()
  rmSync(join(dir, 'secret.key'))

  const { store: again, logger } = await openConfig(dir)

  expect(again.channel(made.id)).toMatchObject({ name: 'Main', credentialRevision: null })
  expect(logger.lines.map(({ context }) => context)).toMatchObject([{ channel: 'Main' }, { clientKeyName: 'Default' }])
  expect(again.clientKey(sha256Of(oldDefault))).toBeDefined()
  expect(again.defaultClientKey()).not.toBe(oldDefault)
})

test("a credential that was copied to another channel's row is refused there", async () => {
  const { store, dir } = await openConfig()
  const [one, other] = [
    await store.createChannel(input()),
    await store.createChannel(input({ name: 'Other', apiKey: 'sk-2' }))
  ]
  await store.close()
  const database = new Database(join(dir, 'routex.db'))
  database
    .prepare('UPDATE channels SET sealed = (SELECT sealed FROM channels WHERE id = ?) WHERE id = ?')
    .run(one.id, other.id)
  database.close()

  const { store: again } = await openConfig(dir)

  expect(again.credential(one)).toBe('sk-ant-secret-1234')
  expect(again.credential(other)).toBeUndefined()
})

test('a budget that stops and names a channel to switch to all the same, as it could once be stored, is read', async () => {
  const { store, dir } = await openConfig()
  const { id } = await store.createChannel(input())
  await store.close()
  const database = new Database(join(dir, 'routex.db'))
  const old = JSON.stringify({ period: 'day', limitUsd: 5, then: 'stop', switchTo: 'gone' })
  database.prepare('UPDATE channels SET budget = ?').run(old)
  database.prepare('UPDATE client_keys SET budget = ?').run(old)
  database.close()

  const { store: again } = await openConfig(dir)

  expect(again.channel(id)?.budget).toEqual({ period: 'day', limitUsd: 5, then: 'stop' })
  expect(again.clientKeys()[0]?.budget).toEqual({ period: 'day', limitUsd: 5, then: 'stop' })
})

test('a channel row that can not be read is left out and told, and the others serve', async () => {
  const { store, dir } = await openConfig()
  await store.createChannel(input())
  await store.createChannel(input({ name: 'Other' }))
  await store.close()
  const database = new Database(join(dir, 'routex.db'))
  database.prepare(`UPDATE channels SET protocol = 'gopher' WHERE slug = 'main'`).run()
  database.close()

  const { store: again, logger } = await openConfig(dir)

  expect(again.channels().map(({ name }) => name)).toEqual(['Other'])
  expect(logger.lines).toMatchObject([{ level: 'error' }])
})

test('the history says who changed what, without secrets', async () => {
  const { store, dir } = await openConfig()
  const made = await store.createChannel(input({ headers: { 'x-api-key': 'header-secret' } }))
  await store.updateChannel(made.id, { apiKey: null, priority: 3 })
  await store.updateSettings({ port: 9000 })
  await store.deleteChannel(made.id)

  const database = new Database(join(dir, 'routex.db'), { readonly: true })
  onTestFinished(() => void database.close())
  const history = database.prepare<[], { actor: string; action: string; change: string }>('SELECT * FROM history').all()

  expect(history.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    'routex client_key.create',
    'user channel.create',
    'user channel.update',
    'user settings.update',
    'user channel.delete'
  ])
  expect(JSON.parse(history[1]?.change ?? '')).toMatchObject({ name: 'Main', apiKey: 'set', headers: ['x-api-key'] })
  expect(JSON.parse(history[2]?.change ?? '')).toEqual({ apiKey: 'removed', priority: 3 })
  expect(JSON.stringify(history)).not.toContain('secret')
})

test('a damaged routex.db is refused with a clear error and stays as it was', async () => {
  const dir = await makeTempDir()
  writeFileSync(join(dir, 'routex.db'), 'junk')

  const opening = openConfig(dir)

  await expect(opening).rejects.toMatchObject({ name: 'StorageError', code: 'config_damaged' })
  expect(readFileSync(join(dir, 'routex.db'), 'utf8')).toBe('junk')
})

test('an empty routex.db in a folder that was used before is refused and stays as it was', async () => {
  const dir = await makeTempDir()
  writeFileSync(join(dir, 'routex.db'), '')
  writeFileSync(join(dir, 'logs.db'), 'rows')

  await expect(openConfig(dir)).rejects.toMatchObject({
    code: 'config_damaged',
    message: expect.stringContaining(`${join(dir, 'routex.db')} is empty`) as string
  })

  expect(readFileSync(join(dir, 'routex.db')).length).toBe(0)
})

test('a routex.db of a newer version is refused with a clear error and stays as it was', async () => {
  const { store, dir } = await openConfig()
  await store.close()
  const database = new Database(join(dir, 'routex.db'))
  database.pragma('user_version = 99')
  database.close()
  const before = readFileSync(join(dir, 'routex.db'))

  await expect(openConfig(dir)).rejects.toMatchObject({ code: 'config_newer' })

  expect(readFileSync(join(dir, 'routex.db')).equals(before)).toBe(true)
})

test('the size of the database is told, and close ends every timer', async () => {
  const { store, clock } = await openConfig()
  expect(store.databaseBytes()).toBeGreaterThan(4096)
  expect(clock.pendingTimers).toBe(1)

  await store.close()

  expect(clock.pendingTimers).toBe(0)
})
