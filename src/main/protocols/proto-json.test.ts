import { describe, expect, test } from 'vitest'
import { listNamed, memberNamed, numberNamed, objectNamed, textNamed } from './proto-json'

describe('the JSON of protocol buffers', () => {
  test('is read under both names of a member', () => {
    expect(textNamed({ mimeType: 'a' }, 'mimeType')).toBe('a')
    expect(textNamed({ mime_type: 'a' }, 'mimeType')).toBe('a')
    expect(numberNamed({ max_output_tokens: 7 }, 'maxOutputTokens')).toBe(7)
    expect(objectNamed({ inline_data: { data: '' } }, 'inlineData')).toEqual({ data: '' })
    expect(listNamed({ stop_sequences: ['x'] }, 'stopSequences')).toEqual(['x'])
    expect(memberNamed({ include_thoughts: false }, 'includeThoughts')).toBe(false)
  })

  test('has one value where a list of it is meant', () => {
    expect(listNamed({ stopSequences: 'x' }, 'stopSequences')).toEqual(['x'])
    expect(listNamed({ function_declarations: { name: 'f' } }, 'functionDeclarations')).toEqual([{ name: 'f' }])
  })

  test('has nothing under a name where the value is of another type, null, or missing', () => {
    expect(textNamed({ mimeType: 7 }, 'mimeType')).toBeNull()
    expect(objectNamed(null, 'inlineData')).toBeNull()
    expect(listNamed({ stopSequences: null }, 'stopSequences')).toEqual([])
    expect(memberNamed({ includeThoughts: null }, 'includeThoughts')).toBeUndefined()
  })
})
