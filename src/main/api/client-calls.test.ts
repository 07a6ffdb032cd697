import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { makeApiWorld } from '../../../test/support/api-world'
import type { channelInput } from '../../shared/channel'
import { CLIENT_IDS } from '../../shared/clients'
import { clientKeyId } from '../../shared/ids'

const main = {
  name: 'main',
  protocol: 'openai-chat',
  baseUrl: 'https://api.example',
  models: ['gpt-9', 'gpt-9-mini']
} satisfies z.input<typeof channelInput>

test('every assistant is listed, and on a machine without any none is found', async () => {
  const { call } = await makeApiWorld()
  const { clients, afterCrash } = await call('clients.list', {})
  expect(clients.map(({ id }) => id)).toEqual(CLIENT_IDS)
  expect(clients.every(({ state }) => state.kind === 'direct')).toBe(true)
  expect(afterCrash).toBeNull()
})

test('an assistant is previewed, connected with a key of its own, and restored', async () => {
  const { api, call, home, config } = await makeApiWorld()
  const heard: unknown[] = []
  api.on('clients.changed', (payload) => heard.push(payload))
  await mkdir(join(home, '.codex'))
  const preview = await call('clients.preview', { client: 'codex' })
  expect(preview).toMatchObject({ action: 'apply', problems: [], files: [{ effect: 'create' }] })
  expect(config.clientKeyViews()).toHaveLength(1)
  const { client, changes } = await call('clients.apply', { client: 'codex', basis: preview.basis })
  expect(client.state).toMatchObject({ kind: 'connected', url: 'http://127.0.0.1:8080', drift: [], outdated: [] })
  expect(client.key).toMatchObject({ name: 'Codex', inUse: true })
  expect(changes).toContainEqual(expect.objectContaining({ key: 'model_providers.routex.experimental_bearer_token' }))
  const id = client.key?.id ?? clientKeyId.parse('none')
  const secret = config.clientKeySecret(id) ?? ''
  expect(await readFile(join(home, '.codex/config.toml'), 'utf8')).toContain(secret)
  expect(JSON.stringify({ client, changes, preview })).not.toContain(secret)
  const restored = await call('clients.restore', { client: 'codex' })
  expect(restored.client).toMatchObject({ state: { kind: 'direct' }, key: { id, inUse: false } })
  expect(restored.left).toEqual([])
  await expect(call('clients.restore', { client: 'codex' })).rejects.toMatchObject({
    code: 'not_connected',
    status: 409
  })
  expect(heard).toEqual([{ client: 'codex' }, { client: 'codex' }])
})

test('a rotated key is written into the files of its assistant, a revoked one is told', async () => {
  const { call, home, dependencies } = await makeApiWorld()
  await call('clients.apply', { client: 'gemini-cli', createFolders: true })
  const viewed = async () => (await call('clients.list', {})).clients.find(({ id }) => id === 'gemini-cli')
  const id = (await viewed())?.key?.id ?? clientKeyId.parse('none')
  const before = await call('clientKeys.reveal', { id })
  // The gateway was told of once, so the clients follow it.
  await call('gateway.setState', { state: 'on' })
  const { secret, key } = await call('clientKeys.rotate', { id })
  await dependencies.clients.settled()
  expect(secret).not.toBe(before.secret)
  expect(key.last4).toBe(secret.slice(-4))
  expect(await readFile(join(home, '.gemini/.env'), 'utf8')).toContain(`GEMINI_API_KEY=${secret}\n`)
  expect((await viewed())?.state).toMatchObject({ kind: 'connected', outdated: [] })
  await call('clientKeys.revoke', { id })
  expect((await viewed())?.state).toMatchObject({ kind: 'connected', outdated: ['key_revoked'] })
})

test('a key that is revoked is told as a change of the client that it was given to, and no other key is', async () => {
  const { api, call } = await makeApiWorld()
  await call('clients.apply', { client: 'gemini-cli', createFolders: true })
  const { key } = await call('clientKeys.create', { name: 'laptop' })
  const own = (await call('clients.list', {})).clients.find(({ id }) => id === 'gemini-cli')?.key?.id
  const heard: unknown[] = []
  api.on('clients.changed', (payload) => heard.push(payload))

  await call('clientKeys.revoke', { id: key.id })
  await call('clientKeys.revoke', { id: own ?? clientKeyId.parse('none') })

  await expect.poll(() => heard).toEqual([{ client: 'gemini-cli' }])
})

test('OpenCode is given the protocol and the models of the channel that goes first', async () => {
  const { call, home } = await makeApiWorld()
  await call('channels.create', main)
  await call('clients.apply', { client: 'opencode', createFolders: true })
  expect(JSON.parse(await readFile(join(home, '.config/opencode/opencode.json'), 'utf8'))).toMatchObject({
    model: 'routex/gpt-9',
    provider: {
      routex: {
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: 'http://127.0.0.1:8080/v1' },
        models: { 'gpt-9-mini': {} }
      }
    }
  })
})

test('the environment holds the key, in the words of the shell that was asked for', async () => {
  const { call, config } = await makeApiWorld()
  const { text, variables, unset } = await call('clients.env', { client: 'claude-code' })
  const [key] = config.clientKeyViews().filter(({ name }) => name === 'Claude Code')
  const secret = config.clientKeySecret(key?.id ?? clientKeyId.parse('none')) ?? ''
  expect(variables).toContainEqual({ name: 'ANTHROPIC_AUTH_TOKEN', value: secret, secret: true })
  expect(unset).toContain('ANTHROPIC_API_KEY')
  expect(text).toContain(`export ANTHROPIC_AUTH_TOKEN='${secret}'\n`)
  const fish = await call('clients.env', { client: 'claude-code', shell: 'fish' })
  expect(fish.text).toContain(`set -gx ANTHROPIC_AUTH_TOKEN '${secret}'\n`)
  expect(config.clientKeyViews()).toHaveLength(2)
})

test('settings that beat the environment are told with it', async () => {
  const { call, home } = await makeApiWorld()
  await mkdir(join(home, '.claude'))
  await writeFile(join(home, '.claude/settings.json'), '{"env": {"ANTHROPIC_BASE_URL": "https://other.example"}}')
  expect((await call('clients.env', { client: 'claude-code' })).conflicts).toMatchObject([{ code: 'file_wins' }])
  expect((await call('clients.env', { client: 'gemini-cli' })).conflicts).toMatchObject([{ code: 'file_wins' }])
  expect((await call('clients.env', { client: 'codex' })).conflicts).toEqual([])
})

test('headless there is no terminal to launch in', async () => {
  const { call } = await makeApiWorld()
  await expect(call('clients.launch', { client: 'codex' })).rejects.toMatchObject({
    code: 'cannot_launch',
    message: expect.stringContaining('routex run codex') as unknown
  })
})

test('snippets are filled with the default key, or with the one that is named', async () => {
  const { call, config } = await makeApiWorld()
  await call('channels.create', main)
  const { snippets } = await call('clients.snippets', {})
  expect(snippets.map(({ id }) => id)).toEqual([
    ...['qwen-code', 'crush', 'continue', 'cline', 'aider'],
    ...['shell', 'python', 'typescript', 'curl']
  ])
  expect(snippets.every(({ parts }) => parts.some(({ text }) => text.includes(config.defaultClientKey())))).toBe(true)
  const { key, secret } = await call('clientKeys.create', { name: 'other' })
  const other = await call('clients.snippets', { keyId: key.id, protocol: 'anthropic', model: 'claude-x' })
  expect(JSON.stringify(other)).toContain(secret)
  expect(other.snippets.find(({ id }) => id === 'qwen-code')?.protocol).toBe('openai-chat')
  expect(other.snippets.find(({ id }) => id === 'python')).toMatchObject({ protocol: 'anthropic' })
  await expect(call('clients.snippets', { keyId: clientKeyId.parse('x') })).rejects.toMatchObject({ status: 404 })
})

test('a file that can not be changed is refused with 422, a slot that there is not with 400', async () => {
  const { call, home } = await makeApiWorld()
  await mkdir(join(home, '.codex'))
  await writeFile(join(home, '.codex/config.toml'), 'model = ')
  await expect(call('clients.apply', { client: 'codex' })).rejects.toMatchObject({
    code: 'does_not_parse',
    status: 422
  })
  const options = { models: { opus: 'x' } }
  await expect(call('clients.apply', { client: 'gemini-cli', options })).rejects.toMatchObject({ status: 400 })
})
