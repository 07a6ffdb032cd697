import { expect, test } from 'vitest'
import { makeClientsWorld, type ClientsWorld } from '../../../test/support/clients-world'
import { CLIENT_IDS, type ClientId } from '../../shared/clients'
import { clientKeyId } from '../../shared/ids'
import { formats } from './formats'

const MINE: Readonly<Record<ClientId, readonly [string, string]>> = {
  'claude-code': [
    '.claude/settings.json',
    '{"env": {"ANTHROPIC_BASE_URL": "https://mine", "ANTHROPIC_AUTH_TOKEN": "sk-mine"}}'
  ],
  codex: ['.codex/config.toml', 'model_provider = "mine"\n'],
  'gemini-cli': ['.gemini/.env', 'GEMINI_API_KEY=mine\n'],
  opencode: ['.config/opencode/opencode.json', '{"model": "mine/x"}\n']
}

const parsed = (client: ClientId, text: string): unknown =>
  formats[client === 'codex' ? 'toml' : client === 'gemini-cli' ? 'dotenv' : 'json'].parse(text)

/** Two programs with a data folder each, and one user's folder. */
async function makeTwo(client: ClientId) {
  const first = await makeClientsWorld()
  const second = await makeClientsWorld({ home: first.home })
  // Keys of the two differ.
  second.keys.texts.set(clientKeyId.parse('key_0'), 'rtx-the-second-one-has-others')
  second.offer.address = 'http://127.0.0.1:9090'
  const [path, text] = MINE[client]
  await first.place(path, text)
  await first.place('.gemini/settings.json', '{}')
  return { first, second, read: () => first.read(path), text }
}

const conflicts = async ({ connections }: ClientsWorld, client: ClientId, action: 'apply' | 'restore') =>
  (await connections.preview(client, action, undefined, {})).conflicts

test.each(CLIENT_IDS)(
  '%s that goes through another Routex is told, and is not connected before that was agreed to',
  async (client) => {
    const { first, second, read, text } = await makeTwo(client)
    await first.connections.apply(client, {})
    const before = await read()
    const told = {
      code: 'other_routex',
      message: expect.stringContaining('another Routex at http://127.0.0.1:8080') as unknown,
      fix: expect.stringContaining('Restore it there first') as unknown
    }
    expect(await conflicts(second, client, 'apply')).toContainEqual(expect.objectContaining(told))
    await expect(second.connections.apply(client, {})).rejects.toMatchObject({ code: 'other_routex', status: 409 })
    expect(await read()).toBe(before)
    expect(second.keys.names).toEqual([])
    await second.connections.apply(client, { overOther: true })
    expect(await read()).toContain('http://127.0.0.1:9090')

    // The first would forget what the user had before it.
    expect(await conflicts(first, client, 'restore')).toMatchObject([{ code: 'other_routex' }])
    await expect(first.connections.restore(client)).rejects.toMatchObject({ code: 'other_routex' })

    // It gives back neither the address nor the key of the first, which still finds the user's own.
    await second.connections.restore(client)
    expect(await read()).not.toMatch(/rtx-|8080|9090/)
    expect((await first.connections.view(client)).state).toMatchObject({ kind: 'connected' })
    const { left } = await first.connections.restore(client)
    expect(left).toEqual([])
    expect(parsed(client, await read())).toEqual(parsed(client, text))
  }
)

test.each(CLIENT_IDS)(
  '%s that was taken from another Routex is given back without it, also when that was seen on the page and done again',
  async (client) => {
    const { first, second, read } = await makeTwo(client)
    await second.connections.apply(client, {})
    await first.connections.apply(client, { overOther: true })
    const { basis } = await second.connections.preview(client, 'apply', undefined, {})
    await second.connections.apply(client, { overOther: true, basis })
    await second.connections.restore(client)
    expect(await read()).not.toMatch(/rtx-|8080|9090/)
  }
)

test('what the user changed beside the keys of another Routex stays when its client is taken and given back', async () => {
  const { first, second, read } = await makeTwo('claude-code')
  await first.connections.apply('claude-code', {})
  const added = (await read()).replace('"env": {', '"model": "opus", "env": {"ANTHROPIC_API_KEY": "sk-mine", ')
  await first.place(MINE['claude-code'][0], added)
  await second.connections.apply('claude-code', { overOther: true })
  await second.connections.restore('claude-code')
  expect(parsed('claude-code', await read())).toEqual({ model: 'opus', env: { ANTHROPIC_API_KEY: 'sk-mine' } })
})

test('a client that was taken from another Routex comes back at the start after a quit that restores', async () => {
  const { first, second, read } = await makeTwo('claude-code')
  await first.connections.apply('claude-code', {})
  await second.connections.apply('claude-code', { overOther: true })
  await second.connections.restoreAll()
  await second.connections.reconnect()
  expect(await read()).toContain('9090')
})

test('a provider routex of the user’s own comes back whole from under two Routexes', async () => {
  const { first, second, read } = await makeTwo('codex')
  const own = 'model_provider = "routex"\n\n[model_providers.routex]\nname = "Mine"\nrequest_max_retries = 3\n'
  await first.place(MINE.codex[0], own)
  await first.connections.apply('codex', {})
  await second.connections.apply('codex', { overOther: true })
  await second.connections.restore('codex')
  await first.connections.restore('codex')
  expect(parsed('codex', await read())).toEqual(parsed('codex', own))
})

test.each(CLIENT_IDS)(
  '%s is restored by the first Routex alone where the second is gone, when that is agreed to',
  async (client) => {
    const { first, second, read, text } = await makeTwo(client)
    await first.connections.apply(client, {})
    await second.connections.apply(client, { overOther: true })
    const { left } = await first.connections.restore(client, { overOther: true })
    expect(left).toEqual([])
    expect(await read()).toBe(text)
  }
)

test('a quit that restores leaves what another Routex has connected meanwhile, and forgets nothing', async () => {
  const { first, second, read, text } = await makeTwo('claude-code')
  await first.connections.apply('claude-code', {})
  await second.connections.apply('claude-code', { overOther: true })
  const before = await read()
  await first.connections.restoreAll()
  expect(await read()).toBe(before)
  await second.connections.restore('claude-code')
  await first.connections.restoreAll()
  expect(parsed('claude-code', await read())).toEqual(parsed('claude-code', text))
})

test('settings that lead here by hand, with a key of this Routex, are no other', async () => {
  const { first } = await makeTwo('claude-code')
  first.keys.texts.set(clientKeyId.parse('key_9'), 'rtx-a-key-that-was-copied-by-hand')
  const env = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:8080', ANTHROPIC_AUTH_TOKEN: 'rtx-a-key-that-was-copied-by-hand' }
  await first.place('.claude/settings.json', JSON.stringify({ env }))
  expect(await conflicts(first, 'claude-code', 'apply')).toEqual([])
  await first.connections.apply('claude-code', {})
})
