import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { killHard, printed, runSource } from '../../../test/support/run-source'
import { silentLogger } from '../../../test/support/silent-logger'
import { makeTempDir } from '../../../test/support/temp-dir'
import { lockDataFolder, readDataFolderOwner } from './data-folder-lock'

const services = () => ({ clock: new FakeClock(), logger: silentLogger() })
const ME = { kind: 'headless', since: Date.UTC(2026, 0, 1) } as const

test('B42 a second owner is refused, and the first is named with its process and gateway', async () => {
  const dir = await makeTempDir()
  const lock = await lockDataFolder(dir, ME, services())
  onTestFinished(() => lock.release())
  lock.announce('http://127.0.0.1:8080')

  const second = lockDataFolder(dir, ME, services())

  await expect(second).rejects.toMatchObject({ name: 'StorageError', code: 'data_folder_owned', status: 409 })
  await expect(second).rejects.toThrow(
    `headless, process ${process.pid}, since 2026-01-01T00:00:00.000Z); its gateway is http://127.0.0.1:8080`
  )
  expect(readDataFolderOwner(dir)).toEqual({ pid: process.pid, ...ME, url: 'http://127.0.0.1:8080' })
})

test('B42 a folder that was given free can be owned again, and names nobody meanwhile', async () => {
  const dir = await makeTempDir()
  const first = await lockDataFolder(dir, ME, services())
  first.release()
  first.release()
  expect(readDataFolderOwner(dir)).toBeNull()

  const second = await lockDataFolder(dir, { ...ME, kind: 'desktop' }, services())
  onTestFinished(() => second.release())
  expect([first.endedBadly, second.endedBadly]).toEqual([null, null])

  expect(readDataFolderOwner(dir)).toMatchObject({ kind: 'desktop', url: null })
})

test('B42 another process holds the folder as long as it lives, and no longer after kill -9', async () => {
  const dir = await makeTempDir()
  const source = new URL('./data-folder-lock.ts', import.meta.url).href
  const child = runSource(`
    const { lockDataFolder } = await import(${JSON.stringify(source)})
    const lock = await lockDataFolder(${JSON.stringify(dir)}, { kind: 'desktop', since: 0 }, {})
    console.log('locked')
    setInterval(() => lock, 1000)
  `)
  await printed(child, 'locked')
  await expect(lockDataFolder(dir, ME, services())).rejects.toThrow(`desktop, process ${child.pid ?? 0}`)

  await killHard(child)
  const lock = await lockDataFolder(dir, ME, services())
  onTestFinished(() => lock.release())

  expect(readDataFolderOwner(dir)?.pid).toBe(process.pid)
  expect(lock.endedBadly).toMatchObject({ kind: 'desktop', pid: child.pid })
})

test('B42 an owner file that a crash cut short does not keep the folder from being owned', async () => {
  const dir = await makeTempDir()
  writeFileSync(join(dir, 'owner.json'), '{"pid": 12')
  expect(readDataFolderOwner(dir)).toBeNull()

  const lock = await lockDataFolder(dir, ME, services())
  onTestFinished(() => lock.release())

  writeFileSync(join(dir, 'owner.json'), '{"pid": 12')
  await expect(lockDataFolder(dir, ME, services())).rejects.toThrow('in use by another Routex')
})

test('a new data folder is for its owner alone, an existing one keeps its mode', async () => {
  const parent = await makeTempDir()
  mkdirSync(join(parent, 'shared'), { mode: 0o755 })
  for (const name of ['new/deep', 'shared']) {
    const lock = await lockDataFolder(join(parent, name), ME, services())
    onTestFinished(() => lock.release())
  }

  expect(statSync(join(parent, 'new/deep')).mode & 0o777).toBe(0o700)
  expect(statSync(join(parent, 'shared')).mode & 0o777).toBe(0o755)
  expect(statSync(join(parent, 'shared/lock.db')).mode & 0o777).toBe(0o600)
  expect(statSync(join(parent, 'shared/owner.json')).mode & 0o777).toBe(0o600)
})

test('a data folder that can not be made is refused with the reason', async () => {
  const parent = await makeTempDir()
  writeFileSync(join(parent, 'file'), '')

  await expect(lockDataFolder(join(parent, 'file', 'below'), ME, services())).rejects.toMatchObject({
    code: 'data_folder_unusable',
    message: expect.stringContaining('ENOTDIR') as string
  })
})

test.runIf(process.platform === 'linux')(
  'a data folder where the system takes none is refused at once, with the reason',
  async () => {
    await expect(lockDataFolder('/proc/routex/deep/data', ME, services())).rejects.toMatchObject({
      code: 'data_folder_unusable',
      message: expect.stringContaining('/proc/routex') as string
    })
  }
)

test('a data folder that is gone meanwhile is logged when the gateway’s address changes, and written when it is back', async () => {
  const dir = join(await makeTempDir(), 'data')
  const { clock, logger } = services()
  const lock = await lockDataFolder(dir, ME, { clock, logger })
  onTestFinished(() => lock.release())
  rmSync(dir, { recursive: true })

  lock.announce('http://127.0.0.1:8080')
  expect(logger.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining(dir) as string }])

  mkdirSync(dir)
  clock.advance(5000)
  expect(readDataFolderOwner(dir)?.url).toBe('http://127.0.0.1:8080')
})
