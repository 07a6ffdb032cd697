import { mkdir, readFile, readdir, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { phrase } from '../../shared/phrase'
import { fixturePath, makeFixtureDatabase } from '../../../test/support/import-fixtures'
import { makeTempDir } from '../../../test/support/temp-dir'

import { readPicked, scan, type Findings } from './findings'
import type { Environment } from './importer'
import { foreignDatabases as databases } from '../api/foreign-databases'

async function makeHome(files: Readonly<Record<string, string>>): Promise<string> {
  const home = await makeTempDir()
  for (const [name, fixture] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true })
    const from = fixture.endsWith('.db.sql') ? await makeFixtureDatabase(fixture) : fixturePath(fixture)
    await writeFile(join(home, name), await readFile(from))
  }
  return home
}

const scanHome = (home: string, environment: Environment = {}): Promise<Findings> =>
  scan({ home, platform: 'linux', environment }, databases)

const HOME = {
  '.claude/settings.json': 'claude-code/settings-relay.json',
  '.claude.json': 'claude-code/claude-subscription.json',
  '.codex/config.toml': 'codex/config-base-url.toml',
  '.codex/auth.json': 'codex/auth-key.json',
  '.gemini/.env': 'gemini-cli/key.env',
  '.config/opencode/opencode.jsonc': 'opencode/opencode.jsonc',
  '.local/share/opencode/auth.json': 'opencode/auth.json',
  '.claude-code-router/config.json': 'claude-code-router/config-v1.json',
  '.cc-switch/cc-switch.db': 'cc-switch/cc-switch.db.sql',
  '.config/better-ccflare/better-ccflare.db': 'ccflare/better-ccflare.db.sql',
  '.config/litellm/config.yaml': 'litellm/config.yaml'
}

test('a scan reads what each program keeps in its own place, and changes nothing there', async () => {
  const home = await makeHome(HOME)
  const before = await Promise.all(Object.keys(HOME).map(async (name) => (await stat(join(home, name))).mtimeMs))

  const found = await scanHome(home)

  expect(new Set(found.accounts.map(({ source }) => source))).toEqual(
    new Set(['claude-code', 'codex', 'gemini-cli', 'opencode', 'claude-code-router', 'cc-switch', 'litellm', 'ccflare'])
  )
  expect(found.files.map(({ path, problem }) => [path, problem]).toSorted()).toEqual(
    Object.keys(HOME)
      .map((name) => [join(home, name), null])
      .toSorted()
  )
  expect(found.notCarried).toContainEqual({
    source: 'claude-code',
    from: join(home, '.claude.json'),
    what: phrase('login'),
    why: phrase('login_of_claude')
  })
  expect(await readdir(join(home, '.cc-switch'))).toEqual(['cc-switch.db'])
  const after = await Promise.all(Object.keys(HOME).map(async (name) => (await stat(join(home, name))).mtimeMs))
  expect(after).toEqual(before)
})

test('an empty machine has nothing to bring in, and its environment has what it has', async () => {
  const home = await makeTempDir()

  expect(await scanHome(home)).toEqual({ files: [], accounts: [], notCarried: [] })
  const { accounts } = await scanHome(home, { ANTHROPIC_API_KEY: 'sk-ant-1', GEMINI_API_KEY: 'AIza-2' })
  expect(accounts.map(({ credential, from, source }) => [source, from, credential?.variable])).toEqual([
    ['claude-code', 'environment', 'ANTHROPIC_API_KEY'],
    ['gemini-cli', 'environment', 'GEMINI_API_KEY']
  ])
})

test('a file that can not be read is told, and costs no other', async () => {
  const home = await makeHome({
    ...HOME,
    '.codex/config.toml': 'hostile/words.txt',
    '.gemini/.env': 'hostile/binary.bin',
    '.cc-switch/cc-switch.db': 'hostile/not-a-database.db'
  })
  await symlink('settings.json', join(home, '.claude', 'loop'))
  await symlink(join(home, 'circle'), join(home, 'circle'))
  await symlink('/dev/zero', join(home, '.env'))
  await mkdir(join(home, '.config', 'ccflare', 'ccflare.db'), { recursive: true })
  const huge = join(home, 'litellm_config.yaml')
  await writeFile(huge, '')
  await truncate(huge, 33 * 1024 * 1024)

  const { accounts, files } = await scanHome(home, { OPENCODE_CONFIG: join(home, 'circle') })

  expect(files.filter(({ problem }) => problem !== null)).toEqual([
    { source: 'codex', path: join(home, '.codex/config.toml'), problem: phrase('file_not_toml_at', { line: '1' }) },
    { source: 'gemini-cli', path: join(home, '.gemini/.env'), problem: phrase('file_not_utf8') },
    { source: 'gemini-cli', path: join(home, '.env'), problem: phrase('file_not_plain') },
    { source: 'opencode', path: join(home, 'circle'), problem: phrase('file_link_loop') },
    { source: 'cc-switch', path: join(home, '.cc-switch/cc-switch.db'), problem: phrase('database_damaged') },
    { source: 'litellm', path: huge, problem: phrase('file_too_long', { size: '32 MiB' }) },
    { source: 'ccflare', path: join(home, '.config/ccflare/ccflare.db'), problem: phrase('file_is_folder') }
  ])
  expect(accounts.filter(({ source }) => source === 'codex').map(({ credential }) => credential?.value)).toEqual([
    'sk-fixture-entered-0012'
  ])
})

test('a link to a plain file is followed, and no copy of a database stays', async () => {
  const home = await makeHome({ 'dotfiles/cc.db': 'cc-switch/cc-switch-old.db.sql' })
  await mkdir(join(home, '.cc-switch'))
  await symlink(join(home, 'dotfiles', 'cc.db'), join(home, '.cc-switch', 'cc-switch.db'))
  const copies = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('routex-import-'))
  const before = await copies()

  const { accounts } = await scanHome(home)

  expect(accounts.map(({ name }) => name)).toEqual(["Zhipu's GLM", 'Codex relay'])
  expect((await copies()).filter((name) => !before.includes(name))).toEqual([])
})

test('what a database’s program has not yet written into it is read from the log beside it', async () => {
  const home = await makeHome({ '.cc-switch/cc-switch.db': 'cc-switch/cc-switch-old.db.sql' })
  const writer = new Database(join(home, '.cc-switch', 'cc-switch.db'))
  onTestFinished(() => void writer.close())
  writer.pragma('journal_mode = WAL')
  writer.exec("UPDATE providers SET name = 'Renamed' WHERE id = 'x-relay'")

  expect((await scanHome(home)).accounts.map(({ name }) => name)).toEqual(["Zhipu's GLM", 'Renamed'])
})

const RELAY = `
model_list:
  - { model_name: a, litellm_params: { model: openai/a, api_key: os.environ/SECRET } }
  - { model_name: b, litellm_params: { model: openai/b, api_base: https://evil.example, api_key: os.environ/SECRET } }
  - { model_name: c, litellm_params: { model: openai/c, api_base: os.environ/ADDRESS, api_key: written } }
`
const environment = { SECRET: 'the secret', ADDRESS: 'https://inside.example/v1', OPENAI_API_KEY: 'sk-of-the-shell' }

test('a file on this machine may refer to Routex’ environment; the shell’s own accounts are none of it', async () => {
  const path = join(await makeTempDir(), 'config.yaml')
  await writeFile(path, RELAY)

  const { accounts, files } = await readPicked('litellm', { kind: 'path', path }, environment, databases)

  expect(files).toEqual([{ source: 'litellm', path, problem: null }])
  expect(accounts.map(({ baseUrl, credential }) => [baseUrl, credential])).toEqual([
    ['https://api.openai.com/v1', { value: 'the secret', variable: 'SECRET' }],
    ['https://evil.example', { value: 'the secret', variable: 'SECRET' }],
    ['https://inside.example/v1', { value: 'written', variable: null }]
  ])
  const settings = { kind: 'text', text: '{}' } as const
  expect((await readPicked('claude-code', settings, { ANTHROPIC_API_KEY: 'sk-ant' }, databases)).accounts).toEqual([])
})

test('a text that was sent has the environment’s keys sent to no address but a vendor’s, and its addresses told to nobody', async () => {
  const found = await readPicked('litellm', { kind: 'text', text: RELAY }, environment, databases)

  expect(found.accounts.map(({ baseUrl, credential }) => [baseUrl, credential?.value])).toEqual([
    ['https://api.openai.com/v1', 'the secret'],
    ['https://evil.example', undefined]
  ])
  expect(found.accounts[1]?.notes).toEqual([phrase('key_variable_kept', { variable: 'SECRET' })])
  expect(JSON.stringify(found)).not.toContain('inside.example')
  const codex = '[model_providers.x]\nbase_url = "https://evil.example"\nenv_http_headers = { A = "SECRET" }\n'
  const { accounts } = await readPicked('codex', { kind: 'text', text: codex }, environment, databases)
  expect(accounts).toMatchObject([
    { headers: {}, headerVariables: {}, notes: [phrase('header_variable_kept', { header: 'A', variable: 'SECRET' })] }
  ])
})

test('a database that was sent is read, with a word on what may stand beside it', async () => {
  const path = await makeFixtureDatabase('cc-switch/cc-switch-old.db.sql')
  const writer = new Database(path)
  writer.pragma('journal_mode = WAL')
  writer.close()

  const found = await readPicked('cc-switch', { kind: 'bytes', bytes: await readFile(path) }, {}, databases)

  expect(found.accounts.map(({ name }) => name)).toEqual(["Zhipu's GLM", 'Codex relay'])
  expect(found.notCarried.map(({ what }) => what)).toEqual([phrase('latest_changes')])
})

test.each([
  ['ccflare', { kind: 'text', text: 'x' }, phrase('file_not_database_of', { program: 'ccflare' })],
  ['ccflare', { kind: 'bytes', bytes: Buffer.from('SQLite format 3\0 and no more') }, phrase('database_damaged')],
  ['cc-switch', { kind: 'bytes', bytes: Buffer.from([0xff, 0xfe]) }, phrase('file_not_utf8')],
  ['cc-switch', { kind: 'text', text: 'INSERT INTO others' }, phrase('file_not_sql_export')],
  ['routex', { kind: 'text', text: '{}' }, phrase('file_not_original_export')],
  ['codex', { kind: 'path', path: '/nowhere/config.toml' }, phrase('file_missing')],
  ['litellm', { kind: 'path', path: '/dev/zero' }, phrase('file_not_plain')],
  ['opencode', { kind: 'path', path: '/' }, phrase('file_is_folder')]
] as const)('for %s, %o: %j', async (source, picked, problem) => {
  const path = picked.kind === 'path' ? picked.path : 'the uploaded file'

  expect(await readPicked(source, picked, {}, databases)).toEqual({
    files: [{ source, path, problem }],
    accounts: [],
    notCarried: []
  })
})
