import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  asked,
  bytesOf,
  eventsOf,
  sdkStream,
  sseFixture
} from '../../../../test/support/translation/anthropic-exchanges'
import { everyEvent, finishOf } from '../../../../test/support/translation/canonical-events'
import type { AnswerEvent } from '../canonical-answer'
import { createStreamEncoder } from './encode-stream'

const start: AnswerEvent = { type: 'start', id: 'msg_1', usage: null }
const namesOf = (bytes: string): readonly string[] =>
  [...bytes.matchAll(/^event: (\w+)$/gm)].map(([, name = '']) => name)

describe('a stream', () => {
  test('is a message to the vendor’s client, with everything in it', async () => {
    const texts: string[] = []
    const message = await sdkStream(bytesOf(everyEvent))
      .on('text', (text) => texts.push(text))
      .finalMessage()
    expect(texts).toEqual(['Hello, ', 'wörld 👋'])
    expect(message).toMatchObject({
      id: 'msg_resp_1',
      model: 'asked-model',
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Let me see.', signature: 'routex:openai-responses:ZW5j' },
        { type: 'text', text: 'Hello, wörld 👋', citations: [{ url: 'https://example.com', cited_text: 'Q' }] },
        { type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Paris' } },
        { type: 'tool_use', id: 'call_2', name: 'get_time', input: {} }
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: {
        input_tokens: 12,
        cache_read_input_tokens: 2000,
        cache_creation_input_tokens: 300,
        output_tokens: 80,
        output_tokens_details: { thinking_tokens: 30 }
      }
    })
  })

  test('hands text on with the event it came in', () => {
    const encoder = createStreamEncoder(asked)
    encoder.push(start)
    expect(namesOf(encoder.push({ type: 'text', text: 'a' }))).toEqual(['content_block_start', 'content_block_delta'])
    expect(encoder.push({ type: 'text', text: 'b' })).toBe(
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"}}\n\n'
    )
    expect(encoder.push({ type: 'text', text: '' })).toBe('')
  })

  test.each(['text.sse', 'length.sse', 'tools.sse', 'thinking.sse', 'web-search.sse'] as const)(
    'of the vendor’s own comes back as it went: %s',
    (name) => {
      const events = eventsOf(sseFixture(name))
      expect(eventsOf(Buffer.from(bytesOf(events)))).toEqual(events)
    }
  )

  test('tells what is known of the prompt at its beginning', () => {
    const usage = { input: 5, cacheRead: 6, cacheWrite: 0, cacheWrite1h: 0, output: 1, reasoning: 0 }
    expect(eventsOf(Buffer.from(bytesOf([{ ...start, usage }])))).toEqual([{ ...start, usage }])
  })

  test('shows what another vendor’s own tools did as the client expects it', async () => {
    const call = {
      type: 'hosted-call',
      id: 'ws_1',
      tool: 'web_search',
      input: 'q',
      sources: [{ url: 'https://example.com', title: 'T', quote: null }],
      output: null
    } as const
    const events: readonly AnswerEvent[] = [
      start,
      { type: 'text', text: 'a' },
      { type: 'hosted-call', call },
      { type: 'text', text: 'b' },
      { type: 'finish', finish: finishOf('stop') },
      { type: 'end' }
    ]
    const message = await sdkStream(bytesOf(events)).finalMessage()
    expect(message.content).toMatchObject([
      { type: 'text', text: 'a' },
      { type: 'server_tool_use', id: 'srvtoolu_routex_ws_1', name: 'web_search', input: { query: 'q' } },
      { type: 'web_search_tool_result', content: [{ type: 'web_search_result', url: 'https://example.com' }] },
      { type: 'text', text: 'b' }
    ])
  })

  test('that declines is a refusal with its text', async () => {
    const events: readonly AnswerEvent[] = [
      start,
      { type: 'refusal', text: 'No.' },
      { type: 'finish', finish: finishOf('stop', { usage: null }) },
      { type: 'end' }
    ]
    expect(await sdkStream(bytesOf(events)).finalMessage()).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
      usage: { output_tokens: 0 }
    })
  })

  test('tells thinking that nobody signed, a signature that stands alone, and what can’t be shown', async () => {
    const events: readonly AnswerEvent[] = [
      start,
      { type: 'reasoning', text: 'a' },
      { type: 'reasoning', text: '' },
      { type: 'reasoning-end' },
      { type: 'signature', signature: { maker: 'gemini', value: 'Zw==' } },
      {
        type: 'media',
        media: {
          type: 'media',
          media: 'image',
          mimeType: 'image/png',
          source: { kind: 'base64', data: 'QUJD' },
          name: null,
          detail: null,
          cache: null
        }
      },
      { type: 'finish', finish: finishOf('stop') },
      { type: 'end' }
    ]
    expect((await sdkStream(bytesOf(events)).finalMessage()).content).toMatchObject([
      { type: 'thinking', thinking: 'a', signature: '' },
      { type: 'thinking', thinking: '', signature: 'routex:gemini:Zw==' },
      { type: 'text', text: '[image: image/png]' }
    ])
  })

  test('has no place for a source that comes when its text was ended, or for input without a call', () => {
    const citation = { url: 'https://example.com', title: null, quote: null }
    const events: readonly AnswerEvent[] = [start, { type: 'text', text: 'a' }, { type: 'text-end' }]
    expect(bytesOf([...events, { type: 'citation', citation }, { type: 'tool-input', json: '{}' }])).toBe(
      bytesOf(events)
    )
  })

  test('B25 is kept alive by a ping', () => {
    expect(createStreamEncoder(asked).keepAlive()).toBe('event: ping\ndata: {"type": "ping"}\n\n')
  })
})

describe('B02 a stream that broke', () => {
  test('is cut, so that the client asks again', () => {
    const encoder = createStreamEncoder(asked)
    encoder.push({ type: 'start', id: '', usage: null })
    expect(encoder.broken({ message: 'x', code: null, type: null })).toEqual({ kind: 'cut' })
  })

  test('before it began is an error event, so that the client sees why', () => {
    const ending = createStreamEncoder(asked).broken({ message: 'the words', code: null, type: null })
    const error = { type: 'error', error: { type: 'api_error', message: 'the words' } }
    expect(ending).toEqual({
      kind: 'write_and_cut',
      bytes: Buffer.from(`event: error\ndata: ${JSON.stringify(error)}\n\n`)
    })
  })

  test('at any event has no message_stop, and no end of a call that was not ended', () => {
    fc.assert(
      fc.property(fc.nat({ max: everyEvent.length - 1 }), (count) => {
        const said = everyEvent.slice(0, count)
        const bytes = bytesOf(said)
        expect(namesOf(bytes)).not.toContain('message_stop')
        const isOpen =
          said.findLastIndex(({ type }) => type === 'tool-start') >
          said.findLastIndex(({ type }) => type === 'tool-end')
        const blocks = namesOf(bytes).filter((name) => name === 'content_block_start').length
        const ended = namesOf(bytes).filter((name) => name === 'content_block_stop').length
        if (isOpen) expect(ended).toBe(blocks - 1)
      })
    )
  })

  test('is no whole message to the vendor’s client', async () => {
    await expect(sdkStream(bytesOf(everyEvent.slice(0, -1))).finalMessage()).rejects.toThrow()
  })
})
