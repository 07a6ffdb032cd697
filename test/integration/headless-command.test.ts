import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { startFakeUpstream } from '../support/fake-upstream'
import { spawnHeadless, startHeadless } from '../support/start-headless'
import { makeTempDir } from '../support/temp-dir'
import { VENDORS, openaiChat, says } from '../support/vendors/vendors'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
const PROGRAM = join(root, 'out/main/headless.js')
const NODE = join(root, 'node_modules/.bin/node')

/** The command as a person types it. Ends with the test. */
async function type(args: readonly string[], env: Record<string, string> = {}) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run npx electron-vite build`)
  const dataDir = join(await makeTempDir(), 'data')
  const line = args[0] === 'serve' ? [...args, '--data-dir', dataDir] : args
  const child = spawn(NODE, [PROGRAM, ...line], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
  const exited = new Promise<number | null>((settle) => child.once('close', settle))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { exited, stdout: () => stdout, stderr: () => stderr }
}

async function configFile(text: string): Promise<string> {
  const path = join(await makeTempDir(), 'routex.json')
  await writeFile(path, text)
  return path
}

test('the first line with --json is the listening event, its fields in order', async () => {
  const { gateway, stdout } = await startHeadless({ args: ['--no-ui'] })
  const line = JSON.parse(stdout()) as Record<string, unknown>
  expect(Object.keys(line)).toEqual(['event', 'gateway', 'ui', 'managementToken', 'clientKey'])
  expect(line).toMatchObject({ event: 'listening', gateway: gateway.url, ui: null, clientKey: gateway.key })
})

test.each(VENDORS)('the curl line for a channel of $protocol works when it is pasted', async (vendor) => {
  const upstream = await startFakeUpstream()
  upstream.always(says(vendor, { text: 'an answer from upstream' }))
  const channel = { name: 'main', protocol: vendor.protocol, baseUrl: upstream.url, apiKey: 'sk-x', models: ['*'] }
  const config = await configFile(JSON.stringify({ channels: [channel] }))
  const { stdout } = await type(['serve', '--port', '0', '--config', config])
  await expect.poll(stdout, { timeout: 10_000 }).toContain('curl ')
  const line = /^ *(curl .*)$/m.exec(stdout())?.[1] ?? ''
  const answer = await run('sh', ['-c', `${line} --silent`])
  expect(answer.stdout).toContain('an answer from upstream')
})

test('a fresh start prints gateway, UI and key, and its curl line gets the Demo to answer', async () => {
  const { stdout } = await type(['serve', '--port=0'])
  await expect.poll(stdout, { timeout: 10_000 }).toContain('curl ')
  const url = /Gateway +(\S+)/.exec(stdout())?.[1] ?? ''
  const ui = /UI +(\S+)/.exec(stdout())?.[1] ?? ''
  expect(ui).toMatch(new RegExp(`^${url}/ui/#token=\\S{43}$`))
  const line = /^ *(curl .*)$/m.exec(stdout())?.[1] ?? ''
  expect((await run('sh', ['-c', `${line} --silent`])).stdout).toContain('[Routex demo]')
  const page = await fetch(ui)
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>Routex</title>')])
})

test('the management token can be set, and a short one is refused', async () => {
  const token = 'a-token-of-the-operator'
  const { gateway } = await startHeadless({ env: { ROUTEX_MANAGEMENT_TOKEN: token } })
  expect(gateway.management.token).toBe(token)
  expect(await gateway.call('gateway.status', {})).toMatchObject({ state: 'on' })
  const short = await spawnHeadless({ env: { ROUTEX_MANAGEMENT_TOKEN: 'short' } })
  expect((await short.exited).code).toBe(2)
  expect(short.stderr()).toContain('ROUTEX_MANAGEMENT_TOKEN: must be at least 16')
})

test('help and version end with 0', async () => {
  const help = await type(['--help'])
  expect([await help.exited, help.stdout()]).toEqual([0, expect.stringMatching(/^Usage: routex serve/)])
  const version = await type(['--version'])
  expect([await version.exited, version.stdout()]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)])
})

test('bad arguments end with 2, each told with what is allowed', async () => {
  const { exited, stdout, stderr } = await type(['serve', '--port', '70000', '--log-level=loud', '--jsn'])
  expect([await exited, stdout()]).toEqual([2, ''])
  expect(stderr()).toContain('--port: must be a whole number from 0 to 65535')
  expect(stderr()).toContain('--log-level: must be one of debug, info, warn, error, silent')
  expect(stderr()).toContain('--jsn: is not known; did you mean --json?')
})

test.each([
  ['{ "settings": { "port": "x" } }', 'settings.port: must be a whole number from 0 to 65535'],
  ['{ "channels": [\n  { "name": }\n] }', 'line 2, column 13: value expected'],
  ['{ "chanels": [] }', 'chanels: is not known; did you mean "channels"?'],
  [
    '{ "clientKeys": [{ "name": "a", "key": "${ROUTEX_TEST_UNSET}" }] }',
    'clientKeys[0].key: needs the environment variable ROUTEX_TEST_UNSET'
  ],
  ['{ "settings": { "host": "0.0.0.0", "keyRequired": false } }', 'settings.keyRequired: must be true'],
  [
    '{ "channels": [{ "name": "a", "protocol": "gemini", "baseUrl": "http://localhost:1234" }], "settings": { "port": 1234 } }',
    'channels[0].baseUrl: must not be the address of Routex itself'
  ],
  [
    '{ "clientKeys": [{ "name": "a", "key": "a-key-that-is-long-enough", "budget": { "period": "day", "limitUsd": 1, "then": "switch", "switchTo": "Nope" } }] }',
    'clientKeys[0].budget.switchTo: must be the id or the name of another channel'
  ]
])('the config file %s ends with 2 and its path', async (text, problem) => {
  const { exited, stdout, stderr } = await type(['serve', '--config', await configFile(text)])
  expect([await exited, stdout()]).toEqual([2, ''])
  expect(stderr()).toContain(problem)
})

test('a config file that is not there, and an address that is not of this machine, end with 2', async () => {
  const missing = await type(['serve', '--config', '/nonexistent/routex.json'])
  expect([await missing.exited, missing.stderr()]).toEqual([2, expect.stringContaining('does not exist')])
  const elsewhere = await type(['serve', '--host', '192.0.2.1', '--port', '0'])
  expect([await elsewhere.exited, elsewhere.stderr()]).toEqual([
    2,
    expect.stringContaining('no address of this machine')
  ])
})

test('a config file that goes bad while running is told on stderr and in /health, until it is good again', async () => {
  const { gateway, stderr } = await startHeadless()
  const health = async () => (await (await fetch(`${gateway.url}/health`)).json()) as Record<string, unknown>
  expect(await health()).toMatchObject({ live: true, ready: true, configError: null })
  const place = async (text: string) => {
    await writeFile(`${gateway.configPath}.new`, text)
    await rename(`${gateway.configPath}.new`, gateway.configPath)
  }
  await place('{ "settings": { "strategy": "fastest" } }')
  await expect
    .poll(async () => (await health())['configError'], { timeout: 3000 })
    .toContain('settings.strategy: must be')
  await expect.poll(() => stderr()).toContain('settings.strategy: must be one of')
  await place('{}')
  await expect.poll(async () => (await health())['configError'], { timeout: 3000 }).toBeNull()
})

test('only the start line holds secrets: stderr has none at the most talkative level', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(openaiChat, { text: 'x' }))
  const channel = {
    name: 'main',
    protocol: 'openai-chat',
    baseUrl: upstream.url,
    apiKey: 'sk-upstream-secret'
  } as const
  const started = await startHeadless({
    config: { channels: [channel], clientKeys: [{ name: 'test', key: 'rtx-secret-0123456789' }] },
    args: ['--log-level', 'debug']
  })
  await started.gateway.ask(openaiChat).done
  await started.gateway.call('channels.list', {})
  started.signal('SIGTERM')
  expect((await started.exited).code).toBe(0)
  const told = started.stderr()
  for (const secret of ['sk-upstream-secret', 'rtx-secret', started.gateway.management.token])
    expect(told).not.toContain(secret)
})

test('a fault that nothing catches is logged, and ends with 1 and the data folder free', async () => {
  const fault = "process.once('SIGUSR2', () => { throw new Error('a fault of the test') })"
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}` }
  const { dataDir, exited, signal, stderr } = await startHeadless({ env })
  signal('SIGUSR2')
  expect(await exited).toEqual({ code: 1, signal: null })
  expect(stderr()).toContain('a fault of the test')
  await startHeadless({ dataDir })
})
