import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conversation } from '../../../../test/support/translation/gemini'
import { functionTool } from '../../../../test/support/translation/conversations'
import type { JsonSchema } from '../canonical'
import { isObject } from '../foreign-json'
import { fitSchema } from '../gemini-schema'
import { Losses } from '../losses'
import { encodeTools } from './tools'

function fitted(schema: JsonSchema) {
  const losses = new Losses()
  return { schema: fitSchema(schema, losses), lost: losses.toString() }
}

function parameters(schema: JsonSchema) {
  const losses = new Losses()
  const { tools } = encodeTools(conversation({ tools: [functionTool('f', { parameters: schema })] }), true, losses)
  return { schema: tools?.[0]?.functionDeclarations?.[0]?.parametersJsonSchema, lost: losses.toString() }
}

test.each([
  ['recursive', { properties: { n: { $ref: '#' } }, required: ['n'] }],
  ['unknown', { properties: { n: { $ref: '#/$defs/Missing' } }, required: ['n'] }]
])('a schema with a reference that is %s has an object of any kind there, with a warning', (why, schema) => {
  const whole = { type: 'object', ...schema }
  expect(fitted(whole)).toEqual({
    schema: { ...whole, properties: { n: { type: 'object' } } },
    lost: `json_schema (${why} $ref)`
  })
  expect(parameters(whole).lost).toBe(`json_schema (${why} $ref)`)
})

test('a schema of parameters may refer to the whole that it was before it became one of an object', () => {
  const call = { type: 'object', properties: { a: { type: 'string' }, b: { $ref: '#/$defs/Call/properties/a' } } }
  expect(parameters({ $ref: '#/$defs/Call', $defs: { Call: call } }).schema).toMatchObject({
    properties: { b: { type: 'string' } }
  })
})

test('a schema of any shape and depth never throws, and fitted once more stays the same', () => {
  const keyword = fc.constantFrom(
    'type',
    'allOf',
    'anyOf',
    'items',
    'properties',
    '$ref',
    'required',
    'enum',
    'const',
    'x'
  )
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 1 }), fc.dictionary(keyword, tie('schema')))
  }))
  fc.assert(
    fc.property(schema, (any) => {
      const value = isObject(any) ? any : {}
      const once = fitSchema(value, new Losses())
      expect(fitSchema(once, new Losses())).toEqual(once)
    })
  )
  const deep: unknown = JSON.parse(`${'{"items":'.repeat(5000)}{}${'}'.repeat(5000)}`)
  expect(fitSchema(isObject(deep) ? deep : {}, new Losses())).toHaveProperty('items')
})
