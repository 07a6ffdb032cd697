import { chmod, link, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow, makeClientsWorld } from '../../../test/support/clients-world'
import { CLIENT_IDS, type ClientId } from '../../shared/clients'

const SETTINGS = '.claude/settings.json'
const STATE = '.claude.json'
const FILES: Readonly<Record<ClientId, string>> = {
  'claude-code': SETTINGS,
  codex: '.codex/config.toml',
  'gemini-cli': '.gemini/settings.json',
  opencode: '.config/opencode/opencode.json'
}
const padded = (text: string): string => text.replace('{', `{"history": "${'x'.repeat(4 * 1024 * 1024)}", `)

test.each(['{"a": 1}', '{"hasCompletedOnboarding": true}'])(
  'Claude Code is connected beside a state file of megabytes, which is left alone (%s)',
  async (state) => {
    const world = await makeClientsWorld()
    await world.place(SETTINGS, '{}')
    await world.place(STATE, padded(state))
    const { problems } = await world.connections.preview('claude-code', 'apply', undefined, {})
    expect(problems).toEqual([])
    await world.connections.apply('claude-code', {})
    expect(await world.read(STATE)).toBe(padded(state))
    const { files, state: standing } = await world.connections.view('claude-code')
    expect(files[1]).toMatchObject({ exists: true, problem: null })
    expect(standing).toMatchObject({ kind: 'connected', drift: [] })
    await world.connections.restore('claude-code')
    expect([await world.read(SETTINGS), await world.read(STATE)]).toEqual(['{}', padded(state)])
  }
)

test('B40 what was written into a state file is taken out of it when it has grown to megabytes', async () => {
  const world = await makeClientsWorld()
  await world.place(SETTINGS, '{}')
  await world.place(STATE, '{"a": 1}')
  await world.connections.apply('claude-code', {})
  expect(await world.read(STATE)).toContain('hasCompletedOnboarding')
  await world.place(STATE, padded(await world.read(STATE)))
  world.offer.address = 'http://127.0.0.1:9999'
  await world.connections.follow()
  await world.connections.apply('claude-code', {})
  expect(await world.read(SETTINGS)).toContain('9999')
  await world.connections.restore('claude-code')
  expect(await world.read(STATE)).toBe(padded('{"a": 1}'))
})

test('what stands in an old folder is not forgotten when a key was rotated meanwhile', async () => {
  const world = await makeClientsWorld()
  await world.connections.apply('codex', { createFolders: true })
  const moved = await makeClientsWorld({ like: world, env: { CODEX_HOME: join(world.home, 'other') } })
  world.offer.address = 'http://127.0.0.1:9999'
  await moved.connections.follow()
  await moved.connections.restore('codex')
  expect(await filesBelow(world.home)).toEqual({})
})

test('a file that was made read-only is not restored over, and that is told before', async () => {
  const world = await makeClientsWorld()
  await world.place(SETTINGS, '{}')
  await world.connections.apply('claude-code', {})
  const path = join(world.home, SETTINGS)
  await chmod(path, 0o444)
  const before = await filesBelow(world.home)
  const refused = { code: 'read_only', path }
  expect((await world.connections.preview('claude-code', 'restore', undefined, {})).problems).toMatchObject([refused])
  await expect(world.connections.restore('claude-code')).rejects.toMatchObject(refused)
  await expect(world.connections.apply('claude-code', {})).rejects.toMatchObject(refused)
  expect(await filesBelow(world.home)).toEqual(before)
  await chmod(path, 0o644)
  await world.connections.restore('claude-code')
  expect(await world.read(SETTINGS)).toBe('{}')
})

test.each(CLIENT_IDS)('%s: settings that are nested without end are told with their file', async (client) => {
  const world = await makeClientsWorld()
  const deep = '['.repeat(10_000)
  const texts = [`{"a": ${deep}${']'.repeat(10_000)}}`, `{"a": ${deep}`, `{"a": ${deep}${']'.repeat(10_000)}, /**/}`]
  for (const text of client === 'codex' ? [`a = ${deep}${']'.repeat(10_000)}\n`, `a = ${deep}`] : texts) {
    await world.place(FILES[client], text)
    const refused = { code: 'does_not_parse', path: join(world.home, FILES[client]) }
    await expect(world.connections.apply(client, {})).rejects.toMatchObject(refused)
    expect((await world.connections.preview(client, 'apply', undefined, {})).problems).toMatchObject([refused])
    expect((await world.connections.view(client)).files.flatMap(({ problem }) => problem ?? [])).toMatchObject([
      refused
    ])
  }
})

test('a file with a second name is told before it is parted from it', async () => {
  const world = await makeClientsWorld()
  await world.place(SETTINGS, '{}')
  await link(join(world.home, SETTINGS), join(world.home, 'backup.json'))
  const { conflicts } = await world.connections.preview('claude-code', 'apply', undefined, {})
  expect(conflicts).toMatchObject([{ code: 'hard_linked', severity: 'notes', place: join(world.home, SETTINGS) }])
  await world.connections.apply('claude-code', {})
  expect(await readFile(join(world.home, 'backup.json'), 'utf8')).toBe('{}')
  await writeFile(join(world.home, 'backup.json'), 'x')
  expect((await world.connections.view('claude-code')).conflicts).toEqual([])
})
