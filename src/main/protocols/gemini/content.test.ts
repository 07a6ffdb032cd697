import { describe, expect, test } from 'vitest'
import { media } from '../../../../test/support/translation/gemini'
import type { MediaPart } from '../canonical'
import { Losses } from '../losses'
import { UnreadableRequest } from '../translator'
import { decodeAttached, decodeCitations, decodeMedia, decodeResult, encodeMedia, Grounding, textPart } from './content'

const url = (address: string) => ({ kind: 'url', url: address }) as const

function decoded(part: unknown) {
  const losses = new Losses()
  return { media: decodeAttached(part, losses), lost: losses.toString() }
}

describe('media in a client’s request', () => {
  test.each<[string, unknown, MediaPart]>([
    ['an image', { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }, media({})],
    [
      'a PDF with its name',
      { inline_data: { mime_type: 'application/pdf', data: 'JVBE', display_name: 'a.pdf' } },
      media({ media: 'document', mimeType: 'application/pdf', source: { kind: 'base64', data: 'JVBE' }, name: 'a.pdf' })
    ],
    [
      'audio in base64url',
      { inlineData: { mimeType: 'audio/wav', data: '_-A=' } },
      media({ media: 'audio', mimeType: 'audio/wav', source: { kind: 'base64', data: '/+A=' } })
    ],
    [
      'an address with its type',
      { fileData: { fileUri: 'https://example.com/x', mimeType: 'video/mp4' } },
      media({ media: 'video', mimeType: 'video/mp4', source: url('https://example.com/x') })
    ],
    [
      'an address whose extension tells the type',
      { file_data: { file_uri: 'https://example.com/a/report.PDF?x=1' } },
      media({ media: 'document', mimeType: 'application/pdf', source: url('https://example.com/a/report.PDF?x=1') })
    ],
    [
      'a video by its page',
      { fileData: { fileUri: 'https://www.youtube.com/watch?v=9hE5' } },
      media({ media: 'video', mimeType: null, source: url('https://www.youtube.com/watch?v=9hE5') })
    ]
  ])('is %s', (_name, part, expected) => {
    expect(decoded(part)).toEqual({ media: expected, lost: '' })
  })

  test('that lies in the vendor’s own store is a text in its place', () => {
    for (const uri of [
      'https://generativelanguage.googleapis.com/v1beta/files/abc',
      'gs://bucket/a.png',
      'files/abc'
    ]) {
      expect(decoded({ fileData: { fileUri: uri, mimeType: 'image/png' } })).toEqual({
        media: textPart(`[${uri} left out: this channel can not be shown it]`),
        lost: `file_id (${uri})`
      })
      expect(decodeMedia({ fileData: { fileUri: uri } })).toBeNull()
    }
  })

  test('is none in a part without any', () => {
    expect(decoded({ text: 'x' })).toEqual({ media: null, lost: '' })
    expect(decoded({ inlineData: { mimeType: 'image/png' } }).media).toBeNull()
  })
})

describe('media for Gemini', () => {
  test('is inline, or an address with the type that Gemini wants', () => {
    expect(encodeMedia(media({}))).toEqual({ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } })
    expect(encodeMedia(media({ mimeType: null, source: url('https://example.com/a.webp#x') }))).toEqual({
      fileData: { mimeType: 'image/webp', fileUri: 'https://example.com/a.webp#x' }
    })
    expect(
      encodeMedia(media({ media: 'document', mimeType: null, source: url('https://example.com/constructor') }))
    ).toEqual({ fileData: { mimeType: 'application/pdf', fileUri: 'https://example.com/constructor' } })
  })
})

describe('a function’s response', () => {
  const read = (functionResponse: unknown) => decodeResult(functionResponse, new Losses())

  test('is its output or its error where it says nothing else', () => {
    expect(read({ response: { output: '7 °C' } })).toEqual({ content: [textPart('7 °C')], isError: false })
    expect(read({ response: { output: { a: [1] } } })).toEqual({ content: [textPart('{"a":[1]}')], isError: false })
    expect(read({ response: { error: 'gone' } })).toEqual({ content: [textPart('gone')], isError: true })
  })

  test('is the whole object where it says more', () => {
    const response = { output: 'x', exitCode: 0 }
    expect(read({ response })).toEqual({ content: [textPart(JSON.stringify(response))], isError: false })
    expect(read({ response: {} }).content).toEqual([textPart('{}')])
  })

  test('has media beside its text, or alone', () => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }]
    expect(read({ response: { output: 'see' }, parts }).content).toEqual([textPart('see'), media({})])
    expect(read({ response: { output: '' }, parts }).content).toEqual([media({})])
    expect(read({}).content).toEqual([textPart('')])
  })

  test('that is nested too deep is the client’s fault', () => {
    const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
    expect(() => read({ response: { deep } })).toThrow(UnreadableRequest)
  })
})

describe('where an answer is from', () => {
  test('is read from grounding and from quotations', () => {
    expect(
      decodeCitations({
        groundingMetadata: {
          groundingChunks: [
            { web: { uri: 'https://a.example', title: 'a' } },
            { retrievedContext: { uri: 'https://b.example' } },
            { maps: {} }
          ]
        },
        citationMetadata: { citations: [{ uri: 'https://c.example' }, {}] }
      })
    ).toEqual([
      { url: 'https://a.example', title: 'a', quote: null },
      { url: 'https://b.example', title: null, quote: null },
      { url: 'https://c.example', title: null, quote: null }
    ])
    expect(decodeCitations({ groundingMetadata: 7 })).toEqual([])
  })

  test('is told of the bytes of the text that cites it', () => {
    const grounding = new Grounding()
    const a = { url: 'https://a.example', title: 'a', quote: null }
    const b = { url: 'https://b.example', title: null, quote: 'x' }
    grounding.addText('Zürich. ')
    grounding.endText()
    grounding.addText('It is ')
    grounding.cite(a)
    grounding.addText('7 °C.')
    grounding.cite(b)
    grounding.cite(a)
    grounding.endText()
    grounding.endText()
    expect(grounding.metadata).toEqual({
      groundingChunks: [{ web: { uri: a.url, title: 'a' } }, { web: { uri: b.url } }],
      groundingSupports: [{ segment: { startIndex: 9, endIndex: 21 }, groundingChunkIndices: [0, 1] }],
      webSearchQueries: []
    })
  })

  test('is not told where nothing was searched', () => {
    const grounding = new Grounding()
    grounding.addText('x')
    grounding.endText()
    expect(grounding.metadata).toBeUndefined()
    expect(grounding.fetched).toBeUndefined()
  })
})
