import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ClientId } from '../../src/shared/clients'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { startGateway, type GatewayOptions } from '../support/start-gateway'
import { makeTempDir } from '../support/temp-dir'
import { VENDORS, anthropic, says, type Vendor } from '../support/vendors/vendors'

const clientOf: Readonly<Record<Vendor['protocol'], ClientId>> = {
  anthropic: 'claude-code',
  'openai-chat': 'opencode',
  'openai-responses': 'codex',
  gemini: 'gemini-cli'
}

async function start(vendor: Vendor, options: GatewayOptions = {}) {
  const upstream = await startFakeUpstream()
  upstream.always(says(vendor, { text: 'an answer' }))
  const home = options.home ?? (await makeTempDir())
  const gateway = await startGateway({ config: withChannels([channelOf(vendor, upstream)]), home, ...options })
  return { gateway, home, upstream }
}

test.each(VENDORS)('a test request of a connected client goes through $protocol and leaves its row', async (vendor) => {
  const { gateway } = await start(vendor)
  const client = clientOf[vendor.protocol]
  const connected = await gateway.call('clients.apply', { client, createFolders: true })
  const verified = await gateway.call('clients.verify', { client })
  expect(verified).toMatchObject({
    ok: true,
    status: 200,
    protocol: vendor.protocol,
    message: 'main answered with 200'
  })
  expect(verified.row).toMatchObject({
    clientKeyName: connected.client.name,
    client: `routex-test-of-${client}`,
    channelName: 'main',
    outcome: 'ok'
  })
})

test('a test request of a client that goes elsewhere is not sent, and one that is refused says why', async () => {
  const { gateway, home, upstream } = await start(anthropic)
  const verify = () => gateway.call('clients.verify', { client: 'claude-code' })
  expect(await verify()).toMatchObject({ ok: false, status: null, row: null })
  await mkdir(join(home, '.claude'))
  const settings = (url: string, key: string) =>
    writeFile(
      join(home, '.claude/settings.json'),
      JSON.stringify({ env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key } })
    )
  await settings('https://other.example', 'x')
  expect(await verify()).toMatchObject({ ok: false, message: expect.stringContaining('other.example') as unknown })
  await settings(gateway.url, 'rtx-not-a-key-of-ours')
  expect(await verify()).toMatchObject({ ok: false, status: 401, row: { outcome: 'refused' } })
  await settings(gateway.url, gateway.key)
  expect(await verify()).toMatchObject({ ok: true })
  expect(upstream.requests).toHaveLength(1)
})

test('a rotated key is in the client’s files when the rotation is answered', async () => {
  const { gateway, home } = await start(anthropic)
  await gateway.call('clients.apply', { client: 'claude-code', createFolders: true })
  const { keys } = await gateway.call('clientKeys.list', {})
  const id = keys.find(({ name }) => name === 'Claude Code')?.id
  if (id === undefined) throw new Error('no key was made')
  const { secret } = await gateway.call('clientKeys.rotate', { id })
  expect(await readFile(join(home, '.claude/settings.json'), 'utf8')).toContain(secret)
})

test('a test of settings that a nearer file beats says so', async () => {
  const { gateway, home } = await start(anthropic)
  await gateway.call('clients.apply', { client: 'opencode', createFolders: true })
  const folder = join(home, 'project')
  await mkdir(folder)
  await writeFile(join(folder, 'opencode.json'), '{"model": "other/model"}')
  const { ok, conflicts } = await gateway.call('clients.verify', { client: 'opencode', folder })
  expect([ok, conflicts]).toMatchObject([true, [{ code: 'nearer_file_wins', place: join(folder, 'opencode.json') }]])
  expect((await gateway.call('clients.verify', { client: 'opencode' })).conflicts).toEqual([])
})

test('B42 a gateway that comes back on another port takes the files of connected clients along', async () => {
  const { gateway, home } = await start(anthropic)
  await gateway.call('clients.apply', { client: 'codex', createFolders: true })
  const before = await readFile(join(home, '.codex/config.toml'), 'utf8')
  expect(before).toContain(`base_url = "${gateway.url}/v1"`)
  await gateway.stop()
  const { gateway: next } = await start(anthropic, { dataDir: gateway.dataDir, home })
  expect(next.url).not.toBe(gateway.url)
  expect(await readFile(join(home, '.codex/config.toml'), 'utf8')).toBe(before.replace(gateway.url, next.url))
  const { clients, afterCrash } = await next.call('clients.list', {})
  expect(clients.find(({ id }) => id === 'codex')?.state).toMatchObject({ kind: 'connected', outdated: [] })
  expect(afterCrash).toBeNull()
})

test('quitting keeps the clients’ files, or restores them until the next start when the user chose so', async () => {
  const { gateway, home } = await start(anthropic)
  await mkdir(join(home, '.codex'))
  await writeFile(join(home, '.codex/config.toml'), 'model = "mine"\n')
  await gateway.call('clients.apply', { client: 'codex' })
  const read = () => readFile(join(home, '.codex/config.toml'), 'utf8')
  await gateway.stop()
  expect(await read()).toContain('model_provider = "routex"')
  const { gateway: second } = await start(anthropic, { dataDir: gateway.dataDir, home })
  await second.call('settings.update', { clients: { atQuit: 'restore' } })
  await second.stop()
  expect(await read()).toBe('model = "mine"\n')
  const { gateway: third } = await start(anthropic, { dataDir: gateway.dataDir, home })
  expect(await read()).toContain(`base_url = "${third.url}/v1"`)
  expect(await third.call('clients.verify', { client: 'codex', model: 'x' })).toMatchObject({
    status: expect.any(Number) as unknown
  })
})

test('the settings of clients are nowhere in the log or in the database in clear text', async () => {
  const { gateway, home } = await start(anthropic)
  await mkdir(join(home, '.claude'))
  const secret = 'sk-ant-the-users-own-0123456789'
  await writeFile(join(home, '.claude/settings.json'), JSON.stringify({ env: { ANTHROPIC_AUTH_TOKEN: secret } }))
  await gateway.call('clients.apply', { client: 'claude-code' })
  expect(JSON.stringify(await gateway.call('clients.list', {}))).not.toContain(secret)
  expect(
    JSON.stringify(await gateway.call('clients.preview', { client: 'claude-code', action: 'restore' }))
  ).not.toContain(secret)
  await gateway.call('clients.restore', { client: 'claude-code' })
  expect(gateway.logged.join('\n')).not.toContain(secret)
  await gateway.stop()
  for (const file of ['routex.db', 'clients/claude-code.json']) {
    expect(await readFile(join(gateway.dataDir, file), 'latin1'), file).not.toContain(secret)
  }
})
