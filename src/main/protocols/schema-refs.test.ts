import { describe, expect, test } from 'vitest'
import { inlineRefs } from './schema-refs'

const text = { type: 'string' }
const inlined = (schema: object) => {
  const { schema: made, lost } = inlineRefs({ ...schema })
  return { made, lost: [...lost] }
}

describe('a reference becomes what it stands for', () => {
  test.each([
    ['a definition', '#/$defs/X', { $defs: { X: text } }],
    ['an older definition', '#/definitions/X', { definitions: { X: text } }],
    ['another property', '#/properties/other', {}],
    ['a nested definition', '#/properties/deep/$defs/L', {}],
    ['escaped names', '#/definitions/My%20Type~1x~0', { definitions: { 'My Type/x~': text } }],
    ['a name with a percent sign', '#/definitions/100%', { definitions: { '100%': text } }],
    ['a member of a list', '#/properties/list/anyOf/0', {}],
    ['a reference itself', '#/$defs/Y', { $defs: { Y: { $ref: '#/$defs/X' }, X: text } }]
  ])('to %s', (_what, $ref, more) => {
    const properties = {
      other: text,
      deep: { $defs: { L: text }, type: 'object' },
      list: { anyOf: [text] },
      a: { $ref }
    }
    const { made, lost } = inlined({ type: 'object', properties, ...more })
    expect(made).toEqual({ type: 'object', properties: { ...properties, deep: { type: 'object' }, a: text } })
    expect(lost).toEqual([])
  })

  test('with what is said beside it', () => {
    const $defs = { X: { type: 'object', title: 'X', properties: { n: text } } }
    const { made } = inlined({
      properties: {
        noted: { $ref: '#/$defs/X', description: 'd', default: null },
        narrowed: { $ref: '#/$defs/X', required: ['n'] }
      },
      $defs
    })
    expect(made).toEqual({
      properties: {
        noted: { ...$defs.X, description: 'd', default: null },
        narrowed: { allOf: [$defs.X], required: ['n'] }
      }
    })
  })

  test('but a value that only looks like one stays', () => {
    const schema = { properties: { $ref: text }, default: { $ref: '#/x' }, enum: [{ $ref: '#' }] }
    expect(inlined(schema)).toEqual({ made: schema, lost: [] })
  })
})

describe('a reference that can’t be followed is an object of any kind, and told', () => {
  test.each([
    ['to the whole', { properties: { child: { $ref: '#' } } }, { properties: { child: { type: 'object' } } }],
    [
      'to what it stands in',
      { $ref: '#/$defs/N', $defs: { N: { properties: { next: { $ref: '#/$defs/N', description: 'd' } } } } },
      { properties: { next: { type: 'object', description: 'd' } } }
    ],
    [
      'to a list that it stands in',
      { properties: { l: { type: 'array', items: { anyOf: [text, { $ref: '#/properties/l' }] } } } },
      { properties: { l: { type: 'array', items: { anyOf: [text, { type: 'array', items: {} }] } } } }
    ]
  ])('%s', (_what, schema, made) => {
    expect(inlined(schema)).toEqual({ made, lost: ['recursive $ref'] })
  })

  test.each(['#/$defs/Missing', 'https://a.test/schema.json', '#anchor', '#/properties/a/type', ''])(
    'to %j',
    ($ref) => {
      const { made, lost } = inlined({ properties: { a: { type: 'object' }, b: { $ref } } })
      expect(made).toMatchObject({ properties: { b: { type: 'object' } } })
      expect(lost).toEqual(['unknown $ref'])
    }
  )

  test('where each doubles the schema, soon', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => {
        const next = { $ref: `#/$defs/d${at + 1}` }
        return [`d${at}`, { type: 'object', properties: { a: next, b: next } }]
      })
    )
    const { lost, made } = inlined({ $ref: '#/$defs/d0', $defs: { ...$defs, d60: text } })
    expect(lost).toEqual(['too many $ref'])
    expect(JSON.stringify(made).length).toBeLessThan(1_000_000)
  })
})
