import { expect, test } from 'vitest'
import { makeClientsWorld } from '../../../test/support/clients-world'

const SETTINGS = '.claude/settings.json'

test('a secret in the query of an address is shown nowhere', async () => {
  const world = await makeClientsWorld()
  await world.place(SETTINGS, '{"env": {"ANTHROPIC_BASE_URL": "https://host.example/v1?key=querysecret77"}}')
  const state = async () => (await world.connections.view('claude-code')).state
  const seen = [await state(), await world.connections.preview('claude-code', 'apply', undefined, {})]
  const { changes } = await world.connections.apply('claude-code', {})
  const settings = (await world.read(SETTINGS)).replace(
    'http://127.0.0.1:8080',
    'https://host.example/v1?key=querysecret77'
  )
  await world.place(SETTINGS, settings)
  seen.push(await state())
  const told = JSON.stringify([seen, changes, await world.connections.preview('claude-code', 'restore', undefined, {})])
  expect(told).toContain('https://host.example/v1?key=••••')
  expect(told).not.toContain('querysecret')
})

test('lines beside a change show no secret of inline tables and lists of arguments', async () => {
  const world = await makeClientsWorld()
  const text =
    'model = "a"\n[mcp_servers.x]\nargs = ["--api-key", "argsecret"]\nenv = { GITHUB_TOKEN = "ghsecret", PW = "pwsecret" }\n' +
    'http_headers = { x-mine = "headersecret", Authorization = "Bearer bearersecret" }\n'
  await world.place('.codex/config.toml', text)
  const { files } = await world.connections.preview('codex', 'apply', undefined, {})
  expect(files[0]?.diff).toContain('http_headers')
  expect(files[0]?.diff).not.toMatch(/(?:arg|gh|pw|header|bearer)secret/)
})
