import { expect, test } from 'vitest'
import { objectSchema } from './object-schema'

const text = { type: 'string' }

test('a schema of an object stays as it is', () => {
  const schema = { type: 'object', properties: { a: { anyOf: [text, { type: 'null' }] } }, required: ['a'] }
  expect(objectSchema(schema)).toEqual({ schema, isExact: true })
})

test('one without a type is an object’s, also one that may be null', () => {
  expect(objectSchema({}).schema).toEqual({ type: 'object', properties: {} })
  expect(objectSchema({ type: ['object', 'null'], properties: {} })).toEqual({
    schema: { type: 'object', properties: {} },
    isExact: true
  })
})

test('one of something else becomes an object of anything, which is told', () => {
  expect(objectSchema({ type: 'string' })).toEqual({ schema: { type: 'object', properties: {} }, isExact: false })
})

test('choices at the top are laid over one another, and only what all demand is demanded', () => {
  const schema = {
    type: 'object',
    properties: { base: text },
    required: ['base'],
    anyOf: [
      { type: 'object', properties: { a: text, b: text }, required: ['a', 'b'] },
      { properties: { a: text, c: text }, required: ['a', 'c'] }
    ]
  }
  expect(objectSchema(schema)).toEqual({
    schema: { type: 'object', properties: { base: text, a: text, b: text, c: text }, required: ['base', 'a'] },
    isExact: false
  })
})

test('where choices say different things of one property, each of them may be so', () => {
  const variant = (kind: string) => ({ properties: { kind: { const: kind }, a: text }, required: ['kind'] })
  expect(objectSchema({ oneOf: [variant('one'), variant('two')] }).schema).toEqual({
    type: 'object',
    properties: { kind: { anyOf: [{ const: 'one' }, { const: 'two' }] }, a: text },
    required: ['kind']
  })
})

test('what must hold together is joined without loss', () => {
  const schema = {
    allOf: [
      { properties: { a: text }, required: ['a'] },
      { properties: { b: text }, required: ['b'] }
    ]
  }
  expect(objectSchema(schema)).toEqual({
    schema: { type: 'object', properties: { a: text, b: text }, required: ['a', 'b'] },
    isExact: true
  })
})

test('where all must hold and two say different things of one property, the first one’s word is taken, which is told', () => {
  const schema = { properties: { a: text }, allOf: [{ properties: { a: { type: 'number' } } }] }
  expect(objectSchema(schema)).toEqual({ schema: { type: 'object', properties: { a: text } }, isExact: false })
})

test('what a vendor refuses at the top is left out, which is told', () => {
  const schema = { type: 'object', properties: { a: text }, not: { required: ['a'] } }
  expect(objectSchema(schema, ['not'])).toEqual({
    schema: { type: 'object', properties: { a: text } },
    isExact: false
  })
  expect(objectSchema(schema).isExact).toBe(true)
})

test('a reference at the top is followed to the schema’s own definitions, which stay', () => {
  const $defs = { call: { type: 'object', properties: { inner: { $ref: '#/$defs/inner' } } }, inner: text }
  expect(objectSchema({ $ref: '#/$defs/call', $defs })).toEqual({
    schema: { type: 'object', properties: { inner: { $ref: '#/$defs/inner' } }, $defs },
    isExact: true
  })
})

test('a reference to itself, or to nothing, ends', () => {
  const $defs = { loop: { $ref: '#/$defs/loop' }, nested: { anyOf: [{ $ref: '#/$defs/nested' }] } }
  expect(objectSchema({ $ref: '#/$defs/loop', $defs }).schema.type).toBe('object')
  expect(objectSchema({ $ref: '#/$defs/nested', $defs })).toMatchObject({ schema: { type: 'object' }, isExact: false })
  expect(objectSchema({ $ref: '#/$defs/none' }).schema.type).toBe('object')
})
