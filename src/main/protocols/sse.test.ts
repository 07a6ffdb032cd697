import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PROTOCOLS, type ProtocolId } from '../../shared/protocol'
import type { StreamFacts, StreamOptions } from './protocol'
import { protocols } from './registry'

const OPTIONS: StreamOptions = { framing: 'sse', operation: 'generate', dropUsageChunk: false }

interface Read {
  readonly forwarded: string
  readonly calls: number
  readonly facts: Record<string, unknown>
}

function read(protocol: ProtocolId, chunks: readonly Buffer[], options = OPTIONS): Read {
  const reader = protocols[protocol].createStreamReader(options)
  const forwarded: Buffer[] = []
  const forward = (bytes: Buffer): void => void forwarded.push(bytes)
  for (const chunk of chunks) reader.push(chunk, forward)
  reader.end(forward)
  return { forwarded: Buffer.concat(forwarded).toString('utf8'), calls: forwarded.length, facts: plain(reader.facts) }
}

const plain = (facts: StreamFacts): Record<string, unknown> => ({
  hasContent: facts.hasContent,
  stopped: facts.stopped,
  finished: facts.finished,
  error: facts.error === null ? null : { status: facts.error.status, body: facts.error.body.toString('utf8') },
  usage: facts.usage,
  rawUsage: facts.rawUsage,
  stateId: facts.stateId,
  events: facts.events
})

function cut(bytes: Buffer, positions: readonly number[]): Buffer[] {
  const sorted = [...new Set([0, ...positions.map((position) => position % bytes.length), bytes.length])].sort(
    (a, b) => a - b
  )
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index] ?? 0, end))
}

/** Streams that end well, each with texts that UTF-8 cuts apart. */
const STREAMS: Readonly<Record<ProtocolId, string>> = {
  anthropic: [
    'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":9,"output_tokens":1}}}\n\n',
    'event: ping\ndata: {"type":"ping"}\n\n',
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n',
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"渠道 \\"ok\\" 🎉"}}\n\n',
    ': a comment\n\n',
    'event: future_event\ndata: {"type":"future_event"}\n\n',
    'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n',
    'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}\n\n',
    'event: message_stop\ndata: {"type":"message_stop"}\n\n'
  ].join(''),
  'openai-chat': [
    ': OPENROUTER PROCESSING\n\n',
    'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n',
    'data: {"choices":[{"index":0,"delta":{"content":"渠道 \\"usage\\":{ 🎉"},"finish_reason":null}]}\n\n',
    'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
    'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":7,"total_tokens":16}}\n\n',
    'data: [DONE]\n\n'
  ].join(''),
  'openai-responses': [
    'event: response.created\ndata: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","instructions":"{\\"id\\":\\"x\\"}"}}\n\n',
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":1,"delta":"渠道 🎉"}\n\n',
    'event: response.completed\ndata: {"type":"response.completed","sequence_number":2,"response":{"id":"resp_1","output":[{"usage":{}}],"usage":{"input_tokens":9,"output_tokens":7}}}\n\n'
  ].join(''),
  gemini: [
    'data: {"candidates":[{"content":{"parts":[{"text":"渠"}]}}],"usageMetadata":{"promptTokenCount":9}}\n\n',
    'data: {"candidates":[{"content":{"parts":[{"text":"道 🎉"}]}}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2}}\n\n',
    'data: {"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":7}}\n\n'
  ].join('')
}

const lineEnds = fc.constantFrom('\n', '\r\n', '\r')
const positions = fc.array(fc.nat(), { maxLength: 60 })

describe.each(PROTOCOLS)('a stream of %s', (protocol) => {
  const stream = STREAMS[protocol]

  test('B21 cut at any bytes, with any line ends, comes out as it came and tells the same', () => {
    fc.assert(
      fc.property(lineEnds, fc.boolean(), positions, (lineEnd, hasMark, at) => {
        const bytes = Buffer.from((hasMark ? '\ufeff' : '') + stream.replaceAll('\n', lineEnd))
        const whole = read(protocol, [bytes])
        expect(whole.forwarded).toBe(bytes.toString('utf8'))
        expect(whole.facts).toMatchObject({ hasContent: true, stopped: true, finished: true, error: null })
        expect(whole.facts).toMatchObject({ usage: { input: 9, output: 7 } })
        const parts = read(protocol, cut(bytes, at))
        expect({ ...parts, calls: 0 }).toEqual({ ...whole, calls: 0 })
      }),
      { numRuns: 150 }
    )
  })

  test('B21 of random and damaged bytes never throws, and tells the same however they are cut', () => {
    const damage = fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('\n\n', '\r', '"', '{', 'data: ', 'event: error\n', '\0')),
      {
        maxLength: 6
      }
    )
    fc.assert(
      fc.property(damage, fc.nat(), positions, (wounds, end, at) => {
        let text = stream
        for (const [where, what] of wounds) {
          const place = where % (text.length + 1)
          text = text.slice(0, place) + what + text.slice(place + 1)
        }
        const bytes = Buffer.from(text).subarray(0, end % 4 === 0 ? undefined : end % text.length)
        if (bytes.length === 0) return
        const whole = read(protocol, [bytes])
        const parts = read(protocol, cut(bytes, at))
        expect({ ...parts, calls: 0 }).toEqual({ ...whole, calls: 0 })
      }),
      { numRuns: 300 }
    )
  })

  test('B02 that is broken off is never told to be whole, and no part of an event goes out', () => {
    const bytes = Buffer.from(stream)
    const events = stream.split('\n\n').length - 1
    for (let end = 1; end < bytes.length - 2; end++) {
      const { forwarded, facts } = read(protocol, [bytes.subarray(0, end)])
      if (protocol !== 'gemini') expect(facts['finished'], `cut at ${end} of ${bytes.length}`).toBe(false)
      expect(forwarded === '' || forwarded.endsWith('\n\n'), `cut at ${end}`).toBe(true)
      expect(Number(facts['events'])).toBeLessThan(events + 1)
    }
  })

  test('goes out in one call for a chunk of whole events', () => {
    const { calls } = read(protocol, [Buffer.from(stream)])
    expect(calls).toBe(1)
  })

  test('counts an event whose blank line is missing at the end, and adds the line', () => {
    for (const missing of [1, 2]) {
      const { forwarded, facts } = read(protocol, [Buffer.from(stream.slice(0, -missing))])
      expect(facts).toMatchObject({ finished: true, usage: { output: 7 } })
      expect(forwarded).toBe(stream)
    }
  })
})

describe('B21', () => {
  test('nothing goes out after the last event', () => {
    for (const protocol of ['anthropic', 'openai-chat', 'openai-responses'] as const) {
      const trailing = Buffer.from(`${STREAMS[protocol]}data: {"choices":[]}\n\n: more\n\n`)
      expect(read(protocol, [trailing]).forwarded).toBe(STREAMS[protocol])
      expect(read(protocol, [Buffer.from(STREAMS[protocol]), Buffer.from('data: x\n\n')]).forwarded).toBe(
        STREAMS[protocol]
      )
    }
  })

  test('an event over 256 KiB goes out in pieces and is read all the same', () => {
    const big = 'x'.repeat(1024 * 1024)
    const events = [
      `event: response.output_item.done\ndata: {"type":"response.output_item.done","item":{"result":"${big}"}}\n\n`,
      `event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_2","output":["${big}"],"usage":{"input_tokens":1,"output_tokens":2}}}\n\n`
    ]
    const bytes = Buffer.from(events.join(''))
    const reader = protocols['openai-responses'].createStreamReader(OPTIONS)
    let most = 0
    let given = 0
    let forwarded = 0
    for (let at = 0; at < bytes.length; at += 65_536) {
      const chunk = bytes.subarray(at, at + 65_536)
      given += chunk.length
      reader.push(chunk, (piece) => (forwarded += piece.length))
      most = Math.max(most, given - forwarded)
    }
    expect(forwarded).toBe(bytes.length)
    expect(most).toBeLessThanOrEqual(256 * 1024 + 65_536)
    expect(reader.facts).toMatchObject({ finished: true, stateId: 'resp_2', usage: { input: 1, output: 2 }, events: 2 })
  })

  test('a line of 32 MiB passes, and one that is inside an event is no boundary', () => {
    const reader = protocols['openai-chat'].createStreamReader(OPTIONS)
    let forwarded = 0
    const forward = (piece: Buffer): void => void (forwarded += piece.length)
    const chunk = Buffer.alloc(65_536, 'x')
    const head = Buffer.from('data: {"choices":[{"delta":{"content":"')
    reader.push(head, forward)
    for (let sent = 0; sent < 33 * 1024 * 1024; sent += chunk.length) reader.push(chunk, forward)
    expect(reader.atBoundary).toBe(false)
    reader.push(Buffer.from('"}}]}\n\n'), forward)
    expect(reader.atBoundary).toBe(true)
    expect(reader.facts).toMatchObject({ hasContent: true, events: 1 })
    expect(forwarded).toBe(head.length + 33 * 1024 * 1024 + '"}}]}\n\n'.length)
  })

  test('an event that drips in byte by byte is one event, and comes out as it came', () => {
    const bytes = Buffer.from(`data: {"choices":[{"delta":{"content":"${'渠'.repeat(100_000)}"}}]}\n\ndata: [DONE]\n\n`)
    const drops = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
    const { forwarded, facts } = read('openai-chat', drops)
    expect(forwarded).toBe(bytes.toString('utf8'))
    expect(facts).toMatchObject({ events: 2, finished: true })
  })

  test('an error event goes nowhere, however large it is', () => {
    const padding = 'x'.repeat(600 * 1024)
    const sent: Readonly<Record<ProtocolId, string>> = {
      anthropic: `event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"${padding}"}}\n\n`,
      'openai-chat': `data: {"error":{"message":"${padding}","code":429}}\n\n`,
      'openai-responses': `event: error\ndata: {"type":"error","code":"server_error","message":"${padding}"}\n\n`,
      gemini: `data: {"error":{"code":503,"message":"${padding}","status":"UNAVAILABLE"}}\n\n`
    }
    for (const protocol of PROTOCOLS) {
      const bytes = Buffer.from(sent[protocol])
      const chunks = cut(bytes, [10, 100_000, 300_000, 400_000])
      const { forwarded, facts } = read(protocol, chunks)
      expect(forwarded).toBe('')
      expect(facts['error'], protocol).not.toBeNull()
    }
  })
})

describe('B25 comments and blank lines of an upstream', () => {
  test('pass on and are no event', () => {
    const { forwarded, facts } = read('openai-chat', [Buffer.from(': ping\n\n\n\n: ping\n\n')])
    expect(forwarded).toBe(': ping\n\n\n\n: ping\n\n')
    expect(facts).toMatchObject({ events: 0, hasContent: false })
  })

  test('are kept from Gemini clients, blank lines alone pass', () => {
    const stream = ': ping\n\n\n: glued\nevent: message\ndata: {"candidates":[]}\nid: 1\n\n'
    const { forwarded, facts } = read('gemini', [Buffer.from(stream)])
    expect(forwarded).toBe('\ndata: {"candidates":[]}\n\n')
    expect(facts).toMatchObject({ events: 1 })
  })
})
