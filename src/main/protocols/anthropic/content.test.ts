import { describe, expect, test } from 'vitest'
import { textOf } from '../../../../test/support/translation/conversations'
import type { MediaPart } from '../canonical'
import type { HostedCallPart } from '../canonical-answer'
import type { JsonObject } from '../foreign-json'
import { Losses } from '../losses'
import {
  cacheControl,
  cacheMarkOf,
  decodeCitation,
  decodeContent,
  decodeHostedCall,
  encodeCitation,
  encodeContent,
  encodeHostedCall
} from './content'

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

describe('what the vendor’s own tool did', () => {
  const source = { url: 'https://example.com', title: 'T', quote: null }
  const call = (more: Partial<HostedCallPart>): HostedCallPart => ({
    type: 'hosted-call',
    id: 'srvtoolu_1',
    tool: 'web_search',
    input: 'q',
    sources: [],
    output: null,
    ...more
  })

  test.each([
    ['a search', call({ sources: [source] })],
    ['a search that found nothing', call({})],
    ['a fetched page', call({ tool: 'web_fetch', input: 'https://example.com', sources: [source] })],
    ['code', call({ tool: 'code_execution', input: 'print(1)', output: '1' })]
  ])('comes back as it went: %s', (_name, one) => {
    const [use, result] = encodeHostedCall(one)
    expect(decodeHostedCall({ ...result }, use?.type === 'server_tool_use' ? use.input : null)).toEqual(one)
  })

  test('gets an id in the vendor’s form', () => {
    expect(encodeHostedCall(call({ id: 'ws_1' }))).toMatchObject([
      { type: 'server_tool_use', id: 'srvtoolu_routex_ws_1', name: 'web_search' },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_routex_ws_1' }
    ])
  })

  test('of a failed call, of one without its use, and of an unknown one', () => {
    const failed: JsonObject = {
      type: 'web_search_tool_result',
      tool_use_id: 'a',
      content: { error_code: 'unavailable' }
    }
    expect(decodeHostedCall(failed, undefined)).toEqual(call({ id: 'a', input: '', error: 'unavailable' }))
    expect(
      decodeHostedCall({ type: 'code_execution_tool_result', content: { stdout: 'a', stderr: 'b' } }, { x: 1 })
    ).toEqual(call({ id: '', tool: 'code_execution', input: '{"x":1}', output: 'a\nb' }))
    expect(decodeHostedCall({ type: 'mcp_tool_result' }, undefined)).toBeNull()
  })
})
