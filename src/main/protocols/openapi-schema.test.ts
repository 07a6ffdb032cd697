import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonSchemaOf } from './openapi-schema'

describe('a schema in OpenAPI’s form', () => {
  test('becomes a JSON Schema', () => {
    const schema = {
      type: 'OBJECT',
      properties: {
        city: { type: 'STRING', nullable: true, example: 'Paris' },
        unit: { type: 'STRING', nullable: true, enum: ['C', 'F'] },
        days: { type: 'INTEGER', format: 'enum', enum: ['1', '7'] },
        when: { type: 'STRING', format: 'date-time', min_length: '3' },
        hours: { type: 'ARRAY', items: { type: 'NUMBER' }, maxItems: '24' },
        either: { any_of: [{ type: 'STRING' }, { type: 'TYPE_UNSPECIFIED' }], nullable: true }
      },
      required: ['city'],
      propertyOrdering: ['city', 'days']
    }
    expect(jsonSchemaOf(schema)).toEqual({
      type: 'object',
      properties: {
        city: { type: ['string', 'null'] },
        unit: { type: ['string', 'null'], enum: ['C', 'F', null] },
        days: { type: 'integer', enum: [1, 7] },
        when: { type: 'string', format: 'date-time', minLength: 3 },
        hours: { type: 'array', items: { type: 'number' }, maxItems: 24 },
        either: { anyOf: [{ type: 'string' }, {}, { type: 'null' }] }
      },
      required: ['city']
    })
  })

  test('stays as it is where it is a JSON Schema already, its members’ own names too', () => {
    const schema = {
      type: 'object',
      properties: {
        a_name: { $ref: '#/$defs/Other' },
        type: { type: ['string', 'null'] },
        nullable: { type: 'boolean', default: false }
      },
      additionalProperties: false,
      $defs: { Other: { oneOf: [{ const: 1 }, { pattern: '^a' }] } }
    }
    expect(jsonSchemaOf(schema)).toEqual(schema)
  })

  test('of any shape and depth never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof jsonSchemaOf(value) === 'object'))
    const deep: unknown = JSON.parse(`${'{"items":'.repeat(5000)}{}${'}'.repeat(5000)}`)
    expect(jsonSchemaOf(deep)).toHaveProperty('items')
  })
})
