import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonBytes } from './json-bytes'

test('what is written is what JSON.stringify writes, whatever the value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      expect(jsonBytes(value).toString('utf8')).toBe(Buffer.from(JSON.stringify(value)).toString('utf8'))
    })
  )
})

test('a member that is undefined is left out, and an element that is undefined is null', () => {
  const value = { first: undefined, list: [1, undefined], last: 'é🏔"\\\n\ud800' }
  expect(jsonBytes(value).toString('utf8')).toBe(JSON.stringify(value))
  expect(jsonBytes({ only: undefined }).toString('utf8')).toBe('{}')
})
