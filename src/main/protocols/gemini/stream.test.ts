import { describe, expect, test } from 'vitest'
import { gemini } from '.'

const data = (json: object): string => `data: ${JSON.stringify(json)}\r\n\r\n`
const parts = (list: readonly object[], more: object = {}, usage?: object): string =>
  data({ candidates: [{ content: { role: 'model', parts: list }, ...more }], ...(usage && { usageMetadata: usage }) })

function read(events: readonly string[], end = false) {
  const reader = gemini.createStreamReader({ framing: 'sse', operation: 'generate', dropUsageChunk: false })
  const forwarded: Buffer[] = []
  for (const one of events) reader.push(Buffer.from(one), (bytes) => forwarded.push(bytes))
  if (end) reader.end((bytes) => forwarded.push(bytes))
  return { facts: reader.facts, forwarded: Buffer.concat(forwarded).toString() }
}

describe('B01 a Gemini stream commits', () => {
  test.each<[string, string, boolean]>([
    ['not on an empty text', parts([{ text: '' }]), false],
    ['not on usage alone', data({ usageMetadata: { promptTokenCount: 1 } }), false],
    ['on text', parts([{ text: 'x' }]), true],
    ['on a thought', parts([{ text: 'x', thought: true }]), true],
    ['on a function call', parts([{ functionCall: { name: 'f', args: {} } }]), true],
    ['on data', parts([{ inlineData: { data: 'x' } }]), true],
    ['on a stop reason', data({ candidates: [{ finishReason: 'SAFETY' }] }), true],
    ['on a blocked prompt', data({ promptFeedback: { blockReason: 'SAFETY' } }), true]
  ])('%s', (_name, event, hasContent) => {
    expect(read([event]).facts.hasContent).toBe(hasContent)
  })

  test('not on an error, before content or after', () => {
    const error = { code: 503, message: 'overloaded', status: 'UNAVAILABLE' }
    for (const before of [[], [parts([{ text: 'x' }])]]) {
      const { facts, forwarded } = read([...before, data({ error })])
      expect(facts.error?.status).toBe(503)
      expect(JSON.parse(facts.error?.body.toString() ?? '')).toEqual({ error })
      expect(forwarded).toBe(before.join(''))
    }
    expect(read(['data: {"error":"gone"}\n\n']).facts.error?.status).toBe(500)
    expect(read([data({ error: { message: 'x', code: 7 } })]).facts.error?.status).toBe(500)
  })
})

describe('a Gemini stream', () => {
  const stop = parts([{ text: '' }], { finishReason: 'STOP' }, { promptTokenCount: 9, candidatesTokenCount: 3 })

  test('is whole when it closes after its stop reason, and not before', () => {
    expect(read([parts([{ text: 'x' }]), stop]).facts).toMatchObject({ stopped: true, finished: false })
    expect(read([parts([{ text: 'x' }]), stop], true).facts).toMatchObject({
      finished: true,
      usage: { input: 9, output: 3 }
    })
    expect(read([parts([{ text: 'x' }])], true).facts).toMatchObject({ stopped: false, finished: false })
  })

  test('B31 that is left early tells a running count alone, which is less than what will be charged', () => {
    const running = parts([{ text: 'x' }], {}, { promptTokenCount: 9, candidatesTokenCount: 1 })
    const further = parts([{ text: 'y' }], {}, { promptTokenCount: 9, candidatesTokenCount: 2 })
    expect(read([running, further]).facts).toMatchObject({ usage: null, usageSoFar: { input: 9, output: 2 } })
    expect(JSON.parse(read([running, further]).facts.rawUsage ?? '')).toMatchObject({ candidatesTokenCount: 2 })
    expect(JSON.parse(read([running, parts([{ text: 'y' }])]).facts.rawUsage ?? '')).toMatchObject({
      candidatesTokenCount: 1
    })
    expect(read([parts([{ text: 'y' }])]).facts).toMatchObject({ usage: null, usageSoFar: null, rawUsage: null })
  })

  test('B31 whose last chunk has no usage of its own tells the last one that came', () => {
    const running = parts([{ text: 'x' }], {}, { promptTokenCount: 9, candidatesTokenCount: 1 })
    const end = parts([{ text: '' }], { finishReason: 'STOP' })
    expect(read([running, end]).facts.usage).toMatchObject({ input: 9, output: 1 })
  })

  test('loses a [DONE] that the SDK could not read', () => {
    const { facts, forwarded } = read([stop, 'data: [DONE]\n\n'])
    expect(facts.finished).toBe(true)
    expect(forwarded).toBe(stop)
  })

  test('B02 that breaks ends cleanly, without a stop reason', () => {
    expect(gemini.brokenEnding('sse', read([]).facts)).toEqual({ kind: 'end', bytes: Buffer.alloc(0) })
    expect(gemini.brokenEnding('json-array', read([]).facts)).toEqual({ kind: 'end', bytes: Buffer.from('[]') })
  })

  test('B27 whose stop reason came is simply ended', () => {
    expect(gemini.mendedEnding('sse', read([stop]).facts)).toEqual({ kind: 'end', bytes: Buffer.alloc(0) })
    expect(gemini.mendedEnding('sse', read([]).facts)).toBeNull()
  })

  test('B25 is kept alive by a bare blank line', () => {
    expect(gemini.keepAlive().toString()).toBe('\n')
  })
})

describe('a Gemini stream in the other framing than was asked for', () => {
  const chunk = (text: string) => ({ candidates: [{ content: { role: 'model', parts: [{ text }] } }] })

  function reframe(framing: 'sse' | 'json-array', pieces: Iterable<string>) {
    const sent = framing === 'sse' ? 'json-array' : 'sse'
    const reader = gemini.createStreamReader({ framing, sent, operation: 'generate', dropUsageChunk: false })
    const forwarded: Buffer[] = []
    for (const one of pieces) reader.push(Buffer.from(one), (bytes) => forwarded.push(bytes))
    return { reader, forwarded: Buffer.concat(forwarded).toString() }
  }

  test('has no line end inside an event, however its elements are written', () => {
    const { forwarded } = reframe('sse', ['[', JSON.stringify(chunk('a\nb'), null, 2).replaceAll('\n', '\r\n')])
    const [, json = ''] = /^data: (.*)\n\n$/.exec(forwarded) ?? []
    expect(JSON.parse(json)).toEqual(chunk('a\nb'))
  })

  test('has no element for a [DONE], and its closing bracket is left to the mending', () => {
    const end = { candidates: [{ finishReason: 'STOP' }] }
    const { reader, forwarded } = reframe('json-array', [data(chunk('x')), data(end), 'data: [DONE]\n\n'])
    expect(JSON.parse(`${forwarded}]`)).toEqual([chunk('x'), end])
    expect(reader.facts.finished).toBe(false)
    expect(gemini.mendedEnding('json-array', reader.facts)).toEqual({ kind: 'end', bytes: Buffer.from(']') })
  })

  test('B21 breaks at a chunk that is too large to be held, and loses none unseen', () => {
    const mebibyte = 'x'.repeat(1024 * 1024)
    const { reader, forwarded } = reframe('sse', ['[{"text":"', ...Array<string>(33).fill(mebibyte)])
    expect(forwarded).toBe('')
    expect(reader.facts.error?.body.toString()).toContain('over 32 MiB')
  })
})

test('a Gemini chunk over several lines of data is one line beside what else stood in its event', () => {
  expect(read(['id: 1\ndata: {"candidates":\ndata: []}\n\n']).forwarded).toBe('data: {"candidates": []}\n\n')
})
