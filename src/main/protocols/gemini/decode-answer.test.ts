import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonFixture, withoutNewIds } from '../../../../test/support/translation/gemini'
import { textPart } from './content'
import { UnreadableAnswer } from '../translator'
import { decodeAnswer } from './decode-answer'

const answer = (parts: readonly unknown[], more: Record<string, unknown> = {}) =>
  decodeAnswer({ candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', ...more }] })

const signature = (value: string) => ({ type: 'reasoning', text: '', signature: { maker: 'gemini', value } })

describe('a whole answer of Gemini', () => {
  test('has thoughts, text, signed calls and B31’s usage', () => {
    expect(decodeAnswer(jsonFixture('answer.json'))).toEqual({
      id: 'kNiDavuDIcja_uMP8tCj-QU',
      parts: [
        { type: 'reasoning', text: 'The weather first.', signature: null },
        textPart('I will look twice.'),
        signature('RXBFZ0NvNGc='),
        { type: 'tool-call', id: 'fc_1', name: 'weather', input: '{"city":"Zürich"}', cache: null },
        { type: 'tool-call', id: 'fc_2', name: 'weather', input: '{}', cache: null }
      ],
      finish: {
        reason: 'tool_calls',
        stopSequence: null,
        usage: { input: 20, cacheRead: 100, cacheWrite: 0, cacheWrite1h: 0, output: 42, reasoning: 12 }
      }
    })
  })

  test('has a signature before its part, or with the thought that it follows', () => {
    expect(answer([{ text: 'a', thoughtSignature: 'A' }]).parts).toEqual([signature('A'), textPart('a')])
    expect(
      answer([
        { text: 'think', thought: true },
        { functionCall: { name: 'f', id: '1' }, thoughtSignature: 'A' }
      ]).parts
    ).toMatchObject([{ type: 'reasoning', text: 'think', signature: { value: 'A' } }, { type: 'tool-call' }])
    expect(answer([{ text: 'a' }, { text: '', thoughtSignature: 'A' }]).parts).toEqual([textPart('a'), signature('A')])
  })

  test('B14 has no signature of what is not carried', () => {
    const { parts } = answer([
      { toolCall: { toolType: 'GOOGLE_SEARCH_WEB' }, thoughtSignature: 'A' },
      { executableCode: { code: '1' }, thoughtSignature: 'B' },
      { text: 'x' }
    ])
    expect(parts.map(({ type }) => type)).toEqual(['text', 'hosted-call'])
  })

  test('makes ids for calls that have none, each its own', () => {
    const { parts } = answer([{ functionCall: { name: 'f' } }, { functionCall: { name: 'f' } }])
    const ids = parts.map((part) => (part.type === 'tool-call' ? part.id : ''))
    expect(new Set(ids).size).toBe(2)
    expect(ids.every((id) => id.startsWith('call_'))).toBe(true)
  })

  test('cites what its text is from, and tells what was searched', () => {
    const cited = { url: 'https://a.example', title: 'a', quote: null }
    const read = answer([{ text: 'Saturday.' }, { functionCall: { name: 'f', id: '1' } }], {
      groundingMetadata: {
        webSearchQueries: ['q', 'r'],
        groundingChunks: [{ web: { uri: cited.url, title: 'a' } }, { web: { uri: cited.url } }]
      }
    })
    expect(withoutNewIds(read).parts).toEqual([
      { ...textPart('Saturday.'), citations: [cited] },
      { type: 'tool-call', id: '1', name: 'f', input: '{}', cache: null },
      { type: 'hosted-call', id: 'new', tool: 'web_search', input: 'q\nr', sources: [cited], output: null }
    ])
  })

  test('shows images, and not those of its thoughts', () => {
    const inlineData = { mimeType: 'image/png', data: 'iVBORw0KGgo=' }
    expect(
      answer([
        { inlineData, thought: true },
        { inlineData, thoughtSignature: 'A' }
      ]).parts
    ).toMatchObject([signature('A'), { type: 'media', media: 'image' }])
  })

  test('that was declined says so, in the vendor’s words where there are any', () => {
    expect(decodeAnswer({ promptFeedback: { blockReason: 'SAFETY' } })).toMatchObject({
      parts: [],
      finish: { reason: 'refusal' }
    })
    expect(answer([], { finishReason: 'RECITATION', finishMessage: 'Too close.' })).toMatchObject({
      parts: [{ type: 'refusal', text: 'Too close.' }],
      finish: { reason: 'refusal' }
    })
    expect(answer([{ text: 'x' }], { finishReason: 'STOP', finishMessage: 'Model output ended.' }).parts).toHaveLength(
      1
    )
  })

  test('whose call was malformed ends with the vendor’s words for it', () => {
    expect(answer([{ text: 'x' }], { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'f(' })).toMatchObject({
      parts: [textPart('x'), textPart('f(')],
      finish: { reason: 'length' }
    })
  })

  test('that was to be a call and came to nothing is a failure in the vendor’s words', () => {
    const ending = { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'f(' }
    expect(() => answer([], ending)).toThrow(new UnreadableAnswer('f('))
    expect(() => answer([{ text: 'hm', thought: true }], { finishReason: 'UNEXPECTED_TOOL_CALL' })).toThrow(
      /finishReason UNEXPECTED_TOOL_CALL/
    )
  })

  test('is an answer without a stop reason too', () => {
    expect(decodeAnswer({ candidates: [{ content: { parts: [{ text: 'x' }] } }] })).toEqual({
      id: '',
      parts: [textPart('x')],
      finish: { reason: 'stop', stopSequence: null, usage: null }
    })
  })

  test('of any shape never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => typeof decodeAnswer(body).id === 'string'))
    const odd = fc.constantFrom<unknown>(null, 7, 'x', [], {}, [null])
    fc.assert(
      fc.property(odd, odd, odd, odd, (content, call, meta, media) => {
        const parts = [
          { functionCall: call },
          { inlineData: media },
          { fileData: media },
          { executableCode: call },
          content
        ]
        const candidate = { content: { parts }, groundingMetadata: meta, citationMetadata: meta, finishReason: meta }
        expect(
          decodeAnswer({ candidates: [candidate, content], usageMetadata: meta, promptFeedback: meta })
        ).toBeDefined()
      })
    )
  })
})
