import { describe, expect, test } from 'vitest'
import { sampleOf } from './demo-sample'

const MARK = '[Routex demo]'

describe('the least that fits a schema', () => {
  test.each<[string, unknown, unknown]>([
    [
      'required properties only',
      { type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['a'] },
      { a: MARK }
    ],
    ['Gemini’s capitals', { type: 'OBJECT', properties: { n: { type: 'INTEGER' } }, required: ['n'] }, { n: 0 }],
    ['a minimum', { type: 'number', minimum: 3 }, 3],
    ['a boolean', { type: 'boolean' }, false],
    ['null', { type: 'null' }, null],
    ['the first of several types', { type: ['integer', 'null'] }, 0],
    ['the first of an enumeration', { enum: ['x', 'y'] }, 'x'],
    ['a constant', { const: 7 }, 7],
    ['a default', { type: 'string', default: 'd' }, 'd'],
    ['as many items as needed', { type: 'array', items: { type: 'boolean' }, minItems: 2 }, [false, false]],
    ['no item', { type: 'array', items: { type: 'boolean' } }, []],
    ['the first choice', { anyOf: [{ type: 'integer' }, { type: 'string' }] }, 0],
    ['a date', { type: 'string', format: 'date' }, '2000-01-01'],
    ['a moment', { type: 'string', format: 'date-time' }, '2000-01-01T00:00:00Z'],
    ['an address', { type: 'string', format: 'uri' }, 'https://example.invalid/'],
    ['an e-mail address', { type: 'string', format: 'email' }, 'demo@example.invalid'],
    [
      'a reference',
      { $defs: { d: { type: 'integer' } }, type: 'object', properties: { x: { $ref: '#/$defs/d' } }, required: ['x'] },
      { x: 0 }
    ],
    ['an object without a type', { properties: { a: { type: 'null' } }, required: ['a', 3] }, { a: null }],
    ['nothing', undefined, MARK]
  ])('%s', (_name, schema, sample) => {
    expect(sampleOf(schema)).toEqual(sample)
  })

  test('ends for a schema that refers to itself', () => {
    const tree = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] }
    expect(
      JSON.stringify(sampleOf({ $defs: {}, ...tree, properties: { next: { $ref: '#/properties/next' } } })).length
    ).toBeLessThan(500)
    const loop = { $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } }, $ref: '#/$defs/a' }
    expect(sampleOf(loop)).toBe(MARK)
    const list = { $defs: { l: { type: 'array', minItems: 9, items: { $ref: '#/$defs/l' } } }, $ref: '#/$defs/l' }
    expect(JSON.stringify(sampleOf(list)).length).toBeLessThan(50_000)
    const names = Array.from({ length: 50 }, (_, index) => `p${index}`)
    const properties = Object.fromEntries(names.map((name) => [name, { $ref: '#/$defs/o' }]))
    const bush = { $defs: { o: { type: 'object', properties, required: names } }, $ref: '#/$defs/o' }
    expect(JSON.stringify(sampleOf(bush)).length).toBeLessThan(500_000)
  })
})
