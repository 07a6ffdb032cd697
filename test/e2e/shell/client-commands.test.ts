import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTempDir } from '../../support/temp-dir'
import { callFromPage, openDesktop } from './open-desktop'

/** What the terminal of the test leaves behind instead of a window. */
const TERMINAL =
  '#!/bin/sh\n{ echo "$@"; env; pwd; } > "$HOME/terminal.tmp" && mv "$HOME/terminal.tmp" "$HOME/terminal.txt"\n'

async function openWithHome() {
  const home = await makeTempDir()
  await mkdir(join(home, 'bin'))
  for (const [name, text] of Object.entries({ claude: '#!/bin/sh\n', terminal: TERMINAL })) {
    await writeFile(join(home, 'bin', name), text, { mode: 0o755 })
  }
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: '',
    PATH: `${join(home, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    TERMINAL: join(home, 'bin', 'terminal'),
    ANTHROPIC_API_KEY: 'sk-of-the-shell'
  }
  const desktop = await openDesktop({ env })
  return { home, env, desktop, page: await desktop.page() }
}

/** The packaged program as the command line. */
async function type(desktop: { readonly userData: string }, env: Record<string, string>, words: readonly string[]) {
  const child = fork('out/main/index.js', [...words, '--data-dir', desktop.userData], {
    execArgv: ['--import', './test/support/electron/register.mjs'],
    env: { ...process.env, ...env, SHIM_USER_DATA: join(desktop.userData, 'none') },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc']
  })
  const told = { stdout: '', stderr: '' }
  child.stdout?.on('data', (bytes: Buffer) => (told.stdout += bytes.toString()))
  child.stderr?.on('data', (bytes: Buffer) => (told.stderr += bytes.toString()))
  const code = await new Promise<number | null>((settle) => child.once('close', settle))
  return { code, ...told }
}

test('the app’s own program is its command line, also while the gateway is off', async () => {
  const { desktop, env, home, page } = await openWithHome()
  const applied = await type(desktop, env, ['clients', 'apply', 'codex', '--create-folders'])
  expect(applied.stderr).toBe('')
  expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('Codex: connected') as unknown })
  const { clients } = await callFromPage(page, 'clients.list', {})
  expect(clients.find(({ id }) => id === 'codex')?.state).toMatchObject({ kind: 'connected' })
  await callFromPage(page, 'gateway.setState', { state: 'off' })
  expect(await type(desktop, env, ['clients', 'restore', 'codex'])).toMatchObject({ code: 0 })
  expect(existsSync(join(home, '.codex'))).toBe(false)
})

test('the gateway’s port serves no API, and the way to it is the user’s alone', async () => {
  const { desktop, page } = await openWithHome()
  const { url } = await callFromPage(page, 'gateway.status', {})
  const path = join(desktop.userData, 'control.json')
  const control = JSON.parse(await readFile(path, 'utf8')) as { url: string; token: string }
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const ask = (base: string, token: string) =>
    fetch(`${base}/api/gateway.status`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
  expect((await ask(url ?? '', control.token)).status).toBe(404)
  expect((await ask(control.url, 'x')).status).toBe(401)
  expect((await ask(control.url, control.token)).status).toBe(200)
  expect((await fetch(`${control.url}/v1/messages`, { method: 'POST' })).status).toBe(404)
})

test.runIf(process.platform === 'linux')('a client is opened in a terminal with its environment', async () => {
  const { home, page } = await openWithHome()
  const { clients } = await callFromPage(page, 'clients.list', {})
  expect(clients.find(({ id }) => id === 'claude-code')).toMatchObject({ found: true, canLaunch: true })
  const { conflicts } = await callFromPage(page, 'clients.launch', { client: 'claude-code', folder: join(home, 'bin') })
  expect(conflicts).toEqual([])
  await expect.poll(() => existsSync(join(home, 'terminal.txt'))).toBe(true)
  const seen = await readFile(join(home, 'terminal.txt'), 'utf8')
  expect(seen).toMatch(/^ANTHROPIC_AUTH_TOKEN=rtx-\S+$/m)
  expect(seen).toMatch(/^ANTHROPIC_BASE_URL=http:\/\/127\.0\.0\.1:\d+$/m)
  expect(seen).not.toContain('sk-of-the-shell')
  expect(seen.split('\n')[0]).toContain(join(home, 'bin', 'claude'))
  expect(seen.trimEnd().split('\n').at(-1)).toBe(join(home, 'bin'))
  expect(existsSync(join(home, '.claude'))).toBe(false)
})
