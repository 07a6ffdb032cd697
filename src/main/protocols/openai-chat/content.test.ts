import { describe, expect, test } from 'vitest'
import type { Quirks } from '../../../shared/quirks'
import type { MediaPart, Target } from '../canonical'
import { Losses } from '../losses'
import { asContent, decodeAnswerImage, decodeContent, encodeParts, encodeTexts, textPart } from './content'

const target = (quirks: Quirks = {}): Target => ({ model: 'm', stream: false, quirks })
const media = (part: Partial<MediaPart>): MediaPart => ({
  type: 'media',
  media: 'image',
  mimeType: 'image/png',
  source: { kind: 'base64', data: 'AAAA' },
  name: null,
  detail: null,
  cache: null,
  ...part
})

function decode(content: unknown) {
  const losses = new Losses()
  return { parts: decodeContent(content, losses), losses: String(losses) }
}

function encode(parts: Parameters<typeof encodeParts>[0], quirks: Quirks = {}) {
  return asContent(encodeParts(parts, target(quirks)), target(quirks))
}

describe('content that is read', () => {
  test.each([
    ['a text', 'hi', [textPart('hi')]],
    ['nothing', '', []],
    ['null', null, []],
    ['a part without a type', [{ text: 'hi' }], [textPart('hi')]],
    ['bare texts', ['hi', ''], [textPart('hi')]],
    ['an empty part', [{ type: 'text', text: '' }], []]
  ])('is %s', (_name, content, parts) => {
    expect(decode(content).parts).toEqual(parts)
  })

  test.each<[string, object, Partial<MediaPart>]>([
    [
      'a data URL',
      { type: 'image_url', image_url: { url: 'data:image/webp;base64,QUJD', detail: 'low' } },
      { media: 'image', mimeType: 'image/webp', source: { kind: 'base64', data: 'QUJD' }, detail: 'low' }
    ],
    [
      'a URL',
      { type: 'image_url', image_url: { url: 'https://x.test/a.png', detail: 'auto' } },
      { media: 'image', mimeType: null, source: { kind: 'url', url: 'https://x.test/a.png' }, detail: null }
    ],
    [
      'a URL without its object',
      { type: 'image_url', image_url: 'https://x.test/a.png' },
      { source: { kind: 'url', url: 'https://x.test/a.png' } }
    ],
    [
      'a data URL with parameters',
      { type: 'image_url', image_url: { url: 'data:image/png;name=a.png;base64,QUJD' } },
      { mimeType: 'image/png', source: { kind: 'base64', data: 'QUJD' } }
    ],
    [
      'sound',
      { type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } },
      { media: 'audio', mimeType: 'audio/mpeg', source: { kind: 'base64', data: 'QUJD' } }
    ],
    [
      'sound as Qwen sends it',
      { type: 'input_audio', input_audio: { data: 'data:;base64,QUJD', format: 'wav' } },
      { media: 'audio', mimeType: 'audio/wav', source: { kind: 'base64', data: 'QUJD' } }
    ],
    [
      'a film',
      { type: 'video_url', video_url: { url: 'https://x.test/a.mp4' } },
      { media: 'video', source: { kind: 'url', url: 'https://x.test/a.mp4' } }
    ],
    [
      'a file',
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
      { media: 'document', mimeType: 'application/pdf', name: 'a.pdf' }
    ],
    [
      'a file of bare base64',
      { type: 'file', file: { file_data: 'QUJD' } },
      { media: 'document', mimeType: 'application/pdf', source: { kind: 'base64', data: 'QUJD' } }
    ],
    [
      'a file that lies elsewhere',
      { type: 'file', file: { file_data: 'https://x.test/a.pdf' } },
      { media: 'document', source: { kind: 'url', url: 'https://x.test/a.pdf' } }
    ],
    [
      'a picture as a file',
      { type: 'file', file: { file_data: 'data:image/png;base64,QUJD' } },
      { media: 'image', mimeType: 'image/png' }
    ]
  ])('is %s', (_name, part, expected) => {
    expect(decode([part]).parts).toMatchObject([expected])
  })

  test('that only its vendor holds or knows is lost, in so many words', () => {
    const { parts, losses } = decode([{ type: 'file', file: { file_id: 'file-1' } }, { type: 'hologram' }])
    expect(parts).toEqual([textPart('[document left out: this channel can not be shown it]')])
    expect(losses).toBe('file_id, history (hologram)')
  })

  test('keeps its cache marks', () => {
    const { parts } = decode([
      { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'b', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'c', prompt_cache_breakpoint: { mode: 'explicit' } }
    ])
    expect(parts.map(({ cache }) => cache)).toEqual(['5m', '1h', '5m'])
  })

  test('of an answer may be a picture', () => {
    expect(decodeAnswerImage({ type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } })).toMatchObject({
      media: 'image',
      mimeType: 'image/png'
    })
    expect(decodeAnswerImage('x')).toBeNull()
  })
})

describe('content that is written', () => {
  test('is one text where there is nothing else, with blank lines between blocks', () => {
    expect(encode([textPart('a'), textPart(''), textPart('b')])).toBe('a\n\nb')
    expect(encode([])).toBe('')
  })

  test('is a list with pictures', () => {
    const content = encode([
      textPart('a'),
      media({ detail: 'original' }),
      media({ source: { kind: 'url', url: 'https://x.test/a.png' }, mimeType: null })
    ])
    expect(content).toEqual([
      { type: 'text', text: 'a' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'high' } },
      { type: 'image_url', image_url: { url: 'https://x.test/a.png' } }
    ])
  })

  test('carries cache marks only where they are taken (takesCacheControl)', () => {
    const parts = [textPart('a', '5m'), textPart('b', '1h'), media({ cache: '5m' })]
    expect(encode(parts, { takesCacheControl: true })).toEqual([
      { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'b', cache_control: { type: 'ephemeral', ttl: '1h' } },
      expect.objectContaining({ type: 'image_url', cache_control: { type: 'ephemeral' } })
    ])
    expect(encode(parts.slice(0, 2))).toBe('a\n\nb')
    expect(encodeTexts([textPart('a', '5m')], target({ takesCacheControl: true }))).toHaveLength(1)
    expect(encodeTexts([textPart('a', '5m'), textPart('b')], target())).toBe('a\n\nb')
  })

  test('gives a PDF as a file', () => {
    expect(encode([media({ media: 'document', mimeType: 'application/pdf', name: 'r.pdf' })])).toEqual([
      { type: 'file', file: { filename: 'r.pdf', file_data: 'data:application/pdf;base64,AAAA' } }
    ])
  })

  test('gives sound where the format is known', () => {
    expect(
      encode([media({ media: 'audio', mimeType: 'audio/mpeg' }), media({ media: 'audio', mimeType: 'audio/wav' })])
    ).toEqual([
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }
    ])
  })
})
