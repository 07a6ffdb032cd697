import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isExactNumber, mayChangeNumbers, numberOf, parseExactly } from './exact-json'
import { isObject, numberIn, parseExactJson } from './foreign-json'

/** Numbers as JSON may spell them: https://www.rfc-editor.org/rfc/rfc8259#section-6 */
const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`))
const spelled = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,24}$/)),
    fc.option(
      digits(20).map((tail) => `.${tail}`),
      { nil: '' }
    ),
    fc.option(
      fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), digits(3)).map((parts) => parts.join('')),
      { nil: '' }
    )
  )
  .map((parts) => parts.join(''))

/** Texts of JSON without blanks, with numbers of any spelling between texts that look like numbers. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('a: 1.0, "b": [1e5, 12345678901234567890]', '\\', '\\"', ', 1.0 ')
)
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    spelled,
    text.map((one) => JSON.stringify(one)),
    fc.constantFrom('null', 'true'),
    fc.array(tie('json'), { maxLength: 4 }).map((list) => `[${list.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(text, tie('json')), { maxLength: 4, selector: ([name]) => name })
      // Names that are numbers come first in any object.
      .map((members) => members.filter(([name]) => !/^\d+$/.test(name) && name !== '__proto__'))
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`)
  )
}))

describe('JSON with any numbers', () => {
  test('that is read and written again is the same text', () => {
    fc.assert(
      fc.property(json, (one) => {
        const inside = `{"input":[${one}]}`
        expect(JSON.stringify(parseExactly(inside))).toBe(inside)
      }),
      { numRuns: 1000 }
    )
  })

  test('is read slowly only where JSON.parse would change it', () => {
    const texts = fc.array(text, { maxLength: 5 })
    fc.assert(
      fc.property(texts, fc.integer({ min: -999_999, max: 999_999 }), (all, count) => {
        expect(
          mayChangeNumbers(
            JSON.stringify({ all, count, 'x: 1.0,': [0.5, 1 / 7, 2 / 3e7, 5e-324, Number.MAX_SAFE_INTEGER] }, null, 1)
          )
        ).toBe(false)
      })
    )
  })

  test('has numbers to calculate with', () => {
    const read = parseExactly('{"top_p":1.0,"id":1234567890123456789,"huge":1e400,"seed":7,"text":"1.0"}')
    expect(numberIn(read, 'top_p')).toBe(1)
    expect(numberIn(read, 'id')).toBe(1234567890123456800)
    expect(numberIn(read, 'huge')).toBeNull()
    expect(numberIn(read, 'seed')).toBe(7)
    expect(numberIn(read, 'text')).toBeNull()
  })

  test('has no objects that are numbers', () => {
    const [one, two] = [parseExactly('[1.0]'), parseExactly('[2]')].flat()
    expect([isExactNumber(one), isObject(one), numberOf(one)]).toEqual([true, false, 1])
    expect([isExactNumber(two), numberOf(two), numberOf('2')]).toEqual([false, 2, null])
  })
})

test('what is no JSON, or nested too deep to keep its numbers, is read as JSON is otherwise', () => {
  expect(parseExactJson('{"a":1.0')).toBeUndefined()
  expect(JSON.stringify(parseExactJson('\uFEFF{"a":1.0}'))).toBe('{"a":1.0}')
  const deep = '['.repeat(50_000) + '1.0' + ']'.repeat(50_000)
  expect(Array.isArray(parseExactJson(deep))).toBe(true)
})
