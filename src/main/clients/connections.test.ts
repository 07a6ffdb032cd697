import { chown, lstat, mkdir, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow, makeClientsWorld, type ClientsWorld } from '../../../test/support/clients-world'
import { CLIENT_IDS, type ClientId } from '../../shared/clients'

const SETTINGS = '.claude/settings.json'
const apply = ({ connections }: ClientsWorld, client: ClientId) => connections.apply(client, { createFolders: true })
const stateOf = async ({ connections }: ClientsWorld, client: ClientId) => (await connections.view(client)).state

test('B40 Claude Code is connected by its own variables, and everything else stays', async () => {
  const world = await makeClientsWorld()
  await world.place(SETTINGS, '{\n  // mine\n  "model": "opus",\n  "env": {\n    "DEBUG": "1"\n  }\n}\n')
  await world.place('.claude.json', '{"hasCompletedOnboarding": true, "projects": {}}')
  await apply(world, 'claude-code')
  const key = world.keys.texts.values().next().value ?? ''
  expect(await world.read(SETTINGS)).toBe(
    `{\n  // mine\n  "model": "opus",\n  "env": {\n    "DEBUG": "1",\n    "ANTHROPIC_BASE_URL": "http://127.0.0.1:8080",\n    "ANTHROPIC_AUTH_TOKEN": "${key}"\n  }\n}\n`
  )
  expect(await world.read('.claude.json')).toBe('{"hasCompletedOnboarding": true, "projects": {}}')
  expect(await stateOf(world, 'claude-code')).toMatchObject({ kind: 'connected', drift: [], outdated: [] })
})

test.each(CLIENT_IDS)('B40 %s: connected where there was nothing and restored, nothing is left', async (client) => {
  const world = await makeClientsWorld()
  await apply(world, client)
  expect(Object.keys(await filesBelow(world.home)).length).toBeGreaterThan(0)
  await world.connections.restore(client)
  expect(await filesBelow(world.home)).toEqual({})
  await expect(lstat(join(world.home, '.claude'))).rejects.toThrow('ENOENT')
  expect(await stateOf(world, client)).toEqual({ kind: 'direct', url: null })
})

test('a client whose folder is missing is not connected before the user agreed to make it, and no key is made', async () => {
  const world = await makeClientsWorld()
  const preview = await world.connections.preview('codex', 'apply', undefined, {})
  expect(preview.missingFolders).toEqual([join(world.home, '.codex')])
  expect(preview.files).toMatchObject([{ effect: 'create' }])
  await expect(world.connections.apply('codex', {})).rejects.toMatchObject({ code: 'folder_missing' })
  expect(await filesBelow(world.home)).toEqual({})
  expect(world.keys.names).toEqual([])
})

test('new files and folders are the user’s alone, since they hold a key', async () => {
  const world = await makeClientsWorld()
  await apply(world, 'codex')
  expect((await lstat(join(world.home, '.codex'))).mode & 0o777).toBe(0o700)
  expect((await lstat(join(world.home, '.codex/config.toml'))).mode & 0o777).toBe(0o600)
})

test('B40 a file keeps its mode, and a symbolic link stays one', async () => {
  const world = await makeClientsWorld()
  await world.place('dotfiles/claude.json', '{}', 0o640)
  await mkdir(join(world.home, '.claude'))
  await symlink('../dotfiles/claude.json', join(world.home, SETTINGS))
  await apply(world, 'claude-code')
  expect(await readlink(join(world.home, SETTINGS))).toBe('../dotfiles/claude.json')
  expect(await world.read('dotfiles/claude.json')).toContain('ANTHROPIC_BASE_URL')
  expect((await lstat(join(world.home, 'dotfiles/claude.json'))).mode & 0o777).toBe(0o640)
  const { files } = await world.connections.view('claude-code')
  expect(files[0]).toMatchObject({ exists: true, linkedTo: join(world.home, 'dotfiles/claude.json') })
  await world.connections.restore('claude-code')
  expect(await world.read('dotfiles/claude.json')).toBe('{}')
  expect((await lstat(join(world.home, SETTINGS))).isSymbolicLink()).toBe(true)
})

test.runIf(process.getuid?.() === 0)('B40 a file keeps its owner, where Routex may give files away', async () => {
  const world = await makeClientsWorld()
  await world.place('.codex/config.toml', 'model = "x"\n', 0o600)
  await chown(join(world.home, '.codex/config.toml'), 1234, 2345)
  await apply(world, 'codex')
  const { uid, gid, mode } = await lstat(join(world.home, '.codex/config.toml'))
  expect([uid, gid, mode & 0o777]).toEqual([1234, 2345, 0o600])
})

test('B40 connecting again changes nothing', async () => {
  const world = await makeClientsWorld()
  for (const client of CLIENT_IDS) await apply(world, client)
  const before = await filesBelow(world.home)
  for (const client of CLIENT_IDS) {
    const { changes } = await apply(world, client)
    expect(changes.every(({ kind }) => kind === 'same')).toBe(true)
  }
  expect(await filesBelow(world.home)).toEqual(before)
  expect(world.keys.names).toEqual(['Claude Code', 'Codex', 'Gemini CLI', 'OpenCode'])
})

test('B40 what the user changed meanwhile stays, and is named', async () => {
  const world = await makeClientsWorld()
  await world.place(SETTINGS, '{\n  "env": {\n    "ANTHROPIC_BASE_URL": "https://before.example"\n  }\n}\n')
  await world.place('.claude.json', '{"hasCompletedOnboarding": true}')
  await apply(world, 'claude-code')
  const text = await world.read(SETTINGS)
  await world.place(
    SETTINGS,
    text
      .replace('http://127.0.0.1:8080', 'https://theirs.example')
      .replace('{\n  "env"', '{\n  // new\n  "model": "opus",\n  "env"')
  )
  const path = join(world.home, SETTINGS)
  const drifted = { file: path, key: 'env.ANTHROPIC_BASE_URL', now: 'https://theirs.example' }
  expect(await stateOf(world, 'claude-code')).toMatchObject({ kind: 'connected', drift: [drifted] })
  const { changes, left } = await world.connections.restore('claude-code')
  expect(left).toEqual([drifted])
  expect(changes).toMatchObject([{ key: 'env.ANTHROPIC_AUTH_TOKEN', kind: 'remove' }])
  expect(await world.read(SETTINGS)).toBe(
    '{\n  // new\n  "model": "opus",\n  "env": {\n    "ANTHROPIC_BASE_URL": "https://theirs.example"\n  }\n}\n'
  )
})

test('B40 a value that was replaced comes back though the file was changed elsewhere', async () => {
  const world = await makeClientsWorld()
  await world.place('.codex/config.toml', 'model_provider = "azure" # work\nmodel = "gpt-5"\n')
  await apply(world, 'codex')
  await world.place('.codex/config.toml', `${await world.read('.codex/config.toml')}\n[tui]\nnotifications = true\n`)
  await world.connections.restore('codex')
  expect(await world.read('.codex/config.toml')).toBe(
    'model_provider = "azure" # work\nmodel = "gpt-5"\n\n[tui]\nnotifications = true\n'
  )
})

test('a file that Routex made and the user added to is kept, with what the user added', async () => {
  const world = await makeClientsWorld()
  await apply(world, 'gemini-cli')
  await world.place('.gemini/.env', `${await world.read('.gemini/.env')}MINE=1\n`)
  await world.connections.restore('gemini-cli')
  expect(await filesBelow(world.home)).toEqual({ '.gemini/.env': '600 MINE=1\n' })
})

test('a file that is gone meanwhile is not made anew by restoring', async () => {
  const world = await makeClientsWorld()
  await world.place('.codex/config.toml', 'model = "x"\n')
  await apply(world, 'codex')
  await rm(join(world.home, '.codex/config.toml'))
  await world.connections.restore('codex')
  expect(await filesBelow(world.home)).toEqual({})
})

test('a gateway that moved takes the files of connected clients along, but not what the user changed', async () => {
  const world = await makeClientsWorld()
  for (const client of CLIENT_IDS) await apply(world, client)
  await world.place(SETTINGS, (await world.read(SETTINGS)).replace('http://127.0.0.1:8080', 'https://theirs.example'))
  world.offer.address = 'http://127.0.0.1:9999'
  world.offer.names = ['another-model']
  expect(await stateOf(world, 'codex')).toMatchObject({ outdated: ['address'] })
  await world.connections.follow()
  expect(await world.read('.codex/config.toml')).toContain('base_url = "http://127.0.0.1:9999/v1"')
  expect(await world.read('.gemini/.env')).toContain('GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:9999\n')
  const opencode = await world.read('.config/opencode/opencode.json')
  expect(opencode).toContain('"baseURL": "http://127.0.0.1:9999/v1"')
  expect(opencode).toContain('"model": "routex/model-one"')
  expect(await world.read(SETTINGS)).toContain('https://theirs.example')
  expect(await stateOf(world, 'codex')).toMatchObject({ kind: 'connected', drift: [], outdated: [] })
  expect(await stateOf(world, 'claude-code')).toMatchObject({ drift: [{ key: 'env.ANTHROPIC_BASE_URL' }] })
  for (const client of CLIENT_IDS) await world.connections.restore(client)
  expect(Object.keys(await filesBelow(world.home))).toEqual([SETTINGS])
})

test('a key with a new text is written into the files, one that was revoked is told', async () => {
  const world = await makeClientsWorld()
  await apply(world, 'gemini-cli')
  const [id] = world.keys.texts.keys()
  if (id === undefined) throw new Error('no key was made')
  world.keys.texts.set(id, 'rtx-rotated')
  expect(await stateOf(world, 'gemini-cli')).toMatchObject({ outdated: ['key'] })
  await world.connections.follow()
  expect(await world.read('.gemini/.env')).toContain('GEMINI_API_KEY=rtx-rotated\n')
  expect(await stateOf(world, 'gemini-cli')).toMatchObject({ outdated: [] })
  world.keys.texts.delete(id)
  await world.connections.follow()
  expect(await stateOf(world, 'gemini-cli')).toMatchObject({ outdated: ['key_revoked'] })
  await apply(world, 'gemini-cli')
  expect(await world.read('.gemini/.env')).toContain(`GEMINI_API_KEY=${[...world.keys.texts.values()].at(-1) ?? ''}\n`)
})

test('a client that was restored keeps its key, which is shown as unused and is taken again', async () => {
  const world = await makeClientsWorld()
  await apply(world, 'codex')
  await world.connections.restore('codex')
  expect((await world.connections.view('codex')).key).toMatchObject({ inUse: false })
  await apply(world, 'codex')
  expect((await world.connections.view('codex')).key).toMatchObject({ inUse: true })
  expect(world.keys.names).toEqual(['Codex'])
})

test('what a quit restored is connected again at the next start, and nothing else is', async () => {
  const world = await makeClientsWorld()
  for (const client of ['codex', 'gemini-cli'] as const) await apply(world, client)
  const before = await filesBelow(world.home)
  await world.connections.restoreAll()
  expect(await filesBelow(world.home)).toEqual({})
  const next = await makeClientsWorld({ like: world })
  await next.connections.reconnect()
  expect(await filesBelow(world.home)).toEqual(before)
  await next.connections.restore('codex')
  await next.connections.reconnect()
  expect(await stateOf(next, 'codex')).toEqual({ kind: 'direct', url: null })
})

test('the old token that was replaced is nowhere in the data folder in clear text', async () => {
  const world = await makeClientsWorld()
  await world.place(SETTINGS, '{"env": {"ANTHROPIC_AUTH_TOKEN": "sk-ant-the-users-own-secret"}}')
  await apply(world, 'claude-code')
  const kept = JSON.stringify(await filesBelow(world.dataDir))
  expect(kept).toContain('claude-code.json')
  expect(kept).not.toContain('the-users-own-secret')
  expect(kept).not.toContain(world.keys.texts.values().next().value)
  expect((await lstat(join(world.dataDir, 'clients/claude-code.json'))).mode & 0o777).toBe(0o600)
  await world.connections.restore('claude-code')
  expect(await world.read(SETTINGS)).toBe('{"env": {"ANTHROPIC_AUTH_TOKEN": "sk-ant-the-users-own-secret"}}')
})

test('a record that can not be unsealed is told, and its files are left alone', async () => {
  const world = await makeClientsWorld()
  await world.place(SETTINGS, '{}')
  await apply(world, 'claude-code')
  const before = await world.read(SETTINGS)
  await writeFile(join(world.dataDir, 'secret.key'), Buffer.alloc(32, 7))
  const next = await makeClientsWorld({ like: world })
  expect(await stateOf(next, 'claude-code')).toMatchObject({ kind: 'record_lost' })
  await expect(next.connections.restore('claude-code')).rejects.toMatchObject({ code: 'record_lost' })
  expect(await world.read(SETTINGS)).toBe(before)
})

test('a client whose folder was moved is told, and connecting it again leaves nothing in the old place', async () => {
  const world = await makeClientsWorld()
  await apply(world, 'codex')
  const moved = await makeClientsWorld({ like: world, env: { CODEX_HOME: join(world.home, 'other') } })
  expect(await stateOf(moved, 'codex')).toMatchObject({ outdated: ['folder'] })
  await apply(moved, 'codex')
  expect(Object.keys(await filesBelow(world.home))).toEqual(['other/config.toml'])
  await moved.connections.restore('codex')
  expect(await filesBelow(world.home)).toEqual({})
})

test('a preview shows the change with its secrets masked, and changes nothing', async () => {
  const world = await makeClientsWorld()
  const secrets =
    '{\n  "env": {\n    "OTHER_API_KEY": "sk-other-secret-1234",\n    "ANTHROPIC_AUTH_TOKEN": "sk-ant-mine-5678"\n  }\n}\n'
  await world.place(SETTINGS, secrets)
  const preview = await world.connections.preview('claude-code', 'apply', undefined, {})
  expect(preview.changes).toContainEqual({
    file: join(world.home, SETTINGS),
    key: 'env.ANTHROPIC_AUTH_TOKEN',
    kind: 'replace',
    before: '••••5678',
    after: '••••'
  })
  const [settings] = preview.files
  expect(settings?.effect).toBe('change')
  expect(settings?.diff).toContain('-    "ANTHROPIC_AUTH_TOKEN": "••••5678"\n')
  expect(settings?.diff).toContain('+    "ANTHROPIC_BASE_URL": "http://127.0.0.1:8080"\n')
  expect(settings?.diff).toContain('     "OTHER_API_KEY": "••••1234"')
  expect(JSON.stringify(preview)).not.toMatch(/secret|mine/)
  expect(await world.read(SETTINGS)).toBe(secrets)
  expect(world.keys.names).toEqual([])
})

test('files that are not as they were shown are not changed', async () => {
  const world = await makeClientsWorld()
  await world.place('.codex/config.toml', 'model = "x"\n')
  const { basis } = await world.connections.preview('codex', 'apply', undefined, {})
  await world.place('.codex/config.toml', 'model = "y"\n')
  await expect(world.connections.apply('codex', { basis })).rejects.toMatchObject({ code: 'changed_meanwhile' })
  expect(await world.read('.codex/config.toml')).toBe('model = "y"\n')
})

test('while the gateway is off nothing can be connected, but everything can be restored', async () => {
  const world = await makeClientsWorld()
  await apply(world, 'codex')
  world.offer.address = null
  await expect(apply(world, 'gemini-cli')).rejects.toMatchObject({ code: 'gateway_off' })
  await world.connections.follow()
  await world.connections.restore('codex')
  expect(await filesBelow(world.home)).toEqual({})
})

test('chosen models are written, are kept when it is connected again, and go with the choice', async () => {
  const world = await makeClientsWorld()
  await world.place('.codex/config.toml', 'model = "gpt-5"\n')
  await world.connections.apply('codex', { options: { models: { model: 'mine' } } })
  expect(await world.read('.codex/config.toml')).toContain('model = "mine"\n')
  await world.connections.apply('codex', {})
  expect(await world.read('.codex/config.toml')).toContain('model = "mine"\n')
  await world.connections.apply('codex', { options: {} })
  expect(await world.read('.codex/config.toml')).toContain('model = "gpt-5"\n')
  await expect(world.connections.apply('codex', { options: { models: { opus: 'x' } } })).rejects.toMatchObject({
    code: 'bad_option'
  })
  await world.connections.restore('codex')
  expect(await world.read('.codex/config.toml')).toBe('model = "gpt-5"\n')
})

test('settings that lead here by hand are seen, and a channel of another gateway is not', async () => {
  const world = await makeClientsWorld()
  await world.place(SETTINGS, '{"env": {"ANTHROPIC_BASE_URL": "http://localhost:8080/"}}')
  expect(await stateOf(world, 'claude-code')).toEqual({ kind: 'by_hand', url: 'http://localhost:8080/' })
  await world.place(SETTINGS, '{"env": {"ANTHROPIC_BASE_URL": "https://user:pass@other.example"}}')
  expect(await stateOf(world, 'claude-code')).toEqual({ kind: 'direct', url: 'https://user:••••@other.example' })
})

test('listeners hear of each change', async () => {
  const world = await makeClientsWorld()
  const heard: ClientId[] = []
  const stop = world.connections.onChange((client) => heard.push(client))
  await apply(world, 'codex')
  await world.connections.restore('codex')
  stop()
  await apply(world, 'codex')
  expect(heard).toEqual(['codex', 'codex'])
})
