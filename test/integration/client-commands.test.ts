import { spawn } from 'node:child_process'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { filesBelow } from '../support/clients-world'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { startHeadless, type HeadlessProcess } from '../support/start-headless'
import { makeTempDir } from '../support/temp-dir'
import { openaiResponses, says } from '../support/vendors/vendors'

// Each starts a program several times.
vi.setConfig({ testTimeout: 60_000 })

const root = resolve(import.meta.dirname, '../..')
const PROGRAM = join(root, 'out/main/headless.js')
const NODE = join(root, 'node_modules/.bin/node')

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A user with a Routex that runs, and a terminal. */
async function openTerminal() {
  const home = await makeTempDir()
  const upstream = await startFakeUpstream()
  upstream.always(says(openaiResponses, { text: 'an answer' }))
  const config = withChannels([channelOf(openaiResponses, upstream, { models: ['gpt-9'] })])
  const env = { HOME: home, PATH: `${join(home, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`, XDG_CONFIG_HOME: '' }
  const running = await startHeadless({ config, env })

  const type = async (line: string, more: Readonly<Record<string, string>> = {}): Promise<Outcome> => {
    const [command = '', ...words] = line.split(' ')
    const at = words.indexOf('--')
    const dataDir = ['--data-dir', running.dataDir]
    const args = at < 0 ? [...words, ...dataDir] : [...words.slice(0, at), ...dataDir, ...words.slice(at)]
    const child = spawn(NODE, [PROGRAM, command, ...args], {
      env: { ...process.env, ...env, ...more },
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const told = { stdout: '', stderr: '' }
    child.stdout.on('data', (bytes: Buffer) => (told.stdout += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (told.stderr += bytes.toString()))
    const code = await new Promise<number | null>((settle) => child.once('close', settle))
    return { code, ...told }
  }
  const place = async (path: string, text: string, mode = 0o644): Promise<void> => {
    await mkdir(join(home, path, '..'), { recursive: true })
    await writeFile(join(home, path), text, { mode })
  }
  return { home, running, type, place }
}

test('an assistant is looked at, shown, connected, tested and restored, byte for byte', async () => {
  const { home, type, place } = await openTerminal()
  await place('.codex/config.toml', '# mine\nmodel = "gpt-9"')
  await place('bin/codex', '#!/bin/sh\n', 0o755)
  const before = await filesBelow(home)
  const listed = await type('clients list')
  expect([listed.code, listed.stderr]).toEqual([0, ''])
  expect(listed.stdout).toMatch(/^Codex +codex +direct$/m)
  expect(listed.stdout).toMatch(/^Gemini CLI +gemini-cli +not found$/m)

  const diff = await type('clients diff codex')
  expect(diff.code).toBe(0)
  expect(diff.stdout).toContain('+model_provider = "routex"\n')
  expect(diff.stdout).toContain('experimental_bearer_token = "••••"')
  expect(await filesBelow(home)).toEqual(before)

  const applied = await type('clients apply codex')
  expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('Codex: connected') as unknown })
  expect(applied.stdout).toMatch(/experimental_bearer_token ••••\S{4}$/m)
  expect(await readFile(join(home, '.codex/config.toml'), 'utf8')).toContain('# mine\nmodel = "gpt-9"\nmodel_provider')
  const tested = await type('clients test codex')
  expect(tested).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('It works: main answered with 200') as unknown
  })

  const restored = await type('clients restore codex')
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('Codex: restored') as unknown })
  expect(await filesBelow(home)).toEqual(before)
})

test('a test that a nearer file makes worthless says so', async () => {
  const { type, place } = await openTerminal()
  await type('clients apply opencode --create-folders')
  await place('opencode.json', '{"model": "other/model"}')
  const { code, stdout } = await type('clients test opencode')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Its settings work, but here something beats them: .*\n[^]*opencode\.json sets a model/)
})

test('with --json the answers of the API are printed', async () => {
  const { type } = await openTerminal()
  const { stdout } = await type('clients apply codex --create-folders --json')
  expect(JSON.parse(stdout)).toMatchObject({ client: { id: 'codex', state: { kind: 'connected' } } })
  const listed = JSON.parse((await type('clients list --json')).stdout) as { clients: { id: string }[] }
  expect(listed.clients.map(({ id }) => id)).toContain('codex')
})

test('what can not be done ends with 1 and says why, bad arguments end with 2', async () => {
  const { type, place } = await openTerminal()
  const missing = await type('clients apply codex')
  expect(missing).toMatchObject({ code: 1, stdout: '' })
  expect(missing.stderr).toMatch(/^routex: \S+\.codex is not there: .* with --create-folders$/m)
  await place('.codex/config.toml', 'model = ')
  const broken = await type('clients diff codex')
  expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('config.toml does not parse: line 1')])
  expect((await type('clients restore codex')).code).toBe(1)
  expect((await type('clients test codex')).code).toBe(1)
  expect((await type('clients apply codx')).code).toBe(2)
  expect((await type('clients apply gemini-cli --model opus=x')).code).toBe(2)
  const help = await type('clients --help')
  expect([help.code, help.stdout]).toEqual([0, expect.stringMatching(/^Usage: routex clients list/)])
})

test('the environment is printed for a shell, which then has it', async () => {
  const { type } = await openTerminal()
  const { code, stdout } = await type('env claude-code')
  expect(code).toBe(0)
  const child = spawn('sh', ['-c', `${stdout}\nprintf '%s %s' "$ANTHROPIC_BASE_URL" "\${ANTHROPIC_API_KEY-unset}"`], {
    env: { ANTHROPIC_API_KEY: 'sk-shell' }
  })
  let printed = ''
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()))
  await new Promise((settle) => child.once('close', settle))
  expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+ unset$/)
})

test('an assistant that needs arguments goes through Routex in the shell that took its environment', async () => {
  const { home, type, place } = await openTerminal()
  await place('bin/codex', '#!/bin/sh\necho "$@"\necho "key=$ROUTEX_KEY"\n', 0o755)
  const { code, stdout } = await type('env codex')
  expect(code).toBe(0)
  const child = spawn('sh', ['-c', `eval "$TEXT"; codex exec 'two words'`], {
    env: { TEXT: stdout, PATH: `${join(home, 'bin')}${delimiter}/bin${delimiter}/usr/bin` }
  })
  let printed = ''
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()))
  await new Promise((settle) => child.once('close', settle))
  expect(printed).toMatch(
    /^-c model_provider=routex .*-c model_providers\.routex\.base_url=http:\S+\/v1 .*exec two words\nkey=rtx-\S+\n$/
  )
})

test('an assistant is run with its environment and its exit code, and none of its files is touched', async () => {
  const { home, type, place } = await openTerminal()
  const script = '#!/bin/sh\necho "$@"\necho "key=$ROUTEX_KEY openai=${OPENAI_API_KEY-unset}"\nexit 7\n'
  await place('bin/codex', script, 0o755)
  const before = await filesBelow(home)
  const { code, stdout } = await type('run codex -- exec --flag')
  expect(code).toBe(7)
  expect(stdout).toMatch(/-c model_providers\.routex\.base_url=http:\S+\/v1 .*exec --flag\nkey=rtx-\S+ openai=unset\n/)
  expect(await filesBelow(home)).toEqual(before)
  const missing = await type('run opencode')
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('opencode could not be started')])
})

test('conflicts of the shell that asks are told, by name alone', async () => {
  const { type, place } = await openTerminal()
  await place('.gemini/settings.json', '{}')
  const { stdout } = await type('clients list', { GEMINI_API_KEY: 'a-secret-of-the-shell' })
  expect(stdout).toContain('! GEMINI_API_KEY of the shell beats the .env')
  expect(stdout).toContain('Unset GEMINI_API_KEY where the client is started')
  expect(stdout).not.toContain('a-secret-of-the-shell')
})

test('the way to the API is the user’s alone, goes with the process, and is another at each start', async () => {
  const { running } = await openTerminal()
  const path = join(running.dataDir, 'control.json')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const text = await readFile(path, 'utf8')
  expect(text).not.toContain(running.gateway.management.token)
  await stop(running)
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('where nothing runs it is said, also after a crash', async () => {
  const { running, type } = await openTerminal()
  running.signal('SIGKILL')
  await running.exited
  const { code, stderr } = await type('clients list')
  expect([code, stderr]).toEqual([1, expect.stringContaining('no Routex runs here')])
})

test('B40 after a crash the clients that are connected are named at the next start, until the user has said', async () => {
  const { home, running, type } = await openTerminal()
  await type('clients apply codex --create-folders')
  running.signal('SIGKILL')
  await running.exited
  const next = await startHeadless({ dataDir: running.dataDir, env: { HOME: home } })
  expect(next.stderr()).toContain('these clients stayed connected')
  const list = () => next.gateway.call('clients.list', {})
  expect((await list()).afterCrash).toEqual({ since: expect.any(Number) as unknown })
  expect((await list()).clients.find(({ id }) => id === 'codex')?.state).toMatchObject({
    kind: 'connected',
    outdated: []
  })
  await next.gateway.call('clients.keep', {})
  expect((await list()).afterCrash).toBeNull()
})

async function stop(running: HeadlessProcess): Promise<void> {
  running.signal('SIGTERM')
  await running.exited
}
