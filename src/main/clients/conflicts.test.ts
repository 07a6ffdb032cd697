import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeClientsWorld, type ClientsWorld } from '../../../test/support/clients-world'
import type { ClientId } from '../../shared/clients'

/** Conflicts of a client that is there, as `code subject`. */
async function conflictsOf(world: ClientsWorld, client: ClientId, asked = {}): Promise<readonly string[]> {
  const { conflicts } = await world.connections.preview(client, 'apply', undefined, asked)
  return conflicts.map(({ code, subject }) => `${code} ${subject}`)
}

test('a credential of the shell that is sent beside ours is named with where it stands, and suppressed in the file', async () => {
  const world = await makeClientsWorld({ env: { ANTHROPIC_API_KEY: 'sk-x' } })
  await world.place('.zshrc', '# keys\nexport ANTHROPIC_API_KEY="sk-x"\n')
  await world.place('.claude/settings.json', '{}')
  const { conflicts } = await world.connections.preview('claude-code', 'apply', undefined, {})
  expect(conflicts).toEqual([
    {
      code: 'variable_sent_too',
      severity: 'notes',
      subject: 'ANTHROPIC_API_KEY',
      place: join(world.home, '.zshrc'),
      line: 2,
      message: expect.stringContaining('sent beside our token') as unknown,
      fix: `Take ANTHROPIC_API_KEY out of ${join(world.home, '.zshrc')}, line 2 and open a new terminal`
    }
  ])
  await world.connections.apply('claude-code', {})
  expect(await world.read('.claude/settings.json')).toContain('"ANTHROPIC_API_KEY": ""')
  await world.connections.restore('claude-code')
  expect(await world.read('.claude/settings.json')).toBe('{}')
})

test('without such a credential none is written', async () => {
  const world = await makeClientsWorld()
  await world.connections.apply('claude-code', { createFolders: true })
  expect(await world.read('.claude/settings.json')).not.toContain('ANTHROPIC_API_KEY')
})

test('a variable of where the question was asked counts as well', async () => {
  const world = await makeClientsWorld()
  expect(await conflictsOf(world, 'claude-code', { variables: ['CLAUDE_CODE_USE_BEDROCK'] })).toEqual([
    'variable_diverts CLAUDE_CODE_USE_BEDROCK'
  ])
})

test('settings of the project, other clouds and helpers of Claude Code are told', async () => {
  const world = await makeClientsWorld()
  const folder = join(world.home, 'work')
  await world.place('.claude/settings.json', '{"apiKeyHelper": "x", "env": {"CLAUDE_CODE_USE_VERTEX": "1"}}')
  await world.place('work/.claude/settings.json', '{"env": {"ANTHROPIC_AUTH_TOKEN": "x"}}')
  await world.place('work/.claude/settings.local.json', '{"env": {"ANTHROPIC_BASE_URL": "https://x.example"}}')
  expect(await conflictsOf(world, 'claude-code', { folder })).toEqual([
    'setting_diverts CLAUDE_CODE_USE_VERTEX',
    'setting_sent_too apiKeyHelper',
    'nearer_file_wins ANTHROPIC_BASE_URL',
    'nearer_file_wins ANTHROPIC_AUTH_TOKEN'
  ])
  expect(await conflictsOf(world, 'claude-code', { folder: world.home })).toHaveLength(2)
})

test.each([
  ['claude-code', '.claude/settings.json', '{\n  // mine\n}', 'a comment (line 2, column 3)'],
  ['claude-code', '.claude/settings.json', '{"a": 1,}', 'a comma before the closing bracket'],
  ['gemini-cli', '.gemini/settings.json', '\uFEFF{}', 'a byte order mark'],
  ['gemini-cli', '.gemini/settings.json', '{"a": 1,}', 'a comma before the closing bracket']
] as const)('%s: what its own parser refuses is told: %j %j', async (client, path, text, what) => {
  const world = await makeClientsWorld()
  await world.place(path, text)
  const { conflicts } = await world.connections.preview(client, 'apply', undefined, {})
  expect(conflicts).toMatchObject([{ code: 'client_refuses_file', severity: 'blocks' }])
  expect(conflicts[0]?.message).toContain(what)
})

test.each([
  ['claude-code', '.claude/settings.json', '\uFEFF{}'],
  ['gemini-cli', '.gemini/settings.json', '{ // mine\n}'],
  ['opencode', '.config/opencode/opencode.jsonc', '\uFEFF{ // mine\n "theme": "x", }']
] as const)('%s: what its own parser takes is no conflict: %j %j', async (client, path, text) => {
  const world = await makeClientsWorld()
  await world.place(path, text)
  expect(await conflictsOf(world, client)).toEqual([])
})

test('a profile of Codex with a provider of its own is told, a variable of OpenAI is not', async () => {
  const world = await makeClientsWorld({ env: { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: 'https://x.example' } })
  await world.place('.codex/config.toml', 'profile = "work"\n[profiles.work]\nmodel_provider = "azure"\n')
  expect(await conflictsOf(world, 'codex')).toEqual(['setting_diverts profile'])
})

test('a folder that another shell’s variable moves is told, one that Routex has too is followed', async () => {
  const world = await makeClientsWorld()
  await world.place('.bashrc', 'export CODEX_HOME=$HOME/elsewhere\n')
  expect(await conflictsOf(world, 'codex')).toEqual(['variable_moves_folder CODEX_HOME'])
  const moved = await makeClientsWorld({ like: world, env: { CODEX_HOME: join(world.home, 'elsewhere') } })
  expect(await conflictsOf(moved, 'codex')).toEqual([])
  expect((await moved.connections.view('codex')).folder).toBe(join(world.home, 'elsewhere'))
})

test('Gemini CLI: the shell’s variables win, unless they are the same', async () => {
  const env = { GEMINI_API_KEY: 'x', GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:8080' }
  const world = await makeClientsWorld({ env })
  await world.connections.apply('gemini-cli', { createFolders: true })
  expect(await conflictsOf(world, 'gemini-cli')).toEqual(['variable_wins GEMINI_API_KEY'])
})

test('Gemini CLI: the nearest .env is the only one that is read, and an untrusted folder reads none', async () => {
  const world = await makeClientsWorld()
  await world.place('.gemini/.env', '')
  await world.place('work/.env', 'A=1\n')
  await world.place('work/deep/x', '')
  await world.place('other/x', '')
  const at = (folder: string) => conflictsOf(world, 'gemini-cli', { folder: join(world.home, folder) })
  expect(await at('work/deep')).toEqual(['nearer_file_wins .env', `folder_untrusted ${join(world.home, 'work/deep')}`])
  await world.place('.gemini/trustedFolders.json', JSON.stringify({ [join(world.home, 'other')]: 'TRUST_FOLDER' }))
  expect(await at('other')).toEqual([])
  await world.place('.gemini/settings.json', '{"security": {"folderTrust": {"enabled": false}}}')
  expect(await at('work/deep')).toEqual(['nearer_file_wins .env'])
  await world.place('other/.gemini/settings.json', '{"security": {"auth": {"selectedType": "oauth-personal"}}}')
  expect(await at('other')).toEqual(['nearer_file_wins security.auth'])
})

test('Gemini CLI: another way to sign in that the user’s own settings enforce is told, ours is not', async () => {
  const world = await makeClientsWorld()
  const enforce = (type: string) =>
    world.place('.gemini/settings.json', JSON.stringify({ security: { auth: { enforcedType: type } } }))
  await enforce('oauth-personal')
  await world.connections.apply('gemini-cli', { createFolders: true })
  const { conflicts } = await world.connections.view('gemini-cli')
  expect(conflicts).toMatchObject([
    {
      code: 'setting_diverts',
      severity: 'blocks',
      subject: 'security.auth.enforcedType',
      place: join(world.home, '.gemini/settings.json'),
      message: expect.stringContaining('(enforcedType oauth-personal)') as unknown,
      fix: 'Take security.auth.enforcedType out of it'
    }
  ])
  await enforce('gemini-api-key')
  expect(await conflictsOf(world, 'gemini-cli')).toEqual([])
})

test('Gemini CLI takes plain http from this machine alone', async () => {
  const world = await makeClientsWorld()
  world.offer.address = 'http://192.168.1.5:8080'
  expect(await conflictsOf(world, 'gemini-cli')).toEqual(['needs_https GOOGLE_GEMINI_BASE_URL'])
  world.offer.address = 'https://routex.example'
  expect(await conflictsOf(world, 'gemini-cli')).toEqual([])
})

test('OpenCode: files up to the repository’s root, switches and variables are told', async () => {
  const world = await makeClientsWorld({ env: { OPENCODE_CONFIG: '/x.json' } })
  await world.place('.config/opencode/opencode.json', '{"disabled_providers": ["routex"]}')
  await world.place('repo/.git/HEAD', '')
  await world.place('repo/opencode.json', '{"model": "a/b"}')
  await world.place('opencode.json', '{"model": "outside/the-repository"}')
  await world.place('repo/deep/opencode.jsonc', '{"theme": "x"}')
  const { conflicts } = await world.connections.preview('opencode', 'apply', undefined, {
    folder: join(world.home, 'repo/deep')
  })
  expect(conflicts.map(({ code, subject, place }) => [code, subject, place])).toEqual([
    ['variable_wins', 'OPENCODE_CONFIG', 'environment'],
    ['setting_diverts', 'disabled_providers', join(world.home, '.config/opencode/opencode.json')],
    ['nearer_file_wins', 'model', join(world.home, 'repo/opencode.json')]
  ])
})

test('onboarding is skipped for a user without a login, and left to one who has it', async () => {
  const without = await makeClientsWorld()
  await without.connections.apply('claude-code', { createFolders: true })
  expect(JSON.parse(await without.read('.claude.json'))).toEqual({ hasCompletedOnboarding: true })
  const signedIn = await makeClientsWorld()
  await signedIn.place('.claude/.credentials.json', '{}')
  await signedIn.connections.apply('claude-code', {})
  await expect(signedIn.read('.claude.json')).rejects.toThrow('ENOENT')
})
