import { expect, test } from 'vitest'
import { z } from 'zod'
import { channelPatch } from './channel'
import { fileConfig } from './config-file'
import { nearMiss } from './near-miss'
import { formatPath, formatProblem, problemsOf } from './validation'

function problems(schema: z.ZodType, value: unknown): string[] {
  const result = schema.safeParse(value)
  return result.success ? [] : problemsOf(schema, result.error, value).map(formatProblem)
}
const channel = { name: 'main', protocol: 'anthropic', baseUrl: 'https://api.anthropic.com' }

test('a number out of range is told with its path and the range', () => {
  expect(problems(fileConfig, { channels: [channel, { ...channel, priority: 1001 }] })).toEqual([
    'channels[1].priority: must be a whole number from 0 to 1000'
  ])
})

test.each([
  [{ settings: { port: 'x' } }, 'settings.port: must be a whole number from 0 to 65535'],
  [
    { settings: { strategy: 'fastest' } },
    'settings.strategy: must be one of "priority", "round_robin", "weighted", "least_used"'
  ],
  [{ settings: { keyRequired: 1 } }, 'settings.keyRequired: must be true or false'],
  [{ settings: [] }, 'settings: must be an object'],
  [{ channels: {} }, 'channels: must be a list of at most 1000'],
  [{ channels: [{ ...channel, models: [7] }] }, 'channels[0].models[0]: must be text of 1 to 200 characters'],
  [{ channels: [{ ...channel, weight: -1 }] }, 'channels[0].weight: must be a number from 0 to 1000'],
  [{ channels: [{ ...channel, baseUrl: 'ftp://x' }] }, 'channels[0].baseUrl: must be an http(s) URL'],
  [
    { channels: [{ ...channel, headers: { 'a b': 'x' } }] },
    /^channels\[0\]\.headers\["a b"\]: is no valid name: must be an HTTP/
  ],
  [
    { channels: [{ protocol: 'gemini', baseUrl: 'https://x.example' }] },
    'channels[0].name: is required: must be text of 1 to 80 characters'
  ],
  [{ clientKeys: [{ name: 'laptop', key: 'short' }] }, 'clientKeys[0].key: must be text of 16 to 512 characters'],
  [{ rules: [{}] }, 'rules: must be empty: routing rules are not in this version'],
  [null, 'must be an object']
])('%j → %s', (value, message) => {
  expect(problems(fileConfig, value)).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)])
})

test('what is allowed is told for programs too, so that a page can say it in another language', () => {
  const rules = (value: unknown) => {
    const result = fileConfig.safeParse(value)
    return result.success ? [] : problemsOf(fileConfig, result.error, value).map(({ rule }) => rule)
  }
  const bad = { name: 'x\u0000', baseUrl: 'ftp://x', priority: -1, weight: 'x', models: [''], headers: { 'a b': 'x' } }
  expect(
    rules({ settings: { port: 70_000, strategy: 'fastest' }, channels: [{ ...channel, ...bad }], foo: 1 })
  ).toEqual([
    { kind: 'one_of', values: ['priority', 'round_robin', 'weighted', 'least_used'] },
    { kind: 'whole_number', min: 0, max: 65_535 },
    { kind: 'own', code: 'no_control_characters' },
    { kind: 'own', code: 'http_url' },
    { kind: 'text', min: 1, max: 200 },
    { kind: 'whole_number', min: 0, max: 1000 },
    { kind: 'number', min: 0, max: 1000 },
    { kind: 'own', code: 'header_name' },
    { kind: 'unknown' }
  ])
})

test('an unknown key names the one that was meant', () => {
  expect(
    problems(fileConfig, { chanels: [], settings: { retenton: {} }, channels: [{ ...channel, base_url: 'x' }] })
  ).toEqual([
    'settings.retenton: is not known; did you mean "retention"?',
    'channels[0].base_url: is not known; did you mean "baseUrl"?',
    'chanels: is not known; did you mean "channels"?'
  ])
})

test('an unknown key that resembles none names those that are allowed', () => {
  expect(problems(fileConfig, { plugins: [] })).toEqual([
    'plugins: is not known; allowed are $schema, settings, channels, rules, clientKeys'
  ])
  expect(problems(z.strictObject({}), { a: 1 })).toEqual(['a: is not known; nothing may stand here'])
})

test('a value that may be null is described by what it is otherwise', () => {
  expect(problems(channelPatch, { apiKey: 5 })).toEqual(['apiKey: must be text of 1 to 8192 characters'])
  expect(problems(z.object({ at: z.number().nullable() }), { at: 'x' })).toEqual(['at: must be a number'])
})

test('no message repeats a value that was given', () => {
  const secret = 'sk-very-secret-value'
  const bad = {
    settings: { host: 5, strategy: secret, port: secret },
    channels: [
      { name: '', protocol: secret, baseUrl: secret, apiKey: [secret], models: secret, headers: { h: `${secret}\n` } }
    ],
    clientKeys: [{ name: secret.repeat(9), key: `${secret} ${secret}` }]
  }
  const told = problems(fileConfig, bad)
  expect(told.length).toBeGreaterThan(8)
  expect(told.join('\n')).not.toContain('secret')
})

test.each([
  ['baseurl', 'baseUrl'],
  ['api_key', 'apiKey'],
  ['prioritiy', 'priority'],
  ['pirority', 'priority'],
  ['colour', undefined]
])('the word nearest to %s is %s', (word, meant) => {
  expect(nearMiss(word, ['baseUrl', 'apiKey', 'priority'])).toBe(meant)
})

test('a path reads as one would write it', () => {
  expect(formatPath(['channels', 1, 'modelMap', 'gpt-5.1/x'])).toBe('channels[1].modelMap["gpt-5.1/x"]')
})
