import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { Channel } from '../../shared/channel'
import { channelId } from '../../shared/ids'
import { demoChannels } from '../channels/demo'
import { matchRoute } from '../protocols/registry'
import { curlLine } from './curl-line'

const gateway = 'http://127.0.0.1:8080'
const base: Channel = {
  id: channelId.parse('main'),
  name: 'main',
  slug: 'main',
  protocol: 'anthropic',
  baseUrl: 'https://api.example',
  models: ['claude-*'],
  modelMap: {},
  priority: 50,
  weight: 1,
  enabled: true,
  headers: {},
  timeouts: {},
  askForUsage: false,
  budget: null,
  prices: {},
  priceMultiplier: 1,
  quirks: {},
  managedBy: 'user',
  credentialRevision: null
}
const lineFor = (channel: Partial<Channel>) => curlLine(gateway, 'rtx-key', [{ ...base, ...channel }], 'linux') ?? ''

/** The words as a shell takes the line apart. */
const words = (line: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')

test.each(['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const)(
  'the line for a channel of %s asks a path of that protocol, with key and body',
  (protocol) => {
    const [curl, url = '', ...rest] = words(lineFor({ protocol, models: ['*'] }))
    expect([curl, url.startsWith(`${gateway}/v1`)]).toEqual(['curl', true])
    expect(matchRoute('POST', new URL(url).pathname, '')).toMatchObject({ protocol, operation: 'generate' })
    expect(rest).toContain(`${protocol === 'gemini' ? 'x-goog-api-key' : 'x-api-key'}: rtx-key`)
    expect(JSON.parse(rest.at(-1) ?? '')).toBeTypeOf('object')
  }
)

test('a quote inside survives the shell', () => {
  const [, , , header] = words(curlLine(gateway, "rtx-it's", [base], 'linux') ?? '')
  expect(header).toBe("x-api-key: rtx-it's")
})

test('Windows gets double quotes', () => {
  expect(curlLine(gateway, 'rtx-key', [base], 'win32')).toContain('-d "{\\"model\\":')
})

const modelIn = (channel: Partial<Channel>): unknown =>
  (JSON.parse(words(lineFor(channel)).at(-1) ?? '') as { model: unknown }).model

test('the model is one that the channel takes', () => {
  expect(modelIn({ models: ['claude-*', 'my-model'] })).toBe('my-model')
  expect(modelIn({ models: ['fast*'], modelMap: { fast: 'claude-haiku-4-5', other: 'x' } })).toBe('fast')
  expect(modelIn({ models: ['claude-*'] })).toMatch(/^claude-/)
  expect(modelIn({ models: ['glm-4*'] })).toBe('glm-4')
})

test('the channel that goes first is asked, the Demo where there is no other, and without any there is no line', () => {
  const first = { ...base, protocol: 'gemini' as const, priority: 1 }
  expect(curlLine(gateway, 'rtx-key', [base, first], 'linux')).toContain('/v1beta/models/')
  expect(curlLine(gateway, 'rtx-key', demoChannels, 'linux')).toContain('"model":"demo"')
  expect(curlLine(gateway, 'rtx-key', [], 'linux')).toBeNull()
})
