import { expect, test } from 'vitest'
import { makeApiWorld, type ApiCall } from '../../../test/support/api-world'
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

const saved = async (call: ApiCall): Promise<string[]> => {
  const { channels } = await call('channels.list', {})
  return channels.filter(({ managedBy }) => managedBy === 'user').map(({ name }) => name)
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
    askForUsage: false,
    budget: null,
    prices: {},
    priceMultiplier: 1,
    quirks: {}
  })
})

test('an imported budget switches to a channel that is here or comes along, by its id, and to none else, which is told', async () => {
  const { call } = await makeApiWorld()
  const here = await call('channels.create', { ...main, name: 'Here' })
  const to = (name: string, switchTo: string) => {
    return { ...main, name, budget: { period: 'day', limitUsd: 5, then: 'switch', switchTo } }
  }
  const config = { channels: [to('One', 'Two'), to('Two', 'Here'), to('Three', 'Gone')] }

  expect((await call('config.preview', { config })).skipped).toMatchObject([{ name: 'Three: budget.switchTo' }])
  await call('config.import', { config })

  const { channels } = await call('channels.list', {})
  const [, , two] = channels
  expect(channels.map(({ budget }) => budget?.switchTo)).toEqual([undefined, two?.id, here.id, undefined])
  expect(channels.at(-1)?.budget?.then).toBe('stop')
})

test('the Demo is not exported', async () => {
  const { call } = await makeApiWorld()
  expect((await call('config.export', {})).config['channels']).toEqual([])
})

test('an export names no channel by its id, and not the state of the UI', async () => {
  const { call } = await makeApiWorld()
  const { id } = await call('channels.create', main)
  await call('settings.update', { onlyChannel: id, firstRunDone: true })

  const { config } = await call('config.export', {})

  expect(JSON.stringify(config)).not.toContain(id)
  expect(config['settings']).not.toHaveProperty('firstRunDone')
})

test('an exported configuration is imported without its variables, each of which is named', async () => {
  const { call } = await makeApiWorld()
  await call('channels.create', main)
  const { config } = await call('config.export', {})
  const other = await makeApiWorld()
  const reason = 'its value is not in the import: enter it anew'
  const problems = [{ path: '', message: reason, rule: { kind: 'own', code: 'value_missing' } }]
  const outcome = {
    added: ['Main account'],
    skipped: [
      { name: 'Main account: apiKey', reason, problems },
      { name: 'Main account: headers.x-auth-token', reason, problems },
      { name: 'Main account: headers.x-foo', reason, problems }
    ]
  }
  expect(await other.call('config.preview', { config })).toEqual({
    ...outcome,
    changed: [],
    removed: [],
    settings: [],
    clientKeys: { added: [], removed: [] }
  })
  expect(await other.call('config.import', { config })).toMatchObject({ ...outcome, backup: { reason: 'import' } })
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
  expect(skipped).toMatchObject([
    { name: 'Main account', reason: expect.stringContaining('Main account') as string },
    { name: 'loop', reason: expect.stringContaining('Routex itself') as string },
    {
      name: 'bad',
      reason: 'priority: must be a whole number from 0 to 1000',
      problems: [{ path: 'priority', rule: { kind: 'whole_number', min: 0, max: 1000 } }]
    },
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

test('an import that is brought in twice, or holds a name twice, doubles nothing', async () => {
  const { call } = await makeApiWorld()
  const channel = { protocol: 'gemini', baseUrl: 'https://x.example' }
  const config = {
    channels: [
      { ...channel, name: 'One' },
      { ...channel, name: 'one' },
      { ...channel, name: 'Two' }
    ]
  }
  const preview = await call('config.preview', { config })

  const first = await call('config.import', { config })
  const second = await call('config.import', { config })

  expect(first).toMatchObject({ added: preview.added, skipped: preview.skipped })
  expect(first).toMatchObject({
    added: ['One', 'Two'],
    skipped: [{ name: 'one', reason: 'its name is too like that of One, which stands before it' }]
  })
  expect(first.backup).toMatchObject({ reason: 'import', channels: 0 })
  expect(second).toMatchObject({ added: [], backup: null })
  expect(second.skipped.map(({ name }) => name)).toEqual(['One', 'one', 'Two'])
  expect((await call('channels.list', {})).channels.map(({ name }) => name)).toEqual(['One', 'Two'])
})

test.each(['****', '••••••••', '…'])(
  'an imported key that is only the mask %s is told and not taken',
  async (apiKey) => {
    const { call } = await makeApiWorld()
    const channel = { name: 'Copied', protocol: 'gemini', baseUrl: 'https://x.example', apiKey }
    const { added, skipped } = await call('config.import', { config: { channels: [channel] } })
    expect(added).toEqual(['Copied'])
    expect(skipped).toMatchObject([{ name: 'Copied: apiKey', reason: 'its value is not in the import: enter it anew' }])
    expect((await call('channels.list', {})).channels).toMatchObject([{ name: 'Copied', hasCredential: false }])
  }
)

test('a preview adds nothing, and a masked header of a list is no header', async () => {
  const { call } = await makeApiWorld()
  const channel = {
    name: 'Copied',
    protocol: 'gemini',
    baseUrl: 'https://x.example',
    headers: { 'x-auth': '****', accept: '*' }
  }
  const config = { channels: [channel] }

  expect(await call('config.preview', { config })).toMatchObject({
    added: ['Copied'],
    skipped: [{ name: 'Copied: headers.x-auth' }]
  })
  expect(await saved(call)).toEqual([])
  await call('config.import', { config })
  expect((await call('channels.list', {})).channels).toEqual([
    expect.objectContaining({ name: 'Copied', headers: { accept: '*' } })
  ])
})

test('a configuration under a passphrase says what it would change, and brings all of it to another Routex', async () => {
  const from = await makeApiWorld()
  await from.call('channels.create', { ...main, priority: 3 })
  await from.call('clientKeys.create', { name: 'laptop' })
  const passphrase = 'correct horse battery'

  const exported = await from.call('config.exportEncrypted', { passphrase })

  expect(exported).toMatchObject({ channels: 1, clientKeys: 2 })
  expect(exported.text).not.toMatch(/Main account|laptop|sk-/)
  const { call } = await makeApiWorld()
  await call('channels.create', { name: 'Other', protocol: 'gemini', baseUrl: 'https://other.example' })
  const given = { text: exported.text, passphrase }
  expect(await call('config.previewEncrypted', given)).toMatchObject({ added: ['Main account'], removed: ['Other'] })
  expect((await call('channels.list', {})).channels).toHaveLength(1)
  expect(await call('config.importEncrypted', given)).toMatchObject({ savedAs: { reason: 'import', channels: 1 } })
  expect((await call('channels.list', {})).channels).toMatchObject([
    { name: 'Main account', hasCredential: true, priority: 3 }
  ])
})

test('a wrong passphrase, a text that was changed, and what is no export are each told', async () => {
  const { call } = await makeApiWorld()
  const passphrase = 'correct horse battery'
  const { text } = await call('config.exportEncrypted', { passphrase })
  const at = Math.floor(text.length * 0.7)
  const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)

  for (const name of ['config.previewEncrypted', 'config.importEncrypted'] as const) {
    await expect(call(name, { text, passphrase: 'wrong horse battery' })).rejects.toMatchObject({
      status: 422,
      code: 'passphrase_wrong'
    })
    await expect(call(name, { text: changed, passphrase })).rejects.toMatchObject({
      status: 422,
      code: 'encrypted_export_damaged'
    })
    await expect(call(name, { text: '{}', passphrase })).rejects.toMatchObject({
      status: 422,
      code: 'encrypted_export_invalid'
    })
  }
  await expect(call('config.exportEncrypted', { passphrase: 'short' })).rejects.toMatchObject({ status: 400 })
})
