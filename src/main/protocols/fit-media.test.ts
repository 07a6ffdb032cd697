import { describe, expect, test } from 'vitest'
import { conversationOf, textOf } from '../../../test/support/translation/conversations'
import type { ProtocolId } from '../../shared/protocol'
import type { Quirks } from '../../shared/quirks'
import type { MediaPart, Turn } from './canonical'
import { Losses } from './losses'
import { translators } from './translators'

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

function encode(protocol: ProtocolId, part: MediaPart, quirks: Quirks = {}, turn: Partial<Turn> = {}) {
  const losses = new Losses()
  const turns: readonly Turn[] = [{ role: 'user', parts: [part], ...turn }]
  const body = translators[protocol].encodeRequest(
    { ...conversationOf({}), turns },
    { model: 'm', stream: false, quirks },
    losses
  )
  return { body: JSON.stringify(body), losses: losses.toString() }
}

const ALL = ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const
const leftOut = (what: string) => `[${what} left out: this channel can not be shown it]`

describe('pictures', () => {
  test.each([
    ['anthropic', ['image/jpeg', 'image/png', 'image/gif', 'image/webp']],
    ['openai-chat', ['image/jpeg', 'image/png', 'image/gif', 'image/webp']],
    ['openai-responses', ['image/jpeg', 'image/png', 'image/gif', 'image/webp']],
    ['gemini', ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif']]
  ] as const)('of a kind that %s refuses are a text in their place, and a loss', (protocol, taken) => {
    for (const mimeType of ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/heic', 'image/heif']) {
      const { body, losses } = encode(protocol, media({ mimeType }))
      const isTaken = taken.some((one) => one === mimeType)
      expect([body.includes(mimeType), losses]).toEqual([isTaken, isTaken ? '' : `image (${mimeType})`])
      expect(body.includes(leftOut('image'))).toBe(!isTaken)
    }
    for (const mimeType of ['image/svg+xml', 'image/bmp', 'image/tiff']) {
      expect(encode(protocol, media({ mimeType })).body).toContain(leftOut('image'))
    }
  })

  test.each(ALL)('are called by %s as they are usually called', (protocol) => {
    for (const mimeType of ['image/jpg', 'IMAGE/JPG', 'image/pjpeg']) {
      const { body, losses } = encode(protocol, media({ mimeType }))
      expect(body).toContain('image/jpeg')
      expect(losses).toBe('')
    }
  })

  test.each(ALL)('are told of in words on a channel of %s that takes none (dropsImages)', (protocol) => {
    const inResult: Turn['parts'] = [
      { type: 'tool-call', id: 'a', name: 'f', input: '{}', cache: null },
      { type: 'tool-result', callId: 'a', name: 'f', content: [media({})], isError: false, cache: null }
    ]
    for (const parts of [[media({})], inResult, [textOf('see'), media({})]]) {
      const { body, losses } = encode(protocol, media({}), { dropsImages: true }, { parts })
      expect(body).not.toContain('QUJD')
      expect(body).toContain(leftOut('image'))
      expect(losses).toMatch(/^image\b/)
    }
  })

  test.each(['anthropic', 'openai-chat', 'openai-responses'] as const)('of a model’s own have no form in %s', (to) => {
    const { body, losses } = encode(to, media({}), {}, { role: 'assistant' })
    expect(body).toContain(leftOut('image'))
    expect(losses).toBe('image (of an assistant)')
  })
})

describe('documents', () => {
  const pdf = media({ media: 'document', mimeType: 'application/pdf', name: 'r.pdf' })
  const json = media({ media: 'document', mimeType: 'application/json', name: 'a.json' })

  test.each(ALL)('go on a channel of %s as text or not at all where it takes none (dropsDocuments)', (protocol) => {
    const left = encode(protocol, pdf, { dropsDocuments: true })
    expect(left.body).toContain(leftOut('r.pdf'))
    expect(left.losses).toBe('document (application/pdf)')
    const told = encode(protocol, json, { dropsDocuments: true })
    expect(told.body).toContain(String.raw`a.json:\nABC`)
    expect(told.losses).toBe('')
  })

  test.each(['openai-chat', 'gemini'] as const)(
    'of a kind that %s refuses are a text in their place, and a loss',
    (protocol) => {
      const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
      for (const mimeType of [docx, 'application/zip', 'application/octet-stream']) {
        const { body, losses } = encode(protocol, media({ media: 'document', mimeType, name: 'a.bin' }))
        expect(body).toContain(leftOut('a.bin'))
        expect(losses).toContain('document')
      }
      const json = media({
        media: 'document',
        mimeType: 'application/json',
        name: 'a.json',
        source: { kind: 'base64', data: 'e30=' }
      })
      expect(encode(protocol, json)).toMatchObject({
        body: expect.stringContaining('a.json:\\n{}') as string,
        losses: ''
      })
    }
  )

  test.each(['openai-chat', 'gemini'] as const)('that are PDFs by name or content go to %s as such', (protocol) => {
    const mimeType = 'application/octet-stream'
    const named = encode(protocol, media({ media: 'document', mimeType, name: 'A.PDF' }))
    const begun = encode(
      protocol,
      media({ media: 'document', mimeType, source: { kind: 'base64', data: 'JVBERi0xLjcK' } })
    )
    for (const { body } of [named, begun]) expect(body).toContain('application/pdf')
  })

  test('of text are text in Chat, whatever their kind', () => {
    expect(encode('openai-chat', json).body).toContain(String.raw`a.json:\nABC`)
    expect(encode('openai-chat', pdf).body).toContain('"filename":"r.pdf"')
  })

  test('that lie elsewhere are lost in Chat', () => {
    const elsewhere = { ...pdf, source: { kind: 'url', url: 'https://x.test/a.pdf' } } as const
    expect(encode('openai-chat', elsewhere)).toMatchObject({ losses: 'document (a URL)' })
  })
})

test.each([
  ['anthropic', media({ media: 'document', mimeType: 'application/zip' }), 'document (application/zip)'],
  ['anthropic', media({ media: 'audio', mimeType: 'audio/wav' }), 'audio (audio/wav)'],
  ['openai-chat', media({ media: 'audio', mimeType: 'audio/ogg' }), 'audio (audio/ogg)'],
  ['openai-chat', media({ media: 'video', mimeType: null }), 'video'],
  ['openai-responses', media({ media: 'video', mimeType: 'video/mp4' }), 'video (video/mp4)']
] as const)('%s loses what it has no form for', (protocol, part, lost) => {
  const { body, losses } = encode(protocol, part)
  expect(losses).toBe(lost)
  expect(body).toContain(leftOut(part.media))
})

describe('a file that only its vendor holds, or that is not there, is a text in its place, and a loss', () => {
  const chat = (part: object) => ({ messages: [{ role: 'user', content: [part] }] })
  const claude = (block: object) => ({ max_tokens: 9, messages: [{ role: 'user', content: [block] }] })
  const responses = (part: object) => ({ input: [{ role: 'user', content: [part] }] })
  const gemini = (part: object) => ({ contents: [{ parts: [part] }] })
  const response = (part: object) => gemini({ functionResponse: { name: 'f', response: {}, parts: [part] } })

  test.each([
    ['openai-chat', chat({ type: 'file', file: { file_id: 'file-1', filename: 'a.pdf' } }), 'a.pdf', 'file_id'],
    ['openai-chat', chat({ type: 'file', file: { file_id: 'file-1' } }), 'document', 'file_id'],
    ['openai-chat', chat({ type: 'input_image', file_id: 'file-1' }), 'image', 'file_id'],
    ['openai-chat', chat({ type: 'input_audio' }), 'audio', 'audio'],
    ['openai-responses', responses({ type: 'input_file', file_id: 'f', filename: 'a.pdf' }), 'a.pdf', 'file_id'],
    ['openai-responses', responses({ type: 'input_file', file_id: 'f' }), 'document', 'file_id'],
    ['openai-responses', responses({ type: 'input_image', file_id: 'f' }), 'image', 'file_id'],
    ['openai-responses', responses({ type: 'input_audio' }), 'audio', 'audio'],
    ['anthropic', claude({ type: 'image', source: { type: 'file', file_id: 'f' } }), 'image', 'file_id'],
    ['anthropic', claude({ type: 'document', title: 'A', source: { type: 'file', file_id: 'f' } }), 'A', 'file_id'],
    ['anthropic', claude({ type: 'document', source: {} }), 'document', 'document'],
    ['anthropic', claude({ type: 'container_upload', file_id: 'f' }), 'file', 'file_id (container_upload)'],
    ['gemini', gemini({ fileData: { fileUri: 'gs://b/a.png' } }), 'gs://b/a.png', 'file_id (gs://b/a.png)'],
    ['gemini', gemini({ file_data: { file_uri: 'files/a', display_name: 'A' } }), 'A', 'file_id (files/a)'],
    ['gemini', response({ fileData: { fileUri: 'files/a' } }), 'files/a', 'file_id (files/a)']
  ] as const)('%s: %j', (from, body, what, lost) => {
    for (const to of ALL) {
      if (to === from) continue
      const losses = new Losses()
      const conversation = translators[from].decodeRequest(body, losses)
      const sent = translators[to].encodeRequest(conversation, { model: 'm', stream: false, quirks: {} }, losses)
      expect(JSON.stringify(sent)).toContain(leftOut(what))
      expect(losses.toString()).toContain(lost)
    }
  })
})
