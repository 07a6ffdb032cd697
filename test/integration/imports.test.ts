import { cp, mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ImportPreview } from '../../src/shared/imports'
import { channelOf } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { fixturePath, makeFixtureDatabase } from '../support/import-fixtures'
import type { RunningGateway } from '../support/running-gateway'
import { startGateway } from '../support/start-gateway'
import { makeTempDir } from '../support/temp-dir'
import { anthropic, says } from '../support/vendors/vendors'

/** Where each program keeps its accounts on a machine that has them all. */
const HOME = {
  '.claude/settings.json': 'claude-code/settings-relay.json',
  '.claude.json': 'claude-code/claude-console.json',
  '.codex/config.toml': 'codex/config-providers.toml',
  '.codex/auth.json': 'codex/auth-login.json',
  '.gemini/.env': 'gemini-cli/key.env',
  '.config/opencode/opencode.jsonc': 'opencode/opencode.jsonc',
  '.local/share/opencode/auth.json': 'opencode/auth.json',
  '.claude-code-router/config.json': 'claude-code-router/config-v1.json',
  '.claude-code-router/config.sqlite': 'claude-code-router/config-v3.db.sql',
  '.cc-switch/cc-switch.db': 'cc-switch/cc-switch.db.sql',
  '.config/litellm/config.yaml': 'litellm/config.yaml',
  '.config/better-ccflare/better-ccflare.db': 'ccflare/better-ccflare.db.sql',
  'routex/routex.db': 'routex/routex.db.sql'
}
const ENV = { RELAY_API_KEY: 'env-fixture-relay-0100', ANTHROPIC_API_KEY: 'sk-ant-env-fixture-0101' }

async function makeHome(files: Readonly<Record<string, string>>): Promise<string> {
  const home = await makeTempDir()
  for (const [name, fixture] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true })
    const from = fixture.endsWith('.db.sql') ? await makeFixtureDatabase(fixture) : fixturePath(fixture)
    await cp(from, join(home, name))
  }
  return home
}

/** Every key, token and login of the fixtures. */
async function secretsOf(files: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const texts = await Promise.all(Object.values(files).map((name) => readFile(fixturePath(name), 'utf8')))
  return new Set([...texts, JSON.stringify(ENV)].flatMap((text) => text.match(/[\w-]*fixture[\w-]*\d{4}/g) ?? []))
}

/** All that the events say from now on. */
async function hearEvents({ management }: RunningGateway): Promise<() => string> {
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const headers = { authorization: `Bearer ${management.token}` }
  const response = await fetch(`${management.url}/api/events`, { headers, signal: controller.signal })
  const heard: string[] = []
  const gather = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) heard.push(decoder.decode(chunk, { stream: true }))
  }
  void gather().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error
  })
  return () => heard.join('')
}

const filesUnder = async (dir: string): Promise<readonly string[]> =>
  (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

test('accounts of every program are found, shown and added, and no secret of them stands in an answer, event, log or file', async () => {
  const home = await makeHome(HOME)
  const gateway = await startGateway({ home, env: { ...ENV, DATA_DIR: join(home, 'routex') } })
  const heard = await hearEvents(gateway)

  const preview = await gateway.call('imports.scan', {})
  const able = preview.candidates.filter(({ problem }) => problem === null)
  const applied = await gateway.call('imports.apply', { id: preview.id, picks: able.map(({ key }) => key) })

  expect(preview.files).toEqual(preview.files.map((file) => ({ ...file, problem: null })))
  expect(preview.files.map(({ path }) => path).toSorted()).toEqual(
    Object.keys(HOME)
      .map((name) => join(home, name))
      .toSorted()
  )
  expect(new Set(preview.candidates.map(({ source }) => source)).size).toBe(9)
  expect(preview.candidates.find(({ from }) => from.endsWith('opencode.jsonc'))).toMatchObject({
    name: 'Relay 2',
    credential: { last4: '0100', variable: 'RELAY_API_KEY' }
  })
  expect(applied.added.map(({ name }) => name)).toEqual(able.map(({ name }) => name))
  expect(applied.skipped).toEqual([])
  const names = applied.added.map(({ slug }) => slug)
  expect(new Set(names).size).toBe(names.length)

  const answers = JSON.stringify([
    preview,
    applied,
    await gateway.call('channels.list', {}),
    await gateway.call('backups.list', {}),
    await gateway.call('config.export', {})
  ])
  await gateway.stop()
  const files = await filesUnder(gateway.dataDir)
  const secrets = await secretsOf(HOME)
  expect(secrets.size).toBeGreaterThan(40)
  expect(heard()).toContain('channel.changed')
  for (const secret of secrets) {
    expect(answers, secret).not.toContain(secret)
    expect(heard(), secret).not.toContain(secret)
    expect(gateway.logged.join('\n'), secret).not.toContain(secret)
  }
  for (const file of files) {
    const bytes = await readFile(file)
    for (const secret of secrets) expect(bytes.includes(secret), `${secret} in ${file}`).toBe(false)
  }
})

test('the next request goes through an account that was brought in, with its key', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'brought in' }))
  const gateway = await startGateway()
  const env = { ANTHROPIC_BASE_URL: upstream.url, ANTHROPIC_API_KEY: 'sk-ant-fixture-brought-in' }
  const preview = await gateway.call('imports.read', { source: 'claude-code', text: JSON.stringify({ env }) })

  const { backup } = await gateway.call('imports.apply', { id: preview.id, picks: ['0'] })

  expect((await gateway.ask(anthropic).done).status).toBe(200)
  expect(upstream.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['sk-ant-fixture-brought-in'])
  await gateway.call('backups.restore', { name: backup.name })
  expect((await gateway.call('channels.list', {})).channels.filter(({ managedBy }) => managedBy === 'user')).toEqual([])
})

const problemsIn = ({ candidates, files }: ImportPreview): unknown => [files.map(({ problem }) => problem), candidates]

test('an uploaded file is read within bounds, whatever it holds, and a file of the gateway’s machine is not', async () => {
  const gateway = await startGateway({ env: { SECRET: 'fixture-secret-of-the-gateway' } })
  const database = await readFile(await makeFixtureDatabase('cc-switch/cc-switch.db.sql'))
  const hostile = await readdir(fixturePath('hostile'))

  const upload = await gateway.call('imports.read', { source: 'cc-switch', base64: database.toString('base64') })
  expect(upload.candidates).toHaveLength(7)
  for (const name of hostile) {
    const base64 = (await readFile(fixturePath(`hostile/${name}`))).toString('base64')
    for (const source of ['litellm', 'codex', 'claude-code-router'] as const) {
      const preview = await gateway.call('imports.read', { source, base64 })
      expect(preview.files, name).toHaveLength(1)
    }
  }
  const bomb = await readFile(fixturePath('hostile/bomb.yaml'), 'utf8')
  expect(problemsIn(await gateway.call('imports.read', { source: 'litellm', text: bomb }))).toEqual([
    ['it is no YAML that can be read: an alias leads nowhere, or far too many do'],
    []
  ])
  const asked = '[model_providers.x]\nbase_url = "https://elsewhere.example"\nenv_key = "SECRET"\n'
  expect((await gateway.call('imports.read', { source: 'codex', text: asked })).candidates).toMatchObject([
    { baseUrl: 'https://elsewhere.example', credential: null, notes: [expect.stringContaining('SECRET') as string] }
  ])
  await expect(gateway.call('imports.read', { source: 'codex', path: '/etc/passwd' })).rejects.toMatchObject({
    status: 400
  })
  await expect(
    gateway.call('imports.read', { source: 'litellm', text: 'x'.repeat(17 * 1024 * 1024) })
  ).rejects.toMatchObject({ status: 413 })
})

// Each use of a passphrase costs hundreds of milliseconds of a whole core, which it is for.
const SLOW = 60_000

test(
  'a configuration goes to another machine under a passphrase, keys and clients with it',
  async () => {
    const upstream = await startFakeUpstream()
    upstream.always(says(anthropic, { text: 'moved' }))
    const [from, to] = [await startGateway(), await startGateway()]
    const secret = 'sk-ant-fixture-that-moves'
    await from.call('channels.create', channelOf(anthropic, upstream, { apiKey: secret }))
    const client = (await from.call('clientKeys.create', { name: 'laptop' })).secret
    const passphrase = 'a passphrase of some words'

    const { text } = await from.call('config.exportEncrypted', { passphrase })
    const wrong = to.call('config.importEncrypted', { text, passphrase: 'another passphrase' })
    await expect(wrong).rejects.toMatchObject({ status: 422, code: 'passphrase_wrong' })
    const { savedAs } = await to.call('config.importEncrypted', { text, passphrase })

    expect(savedAs.reason).toBe('import')
    expect((await to.ask(anthropic, { key: client }).done).status).toBe(200)
    expect(upstream.requests.map(({ headers }) => headers['x-api-key'])).toEqual([secret])
    const told = JSON.stringify([savedAs, text, from.logged, to.logged])
    for (const hidden of [secret, client, passphrase]) expect(told).not.toContain(hidden)
    await to.stop()
    for (const file of await filesUnder(to.dataDir)) {
      for (const hidden of [secret, client]) expect((await readFile(file)).includes(hidden), file).toBe(false)
    }
  },
  SLOW
)
