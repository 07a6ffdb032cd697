import { describe, expect, test } from 'vitest'
import { Losses } from './losses'
import { kindOf, sourceOf } from './media-source'
import { translators } from './translators'

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')

describe('the source that a URL names', () => {
  test.each([
    ['data:image/png;base64,QUJD', 'image/png', 'QUJD'],
    ['DATA:image/png;name=a.png;Base64,QUJD', 'image/png', 'QUJD'],
    ['data:image/png;base64,QUI%3D', 'image/png', 'QUI='],
    ['data:;base64,QUJD', null, 'QUJD'],
    ['data:text/plain,hello%20you', 'text/plain', base64('hello you')],
    ['data:text/plain;charset=utf-8,gr%C3%BC\u00dfe, 100%', 'text/plain', base64('grü\u00dfe, 100%')],
    ['data:,hello', 'text/plain', base64('hello')],
    ['data:image/png,%89PNG%00', 'image/png', base64(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0]))]
  ])('%s is its bytes', (url, mimeType, data) => {
    expect(sourceOf(url)).toEqual({ mimeType, source: { kind: 'base64', data } })
  })

  test.each(['https://a.example/b,c', 'data:image/png', ''])('%s is an address', (url) => {
    expect(sourceOf(url)).toEqual({ mimeType: null, source: { kind: 'url', url } })
  })

  test('has a kind by its type', () => {
    expect(['image/png', 'audio/wav', 'video/mp4', 'application/pdf', 'text/plain'].map(kindOf)).toEqual([
      'image',
      'audio',
      'video',
      'document',
      'document'
    ])
  })
})

describe('a data URL', () => {
  const chat = (part: object) => ({ messages: [{ role: 'user', content: [part] }] })
  const claude = (block: object) => ({ max_tokens: 9, messages: [{ role: 'user', content: [block] }] })
  const responses = (part: object) => ({ input: [{ role: 'user', content: [part] }] })
  const gemini = (part: object) => ({ contents: [{ parts: [part] }] })
  const clients = [
    ['openai-chat', (url: string) => chat({ type: 'image_url', image_url: { url } })],
    ['openai-responses', (url: string) => responses({ type: 'input_image', image_url: url })],
    ['anthropic', (url: string) => claude({ type: 'image', source: { type: 'url', url } })],
    ['gemini', (url: string) => gemini({ fileData: { fileUri: url } })]
  ] as const

  test.each(clients)('from a client of %s is its bytes, whatever its form', (from, bodyOf) => {
    const conversation = translators[from].decodeRequest(bodyOf('data:image/png,%41%42'), new Losses())
    expect(conversation.turns).toMatchObject([
      { parts: [{ media: 'image', mimeType: 'image/png', source: { kind: 'base64', data: 'QUI=' } }] }
    ])
  })

  test.each(clients)('of text, where a client of %s has a picture, is a document', (from, bodyOf) => {
    const conversation = translators[from].decodeRequest(bodyOf('data:text/plain,hello'), new Losses())
    expect(conversation.turns).toMatchObject([
      { parts: [{ media: 'document', mimeType: 'text/plain', source: { data: base64('hello') } }] }
    ])
  })

  test('of a drawing reaches nobody as an address', () => {
    const svg = { type: 'image_url', image_url: { url: 'data:image/svg+xml,%3Csvg%2F%3E' } }
    const conversation = translators['openai-chat'].decodeRequest(chat(svg), new Losses())
    for (const to of ['anthropic', 'openai-responses', 'gemini'] as const) {
      const losses = new Losses()
      const sent = translators[to].encodeRequest(conversation, { model: 'm', stream: false, quirks: {} }, losses)
      expect(JSON.stringify(sent)).toContain('[image left out')
      expect(losses.toString()).toBe('image (image/svg+xml)')
    }
  })
})
