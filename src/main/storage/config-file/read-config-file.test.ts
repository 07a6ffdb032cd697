import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigFileError } from './config-file-error'
import { loadConfigFile, parseConfigFile } from './read-config-file'

const parse = (text: string, environment: Record<string, string> = {}) =>
  parseConfigFile('routex.json', text, environment)

function problemsIn(text: string, environment: Record<string, string> = {}): string[] {
  try {
    parse(text, environment)
    return []
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error
    return error.message.split('\n').slice(1)
  }
}

test('comments, trailing commas and a byte order mark are taken', () => {
  const config = parse(`\uFEFF{
    // one channel
    "channels": [
      { "name": "main", "protocol": "anthropic", "baseUrl": "https://api.anthropic.com" }, /* more later */
    ],
  }`)
  expect(config.channels[0]).toMatchObject({ name: 'main', models: ['*'], priority: 50, weight: 1, enabled: true })
  expect(config).toMatchObject({ settings: {}, clientKeys: [], rules: [] })
})

test('settings that the file leaves out stay unset', () => {
  expect(parse('{ "settings": { "port": 9000 } }').settings).toEqual({ port: 9000 })
})

test('broken JSON is told with its line and column', () => {
  expect(problemsIn('{\n  "channels": [\n    { "name": oops }\n  ]\n}')).toEqual([
    '  line 3, column 15: invalid symbol'
  ])
  expect(problemsIn('')).toEqual(['  line 1, column 1: value expected'])
})

test('every problem is told at once, each with its path', () => {
  const text = '{ "settings": { "port": 70000 }, "channels": [{ "name": "a", "protocol": "claude", "baseURL": "x" }] }'
  expect(problemsIn(text)).toEqual([
    '  settings.port: must be a whole number from 0 to 65535',
    '  channels[0].protocol: must be one of "anthropic", "openai-chat", "openai-responses", "gemini"',
    '  channels[0].baseUrl: is required: must be an http(s) URL',
    '  channels[0].baseURL: is not known; did you mean "baseUrl"?'
  ])
})

const withKey = (key: string) =>
  `{ "channels": [{ "name": "main", "protocol": "anthropic", "baseUrl": "https://x.example", "apiKey": ${JSON.stringify(key)} }] }`

test.each([
  ['${KEY}', { KEY: 'sk-1' }, 'sk-1'],
  ['Bearer ${KEY}!', { KEY: 'sk-1' }, 'Bearer sk-1!'],
  ['${KEY:-none}', {}, 'none'],
  ['${KEY:-none}', { KEY: '' }, 'none'],
  ['${KEY:-none}', { KEY: 'set' }, 'set'],
  ['${A}${B:-/b}', { A: 'a' }, 'a/b'],
  ['$${KEY}', { KEY: 'sk-1' }, '${KEY}'],
  ['$KEY', { KEY: 'sk-1' }, '$KEY']
])('%s with %j is %s', (written, environment, read) => {
  expect(parse(withKey(written), environment).channels[0]?.apiKey).toBe(read)
})

const withSettings = (settings: object, channel: object = {}) =>
  JSON.stringify({
    settings,
    channels: [{ name: 'main', protocol: 'anthropic', baseUrl: 'https://x.example', ...channel }]
  })

test('a number or a switch may be a variable that is its whole value', () => {
  const text = withSettings(
    {
      port: '${PORT}',
      keyRequired: '${KEY_REQUIRED}',
      retention: { days: '${DAYS:-30}' },
      updates: { automatic: '${UPDATE}' }
    },
    { weight: '${WEIGHT}', enabled: '${ENABLED:-false}', timeouts: { idleMs: '${IDLE}' } }
  )
  const variables = { PORT: '9000', KEY_REQUIRED: 'false', UPDATE: 'true', WEIGHT: '0.5', IDLE: '1000' }
  const { settings, channels } = parse(text, variables)
  expect(settings).toEqual({ port: 9000, keyRequired: false, retention: { days: 30 }, updates: { automatic: true } })
  expect(channels[0]).toMatchObject({ weight: 0.5, enabled: false, timeouts: { idleMs: 1000 } })
})

test('a text stays a text, though its variable holds a number or a switch', () => {
  const { channels } = parse(withSettings({}, { name: '${A}', apiKey: '${B}', models: ['${A}'] }), {
    A: '123',
    B: 'true'
  })
  expect(channels[0]).toMatchObject({ name: '123', apiKey: 'true', models: ['123'] })
})

test.each([
  ['${PORT}', 'http'],
  ['${PORT}', ''],
  ['${PORT}', '0x50'],
  ['${PORT}', '1e3'],
  ['${PORT}', ' 80 '],
  ['80${PORT}', '80'],
  ['9000', '']
])('a port %j with the variable %j is refused', (port, value) => {
  expect(problemsIn(withSettings({ port }), { PORT: value })).toEqual([
    '  settings.port: must be a whole number from 0 to 65535'
  ])
})

test('a switch takes true and false alone, and a number in a variable is held to its range', () => {
  const text = withSettings({ port: '${PORT}', keyRequired: '${KEY_REQUIRED}' })
  expect(problemsIn(text, { PORT: '70000', KEY_REQUIRED: 'yes' })).toEqual([
    '  settings.port: must be a whole number from 0 to 65535',
    '  settings.keyRequired: must be true or false'
  ])
})

test('a variable that is not set is told with its name and its path', () => {
  expect(problemsIn(withKey('${MISSING_KEY}'))).toEqual([
    '  channels[0].apiKey: needs the environment variable MISSING_KEY, which is not set'
  ])
})

test('a variable that is not set hides no other problem, and makes none of its own', () => {
  const channel = '"protocol": "anthropic", "baseUrl": "${URL}"'
  const text = `{
    "settings": { "port": 70000 },
    "channels": [{ "name": "a", ${channel} }, { "name": "A", ${channel} }],
    "clientKeys": [{ "name": "\${ONE}", "key": "\${KEY}" }, { "name": "\${TWO}", "key": "\${KEY}" }, { "name": 7 }]
  }`
  const unset = (path: string, name: string) => `  ${path}: needs the environment variable ${name}, which is not set`
  expect(problemsIn(text)).toEqual([
    unset('channels[0].baseUrl', 'URL'),
    unset('channels[1].baseUrl', 'URL'),
    unset('clientKeys[0].name', 'ONE'),
    unset('clientKeys[0].key', 'KEY'),
    unset('clientKeys[1].name', 'TWO'),
    unset('clientKeys[1].key', 'KEY'),
    '  settings.port: must be a whole number from 0 to 65535',
    '  clientKeys[2].name: must be text of 1 to 80 characters',
    '  clientKeys[2].key: is required: must be text of 16 to 512 characters',
    '  channels[1].name: must be unique: it is too like the name of channels[0].name'
  ])
})

test('a reference inside a default is told, rather than sent upstream as it stands', () => {
  expect(problemsIn(withKey('${A:-${B}}'), { B: 'sk-1' })[0]).toBe(
    '  channels[0].apiKey: has a reference inside the default of A, which is not understood'
  )
})

test('a reference that is not closed is told', () => {
  expect(problemsIn(withKey('${KEY'))[0]).toContain('channels[0].apiKey: has a "${"')
})

test('what a variable holds can never become JSON of its own', () => {
  const hostile = '", "enabled": false, "x": "'
  const [channel] = parse(withKey('${KEY}'), { KEY: hostile }).channels
  expect(channel).toMatchObject({ apiKey: hostile, enabled: true })
})

test('no problem repeats a secret', () => {
  const text = `{
    "channels": [{ "name": "a", "protocol": "x", "baseUrl": "\${URL}", "apiKey": ["\${KEY}"] }],
    "clientKeys": [{ "name": "a", "key": "\${SHORT}" }, { "name": "b", "key": "sk with spaces secret" }]
  }`
  const told = problemsIn(text, { URL: 'sk-secret-url', KEY: 'sk-secret-key', SHORT: 'secret' })
  expect(told).toHaveLength(5)
  expect(told.join()).not.toContain('secret')
})

test('names of channels and client keys are unique, letter case aside, and so are the keys', () => {
  const channel = '"protocol": "anthropic", "baseUrl": "https://x.example"'
  const text = `{
    "channels": [{ "name": "Main", ${channel} }, { "name": "b", ${channel} }, { "name": "main ", ${channel} }],
    "clientKeys": [{ "name": "a", "key": "rtx-0123456789abcdef" }, { "name": "b", "key": "rtx-0123456789abcdef" }]
  }`
  expect(problemsIn(text)).toEqual([
    '  channels[2].name: must be unique: it is too like the name of channels[0].name',
    '  clientKeys[1].key: must be unique: it is the key of clientKeys[0].key'
  ])
})

test('a file that is not there, or is a folder, is told so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'routex-config-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await expect(loadConfigFile(join(folder, 'none.json'), {})).rejects.toThrow(
    /none\.json can't be used:\n {2}does not exist/
  )
  await expect(loadConfigFile(folder, {})).rejects.toThrow('is a folder')
  await writeFile(join(folder, 'good.json'), '{}')
  await expect(loadConfigFile(join(folder, 'good.json'), {})).resolves.toMatchObject({ channels: [] })
})

test('B24 names that make one slug are refused, for the order of the file would decide which channel is which', () => {
  const channel = (name: string) => ({ name, protocol: 'anthropic', baseUrl: 'https://api.test', apiKey: 'sk-1' })
  expect(problemsIn(JSON.stringify({ channels: [channel('Team A'), channel('Other'), channel('team-a')] }))).toEqual([
    '  channels[2].name: must be unique: it is too like the name of channels[0].name'
  ])
})
