import { expect, test } from 'vitest'
import { makeClientsWorld, type ClientsWorld } from '../../../../test/support/clients-world'
import { Starter } from '../starter'

const CONFIG = '.codex/config.toml'
const MINE =
  'model_provider = "routex"\n\n[model_providers.routex]\nname = "Mine"\nbase_url = "http://127.0.0.1:1/v1"\n'

const environmentOf = ({ machine, connections, offer }: ClientsWorld) =>
  new Starter({ machine, connections, offer, terminal: null }).environment('codex', 'sh', {})

test.each([
  ['a table', `${MINE}\n[model_providers.routex.auth]\ncommand = "print-token"\nargs = ["x"]\n`],
  ['one line', `${MINE}auth = { command = "print-token", args = ["x"] }\n`],
  ['dotted', `${MINE}auth.command = "print-token"\nauth.args = ["x"]\n`],
  ['a table with one below', `${MINE}\n[model_providers.routex.auth.env]\nA = "1"\n\n[tui]\nx = 1\n`]
])('an auth of the provider, beside which Codex takes no token, is taken out and given back (%s)', async (_, text) => {
  const world = await makeClientsWorld()
  await world.place(CONFIG, text)
  const preview = await world.connections.preview('codex', 'apply', undefined, {})
  expect(preview.changes).toContainEqual(
    expect.objectContaining({ key: 'model_providers.routex.auth', kind: 'remove', after: null })
  )
  await world.connections.apply('codex', {})
  const connected = await world.read(CONFIG)
  expect(connected).not.toContain('auth')
  expect(connected).toContain('experimental_bearer_token')
  await world.connections.restore('codex')
  expect(await world.read(CONFIG)).toBe(text)

  // Key by key too.
  await world.connections.apply('codex', {})
  await world.place(CONFIG, `# seen\n${await world.read(CONFIG)}`)
  const { left } = await world.connections.restore('codex')
  expect(left).toEqual([])
  const restored = await world.read(CONFIG)
  expect(restored).toContain('# seen\n')
  expect(restored).toMatch(/auth/)
  expect(restored).not.toContain('experimental_bearer_token')
})

test('an auth that came since is told, and taken out when Codex is connected again', async () => {
  const world = await makeClientsWorld()
  await world.place(CONFIG, MINE)
  await world.connections.apply('codex', {})
  await world.place(CONFIG, `${await world.read(CONFIG)}\n[model_providers.routex.auth]\ncommand = "print-token"\n`)
  const { conflicts } = await world.connections.view('codex')
  expect(conflicts).toMatchObject([
    { code: 'setting_diverts', severity: 'blocks', subject: 'model_providers.routex.auth' }
  ])
  await world.connections.apply('codex', {})
  expect((await world.connections.view('codex')).conflicts).toEqual([])
})

test('a start with its environment alone tells a profile with a provider of its own, and overrules it', async () => {
  const world = await makeClientsWorld()
  await world.place(CONFIG, 'profile = "work"\n[profiles.work]\nmodel_provider = "azure"\n')
  const { args, conflicts } = await environmentOf(world)
  expect(conflicts).toMatchObject([
    {
      code: 'file_wins',
      severity: 'blocks',
      subject: 'profile',
      message: expect.stringContaining('profile = "work"') as unknown,
      fix: 'Take the line profile = … out'
    }
  ])
  expect(args).toContain('profiles.work.model_provider=routex')
  await world.place(CONFIG, 'profile = "work"\n[profiles.work]\nmodel = "x"\n')
  expect(await environmentOf(world)).toMatchObject({ conflicts: [] })
})

test('a start with its environment alone tells an auth of the provider in the file', async () => {
  const world = await makeClientsWorld()
  await world.place(CONFIG, `${MINE}auth = { command = "print-token" }\n`)
  const { conflicts } = await environmentOf(world)
  expect(conflicts).toMatchObject([{ code: 'file_wins', severity: 'blocks', subject: 'model_providers.routex.auth' }])
})
