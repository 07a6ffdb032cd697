import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseConfigFile } from '../../src/main/storage/config-file/read-config-file'
import { configSchema, pathsOf } from './config-schema'
import { CONFIG_DESCRIPTIONS } from './describe-config'
import { documents } from './documents'
import { typeText } from './type-text'

/** Formatting is slow on a busy machine. */
const FORMATTING_MS = 30_000

const root = join(import.meta.dirname, '..', '..')

test('what is generated is up to date (else: node scripts/generate-docs.mjs)', { timeout: FORMATTING_MS }, async () => {
  for (const { path, text } of await documents(root)) {
    expect(await readFile(join(root, path), 'utf8'), path).toBe(text)
  }
})

test('every field of the config file is described, and nothing else is', () => {
  const paths = [...pathsOf(configSchema())].map(([path]) => path)
  expect(Object.keys(CONFIG_DESCRIPTIONS).sort()).toEqual(paths.sort())
})

test('in an editor a text with a variable is held to no length and no pattern', () => {
  const [, key] = [...pathsOf(configSchema())].find(([path]) => path === 'clientKeys[].key') ?? []
  expect(key?.anyOf).toEqual([{ minLength: 16, maxLength: 512, pattern: '^[\\x21-\\x7e]+$' }, { pattern: '\\$\\{' }])
})

test('in an editor a number and a switch may be a variable', () => {
  const nodes = new Map(pathsOf(configSchema()))
  const variable = { type: 'string', pattern: '^\\$\\{[^}]+\\}$' }
  expect(nodes.get('settings.port')?.anyOf).toEqual([{ type: 'integer', minimum: 0, maximum: 65_535 }, variable])
  expect(nodes.get('channels[].enabled')?.anyOf).toEqual([{ type: 'boolean' }, variable])
  expect(nodes.get('channels[].enabled')?.type).toBeUndefined()
})

test('the example loads, with the variables that it names', async () => {
  const text = await readFile(join(root, 'routex.example.json'), 'utf8')
  const config = parseConfigFile('routex.example.json', text, { ANTHROPIC_API_KEY: 'sk-ant-test' })
  expect(config.channels.map(({ name, apiKey }) => [name, apiKey])).toEqual([
    ['Anthropic', 'sk-ant-test'],
    ['Anthropic, second account', 'not-set'],
    ['Local models', undefined]
  ])
  expect(() => parseConfigFile('routex.example.json', text, {})).toThrow('ANTHROPIC_API_KEY')
})

test('the example brings no client key: one that stands in public would let everybody in', async () => {
  const text = await readFile(join(root, 'routex.example.json'), 'utf8')
  const { clientKeys } = parseConfigFile('routex.example.json', text, { ANTHROPIC_API_KEY: 'sk-ant-test' })
  expect(clientKeys).toEqual([])
  expect(text).not.toContain('rtx-')
})

test.each([
  [{ enum: ['a', 'b'] }, '"a" | "b"'],
  [{ type: 'array', items: { enum: ['a', 'b'] } }, '("a" | "b")[]'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ $ref: '#/$defs/Channel' }, 'Channel'],
  [{ type: 'object', additionalProperties: {} }, 'Record<string, unknown>'],
  [{ type: 'object', additionalProperties: false }, 'Record<string, never>'],
  [
    { type: 'object', properties: { 'a-b': { type: 'integer', minimum: 1 } }, required: ['a-b'] },
    '{\n"a-b": number // whole, at least 1\n}'
  ]
])('the schema %j reads as %s', (schema, text) => {
  expect(typeText(schema as Parameters<typeof typeText>[0])).toBe(text)
})
