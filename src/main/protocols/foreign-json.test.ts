import { expect, test } from 'vitest'
import { jsonText } from './foreign-json'

test('JSON that is nested too deep to be written again is null', () => {
  const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
  expect(jsonText(deep)).toBeNull()
  expect(jsonText({ a: [1] })).toBe('{"a":[1]}')
})
