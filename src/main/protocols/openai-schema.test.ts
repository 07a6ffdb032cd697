import { describe, expect, test } from 'vitest'
import { fitParameters, fitsStrict, outputSchema } from './openai-schema'

describe('parameters of a tool for OpenAI', () => {
  const city = { city: { type: 'string' } }

  test('with an object on top are as they came', () => {
    const schema = { type: 'object', properties: city, additionalProperties: false, $defs: { x: { type: 'null' } } }
    expect(fitParameters(schema)).toEqual({ schema, isExact: true })
  })

  test.each([
    [{}, { type: 'object', properties: {} }],
    [{ properties: city }, { type: 'object', properties: city }],
    [
      { type: ['object', 'null'], properties: city },
      { type: 'object', properties: city }
    ],
    [
      { $ref: '#/$defs/Place', $defs: { Place: { type: 'object', properties: city, required: ['city'] } } },
      {
        type: 'object',
        properties: city,
        required: ['city'],
        $defs: { Place: { type: 'object', properties: city, required: ['city'] } }
      }
    ]
  ])('%j say the same with an object on top', (schema, fitting) => {
    expect(fitParameters(schema)).toEqual({ schema: fitting, isExact: true })
  })

  test('with a choice on top are the union of what may be said, and demand what all demand', () => {
    const schema = {
      description: 'A place',
      anyOf: [
        { type: 'object', properties: { ...city, country: { type: 'string' } }, required: ['city', 'country'] },
        { type: 'object', properties: { zip: { type: 'string' }, country: {} }, required: ['zip', 'country'] }
      ]
    }
    expect(fitParameters(schema)).toEqual({
      schema: {
        type: 'object',
        description: 'A place',
        properties: {
          city: { type: 'string' },
          country: { anyOf: [{ type: 'string' }, {}] },
          zip: { type: 'string' }
        },
        required: ['country']
      },
      isExact: false
    })
  })

  test('with all of several on top demand what each demands', () => {
    const schema = {
      required: ['a'],
      properties: { a: {} },
      allOf: [{ properties: { b: {} }, required: ['b'] }, { $ref: '#/definitions/c' }],
      definitions: { c: { properties: { c: {} }, required: ['c', 'a'] } }
    }
    expect(fitParameters(schema)).toMatchObject({
      schema: { type: 'object', properties: { a: {}, b: {}, c: {} }, required: ['a', 'b', 'c'] },
      isExact: true
    })
  })

  test.each([[{ type: 'string' }], [{ enum: [{}] }], [{ type: 'object', not: {} }]])('%j become looser', (schema) => {
    expect(fitParameters(schema)).toEqual({ schema: { type: 'object', properties: {} }, isExact: false })
  })

  test('that refer to nothing, or to themselves, are an object', () => {
    expect(fitParameters({ $ref: '#/$defs/none' }).schema).toEqual({ type: 'object', properties: {} })
    expect(fitParameters({ $ref: '#' }).schema).toEqual({ type: 'object', properties: {} })
  })
})

describe('a strict schema', () => {
  const closed = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }

  test.each([
    [closed],
    [{ ...closed, properties: { a: { anyOf: [{ type: 'null' }, closed] } } }],
    [{ ...closed, properties: { a: { $ref: '#/$defs/b' } }, $defs: { b: closed } }],
    [{ type: 'array', items: closed, minItems: 1 }]
  ])('is %j', (schema) => {
    expect(fitsStrict(schema)).toBe(true)
  })

  test.each([
    ['open', { ...closed, additionalProperties: true }],
    ['an optional member', { ...closed, required: [] }],
    ['open inside', { ...closed, properties: { a: { type: 'object' } } }],
    ['a default', { ...closed, properties: { a: { type: 'string', default: 'x' } } }],
    ['an unknown keyword', { ...closed, patternProperties: {} }],
    ['an unknown format', { ...closed, properties: { a: { type: 'string', format: 'uri' } } }],
    ['one of several', { oneOf: [closed] }],
    ['no schema', true],
    ['endless nesting', JSON.parse('{"items":'.repeat(20_000) + '{}' + '}'.repeat(20_000))]
  ])('is none with %s', (_why, schema) => {
    expect(fitsStrict(schema)).toBe(false)
  })
})

describe('a schema of an answer', () => {
  const object = { type: 'object', properties: { a: { type: 'string' } } }

  test('of an object is sent', () => {
    expect(outputSchema(object)).toBe(object)
    expect(outputSchema({ type: 'object' })).toEqual({ type: 'object' })
    expect(outputSchema({ $ref: '#/definitions/A', definitions: { A: object } })).toMatchObject(object)
    expect(outputSchema({ properties: object.properties })).toEqual(object)
  })

  test.each([
    { type: 'array', items: object },
    { type: 'string' },
    { anyOf: [object, { type: 'array' }] },
    {},
    { enum: ['a'] }
  ])('of anything else is none that OpenAI takes: %j', (schema) => {
    expect(outputSchema(schema)).toBeNull()
  })
})
