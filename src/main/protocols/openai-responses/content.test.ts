import { describe, expect, test } from 'vitest'
import type { MediaPart } from '../canonical'
import { Losses } from '../losses'
import { decodeContent, encodeContent } from './content'

function read(content: unknown) {
  const losses = new Losses()
  return { parts: decodeContent(content, losses), losses: losses.toString() }
}

function write(part: Partial<MediaPart>) {
  const whole: MediaPart = {
    type: 'media',
    media: 'image',
    mimeType: null,
    source: { kind: 'base64', data: 'aaaa' },
    name: null,
    detail: null,
    cache: null,
    ...part
  }
  return encodeContent([whole])
}

describe('content that comes', () => {
  test.each([
    ['data:image/png;base64,aaaa', 'image', 'image/png', { kind: 'base64', data: 'aaaa' }],
    ['data:;base64,aaaa', 'image', null, { kind: 'base64', data: 'aaaa' }],
    ['data:image/svg+xml;charset=utf-8,%3Csvg/%3E', 'image', 'image/svg+xml', { kind: 'base64', data: 'PHN2Zy8+' }],
    ['data:text/plain,100%', 'document', 'text/plain', { kind: 'base64', data: 'MTAwJQ==' }],
    ['https://example.com/a', 'image', null, { kind: 'url', url: 'https://example.com/a' }],
    ['data:nothing', 'image', null, { kind: 'url', url: 'data:nothing' }]
  ])('image %s', (image_url, media, mimeType, source) => {
    expect(read([{ type: 'input_image', image_url }]).parts).toMatchObject([{ media, mimeType, source }])
  })

  test('an image has its resolution, in Chat’s form too', () => {
    const url = 'https://example.com/a'
    for (const detail of ['low', 'high', 'original'] as const) {
      const forms = [{ image_url: url, detail }, { image_url: { url, detail } }]
      for (const form of forms) expect(read([{ type: 'input_image', ...form }]).parts).toMatchObject([{ detail }])
    }
  })

  test('a file is what its type says, a PDF where it says nothing', () => {
    const file = (file_data: string) => read([{ type: 'input_file', file_data, filename: 'f' }]).parts
    expect(file('JVBE')).toMatchObject([{ media: 'document', mimeType: 'application/pdf', name: 'f' }])
    expect(file('data:text/plain;base64,eA==')).toMatchObject([{ media: 'document', mimeType: 'text/plain' }])
    expect(file('data:image/png;base64,eA==')).toMatchObject([{ media: 'image', mimeType: 'image/png' }])
  })

  test('audio has a format, and what has none of it is lost', () => {
    expect(read([{ type: 'input_audio', input_audio: { data: 'aa', format: 'mp3' } }]).parts).toMatchObject([
      { media: 'audio', mimeType: 'audio/mp3' }
    ])
    expect(read([{ type: 'input_audio' }, { type: 'input_file' }, { type: 'input_image' }]).losses).toBe(
      'audio, document, image'
    )
    expect(read([{ type: 'input_file', file_id: 'f' }, { type: 'input_video' }]).losses).toBe(
      'file_id, history (input_video)'
    )
  })

  test('cited text says where it is from; files of the vendor’s store are no such place', () => {
    const annotations = [
      { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 },
      { type: 'file_citation', file_id: 'f' }
    ]
    expect(read([{ type: 'output_text', text: 'x', annotations }]).parts).toMatchObject([
      { text: 'x', citations: [{ url: 'https://a.example', title: 'A', quote: null }] }
    ])
  })
})

describe('content that goes', () => {
  test('images are data or where they are, with their detail', () => {
    expect(write({ mimeType: 'image/jpeg', detail: 'low' })).toEqual([
      { type: 'input_image', detail: 'low', image_url: 'data:image/jpeg;base64,aaaa' }
    ])
    expect(write({ source: { kind: 'url', url: 'https://a.example' } })).toEqual([
      { type: 'input_image', detail: 'auto', image_url: 'https://a.example' }
    ])
  })

  test('documents have a name, which is made up where data has none, and stands before an address', () => {
    expect(write({ media: 'document', mimeType: 'application/pdf' })).toEqual([
      { type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,aaaa' }
    ])
    expect(write({ media: 'document', mimeType: 'text/plain' })).toMatchObject([{ filename: 'document.txt' }])
    expect(write({ media: 'document', mimeType: 'application/json' })).toMatchObject([{ filename: 'document.json' }])
    expect(write({ media: 'document', name: 'a.pdf', source: { kind: 'url', url: 'https://a.example' } })).toEqual([
      { type: 'input_text', text: 'a.pdf:' },
      { type: 'input_file', file_url: 'https://a.example' }
    ])
  })
})
