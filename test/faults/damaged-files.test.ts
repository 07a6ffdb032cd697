import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { spawnHeadless, startHeadless } from '../support/start-headless'
import { makeTempDir } from '../support/temp-dir'
import { anthropic, says } from '../support/vendors/vendors'

const RUBBISH = Buffer.from('this is no database, but somebody’s only copy of it '.repeat(200))

test('a damaged routex.db is a clear error and is left as it was', async () => {
  const dataDir = await makeTempDir()
  await writeFile(join(dataDir, 'routex.db'), RUBBISH)
  const running = await spawnHeadless({ dataDir })
  const { code } = await running.exited
  expect(code).not.toBe(0)
  expect(running.stderr()).toContain('routex.db')
  expect((await readFile(join(dataDir, 'routex.db'))).equals(RUBBISH)).toBe(true)
})

test('a routex.db of a newer Routex is a clear error and is left as it was', async () => {
  const first = await startHeadless()
  await first.gateway.stop()
  const file = join(first.dataDir, 'routex.db')
  const database = new Database(file)
  database.pragma('user_version = 9999')
  database.close()
  const before = await readFile(file)
  const second = await spawnHeadless({ dataDir: first.dataDir })
  expect((await second.exited).code).not.toBe(0)
  expect(second.stderr()).toContain('routex.db')
  expect(second.stderr()).toMatch(/newer|9999/)
  expect((await readFile(file)).equals(before)).toBe(true)
})

test('a damaged logs.db is set aside under a new name, and a fresh one begun', async () => {
  const dataDir = await makeTempDir()
  await writeFile(join(dataDir, 'logs.db'), RUBBISH)
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const { gateway } = await startHeadless({ dataDir, config: withChannels([channelOf(anthropic, upstream)]) })
  expect((await gateway.ask(anthropic).done).status).toBe(200)
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok' })
  const { setAside } = await gateway.call('stats.writer', {})
  expect(setAside).toBeTruthy()
  const names = await readdir(dataDir)
  const kept = names.find((name) => setAside?.endsWith(name) === true && name !== 'logs.db')
  expect((await readFile(join(dataDir, kept ?? ''))).equals(RUBBISH)).toBe(true)
})
