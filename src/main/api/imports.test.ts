import { expect, test } from 'vitest'
import { makeApiWorld, type ApiCall } from '../../../test/support/api-world'
import type { PendingImport } from '../../shared/backups'

const KEY = 'sk-ant-secret-from-a-link'
const link = (parameters: Record<string, string>): string =>
  `routex://import?${new URLSearchParams(parameters).toString()}`
const main = { name: 'Shared', protocol: 'anthropic', baseUrl: 'https://api.anthropic.example', apiKey: KEY }
const asConfig = (config: unknown): string =>
  link({ config: Buffer.from(JSON.stringify(config)).toString('base64url') })

const saved = async (call: ApiCall): Promise<string[]> => {
  const { channels } = await call('channels.list', {})
  return channels.filter(({ managedBy }) => managedBy === 'user').map(({ name }) => name)
}

async function setup() {
  const world = await makeApiWorld()
  const told: (PendingImport | null)[] = []
  world.api.on('imports.changed', ({ pending }) => told.push(pending))
  const pending = async (): Promise<PendingImport> => {
    const { pending: waiting } = await world.call('imports.pending', {})
    if (waiting === null) throw new Error('nothing waits')
    return waiting
  }
  const request = (url: string): Promise<PendingImport> => {
    world.imports.request(url)
    return pending()
  }
  return { ...world, told, pending, request }
}

test('a link waits with all that it asks for but its key, and nothing is added before the yes', async () => {
  const { call, request, told } = await setup()

  const pending = await request(link({ ...main, models: 'claude-*, claude-opus-4 ,' }))

  expect(pending).toEqual({
    id: expect.any(String) as string,
    ...{ problem: null, problems: [] },
    channels: [
      {
        name: 'Shared',
        protocol: 'anthropic',
        baseUrl: main.baseUrl,
        models: ['claude-*', 'claude-opus-4'],
        hasCredential: true,
        settings: [],
        problem: null,
        problems: []
      }
    ]
  })
  expect(told).toEqual([pending])
  expect(JSON.stringify(pending)).not.toContain(KEY)
  expect(await saved(call)).toEqual([])

  const { added } = await call('imports.accept', { id: pending.id })

  expect(added).toMatchObject([{ name: 'Shared', models: ['claude-*', 'claude-opus-4'], hasCredential: true }])
  expect((await call('channels.list', {})).channels).toEqual(added)
  expect(await call('imports.pending', {})).toEqual({ pending: null })
  expect(told.at(-1)).toBeNull()
})

test('a second yes, or one to what was dismissed or replaced, adds nothing', async () => {
  const { call, request } = await setup()
  const gone = { status: 404, code: 'import_gone' }
  const replaced = await request(link(main))
  const dismissed = await request(link({ ...main, name: 'Other' }))
  await expect(call('imports.accept', { id: replaced.id })).rejects.toMatchObject(gone)
  await call('imports.dismiss', { id: dismissed.id })
  await expect(call('imports.accept', { id: dismissed.id })).rejects.toMatchObject(gone)
  await expect(call('imports.dismiss', { id: dismissed.id })).rejects.toMatchObject(gone)
  const accepted = await request(link(main))

  const answers = await Promise.allSettled([1, 2].map(() => call('imports.accept', { id: accepted.id })))

  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect((await call('channels.list', {})).channels).toHaveLength(1)
})

test('a link’s channel is shown with all that it would set, but for secrets', async () => {
  const { request } = await setup()
  const tricky = {
    ...{ ...main, priority: 0, weight: 100, modelMap: { '*': 'cheap' }, priceMultiplier: 0 },
    headers: { 'x-team': 'hidden-value' }
  }
  const pending = await request(
    link({ config: Buffer.from(JSON.stringify({ channels: [tricky] })).toString('base64url') })
  )
  expect(pending.channels[0]?.settings).toEqual([
    { field: 'modelMap', value: '{"*":"cheap"}' },
    { field: 'priority', value: '0' },
    { field: 'weight', value: '100' },
    { field: 'priceMultiplier', value: '0' },
    { field: 'headers', value: '["x-team"]' }
  ])
  expect(JSON.stringify(pending)).not.toContain('hidden-value')
})

test('a link with a whole configuration, as an export makes it, adds each channel that can be added', async () => {
  const from = await makeApiWorld()
  await from.call('channels.create', { name: 'One', protocol: 'gemini', baseUrl: 'https://one.example', priority: 3 })
  const { config } = await from.call('config.export', {})
  const { call, request } = await setup()
  await call('channels.create', { name: 'Taken', protocol: 'gemini', baseUrl: 'https://taken.example' })
  const channel = { protocol: 'openai-chat', baseUrl: 'https://x.example' }

  const pending = await request(
    asConfig({
      ...config,
      channels: [
        ...(config['channels'] as unknown[]),
        { ...channel, name: 'With a key', apiKey: KEY },
        { ...channel, name: 'taken' },
        { ...channel, name: 'ONE' },
        { ...channel, name: 'Loop', baseUrl: 'http://localhost:8080/v1' },
        { ...channel, name: 'Wrong', protocol: 'telnet', priority: -1 },
        7
      ]
    })
  )

  expect(
    pending.channels.map(({ name, protocol, hasCredential, problem }) => [name, protocol, hasCredential, problem])
  ).toEqual([
    ['One', 'gemini', false, null],
    ['With a key', 'openai-chat', true, null],
    ['taken', 'openai-chat', false, 'its name is too like that of the channel Taken'],
    ['ONE', 'openai-chat', false, 'its name is too like that of One, which stands before it'],
    ['Loop', 'openai-chat', false, expect.stringContaining('Routex itself') as string],
    ['Wrong', null, false, expect.stringMatching(/^protocol: must be one of .*; priority: must be/) as string],
    [null, null, false, 'must be an object']
  ])
  const { added } = await call('imports.accept', { id: pending.id })
  expect(added.map(({ name, priority }) => [name, priority])).toEqual([
    ['One', 3],
    ['With a key', 50]
  ])
})

test('the scheme and its word are read in capitals too, as a mail program may write them', async () => {
  const { request } = await setup()

  const pending = await request(link(main).replace('routex://import', 'ROUTEX://IMPORT'))

  expect(pending).toMatchObject({ problem: null, channels: [{ name: 'Shared' }] })
})

test('B41 what leads back to Routex is judged when it is looked at, not when it came', async () => {
  const { call, gateway, pending, request } = await setup()
  const { id } = await request(link({ ...main, baseUrl: 'http://127.0.0.1:9000' }))
  gateway.own = [{ host: '0.0.0.0', port: 9000 }]

  expect((await pending()).channels).toMatchObject([{ problem: expect.stringContaining('loop') as string }])
  await expect(call('imports.accept', { id })).rejects.toMatchObject({ status: 409 })

  expect(await saved(call)).toEqual([])
  expect((await pending()).id).toBe(id)
})

test.each([
  ['', 'must begin with routex://import?'],
  ['https://example.com/import?name=x', 'must begin with routex://import?'],
  ['routex://other?name=x', 'must begin with routex://import?'],
  ['routex://import/../x?name=x', 'must begin with routex://import?'],
  ['routex://import?name=a&name=b', '"name": must be given once'],
  [link({ ...main, priority: '0' }), expect.stringContaining('priority: is not known') as string],
  [link({ config: 'e30', name: 'x' }), expect.stringContaining('name: is not known') as string],
  [link({ config: '%%%' }), 'config: must be a JSON text as base64url'],
  [link({ config: Buffer.from('{"channels":').toString('base64url') }), 'config: must be a JSON text as base64url'],
  [link({ config: Buffer.from([0x22, 0xff, 0x22]).toString('base64url') }), 'config: must be a JSON text as base64url'],
  [asConfig({}), expect.stringContaining('channels') as string],
  [asConfig({ channels: [] }), expect.stringContaining('channels') as string],
  [asConfig({ channels: Array.from({ length: 101 }, () => main) }), expect.stringContaining('at most 100') as string],
  [asConfig([]), 'must be an object'],
  [link({ ...main, name: 'x'.repeat(300_000) }), 'must not have more than 262144 characters']
])('the link %.60s is told to be unreadable', async (url, problem) => {
  const { call, request } = await setup()

  const pending = await request(url)

  expect(pending).toMatchObject({ channels: [], problem })
  expect(pending.problems).not.toEqual([])
  await expect(call('imports.accept', { id: pending.id })).rejects.toMatchObject({ status: 409 })
})

test.each([
  [{ ...main, baseUrl: 'javascript:alert(1)' }, 'baseUrl'],
  [{ ...main, baseUrl: 'https://user:pass-word@x.example' }, 'baseUrl'],
  [{ ...main, baseUrl: 'https://x.example/?api_key=in-the-query' }, 'baseUrl'],
  [{ ...main, name: 'two\nlines' }, 'name'],
  [{ ...main, name: 'x'.repeat(81) }, 'name'],
  [{ protocol: 'anthropic', baseUrl: main.baseUrl }, 'name'],
  [{ ...main, protocol: 'smtp' }, 'protocol'],
  [{ ...main, models: `ok,${'x'.repeat(201)}` }, 'models']
])('hostile input %j is refused and no secret of it is shown', async (parameters, field) => {
  const { request } = await setup()

  const pending = await request(link(parameters))

  expect(pending).toMatchObject({ problem: null, channels: [{ problem: expect.stringContaining(field) as string }] })
  expect(JSON.stringify(pending)).not.toMatch(/pass-word|in-the-query|sk-ant|javascript:alert/)
})

test('a name that is taken in the very moment of the yes is left out', async () => {
  const { call, config, request } = await setup()
  const { id } = await request(asConfig({ channels: [main, { ...main, name: 'Second' }] }))
  const create = config.createChannels.bind(config)
  Object.defineProperty(config, 'createChannels', {
    value: async (inputs: Parameters<typeof create>[0]) => {
      await create(inputs.slice(0, 1).map((input) => ({ ...input, models: ['mine'] })))
      return create(inputs)
    }
  })

  const { added } = await call('imports.accept', { id })

  expect(added.map(({ name }) => name)).toEqual(['Second'])
})

test('a program that whoever installed it updates says so', async () => {
  const { call } = await setup()

  for (const name of ['updates.status', 'updates.check', 'updates.install'] as const) {
    expect(await call(name, {})).toEqual({ kind: 'unsupported' })
  }
})
