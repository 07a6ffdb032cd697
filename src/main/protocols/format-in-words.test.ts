import { describe, expect, test } from 'vitest'
import type { JsonSchema } from './canonical'
import { describedSchema, formatInWords } from './format-in-words'

const formatOf = (schema: JsonSchema, description: string | null) =>
  ({ kind: 'schema', name: 'n', description, schema, strict: null }) as const

describe('what a client says of its format', () => {
  test('is what its schema says of itself, unless that says something', () => {
    expect(describedSchema(formatOf({ type: 'object' }, 'One city'))).toEqual({
      type: 'object',
      description: 'One city'
    })
    const told = { type: 'object', description: 'A city' }
    expect(describedSchema(formatOf(told, 'One city'))).toBe(told)
    expect(describedSchema(formatOf({ type: 'object' }, null))).toEqual({ type: 'object' })
  })

  test('is said where the format is asked for in words', () => {
    expect(formatInWords(formatOf({ type: 'object' }, 'One city'))).toContain('One city')
  })
})
