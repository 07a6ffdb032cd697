import { expect, test } from 'vitest'
import type { JsonSchema } from './canonical'
import { fitSchema } from './gemini-schema'
import { Losses } from './losses'

/** A property's schema as Gemini gets it, and what is lost of it. */
function fit(schema: JsonSchema) {
  const losses = new Losses()
  const fitted = fitSchema({ type: 'object', properties: { a: schema } }, losses)
  return [fitted['properties'], losses.toString()]
}

test('null and booleans of a listed value reach Gemini by their type, and what can’t is told', () => {
  const unit = { type: ['string', 'null'], enum: ['C', 'F'] }
  expect(fit({ enum: ['C', 'F', null] })).toEqual([{ a: unit }, ''])
  expect(fit({ enum: ['C', 'F', null], type: 'string' })).toEqual([{ a: unit }, ''])
  expect(fit({ type: ['string', 'null'], enum: ['C', 'F', null] })).toEqual([{ a: unit }, ''])
  expect(fit({ const: null })).toEqual([{ a: { type: 'null' } }, ''])
  expect(fit({ enum: [true, false, null] })).toEqual([{ a: { type: ['boolean', 'null'] } }, ''])
  expect(fit({ const: true })).toEqual([{ a: { type: 'boolean' } }, 'json_schema (const)'])
  expect(fit({ enum: ['a', ''] })).toEqual([{ a: { enum: ['a'] } }, 'json_schema (enum)'])
  expect(fit({ const: { x: 1 } })).toEqual([{ a: {} }, 'json_schema (const)'])
})
