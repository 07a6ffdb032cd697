import { expect, test } from 'vitest'
import { claudeSchema } from './claude-schema'

test('objects are closed, at each depth', () => {
  const inner = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
  const { schema, lost } = claudeSchema({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { list: { type: 'array', minItems: 1, items: inner }, either: { oneOf: [inner, { type: 'null' }] } },
    $defs: { inner }
  })
  const closed = { ...inner, additionalProperties: false }
  expect(schema).toEqual({
    type: 'object',
    properties: {
      list: { type: 'array', minItems: 1, items: closed },
      either: { anyOf: [closed, { type: 'null' }] }
    },
    $defs: { inner: closed },
    additionalProperties: false
  })
  expect(lost).toEqual([])
})

test('bounds have no place: they are said in words and named', () => {
  const { schema, lost } = claudeSchema({
    type: 'object',
    properties: {
      age: { type: 'integer', description: 'In years', minimum: 0 },
      day: { type: 'string', format: 'date' },
      mail: { type: 'string', format: 'idn-email' }
    },
    additionalProperties: false
  })
  expect(schema).toMatchObject({
    properties: {
      age: { type: 'integer', description: 'In years\n\n{minimum: 0}' },
      day: { type: 'string', format: 'date' },
      mail: { type: 'string', description: '{format: "idn-email"}' }
    }
  })
  expect(lost).toEqual(['minimum', 'format'])
})

const inside = (schema: object) => ({ type: 'object', properties: { a: schema } })

test.each([
  ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
  ['a map beside names', { ...inside({}), additionalProperties: { type: 'number' } }],
  ['an object of anything', { type: 'object' }],
  ['an object that lists no name', { type: 'object', properties: {}, additionalProperties: true }],
  ['an object by its choices', { type: ['object', 'null'], anyOf: [inside({})] }],
  ['anything', {}],
  ['a reference to itself', inside({ $ref: '#' })],
  [
    'a definition that refers to itself',
    { ...inside({ $ref: '#/$defs/N' }), $defs: { N: inside({ $ref: '#/$defs/N' }) } }
  ],
  ['a reference to nothing', inside({ $ref: '#/$defs/N' })],
  ['another document', inside({ $ref: 'https://a.test/schema.json' })]
])('%s can’t be said, at the top or inside', (_what, schema) => {
  expect(claudeSchema(schema).isSayable).toBe(false)
  if (Object.keys(schema).length > 0) expect(claudeSchema(inside(schema)).isSayable).toBe(false)
})

test('what may have further names can be said without them', () => {
  const open = { ...inside({ type: 'string' }), additionalProperties: true }
  expect(claudeSchema(open)).toEqual({
    schema: { ...open, additionalProperties: false },
    lost: ['additionalProperties'],
    isSayable: true
  })
  expect(claudeSchema({ type: 'object', properties: {}, additionalProperties: false }).isSayable).toBe(true)
})

test('references to definitions stay, others are replaced by what they stand for', () => {
  const plain = { ...inside({ $ref: '#/$defs/N' }), $defs: { N: { type: 'string' } } }
  expect(claudeSchema(plain).schema).toEqual({ ...plain, additionalProperties: false })
  const odd = { type: 'object', properties: { a: { type: 'string' }, b: { $ref: '#/properties/a' } } }
  expect(claudeSchema(odd).schema).toMatchObject({ properties: { b: { type: 'string' } } })
})

test('a hostile schema does not throw', () => {
  expect(claudeSchema({ properties: 1, anyOf: 'x', items: [], allOf: [1, null] }).lost).toEqual([
    'properties',
    'anyOf',
    'items'
  ])
})
