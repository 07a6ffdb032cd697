import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonStringMember } from './json-string-member'

function readAll(pieces: readonly string[]): string {
  const member = new JsonStringMember('input')
  return pieces.map((piece) => member.push(piece)).join('')
}

describe('a string that comes in pieces of its JSON', () => {
  test('is the same however the JSON is cut, and no piece of it holds half a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'u', '"', '\\', '/', '\n', '\u0000', 'é', '渠', '🎉') }),
        fc.boolean(),
        fc.array(fc.nat()),
        fc.constantFrom('', ' ', '\n  '),
        (text, ascii, cuts, space) => {
          const string = JSON.stringify(text)
          const escaped = ascii
            ? string.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
            : string
          const json = `${space}{${space}"input"${space}:${space}${escaped}${space}}`
          const places = [...new Set(cuts.map((cut) => cut % json.length))].sort((a, b) => a - b)
          const pieces = [0, ...places].map((from, index) => json.slice(from, places[index] ?? json.length))
          const member = new JsonStringMember('input')
          const read = pieces.map((piece) => member.push(piece))
          expect(read.join('')).toBe(text)
          if (ascii && text.isWellFormed()) expect(read.filter((piece) => !piece.isWellFormed())).toEqual([])
        }
      )
    )
  })

  test('comes out with the piece it came in', () => {
    const member = new JsonStringMember('input')
    expect(['{"inp', 'ut":"*** Be', 'gin\\n', '\\', 'u00e', '9"', '}'].map((piece) => member.push(piece))).toEqual([
      '',
      '*** Be',
      'gin\n',
      '',
      '',
      'é',
      ''
    ])
  })

  test('of another name or another shape is none', () => {
    expect(readAll(['{"patch":"x"}'])).toBe('')
    expect(readAll(['["input"]'])).toBe('')
    expect(readAll(['{"input":{"input":"x"}}'])).toBe('')
    expect(readAll([' '.repeat(300), '{"input":"x"}'])).toBe('')
  })

  test('of broken escapes throws nothing', () => {
    expect(readAll(['{"input":"\\uZZZZ\\q"}'])).toBe('\uFFFDq')
    expect(readAll(['{"input":"\\ud83d', '\\ude00"}'])).toBe('😀')
    expect(readAll(['{"input":"\\ud83dx"}'])).toBe('\ud83dx')
  })

  test('of 4 MB in pieces of one character is read in linear time', () => {
    const member = new JsonStringMember('input')
    const started = performance.now()
    member.push('{"input":"')
    for (let piece = 0; piece < 1_000_000; piece++) member.push('\\nab')
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
