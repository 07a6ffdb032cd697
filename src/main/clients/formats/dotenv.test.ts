import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dotenvText } from '../../../../test/support/settings-texts'
import { dotenv } from './dotenv'

const set = (text: string, name: string, value: unknown) => dotenv.edit(text, [{ key: [name], value }])

describe('B40 setting one name changes its value alone', () => {
  test.each([
    ['', 'K=x\n'],
    ['A=1', 'A=1\nK=x'],
    ['A=1\n', 'A=1\nK=x\n'],
    ['A=1\r\n', 'A=1\r\nK=x\r\n'],
    ['# K=no\nA=1\n', '# K=no\nA=1\nK=x\n'],
    ['export K = "old" # why\nA=1\n', 'export K = x # why\nA=1\n'],
    ["K='two\nlines'\nA=1\n", 'K=x\nA=1\n'],
    ['K=\nA=1\n', 'K=x\nA=1\n'],
    ['K=first\nK=last\n', 'K=first\nK=x\n'],
    ['K: old\n', 'K: x\n'],
    ['  K=old   \n', '  K=x   \n'],
    ['broken line\nK=old', 'broken line\nK=x']
  ])('%j', (before, after) => {
    expect(set(before, 'K', 'x')).toBe(after)
    expect(dotenv.parse(after)['K']).toBe('x')
  })
})

describe('removing one name takes its line', () => {
  test.each([
    ['K=x\n', ''],
    ['A=1\nK=x', 'A=1'],
    ['A=1\nK=x\nB=2\n', 'A=1\nB=2\n'],
    ['A=1\r\nK=x\r\n', 'A=1\r\n'],
    ['K=theirs\nK=ours\n', 'K=theirs\n'],
    ['A=1\n', 'A=1\n']
  ])('%j', (before, after) => {
    expect(set(before, 'K', undefined)).toBe(after)
  })
})

test.each([
  ['K=a b', 'a b'],
  ['K="a # b" # c', 'a # b'],
  ['K=a # b', 'a'],
  ["K='a\\nb'", 'a\\nb'],
  ['K="a\\nb"', 'a\nb'],
  ['K=`it\'s "so"`', 'it\'s "so"'],
  ['K', undefined],
  ['K=', '']
])('%j reads as %j', (text, value) => {
  expect(dotenv.parse(text)['K']).toBe(value)
})

test('a value that would be read otherwise is put into quotes, and one that can not be written is refused', () => {
  expect(set('', 'K', 'a # b')).toBe("K='a # b'\n")
  expect(set('', 'K', "it's")).toBe("K=`it's`\n")
  expect(set('', 'K', 'two\nlines')).toBe("K='two\nlines'\n")
  expect(() => set('', 'K', ' \'"`')).toThrow('can not be written')
})

test('B40 whatever stands in it, only the name that is set changes', () => {
  fc.assert(
    fc.property(dotenvText, fc.constantFrom('A', 'NEW'), (before, name) => {
      const after = set(before, name, 'v-1')
      expect(dotenv.parse(after)).toEqual({ ...dotenv.parse(before), [name]: 'v-1' })
      expect(set(after, name, 'v-1')).toBe(after)
    }),
    { numRuns: 500 }
  )
})

test('B40 a name that was added and removed leaves the same bytes', () => {
  fc.assert(
    fc.property(dotenvText, (before) => {
      expect(set(set(before, 'NEW', 'v-1'), 'NEW', undefined)).toBe(before)
    }),
    { numRuns: 500 }
  )
})
