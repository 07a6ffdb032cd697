import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonEnd } from './json-end'

function endOf(...pieces: readonly string[]): boolean {
  const end = new JsonEnd()
  for (const piece of pieces) end.push(piece)
  return end.isReached
}

describe('the end of a JSON text in pieces', () => {
  test.each(['{}', '{"a":"}"}', '{"a":"\\"}"}', ' [{"a":[1]}] \n', '"x"', '\uFEFF{}'])('is reached by %j', (json) => {
    expect(endOf(json)).toBe(true)
    expect(endOf(...json.split(/(?:)/))).toBe(true)
  })

  test.each(['', ' ', '{', '{"a":"}', '{"a":"\\"}', '"x', '{}}', '{}{', '1', 'null', 'x{}'])(
    'can’t be told of %j',
    (json) => {
      expect(endOf(json)).toBe(false)
      expect(endOf(...json.split(/(?:)/))).toBe(false)
    }
  )

  test('is reached with the last character of every object, and never before', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (object, at) => {
        const json = JSON.stringify(object)
        const cut = at % json.length
        expect(endOf(json.slice(0, cut))).toBe(false)
        expect(endOf(json.slice(0, cut), json.slice(cut))).toBe(true)
      })
    )
  })
})
