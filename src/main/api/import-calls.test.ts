import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeApiWorld, type ApiCall } from '../../../test/support/api-world'
import type { ImportCandidate, ImportPreview } from '../../shared/imports'

const KEY = 'sk-ant-a-whole-secret-0001'
const settings = (env: Record<string, string>): string => JSON.stringify({ env })

interface Provider {
  readonly name: string
  readonly api_base_url: string
  readonly api_key?: string
  readonly models?: readonly string[]
}
const readProviders = (call: ApiCall, ...Providers: readonly Provider[]): Promise<ImportPreview> =>
  call('imports.read', { source: 'claude-code-router', text: JSON.stringify({ Providers }) })

const relay = { name: 'Relay', api_base_url: 'https://relay.example/v1/chat/completions', api_key: KEY }
const keysOf = ({ candidates }: ImportPreview): string[] => candidates.map(({ key }) => key)
const namesHere = async (call: ApiCall): Promise<string[]> =>
  (await call('channels.list', {})).channels.filter(({ managedBy }) => managedBy === 'user').map(({ name }) => name)

test('a file is shown with all that would be added but its secrets, and nothing is added before the yes', async () => {
  const { call } = await makeApiWorld()
  const text = settings({
    ANTHROPIC_BASE_URL: 'https://relay.example',
    ANTHROPIC_API_KEY: KEY,
    ANTHROPIC_CUSTOM_HEADERS: 'X-Auth: header-secret\nAccept: text/plain',
    ANTHROPIC_SMALL_FAST_MODEL: 'glm-4.5-air'
  })

  const preview = await call('imports.read', { source: 'claude-code', text })

  expect(preview).toEqual({
    id: expect.any(String) as string,
    files: [{ source: 'claude-code', path: 'the uploaded file', problem: null, problemPhrase: null }],
    candidates: [
      {
        ...{ key: '0', source: 'claude-code', from: 'the uploaded file', place: 'env', name: 'relay.example' },
        ...{ protocol: 'anthropic', baseUrl: 'https://relay.example', credential: { last4: '0001', variable: null } },
        ...{ models: ['*'], modelMap: { '*haiku*': 'glm-4.5-air' }, priority: 50, weight: 1, enabled: true },
        ...{ headers: { 'X-Auth': '****', Accept: 'text/plain' }, headerVariables: {} },
        ...{ duplicateOf: null, problem: null, problems: [], notes: [], notePhrases: [] }
      }
    ],
    notCarried: []
  } satisfies ImportPreview)
  expect(await namesHere(call)).toEqual([])

  const { added, backup, skipped } = await call('imports.apply', { id: preview.id, picks: ['0'] })

  expect(added).toMatchObject([
    { name: 'relay.example', hasCredential: true, credentialLast4: '0001', headers: { 'X-Auth': '****' } }
  ])
  expect({ backup, skipped }).toMatchObject({ backup: { reason: 'import', channels: 0 }, skipped: [] })
  expect((await call('backups.list', {})).backups).toEqual([backup])
  await expect(call('imports.apply', { id: preview.id, picks: ['0'] })).rejects.toMatchObject({ status: 404 })
})

test('a scan finds what is in Routex’ own environment, and says from which variable', async () => {
  const { call, config } = await makeApiWorld({ environment: { GEMINI_API_KEY: 'AIza-a-whole-secret', PATH: '/bin' } })

  const preview = await call('imports.scan', {})

  expect(preview.candidates).toMatchObject([
    { source: 'gemini-cli', from: 'environment', credential: { last4: 'cret', variable: 'GEMINI_API_KEY' } }
  ])
  const { added } = await call('imports.accept', { id: preview.id })
  expect(config.channels().flatMap((channel) => config.credential(channel) ?? [])).toEqual(['AIza-a-whole-secret'])
  expect(added).toMatchObject([{ name: 'Google Gemini' }])
})

test('only what is picked is added, under the name that was shown', async () => {
  const { call } = await makeApiWorld()
  await call('channels.create', { name: 'relay', protocol: 'gemini', baseUrl: 'https://taken.example' })
  const other = { ...relay, api_key: 'sk-another-secret-0002' }
  const preview = await readProviders(call, relay, other, { ...other, name: 'RELAY' }, { ...other, name: '\n渠道\t' })

  expect(preview.candidates.map(({ name }) => name)).toEqual(['Relay 2', 'Relay 3', 'RELAY 4', '渠道'])
  const { added } = await call('imports.apply', { id: preview.id, picks: ['3', '1'] })

  expect(added.map(({ name }) => name)).toEqual(['Relay 3', '渠道'])
})

test('a name that channels can not have is made one that they can', async () => {
  const { call } = await makeApiWorld()
  const long = 'x'.repeat(79) + '😀'
  const nameless = {
    source: 'codex',
    text: '[model_providers.a]\nname = " "\nbase_url = "https://a.example"\n'
  } as const

  const { candidates } = await readProviders(call, { ...relay, name: long }, { ...relay, name: long })
  const unnamed = await call('imports.read', nameless)

  expect(candidates.map(({ name }) => name)).toEqual(['x'.repeat(79), `${'x'.repeat(78)} 2`])
  expect(unnamed.candidates.map(({ name }) => name)).toEqual(['a.example'])
})

test('the second of an account is told, of a channel that is here or of one before it, and can be added all the same', async () => {
  const { call } = await makeApiWorld()
  const { id } = await call('channels.create', {
    ...{ name: 'Mine', protocol: 'openai-responses', baseUrl: 'https://RELAY.example/', apiKey: KEY }
  })
  const another = { ...relay, api_key: 'sk-another-secret-0002' }
  const bare = { name: 'Bare', api_base_url: 'https://bare.example/v1' }

  const preview = await readProviders(call, relay, another, { ...another, name: 'Again' }, bare, bare)

  const twins = preview.candidates.map(({ duplicateOf }) => duplicateOf)
  expect(twins).toEqual([
    { kind: 'channel', id, name: 'Mine' },
    null,
    { kind: 'candidate', key: '1', name: 'Relay 2' },
    null,
    { kind: 'candidate', key: '3', name: 'Bare' }
  ] satisfies ImportCandidate['duplicateOf'][])
  const { added } = await call('imports.apply', { id: preview.id, picks: keysOf(preview) })
  expect(added).toHaveLength(5)
})

test('B41 what leads back to Routex, or no channel could be, says why and is left out', async () => {
  const { call } = await makeApiWorld()
  const preview = await readProviders(
    call,
    { ...relay, name: 'Loop', api_base_url: 'http://localhost:8080/v1' },
    { ...relay, name: 'In the address', api_base_url: 'https://me:pass-word@x.example/v1?api_key=in-the-query' },
    { ...relay, name: 'No address', api_base_url: 'javascript:alert(1)' },
    { ...relay, name: 'Two lines', api_key: 'sk-first\nsk-second' },
    { ...relay, name: 'Too many', models: Array.from({ length: 1001 }, (_, index) => `m${index}`) },
    relay
  )

  expect(preview.candidates.map(({ problem }) => problem)).toEqual([
    expect.stringContaining('Routex itself') as string,
    expect.stringContaining('baseUrl: ') as string,
    expect.stringContaining('baseUrl: ') as string,
    expect.stringContaining('apiKey: ') as string,
    expect.stringContaining('models: ') as string,
    null
  ])
  expect(JSON.stringify(preview)).not.toMatch(/pass-word|in-the-query|sk-first|alert|m1000/)
  const { added, skipped } = await call('imports.apply', { id: preview.id, picks: ['0', '5'] })
  expect(added.map(({ name }) => name)).toEqual(['Relay'])
  expect(skipped).toMatchObject([
    { name: 'Loop', reason: expect.stringContaining('Routex itself') as string, problems: [{ path: 'baseUrl' }] }
  ])
})

test('when nothing that is picked can be added, nothing is done and it still waits', async () => {
  const { call } = await makeApiWorld()
  const preview = await readProviders(call, { ...relay, api_base_url: 'http://127.0.0.1:8080' }, relay)

  await expect(call('imports.apply', { id: preview.id, picks: ['0'] })).rejects.toMatchObject({ status: 409 })
  await expect(call('imports.apply', { id: preview.id, picks: ['1', '7'] })).rejects.toMatchObject({ status: 400 })
  await expect(call('imports.apply', { id: preview.id, picks: [] })).rejects.toMatchObject({ status: 400 })

  expect((await call('backups.list', {})).backups).toEqual([])
  expect((await call('imports.accept', { id: preview.id })).added).toHaveLength(1)
})

test('without room for the backup nothing is added, and it still waits', async () => {
  const { call, dir } = await makeApiWorld()
  const preview = await readProviders(call, relay)
  await writeFile(join(dir, 'backups'), 'no folder')

  await expect(call('imports.accept', { id: preview.id })).rejects.toMatchObject({ code: 'backup_unwritable' })

  expect(await namesHere(call)).toEqual([])
  await rm(join(dir, 'backups'))
  expect((await call('imports.accept', { id: preview.id })).added).toHaveLength(1)
})

test('what waits is judged anew: a name that was taken meanwhile becomes another', async () => {
  const { call } = await makeApiWorld()
  const [one, two] = [await readProviders(call, relay), await readProviders(call, relay)]
  await call('imports.accept', { id: one.id })

  const { added } = await call('imports.accept', { id: two.id })

  expect(added.map(({ name }) => name)).toEqual(['Relay 2'])
})

test('a second yes at the same time adds nothing', async () => {
  const { call } = await makeApiWorld()
  const { id } = await readProviders(call, relay)

  const answers = await Promise.allSettled([1, 2].map(() => call('imports.apply', { id, picks: ['0'] })))

  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(await namesHere(call)).toEqual(['Relay'])
})

test('eight previews wait; the ninth ends the oldest, and a dismissed one is over', async () => {
  const { call, imports } = await makeApiWorld()
  imports.request('routex://import?name=Linked&protocol=gemini&baseUrl=https%3A%2F%2Flinked.example')
  const previews: ImportPreview[] = []
  for (let number = 0; number < 9; number++) previews.push(await readProviders(call, relay))
  const [oldest, second, ...others] = previews.map(({ id }) => id)
  if (oldest === undefined || second === undefined) throw new Error('no previews')

  await expect(call('imports.dismiss', { id: oldest })).rejects.toMatchObject({ status: 404 })
  await call('imports.dismiss', { id: second })
  await expect(call('imports.apply', { id: second, picks: ['0'] })).rejects.toMatchObject({ status: 404 })
  for (const id of others) await call('imports.dismiss', { id })
  expect((await call('imports.pending', {})).pending?.channels.map(({ name }) => name)).toEqual(['Linked'])
})

test('of more than two hundred accounts the rest is told', async () => {
  const { call } = await makeApiWorld()
  const many = Array.from({ length: 250 }, () => relay)

  const { candidates, notCarried } = await readProviders(call, ...many)

  expect(candidates).toHaveLength(200)
  expect(notCarried).toEqual([
    {
      source: 'claude-code-router',
      from: 'the uploaded file',
      ...{ what: '50 more accounts', whatPhrase: { code: 'more_accounts', values: { n: '50' } } },
      ...{ why: 'only 200 are shown at once', whyPhrase: { code: 'only_shown', values: { n: '200' } } }
    }
  ])
})

test('a file of the machine is read for the desktop’s own page alone, and by its whole path', async () => {
  const [desktop, headless] = [await makeApiWorld(), await makeApiWorld({ readsFiles: false })]
  const path = join(desktop.home, 'settings.json')
  await writeFile(path, settings({ ANTHROPIC_API_KEY: KEY }))

  expect(await desktop.call('imports.read', { source: 'claude-code', path })).toMatchObject({
    files: [{ path, problem: null }],
    candidates: [{ name: 'Anthropic', from: path }]
  })
  await expect(desktop.call('imports.read', { source: 'codex', path: 'config.toml' })).rejects.toMatchObject({
    status: 400
  })
  await expect(headless.call('imports.read', { source: 'claude-code', path })).rejects.toMatchObject({ status: 400 })
})

test.each([
  [{}, 'must hold one of text, base64 and path'],
  [{ text: '', base64: '' }, 'must hold one of text, base64 and path'],
  [{ base64: 'not base64!' }, 'base64 must be base64']
])('imports.read refuses %j: %s', async (given, message) => {
  const { call } = await makeApiWorld()

  await expect(call('imports.read', { source: 'codex', ...given })).rejects.toMatchObject({ status: 400, message })
})

test('a file that is none of the source’s is told as one of the files looked at', async () => {
  const { call } = await makeApiWorld()

  const preview = await call('imports.read', {
    source: 'ccflare',
    base64: Buffer.from('no database').toString('base64')
  })

  expect(preview).toMatchObject({
    files: [{ source: 'ccflare', problem: 'it is no database of ccflare' }],
    candidates: []
  })
})
