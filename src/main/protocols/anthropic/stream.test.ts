import { describe, expect, test } from 'vitest'
import { anthropic } from '.'

const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
const start = (usage: unknown, more: object = {}) =>
  event('message_start', { type: 'message_start', message: { usage, ...more } })
const delta = (usage: unknown, stop: string | null = 'end_turn', more: object = {}) =>
  event('message_delta', { type: 'message_delta', delta: { stop_reason: stop, ...more }, usage })
const text = event('content_block_delta', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'hi' } })
const block = (content: object) => event('content_block_start', { type: 'content_block_start', content_block: content })

function read(...events: readonly string[]) {
  const reader = anthropic.createStreamReader()
  const forwarded: Buffer[] = []
  for (const one of events) reader.push(Buffer.from(one), (bytes) => forwarded.push(bytes))
  return { facts: reader.facts, forwarded: Buffer.concat(forwarded).toString() }
}

describe('B01 a Messages stream commits', () => {
  test.each([
    [
      'not on message_start, ping or an empty block',
      [start({}), event('ping', {}), block({ type: 'text', text: '' })],
      false
    ],
    ['not on empty thinking', [block({ type: 'thinking', thinking: '', signature: '' })], false],
    ['on a delta', [text], true],
    ['on a tool call’s beginning', [block({ type: 'tool_use', id: 't', name: 'x', input: {} })], true],
    ['on redacted thinking', [block({ type: 'redacted_thinking', data: 'x' })], true],
    ['on a block that has text at once', [block({ type: 'text', text: 'hi' })], true],
    ['on the end of an answer without content', [start({}), delta({ output_tokens: 0 })], true],
    ['on message_stop alone', [event('message_stop', { type: 'message_stop' })], true]
  ])('%s', (_name, events, hasContent) => {
    expect(read(...events).facts.hasContent).toBe(hasContent)
  })

  test('not on an error, which is not handed on and keeps the vendor’s shape', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' }
    const { facts, forwarded } = read(start({}), event('error', error), text)
    expect(facts).toMatchObject({ hasContent: false, error: { status: 529 } })
    expect(JSON.parse(facts.error?.body.toString() ?? '')).toEqual(error)
    expect(forwarded).toBe(start({}))
  })

  test('not on an error without a name, or that is no JSON', () => {
    expect(read('data: {"error":{"message":"x","type":"rate_limit_error"}}\n\n').facts.error?.status).toBe(429)
    const broken = read('event: error\ndata: upstream gone\n\n').facts.error
    expect(broken?.status).toBe(500)
    expect(JSON.parse(broken?.body.toString() ?? '')).toMatchObject({ error: { message: 'upstream gone' } })
  })

  test('on events without a name by their type', () => {
    expect(read('data: {"type":"content_block_delta","delta":{}}\n\n').facts.hasContent).toBe(true)
  })
})

describe('B31 the usage of a Messages stream', () => {
  const begun = { input_tokens: 10, output_tokens: 1 }

  test('that broke off is unknown: what message_start says of the output is no count', () => {
    const { facts } = read(start(begun), text)
    expect(facts.usage).toBeNull()
    expect(JSON.parse(facts.rawUsage ?? '')).toEqual(begun)
  })

  test('that broke off tells the prompt of message_start so far, and as much output as was told', () => {
    const sent = { input_tokens: 10, cache_read_input_tokens: 7, cache_creation_input_tokens: 3, output_tokens: 1 }
    const told = { input: 10, cacheRead: 7, cacheWrite: 3, output: 1 }
    expect(read(start(sent), text).facts.usageSoFar).toMatchObject(told)
    expect(read(start(sent), text, delta({ output_tokens: 5 }, null)).facts.usageSoFar).toMatchObject({
      ...told,
      output: 5
    })
    expect(read(text).facts.usageSoFar).toBeNull()
  })

  test.each([
    ['a message_delta without usage', [delta(undefined)]],
    ['a message_delta whose usage does not count the output', [delta({ input_tokens: 10 })]],
    ['message_stop alone', [event('message_stop', { type: 'message_stop' })]],
    ['a running count that the stop reason never followed', [delta({ output_tokens: 5 }, null)]]
  ])('is unknown with %s', (_name, events) => {
    expect(read(start(begun), text, ...events).facts.usage).toBeNull()
  })

  test('is known where the count and the stop reason come in two events', () => {
    const { facts } = read(start(begun), text, delta({ output_tokens: 5 }, null), delta(undefined))
    expect(facts.usage).toMatchObject({ input: 10, output: 5 })
  })

  test('is message_start’s with message_delta’s cumulative counts on top', () => {
    const { facts } = read(
      start({
        input_tokens: 10,
        cache_read_input_tokens: 5,
        cache_creation: { ephemeral_1h_input_tokens: 2 },
        cache_creation_input_tokens: 3,
        output_tokens: 1
      }),
      text,
      delta({ input_tokens: null, output_tokens: 42, output_tokens_details: { thinking_tokens: 30 } })
    )
    expect(facts.usage).toEqual({ input: 10, cacheRead: 5, cacheWrite: 3, cacheWrite1h: 2, output: 42, reasoning: 30 })
    expect(JSON.parse(facts.rawUsage ?? '')).toMatchObject({ input_tokens: 10, output_tokens: 42 })
  })

  test('takes the input from the delta where a vendor tells it there', () => {
    const late = read(start({ input_tokens: 0, output_tokens: 0 }), delta({ input_tokens: 77, output_tokens: 5 }))
    expect(late.facts.usage).toMatchObject({ input: 77, output: 5 })
    const split = read(
      start({ input_tokens: 100, output_tokens: 0 }),
      delta({ input_tokens: 0, cache_read_input_tokens: 100, output_tokens: 5 })
    )
    expect(split.facts.usage).toMatchObject({ input: 0, cacheRead: 100 })
  })

  test('keeps the start’s input where the delta only says 0', () => {
    const { facts } = read(start({ input_tokens: 25, output_tokens: 1 }), delta({ input_tokens: 0, output_tokens: 5 }))
    expect(facts.usage).toMatchObject({ input: 25, output: 5 })
  })

  test('that was not sent is unknown', () => {
    expect(read(text).facts).toMatchObject({ usage: null, rawUsage: null })
    expect(read(event('message_start', { type: 'message_start' })).facts.usage).toBeNull()
  })
})

describe('a Messages stream', () => {
  test('tells the container that its channel made', () => {
    expect(read(start({}, { container: { id: 'c1' } })).facts.stateId).toBe('c1')
    expect(read(delta({}, 'end_turn', { container: { id: 'c2' } })).facts.stateId).toBe('c2')
    expect(read(start({}, { container: null })).facts.stateId).toBeNull()
  })

  test('B02 that breaks is cut, without a further event', () => {
    expect(anthropic.brokenEnding()).toEqual({ kind: 'cut' })
  })

  test('B27 whose stop reason came is ended by message_stop, another can’t be mended', () => {
    const stopped = read(text, delta({ output_tokens: 1 })).facts
    const mended = anthropic.mendedEnding('sse', stopped)
    expect(mended?.kind).toBe('end')
    expect(read(mended?.kind === 'end' ? mended.bytes.toString() : '').facts.finished).toBe(true)
    expect(anthropic.mendedEnding('sse', read(text, delta({}, null)).facts)).toBeNull()
  })

  test('B25 is kept alive by a ping', () => {
    expect(anthropic.keepAlive().toString()).toBe('event: ping\ndata: {"type": "ping"}\n\n')
  })
})
