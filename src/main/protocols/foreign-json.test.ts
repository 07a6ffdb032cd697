import { expect, test } from 'vitest'
import { countIn, jsonText } from './foreign-json'

test('JSON that is nested too deep to be written again is null', () => {
  const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
  expect(jsonText(deep)).toBeNull()
  expect(jsonText({ a: [1] })).toBe('{"a":[1]}')
})

test('a count may be written as a text of digits', () => {
  const count = (tokens: unknown) => countIn({ tokens }, 'tokens')
  expect([count('1234'), count(12.4), count('0')]).toEqual([1234, 12, 0])
  for (const none of ['', '-1', '1e3', '12 ', '0x10', '9'.repeat(400), -1, null]) expect(count(none)).toBeNull()
})
