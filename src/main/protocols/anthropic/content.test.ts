import { describe, expect, test } from 'vitest'
import { textOf } from '../../../../test/support/translation/conversations'
import type { MediaPart } from '../canonical'
import { Losses } from '../losses'
import { cacheControl, cacheMarkOf, decodeCitation, decodeContent, encodeCitation, encodeContent } from './content'

const media = (more: Partial<MediaPart>): MediaPart => ({
  type: 'media',
  media: 'image',
  mimeType: 'image/png',
  source: { kind: 'base64', data: 'QUJD' },
  name: null,
  detail: null,
  cache: null,
  ...more
})

describe('a block of a request', () => {
  test('is marked for the cache as it was', () => {
    for (const mark of ['5m', '1h', null] as const) expect(cacheMarkOf(cacheControl(mark))).toBe(mark)
  })

  test('of nothing but space is none', () => {
    expect(encodeContent(textOf(' \n'))).toBeNull()
    expect(encodeContent(textOf(' x '))).toEqual({ type: 'text', text: ' x ' })
  })

  test.each([
    ['an image', media({}), { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } }],
    [
      'an image elsewhere',
      media({ mimeType: null, source: { kind: 'url', url: 'https://example.com/a' }, cache: '1h' }),
      {
        type: 'image',
        source: { type: 'url', url: 'https://example.com/a' },
        cache_control: { type: 'ephemeral', ttl: '1h' }
      }
    ],
    [
      'a PDF',
      media({ media: 'document', mimeType: 'application/pdf', name: 'a.pdf' }),
      { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: 'QUJD' } }
    ],
    [
      'a document elsewhere',
      media({ media: 'document', mimeType: null, source: { kind: 'url', url: 'https://example.com/a.pdf' } }),
      { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } }
    ],
    [
      'a document of text',
      media({ media: 'document', mimeType: 'text/markdown' }),
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'ABC' } }
    ]
  ])('carries %s', (_name, part, block) => {
    expect(encodeContent(part)).toMatchObject(block)
  })

  test('that can’t be read is a text in its place', () => {
    const losses = new Losses()
    const broken = [
      { type: 'image' },
      { type: 'document', source: { type: 'base64' } },
      { type: 'image', source: { type: 'file' } }
    ]
    expect(decodeContent(broken, losses)).toEqual(
      ['image', 'document', 'image'].map((kind) => textOf(`[${kind} left out: this channel can not be shown it]`))
    )
    expect(losses.toString()).toBe('image, document, file_id')
  })

  test('with a document of images and texts gives them all', () => {
    const source = {
      type: 'content',
      content: [
        { type: 'text', text: 'a' },
        { type: 'image', source: { type: 'url', url: 'u' } }
      ]
    }
    expect(decodeContent([{ type: 'document', title: 'T', source }], new Losses())).toMatchObject([
      { text: 'Document: T' },
      { text: 'a' },
      { media: 'image' }
    ])
  })

  test('with a document says what its client says of it, before it', () => {
    const document = (source: object) => ({ type: 'document', title: 'T', context: 'It is revoked.', source })
    const said = textOf('About the document that follows: It is revoked.')
    const pdf = document({ type: 'base64', media_type: 'application/pdf', data: 'JVBE' })
    expect(decodeContent([pdf], new Losses())).toMatchObject([said, { type: 'media', name: 'T' }])
    expect(decodeContent([document({ type: 'file' })], new Losses())).toEqual([
      said,
      textOf('[T left out: this channel can not be shown it]')
    ])
  })
})

describe('a citation', () => {
  const citation = { url: 'https://example.com', title: 'T', quote: 'Q' }

  test('comes back as it went', () => {
    expect(decodeCitation(encodeCitation(citation))).toEqual(citation)
  })

  test('into a search result names its source, one into a document nothing that others could go by', () => {
    expect(decodeCitation({ type: 'search_result_location', source: 'https://s', cited_text: 'c' })).toEqual({
      url: 'https://s',
      title: null,
      quote: 'c'
    })
    expect(decodeCitation({ type: 'page_location', document_index: 0 })).toBeNull()
    expect(decodeCitation('x')).toBeNull()
  })
})
