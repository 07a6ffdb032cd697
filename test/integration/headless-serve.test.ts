import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { main } from '../../src/main/cli/main'
import { makeTempDir } from '../support/temp-dir'

/** The command inside this process, so that what it does is counted as covered. */
async function runMain(...args: readonly string[]) {
  const told = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    const write = vi.spyOn(process[name], 'write').mockImplementation((text) => {
      told[name] += text.toString()
      return true
    })
    onTestFinished(() => write.mockRestore())
  }
  const files = {
    uiRoot: join(await makeTempDir(), 'none'),
    workerUrl: new URL(inject('logWorkerUrl')),
    tokenWorkerUrl: new URL(inject('tokenWorkerUrl'))
  }
  return { told, ended: main(args, files) }
}

test('it listens, ends gracefully at SIGTERM, and leaves no listener behind', async () => {
  const before = process.listenerCount('SIGTERM')
  const dataDir = await makeTempDir()
  const { told, ended } = await runMain('serve', '--json', '--port', '0', '--data-dir', dataDir, '--log-level', 'error')
  await expect.poll(() => told.stdout, { timeout: 10_000 }).not.toBe('')
  const { gateway, ui } = JSON.parse(told.stdout) as { gateway: string; ui: string | null }
  expect((await fetch(`${gateway}/health`)).status).toBe(200)
  expect(ui).toBeNull()
  process.emit('SIGTERM', 'SIGTERM')
  expect(await ended).toBe(0)
  await expect(fetch(`${gateway}/health`)).rejects.toThrow()
  expect([process.listenerCount('SIGTERM'), told.stderr]).toEqual([before, ''])
})

test('a port that is taken ends with 3, and the data folder is free again', async () => {
  const dataDir = await makeTempDir()
  const first = await runMain('serve', '--json', '--port', '0', '--data-dir', dataDir, '--log-level', 'error')
  await expect.poll(() => first.told.stdout, { timeout: 10_000 }).not.toBe('')
  const { gateway } = JSON.parse(first.told.stdout) as { gateway: string }
  const other = join(dataDir, 'other')
  const second = await runMain('serve', '--port', new URL(gateway).port, '--data-dir', other)
  expect(await second.ended).toBe(3)
  expect(second.told.stderr).toContain(`routex: Port ${new URL(gateway).port} on 127.0.0.1 is taken`)
  const third = await runMain('serve', '--port', '0', '--data-dir', dataDir)
  expect([await third.ended, third.told.stderr]).toEqual([3, expect.stringContaining('is in use by Routex')])
  process.emit('SIGINT', 'SIGINT')
  expect(await first.ended).toBe(0)
})

test('a bad config file ends with 2 before anything is opened', async () => {
  const dataDir = await makeTempDir()
  const config = join(dataDir, 'routex.json')
  await writeFile(config, '{ "settings": { "port": -1 } }')
  const { told, ended } = await runMain('serve', '--config', config, '--data-dir', join(dataDir, 'data'))
  expect(await ended).toBe(2)
  expect(told.stderr).toContain('settings.port: must be a whole number from 0 to 65535')
})

test('a host of another machine ends with 2, beside what else is wrong, unless the command line names one', async () => {
  const dataDir = await makeTempDir()
  const config = join(dataDir, 'routex.json')
  const channel = { name: 'loop', protocol: 'anthropic', baseUrl: 'http://gateway.example:8080' }
  await writeFile(config, JSON.stringify({ settings: { host: 'gateway.example' }, channels: [channel] }))
  const { told, ended } = await runMain('serve', '--config', config, '--data-dir', join(dataDir, 'data'))
  expect(await ended).toBe(2)
  expect(told.stderr).toContain('settings.host: must be 127.0.0.1, 0.0.0.0 or another address or name of this machine')
  expect(told.stderr).toContain('channels[0].baseUrl: must not be the address of Routex itself')

  const overridden = ['--host', '127.0.0.1', '--port', '0', '--log-level', 'error']
  const named = await runMain('serve', '--config', config, '--data-dir', join(dataDir, 'other'), ...overridden)
  await expect.poll(() => named.told.stdout, { timeout: 10_000 }).not.toBe('')
  process.emit('SIGTERM', 'SIGTERM')
  expect(await named.ended).toBe(0)
})

test('a host of another machine is refused while it runs as it is at the start', async () => {
  const dataDir = await makeTempDir()
  const config = join(dataDir, 'routex.json')
  await writeFile(config, '{}')
  const quiet = ['--json', '--port', '0', '--log-level', 'error']
  const { told, ended } = await runMain('serve', ...quiet, '--config', config, '--data-dir', join(dataDir, 'data'))
  await expect.poll(() => told.stdout, { timeout: 10_000 }).not.toBe('')
  const { gateway } = JSON.parse(told.stdout) as { gateway: string }
  const health = async (): Promise<string> => (await fetch(`${gateway}/health`)).text()
  await writeFile(config, '{ "settings": { "host": "gateway.example" } }')
  await expect.poll(health, { timeout: 5000 }).toContain('settings.host: must be 127.0.0.1')
  process.emit('SIGTERM', 'SIGTERM')
  expect(await ended).toBe(0)
})

test('help, version and mistakes are answered without a start', async () => {
  const help = await runMain('--help')
  expect([await help.ended, help.told.stdout]).toEqual([0, expect.stringContaining('Usage: routex serve')])
  const mistake = await runMain('start')
  expect([await mistake.ended, mistake.told.stderr]).toEqual([2, expect.stringContaining('the commands are serve')])
})
