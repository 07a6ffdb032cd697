import { expect, test } from 'vitest'
import { phrase } from '../../../shared/phrase'
import { claudeCode } from '.'
import type { Environment } from '../importer'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'

test('a key in the settings is an account at Anthropic; the program that would make keys is not run, and said', async () => {
  const reading = await readFixtures(claudeCode, ['claude-code/settings-key.json'])

  expect(accountsOf(reading)).toEqual(['Anthropic: anthropic https://api.anthropic.com sk-ant-fixture-settings-0001'])
  expect(reading.accounts).toMatchObject([{ from: 'claude-code/settings-key.json', place: 'env', models: ['*'] }])
  expect(lostOf(reading)).toEqual([
    'DISABLE_TELEMETRY: it is a setting of Claude Code’s own, which goes on counting there',
    'apiKeyHelper: a program that makes keys is not run: enter a key'
  ])
})

test('a relay brings its token, its headers, and the models that stand for Claude’s', async () => {
  const reading = await readFixtures(claudeCode, ['claude-code/settings-relay.json'])

  expect(accountsOf(reading)).toEqual([
    'relay.example: anthropic https://relay.example/anthropic fixture-relay-token-0002'
  ])
  expect(reading.accounts).toMatchObject([
    {
      modelMap: { '*haiku*': 'glm-4.5-air', 'claude-*': 'glm-4.7' },
      headers: { 'X-Team': 'blue', 'X-Relay-Key': 'fixture-header-secret-0004' },
      notes: [phrase('key_as_bearer')]
    }
  ])
  expect(lostOf(reading)).toEqual(['ANTHROPIC_API_KEY: ANTHROPIC_AUTH_TOKEN is set too, and counts'])
})

test('the file wins over the shell, variable by variable', async () => {
  const shell = { ANTHROPIC_API_KEY: 'sk-ant-of-the-shell', ANTHROPIC_BASE_URL: 'https://shell.example' }

  const both = await readFixtures(claudeCode, ['claude-code/settings-key.json'], shell)
  const alone = await readFixtures(claudeCode, [], shell)

  expect(accountsOf(both)).toEqual(['shell.example: anthropic https://shell.example sk-ant-fixture-settings-0001'])
  expect(accountsOf(alone)).toEqual([
    'shell.example: anthropic https://shell.example sk-ant-of-the-shell of ANTHROPIC_API_KEY'
  ])
  expect(alone.accounts).toMatchObject([{ from: 'environment' }])
})

test('what is not carried of the shell’s variables is told as of the environment, not of the file', async () => {
  const files = ['claude-code/settings-token.json']
  const lost = async (shell: Environment) => (await readFixtures(claudeCode, files, shell)).notCarried

  expect(await lost({ ANTHROPIC_API_KEY: 'sk-ant-of-the-shell' })).toEqual([
    { from: 'environment', what: 'ANTHROPIC_API_KEY', why: phrase('token_counts') }
  ])
  expect(await lost({ CLAUDE_CODE_USE_VERTEX: '1' })).toMatchObject([{ from: 'environment', what: 'Google Vertex AI' }])
})

test('a key in the file beside a token is told as of the file', async () => {
  const { notCarried } = await readFixtures(claudeCode, ['claude-code/settings-relay.json'])
  expect(notCarried).toMatchObject([{ from: 'claude-code/settings-relay.json', what: 'ANTHROPIC_API_KEY' }])
})

test.each([
  ['claude-code/settings-bedrock.json', [], ['Amazon Bedrock: Claude Code reaches it with the login of that cloud']],
  ['claude-code/settings-bedrock-off.json', ['sk-ant-fixture-settings-0001'], []],
  ['claude-code/claude-console.json', ['sk-ant-api03-fixture-console-0005'], []],
  ['claude-code/claude-subscription.json', [], ['its login: a login with a Claude subscription is never taken']]
])('%s brings the keys %j', async (name, keys, lost) => {
  const reading = await readFixtures(claudeCode, [name])

  expect(reading.accounts.map(({ credential }) => credential?.value)).toEqual(keys)
  expect(lostOf(reading)).toEqual(lost.map((text) => expect.stringContaining(text) as string))
})

test('without files and variables there is nothing', async () => {
  expect(await readFixtures(claudeCode, [], { PATH: '/bin' })).toEqual({ accounts: [], notCarried: [] })
})

test('its files are in its own folder, or in the one that a variable names', () => {
  const home = '/home/me'

  expect(claudeCode.find({ home, platform: 'linux', environment: {} })).toEqual([
    '/home/me/.claude/settings.json',
    '/home/me/.claude.json'
  ])
  expect(claudeCode.find({ home, platform: 'linux', environment: { CLAUDE_CONFIG_DIR: '/else' } })).toEqual([
    '/else/settings.json',
    '/else/.claude.json'
  ])
})

test('variables of the settings that no channel says are listed by their names', () => {
  const env = {
    ...{ ANTHROPIC_API_KEY: 'sk-ant-fixture-0006', API_TIMEOUT_MS: '300000', CLAUDE_CODE_MAX_OUTPUT_TOKENS: 32000 },
    ...{ HTTPS_PROXY: 'http://u:fixture@proxy', ANTHROPIC_MODEL: 'opus' }
  }
  const file = { kind: 'text', path: 'x', text: JSON.stringify({ env }) } as const

  expect(lostOf(claudeCode.read([file], { references: {}, addresses: {}, shell: {} }))).toEqual([
    'API_TIMEOUT_MS: it is a setting of Claude Code’s own, which goes on counting there',
    'CLAUDE_CODE_MAX_OUTPUT_TOKENS: it is a setting of Claude Code’s own, which goes on counting there',
    'HTTPS_PROXY: Routex takes its proxy from its own environment'
  ])
})
