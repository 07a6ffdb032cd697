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

test('a map of any names is named as lost', () => {
  expect(claudeSchema({ type: 'object', additionalProperties: { type: 'string' } })).toEqual({
    schema: { type: 'object', properties: {}, additionalProperties: false },
    lost: ['additionalProperties']
  })
})

test('a hostile schema does not throw', () => {
  expect(claudeSchema({ properties: 1, anyOf: 'x', items: [], allOf: [1, null] }).lost).toEqual([
    'properties',
    'anyOf',
    'items'
  ])
})
