import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import type { CallParams } from '../../shared/contract'
import { parseConfigFile } from '../storage/config-file/read-config-file'

const main: CallParams<'channels.create'> = {
  name: 'Main account',
  protocol: 'anthropic',
  baseUrl: 'https://api.anthropic.example',
  apiKey: 'sk-ant-secret-wxyz',
  models: ['claude-*'],
  modelMap: { fast: 'claude-haiku-4-5' },
  priority: 3,
  headers: { 'x-auth-token': 'header-secret', 'x-foo': 'secret', 'x-title': 'eu' },
  timeouts: { idleMs: 1000 }
}

test('an export is a config file without secrets, which loads where its variables are set', async () => {
  const { call } = await makeApiWorld()
  await call('channels.create', main)
  await call('clientKeys.create', { name: '2nd laptop' })
  const { config } = await call('config.export', {})
  const text = JSON.stringify(config)
  expect(text).not.toContain('secret')
  const names = [...text.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? '')
  expect(names).toEqual([
    'MAIN_ACCOUNT_API_KEY',
    'MAIN_ACCOUNT_X_AUTH_TOKEN',
    'MAIN_ACCOUNT_X_FOO',
    'DEFAULT_ROUTEX_KEY',
    '_2ND_LAPTOP_ROUTEX_KEY'
  ])
  const variables = Object.fromEntries(names.map((name): [string, string] => [name, `value-of-${name}`]))
  const loaded = parseConfigFile('exported.json', text, variables)
  expect(loaded.channels[0]).toEqual({
    ...main,
    apiKey: 'value-of-MAIN_ACCOUNT_API_KEY',
    headers: {
      'x-auth-token': 'value-of-MAIN_ACCOUNT_X_AUTH_TOKEN',
      'x-foo': 'value-of-MAIN_ACCOUNT_X_FOO',
      'x-title': 'eu'
    },
    weight: 1,
    enabled: true,
    askForUsage: false
  })
})

test('the Demo is not exported', async () => {
  const { call } = await makeApiWorld()
  expect((await call('config.export', {})).config['channels']).toEqual([])
})

test('an exported configuration is imported without its variables', async () => {
  const { call } = await makeApiWorld()
  await call('channels.create', main)
  const { config } = await call('config.export', {})
  const other = await makeApiWorld()
  expect(await other.call('config.import', { config })).toEqual({ added: ['Main account'], skipped: [] })
  const { channels } = await other.call('channels.list', {})
  expect(channels).toMatchObject([
    { name: 'Main account', hasCredential: false, headers: { 'x-title': 'eu' }, priority: 3 }
  ])
})

test('what can not be added is skipped and named, each with its reason, and the rest is added', async () => {
  const { call } = await makeApiWorld()
  await call('channels.create', main)
  const channel = { protocol: 'gemini', baseUrl: 'https://x.example' }
  const channels = [
    main,
    { ...channel, name: 'loop', baseUrl: 'http://127.0.0.1:8080' },
    { ...channel, name: 'bad', priority: 5000 },
    7,
    { ...channel, name: 'good', apiKey: 'sk-real-key-12345' }
  ]
  const { added, skipped } = await call('config.import', { config: { channels } })
  expect(added).toEqual(['good'])
  expect(skipped).toEqual([
    { name: 'Main account', reason: expect.stringContaining('Main account') as string },
    { name: 'loop', reason: expect.stringContaining('Routex itself') as string },
    { name: 'bad', reason: 'priority: must be a whole number from 0 to 1000' },
    { name: 'channels[3]', reason: 'must be an object' }
  ])
})

test('an import without channels is refused', async () => {
  const { call } = await makeApiWorld()
  await expect(call('config.import', { config: { chanels: [] } })).rejects.toMatchObject({
    status: 400,
    details: { problems: [{ path: 'channels' }] }
  })
})
