import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tomlText } from '../../../../test/support/settings-texts'
import { toml } from './toml'
import { withValue, type Edit } from './settings-format'

const edits: readonly Edit[] = [
  { key: ['model_provider'], value: 'routex' },
  { key: ['model_providers', 'routex', 'name'], value: 'Routex' },
  { key: ['model_providers', 'routex', 'base_url'], value: 'http://127.0.0.1:8080/v1' }
]
const SECTION = '\n[model_providers.routex]\nname = "Routex"\nbase_url = "http://127.0.0.1:8080/v1"\n'

describe('B40 setting keys leaves comments, order and line ends', () => {
  test.each([
    ['# mine\nmodel = "x"   # fast\n', `# mine\nmodel = "x"   # fast\nmodel_provider = "routex"\n${SECTION}`],
    [
      'model = "x"\n\n[projects."/home/me"]\ntrust_level = "trusted"\n',
      `model = "x"\nmodel_provider = "routex"\n\n[projects."/home/me"]\ntrust_level = "trusted"\n${SECTION}`
    ],
    [
      'model_provider = \'azure\' # mine\n[model_providers.azure]\nname = "Azure"\n',
      `model_provider = "routex" # mine\n[model_providers.azure]\nname = "Azure"\n${SECTION}`
    ],
    ['a = 1\nb = 2\r\n', `a = 1\nb = 2\r\nmodel_provider = "routex"\n${SECTION}`],
    ['[tui]\nx = 1', `model_provider = "routex"\n[tui]\nx = 1\n${SECTION}`],
    [
      'model_providers = { azure = { name = "A" } } # inline\n',
      'model_providers = { azure = { name = "A" }, routex = { name = "Routex", base_url = "http://127.0.0.1:8080/v1" } } # inline\nmodel_provider = "routex"\n'
    ],
    ['model_providers.azure.name = "A"\n', `model_providers.azure.name = "A"\nmodel_provider = "routex"\n${SECTION}`],
    [
      '[model_providers.routex] # by hand\n"name" = \'mine\' # old\nretries = 3\n\n[tui]\n',
      'model_provider = "routex"\n[model_providers.routex] # by hand\n"name" = "Routex" # old\nretries = 3\nbase_url = "http://127.0.0.1:8080/v1"\n\n[tui]\n'
    ]
  ])('%j', (before, after) => {
    expect(toml.edit(before, edits)).toBe(after)
  })
})

test.each([
  ['b = 1\na = ', 'line 2, column'],
  ['a = 1\na = 2\n', ''],
  ['[t', '']
])('a text that does not parse is refused: %j', (text, message) => {
  expect(() => toml.parse(text)).toThrow(expect.objectContaining({ name: 'UnreadableText' }))
  expect(() => toml.parse(text)).toThrow(message)
})

test('the message of a text that does not parse holds none of it', () => {
  const message = (): string => {
    try {
      return JSON.stringify(toml.parse('key = "secret-value\n'))
    } catch (error) {
      return String(error)
    }
  }
  expect(message()).toContain('line 1')
  expect(message()).not.toContain('secret-value')
})

test('a single value in the place of a group is refused', () => {
  expect(() => toml.edit('model_providers = 1\n', edits)).toThrow('model_providers holds a single value, where a group')
})

/** Every comment and every line that is not ours. */
const foreignLines = (written: string) => written.split(/\r?\n/).filter((line) => line.trim() !== '')

test('B40 whatever stands in it, the other keys keep their values and their lines', () => {
  fc.assert(
    fc.property(tomlText, (before) => {
      const settings = toml.parse(before)
      const after = toml.edit(before, edits)
      const expected = edits.reduce((all, { key, value }) => withValue(all, key, value), settings)
      expect(toml.parse(after)).toEqual(expected)
      expect(foreignLines(after)).toEqual(expect.arrayContaining(foreignLines(before)))
      expect(toml.edit(after, edits)).toBe(after)
    }),
    { numRuns: 150 }
  )
})

test('B40 keys that were added and removed leave the same text', () => {
  fc.assert(
    fc.property(tomlText, (before) => {
      const removals = edits.map(({ key }) => ({ key, value: undefined }))
      const after = toml.edit(toml.edit(before, edits), [
        ...removals,
        { key: ['model_providers', 'routex'], value: undefined }
      ])
      expect(after.trimEnd()).toBe(before.trimEnd())
    }),
    { numRuns: 150 }
  )
})
