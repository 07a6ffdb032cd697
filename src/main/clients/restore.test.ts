import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeClientsWorld, type ClientsWorld } from '../../../test/support/clients-world'
import type { ClientId } from '../../shared/clients'

const SETTINGS = '.claude/settings.json'
const CODEX = '.codex/config.toml'
const OPENCODE = '.config/opencode/opencode.json'
const HERE = 'http://127.0.0.1:8080'
const BEFORE = { url: 'https://before.example', token: 'sk-before-000000000001' }

const settingsWith = (env: object): string => `${JSON.stringify({ env }, null, 2)}\n`
const original = settingsWith({ ANTHROPIC_BASE_URL: BEFORE.url, ANTHROPIC_AUTH_TOKEN: BEFORE.token })

/** Claude Code connected over settings of the user's own. */
async function connected(text = original) {
  const world = await makeClientsWorld()
  await world.place('.claude.json', '{"hasCompletedOnboarding": true}')
  await world.place(SETTINGS, text)
  await world.connections.apply('claude-code', {})
  return { world, key: world.keys.texts.values().next().value ?? '' }
}

async function edit(world: ClientsWorld, path: string, ...changes: readonly (readonly [string, string])[]) {
  let text = await world.read(path)
  for (const [from, to] of changes) {
    expect(text).toContain(from)
    text = text.replace(from, to)
  }
  await world.place(path, text)
}

function rotate({ keys }: ClientsWorld): string {
  const [id] = keys.texts.keys()
  if (id === undefined) throw new Error('no key was made')
  keys.texts.set(id, 'rtx-test-key-that-was-rotated')
  return 'rtx-test-key-that-was-rotated'
}

const restore = (world: ClientsWorld, client: ClientId) => world.connections.restore(client)

test('B40 a credential is not put back beside an address that it was not with, and is named', async () => {
  const { world, key } = await connected()
  await edit(world, SETTINGS, [HERE, 'https://other.example'])
  const preview = await world.connections.preview('claude-code', 'restore', undefined, {})
  const { left } = await restore(world, 'claude-code')
  expect(await world.read(SETTINGS)).toBe(settingsWith({ ANTHROPIC_BASE_URL: 'https://other.example' }))
  expect(left).toMatchObject([
    { key: 'env.ANTHROPIC_BASE_URL', now: 'https://other.example' },
    { key: 'env.ANTHROPIC_AUTH_TOKEN', now: null, why: 'address_changed' }
  ])
  expect(preview.left).toEqual(left)
  expect(JSON.stringify(preview)).not.toContain(key)
})

test('B40 an address is not put back beside a credential that it was not with, and is named', async () => {
  const { world, key } = await connected()
  await edit(world, SETTINGS, [key, 'sk-new-0000000000000002'])
  const { left } = await restore(world, 'claude-code')
  expect(await world.read(SETTINGS)).toBe(
    settingsWith({ ANTHROPIC_BASE_URL: HERE, ANTHROPIC_AUTH_TOKEN: 'sk-new-0000000000000002' })
  )
  expect(left).toMatchObject([
    { key: 'env.ANTHROPIC_BASE_URL', now: HERE, why: 'credential_changed' },
    { key: 'env.ANTHROPIC_AUTH_TOKEN' }
  ])
})

test('B40 an address that the user put back by hand gets its credential back', async () => {
  const { world } = await connected()
  await edit(world, SETTINGS, [HERE, BEFORE.url], ['{\n', '{\n  "model": "opus",\n'])
  const { left } = await restore(world, 'claude-code')
  expect(left).toEqual([])
  expect(JSON.parse(await world.read(SETTINGS))).toEqual({ model: 'opus', ...(JSON.parse(original) as object) })
})

test('B40 an API key that was kept from being sent is not put back beside another address', async () => {
  const { world } = await connected(settingsWith({ ANTHROPIC_API_KEY: 'sk-ant-mine-0000000001' }))
  await edit(world, SETTINGS, [HERE, 'https://other.example'])
  const { left } = await restore(world, 'claude-code')
  expect(left.map(({ key }) => key)).toEqual(['env.ANTHROPIC_BASE_URL', 'env.ANTHROPIC_API_KEY'])
  expect(await world.read(SETTINGS)).not.toContain('sk-ant-mine')
})

test.each<[string, (world: ClientsWorld) => Promise<unknown>]>([
  ['a rotated key', (world) => (rotate(world), world.connections.follow())],
  ['another port', (world) => ((world.offer.address = 'http://127.0.0.1:9999'), world.connections.follow())]
])('B40 what somebody changed is neither overwritten nor taken for the original by %s', async (_, move) => {
  const { world, key } = await connected()
  await edit(world, SETTINGS, [HERE, 'https://other.example'])
  await move(world)
  // The new key would go to the other address.
  expect(await world.read(SETTINGS)).toBe(
    settingsWith({ ANTHROPIC_BASE_URL: 'https://other.example', ANTHROPIC_AUTH_TOKEN: key })
  )
  expect((await world.connections.preview('claude-code', 'restore', undefined, {})).left).toHaveLength(2)
  await edit(world, SETTINGS, ['https://other.example', BEFORE.url])
  await restore(world, 'claude-code')
  expect(await world.read(SETTINGS)).toBe(original)
})

test('B40 a rotated key reaches the keys that still are ours, and what was changed beside them is named at the end', async () => {
  const world = await makeClientsWorld()
  await world.place(CODEX, 'model_provider = "azure"\n')
  await world.connections.apply('codex', {})
  await edit(world, CODEX, ['model_provider = "routex"', 'model_provider = "mine"'])
  const key = rotate(world)
  await world.connections.follow()
  expect(await world.read(CODEX)).toContain(key)
  const { left } = await restore(world, 'codex')
  expect(left).toMatchObject([{ key: 'model_provider', now: 'mine' }])
  expect(await world.read(CODEX)).toBe('model_provider = "mine"\n')
})

test('B40 connecting again over one half that was changed keeps the original, of both halves', async () => {
  const { world, key } = await connected()
  for (const change of [
    [HERE, 'https://other.example'],
    [key, 'sk-new-0000000000000002']
  ] as const) {
    await edit(world, SETTINGS, change)
    const { basis } = await world.connections.preview('claude-code', 'apply', undefined, {})
    await world.connections.apply('claude-code', { basis })
  }
  await restore(world, 'claude-code')
  expect(await world.read(SETTINGS)).toBe(original)
})

test.each([true, false])(
  'B40 connecting again over an address and a credential that both were changed: they are the original then when that was shown (%s)',
  async (shown) => {
    const { world, key } = await connected()
    await edit(world, SETTINGS, [HERE, 'https://new.example'], [key, 'sk-new-0000000000000002'])
    const { basis } = await world.connections.preview('claude-code', 'apply', undefined, {})
    await world.connections.apply('claude-code', shown ? { basis } : {})
    expect(await world.read(SETTINGS)).toContain(HERE)
    const { left } = await restore(world, 'claude-code')
    expect(left).toEqual([])
    expect(await world.read(SETTINGS)).toBe(
      shown
        ? settingsWith({ ANTHROPIC_BASE_URL: 'https://new.example', ANTHROPIC_AUTH_TOKEN: 'sk-new-0000000000000002' })
        : original
    )
  }
)

test('B40 the original of a key that became ours later is what stood there then', async () => {
  const world = await makeClientsWorld()
  await world.place(CODEX, 'model = "first"\n')
  await world.connections.apply('codex', {})
  await edit(world, CODEX, ['"first"', '"second"'])
  await world.connections.apply('codex', { options: { models: { model: 'ours' } } })
  await restore(world, 'codex')
  expect(await world.read(CODEX)).toBe('model = "second"\n')
})

test('B40 what somebody added to the provider that is ours goes with it, is named, and leaves Codex a file it starts with', async () => {
  const world = await makeClientsWorld()
  await world.place(CODEX, '# mine\nmodel = "gpt-5"\n')
  await world.connections.apply('codex', {})
  const added = 'request_max_retries = 3\n\n[model_providers.routex.http_headers]\nx-mine = "abc"\n\n[tui]\nx = 1\n'
  await world.place(CODEX, (await world.read(CODEX)) + added)
  const preview = await world.connections.preview('codex', 'restore', undefined, {})
  const { changes, left } = await restore(world, 'codex')
  expect(await world.read(CODEX)).toBe('# mine\nmodel = "gpt-5"\n\n[tui]\nx = 1\n')
  expect(left).toEqual([])
  const theirs = changes.filter((change) => change.theirs === true)
  expect(theirs).toMatchObject([
    { key: 'model_providers.routex.request_max_retries', kind: 'remove', before: '3' },
    { key: 'model_providers.routex.http_headers.x-mine', kind: 'remove' }
  ])
  expect(preview.changes.filter((change) => change.theirs === true)).toEqual(theirs)
})

test('B40 the same after a key was rotated, when the file is as Routex wrote it last', async () => {
  const world = await makeClientsWorld()
  await world.place(CODEX, 'model = "gpt-5"\n')
  await world.connections.apply('codex', {})
  await world.place(CODEX, `${await world.read(CODEX)}request_max_retries = 3\n`)
  rotate(world)
  await world.connections.follow()
  expect(await world.read(CODEX)).toContain('request_max_retries')
  const { changes } = await restore(world, 'codex')
  expect(changes).toContainEqual(
    expect.objectContaining({ key: 'model_providers.routex.request_max_retries', theirs: true })
  )
  expect(await world.read(CODEX)).toBe('model = "gpt-5"\n')
})

test('B40 OpenCode: the provider goes whole, and so does a model that names it; connecting again keeps what was added', async () => {
  const world = await makeClientsWorld()
  await world.place(OPENCODE, '{\n  "theme": "x"\n}\n')
  await world.connections.apply('opencode', {})
  await edit(
    world,
    OPENCODE,
    ['"name": "Routex"', '"name": "Routex",\n      "timeout": 9'],
    ['"model": "routex/model-one"', '"model": "routex/model-two"'],
    ['"theme": "x"', '"theme": "y"']
  )
  await world.connections.apply('opencode', {})
  expect(await world.read(OPENCODE)).toContain('"timeout": 9')
  await edit(world, OPENCODE, ['"small_model": "routex/model-two"', '"small_model": "routex/model-one"'])
  const { changes, left } = await restore(world, 'opencode')
  expect(await world.read(OPENCODE)).toBe('{\n  "theme": "y"\n}\n')
  expect(changes.filter(({ theirs }) => theirs === true).map(({ key }) => key)).toEqual(['provider.routex.timeout'])
  expect(left).toEqual([])
})

test('B40 a provider routex that the user had before comes back with what was added to it', async () => {
  const world = await makeClientsWorld()
  const mine =
    'model_provider = "routex"\n\n[model_providers.routex]\nname = "Mine"\nbase_url = "http://127.0.0.1:1/v1"\nenv_key = "MY_KEY"\n'
  await world.place(CODEX, mine)
  await world.connections.apply('codex', {})
  await world.place(CODEX, `${await world.read(CODEX)}request_max_retries = 3\n`)
  await restore(world, 'codex')
  const text = await world.read(CODEX)
  expect(text).toContain('name = "Mine"\nbase_url = "http://127.0.0.1:1/v1"\n')
  expect(text).toContain('request_max_retries = 3')
  expect(text).toContain('env_key = "MY_KEY"')
  expect(text).not.toContain('experimental_bearer_token')
})

test('the file of a restore that left something is named with its place', async () => {
  const { world } = await connected()
  await edit(world, SETTINGS, [HERE, 'https://other.example'])
  const { left } = await restore(world, 'claude-code')
  expect(left.map(({ file }) => file)).toEqual([join(world.home, SETTINGS), join(world.home, SETTINGS)])
})
