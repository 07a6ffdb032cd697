import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { FileConfig } from '../../../shared/config-file'
import { FakeClock } from '../../../../test/support/fake-clock'
import { silentLogger } from '../../../../test/support/silent-logger'
import type { Clock } from '../../../shared/ports'
import type { ConfigFileError } from './config-file-error'
import { loadConfigFile } from './read-config-file'
import { watchConfigFile, type WatchOptions } from './watch-config-file'

const withPort = (port: number) => JSON.stringify({ settings: { port } })
/** The machine's own time, for the one test that is about it. */
const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
  every: (ms, call) => {
    const timer = setInterval(call, ms)
    return () => clearInterval(timer)
  }
}

async function setup(options: Partial<WatchOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'routex-watch-'))
  const path = join(folder, 'routex.json')
  await writeFile(path, withPort(1))
  const clock = new FakeClock()
  const logger = silentLogger()
  const good: FileConfig[] = []
  const bad: ConfigFileError[] = []
  const applied = await loadConfigFile(path, {})
  const watcher = watchConfigFile({
    path,
    env: {},
    clock,
    logger,
    applied,
    onGood: (config) => void good.push(config),
    onBad: (error) => bad.push(error),
    ...options
  })
  onTestFinished(async () => {
    watcher.stop()
    await rm(folder, { recursive: true })
  })
  const ports = () => good.map(({ settings }) => settings.port)
  /** Turns the clock, a look at a time, until the assertion holds. */
  const soon = (assertion: () => void) =>
    vi.waitFor(
      () => {
        clock.advance(250)
        assertion()
      },
      { timeout: 5000, interval: 5 }
    )
  return { folder, path, ports, bad, watcher, clock, logger, soon }
}

test('a change is applied within a second', async () => {
  const { path, ports, bad } = await setup({ clock: realClock })
  await writeFile(path, withPort(2))
  await vi.waitFor(() => expect(ports()).toEqual([2]), { timeout: 1000, interval: 10 })
  expect(bad).toEqual([])
})

test('a file that an editor replaces by a rename is applied', async () => {
  const { folder, path, ports, soon } = await setup()
  await writeFile(join(folder, 'new'), withPort(2))
  await rename(join(folder, 'new'), path)
  await soon(() => expect(ports()).toEqual([2]))
})

test('a symlink that is turned to another file is applied (Kubernetes)', async () => {
  const { folder, path, ports, soon } = await setup()
  await mkdir(join(folder, 'v2'))
  await writeFile(join(folder, 'v2', 'routex.json'), withPort(2))
  await symlink(join('v2', 'routex.json'), join(folder, 'link'))
  await rename(join(folder, 'link'), path)
  await soon(() => expect(ports()).toEqual([2]))
})

test('a bad file keeps what was applied, is told once, and its repair is told too', async () => {
  const { path, ports, bad, soon } = await setup()
  await writeFile(path, '{ "settings": { "port": "x" } }')
  await soon(() => expect(bad).toHaveLength(1))
  expect(bad[0]?.problems).toMatchObject([{ path: 'settings.port', message: 'must be a whole number from 0 to 65535' }])
  await writeFile(path, withPort(1))
  await soon(() => expect(ports()).toEqual([1]))
  expect(bad).toHaveLength(1)
})

test('a file that is gone is told, and applied again when it is back', async () => {
  const { path, ports, bad, soon } = await setup()
  await rm(path)
  await soon(() => expect(bad[0]?.problems[0]?.message).toBe('does not exist'))
  await writeFile(path, withPort(3))
  await soon(() => expect(ports()).toEqual([3]))
})

test('what the program itself refuses is told as a problem of the file', async () => {
  const { path, ports, bad, soon } = await setup({
    check: ({ settings }) => (settings.port === 9 ? [{ path: 'settings.port', message: 'is our own' }] : [])
  })
  await writeFile(path, withPort(9))
  await soon(() => expect(bad[0]?.message).toContain('settings.port: is our own'))
  expect(ports()).toEqual([])
})

test('when applying fails, that is told', async () => {
  const { path, bad, soon } = await setup({ onGood: () => Promise.reject(new Error('disk full')) })
  await writeFile(path, withPort(2))
  await soon(() => expect(bad[0]?.message).toContain('disk full'))
})

test('what could not be applied is told once, and applied when it can be', async () => {
  const disk = { full: true, tries: 0 }
  const { path, bad, logger, soon } = await setup({
    onGood: () => {
      disk.tries += 1
      if (disk.full) throw new Error('disk full')
    }
  })
  await writeFile(path, withPort(2))
  await soon(() => expect(disk.tries).toBe(3))
  expect(bad).toHaveLength(1)
  disk.full = false
  await soon(() => expect(logger.lines.at(-1)?.message).toBe('the config file was applied'))
  expect([bad.length, disk.tries]).toEqual([1, 4])
})

test('a listener that can not be told of a bad file is logged, and the looking goes on', async () => {
  const { path, ports, logger, soon } = await setup({
    onBad: () => {
      throw new Error('ENOSPC: no space left on device')
    }
  })
  await writeFile(path, '{ oops')
  await soon(() => expect(logger.lines.at(-1)?.message).toBe('the state of the config file could not be told'))
  await writeFile(path, withPort(2))
  await soon(() => expect(ports()).toEqual([2]))
})

test('a file whose content means the same is not applied again, and stop ends the looking', async () => {
  const { path, ports, watcher, clock, soon } = await setup()
  await utimes(path, new Date(), new Date())
  await writeFile(path, `${withPort(1)} // the same`)
  await writeFile(path, withPort(1).replace('1', '4'))
  await soon(() => expect(ports()).toEqual([4]))
  watcher.stop()
  expect(clock.pendingTimers).toBe(0)
})
