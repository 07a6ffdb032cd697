import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonName, jsonText } from '../../../../test/support/settings-texts'
import { firstLeniency, json } from './json'
import { valueAt, withValue, type Settings } from './settings-format'

const set = (text: string, key: string[], value: unknown) => json.edit(text, [{ key, value }])
const remove = (text: string, key: string[]) => json.edit(text, [{ key, value: undefined }])

describe('B40 setting one key changes that property alone', () => {
  test.each([
    ['', '{\n  "env": {\n    "A": "x"\n  }\n}\n'],
    [' \n', '{\n  "env": {\n    "A": "x"\n  }\n}\n'],
    ['{}', '{\n  "env": {\n    "A": "x"\n  }\n}'],
    ['{"a":1}', '{"a":1,"env":{"A":"x"}}'],
    ['{ "a": 1 }', '{ "a": 1, "env": { "A": "x" } }'],
    ['{"env": {}, "b": 2}', '{"env": {"A": "x"}, "b": 2}'],
    ['{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "env": {\n    "A": "x"\n  }\n}\n'],
    ['{\n\t"a": 1\n}\n', '{\n\t"a": 1,\n\t"env": {\n\t\t"A": "x"\n\t}\n}\n'],
    ['{\r\n    "a": 1\r\n}', '{\r\n    "a": 1,\r\n    "env": {\r\n        "A": "x"\r\n    }\r\n}'],
    ['{\n  "a": 1, // one\n}\n', '{\n  "a": 1, // one\n  "env": {\n    "A": "x"\n  },\n}\n'],
    ['{\n  "a": 1 // one\n}\n', '{\n  "a": 1, // one\n  "env": {\n    "A": "x"\n  }\n}\n'],
    ['{\n  // nothing yet\n}\n', '{\n  // nothing yet\n  "env": {\n    "A": "x"\n  }\n}\n'],
    ['{\n  "env": { "B": "y" }\n}', '{\n  "env": { "B": "y", "A": "x" }\n}'],
    [
      '{\n  "env": {\n    "A": "old" /* mine */,\n    "B": 1\n  }\n}',
      '{\n  "env": {\n    "A": "x" /* mine */,\n    "B": 1\n  }\n}'
    ],
    ['{"env": {"A": "first"}, "env": {"A": "last"}}', '{"env": {"A": "first"}, "env": {"A": "x"}}']
  ])('%j', (before, after) => {
    expect(set(before, ['env', 'A'], 'x')).toBe(after)
  })
})

describe('removing one key takes its line and its comma, and no comment', () => {
  test.each([
    ['{\n  "a": 1,\n  "env": {}\n}', '{\n  "a": 1\n}'],
    ['{\n  "env": {},\n  "a": 1\n}', '{\n  "a": 1\n}'],
    ['{\n  "env": {}, // why\n  "a": 1\n}', '{\n  // why\n  "a": 1\n}'],
    ['{\n  "a": 1, // one\n  "env": {}\n}', '{\n  "a": 1 // one\n}'],
    ['{\n  "a": 1, // one\n  "env": {}}', '{\n  "a": 1 // one\n}'],
    ['{\n  "a": 1,\n  "env": {},\n}', '{\n  "a": 1,\n}'],
    ['{"a":1,"env":{}}', '{"a":1}'],
    ['{ "env": {}, "a": 1 }', '{ "a": 1 }'],
    ['{\n  "env": {}\n}\n', '{}\n'],
    ['{\n  // about env\n  "env": {}\n}', '{\n  // about env\n}'],
    ['{"a":1}', '{"a":1}']
  ])('%j', (before, after) => {
    expect(remove(before, ['env'])).toBe(after)
  })
})

test.each([
  ['{ "a": }', 'line 1, column 8: value expected'],
  ['{\n  "a": 1\n', 'line 3, column 1: close brace expected'],
  ['[1]', 'it must hold one object'],
  ['// only a comment', 'line 1, column 18: value expected'],
  ['{"a": 1} x', 'line 1, column 10: invalid symbol']
])('a text that does not parse is refused with its place: %j', (text, message) => {
  expect(() => json.parse(text)).toThrow(message)
  expect(() => set(text, ['a'], 1)).toThrow(message)
})

test('a single value in the place of a group is refused', () => {
  expect(() => set('{"env": "x"}', ['env', 'A'], 'x')).toThrow('env holds a text, where a group')
  expect(() => set('{"env": null}', ['env', 'A'], 'x')).toThrow('env holds null, where a group')
  expect(() => set('{"env": ["A"]}', ['env', 'A'], 'x')).toThrow('env holds a list, where a group')
})

test('what a stricter reader would refuse is named with its place', () => {
  const strict = { comments: true, trailingCommas: true }
  expect(firstLeniency('{"a": 1}', strict)).toBeNull()
  expect(firstLeniency('{\n "a": 1 // c\n}', strict)).toBe('a comment (line 2, column 9)')
  expect(firstLeniency('{"a": 1,}', strict)).toContain('a comma before the closing bracket')
  expect(firstLeniency('{"a": 1 // c\n,}', { comments: false, trailingCommas: false })).toBeNull()
})

const commentsOf = (text: string) => text.match(/\/\* c \*\/|\/\/ it's "c" \{|\/\/ \}/g)?.length ?? 0
const value = fc.oneof(fc.string({ maxLength: 8 }), fc.boolean(), fc.constant({}))
const path = fc.array(jsonName, { minLength: 1, maxLength: 3 })

/** A key can be set where no single value stands in its way. */
function isFree(settings: Settings, key: readonly string[]): boolean {
  return key.slice(0, -1).every((_, depth) => {
    const found = valueAt(settings, key.slice(0, depth + 1))
    return found === undefined || (typeof found === 'object' && found !== null && !Array.isArray(found))
  })
}

test('B40 whatever the style, only the value of the key that is set changes, and no comment goes', () => {
  fc.assert(
    fc.property(jsonText, path, value, (text, key, wanted) => {
      const before = json.parse(text)
      fc.pre(isFree(before, key))
      const after = set(text, key, wanted)
      expect(json.parse(after)).toEqual(withValue(before, key, wanted))
      if (valueAt(before, key) === undefined) expect(commentsOf(after)).toBe(commentsOf(text))
      expect(set(after, key, wanted)).toBe(after)
    }),
    { numRuns: 500 }
  )
})

test('B40 whatever the style, a key that was added and removed leaves the other values and every comment', () => {
  fc.assert(
    fc.property(jsonText, jsonName, value, (text, key, wanted) => {
      const before = json.parse(text)
      fc.pre(!Object.hasOwn(before, key))
      const added = set(text, [key], wanted)
      const after = remove(added, [key])
      expect(json.parse(after)).toEqual(before)
      expect(commentsOf(after)).toBe(commentsOf(text))
      const trimmed = (one: string) => one.replace(/\s+\}$/, '}')
      if (Object.keys(before).length > 0) expect(trimmed(after)).toBe(trimmed(text))
    }),
    { numRuns: 500 }
  )
})

test('B40 whatever the style, removing a key leaves the others', () => {
  fc.assert(
    fc.property(jsonText, path, (text, key) => {
      const before = json.parse(text)
      fc.pre(valueAt(before, key) !== undefined)
      expect(json.parse(remove(text, key))).toEqual(withValue(before, key, undefined))
    }),
    { numRuns: 500 }
  )
})
