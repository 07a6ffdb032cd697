import { describe, expect, test } from 'vitest'
import type { StreamOptions } from '../protocol'
import { openaiChat } from '.'

const chunk = (choice: object | null, more: object = {}): string =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: choice === null ? [] : [{ index: 0, ...choice }], ...more })}\n\n`
const says = (delta: object) => chunk({ delta, finish_reason: null })
const stop = chunk({ delta: {}, finish_reason: 'stop' })
const DONE = 'data: [DONE]\n\n'
const USAGE = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }

function read(events: readonly string[], options: Partial<StreamOptions> = {}) {
  const reader = openaiChat.createStreamReader({
    framing: 'sse',
    operation: 'generate',
    dropUsageChunk: false,
    ...options
  })
  const forwarded: Buffer[] = []
  for (const one of events) reader.push(Buffer.from(one), (bytes) => forwarded.push(bytes))
  return { facts: reader.facts, forwarded: Buffer.concat(forwarded).toString() }
}

describe('B01 a chat stream commits', () => {
  test.each<[string, string, boolean]>([
    ['not on the role', says({ role: 'assistant', content: '' }), false],
    ['not on nulls', says({ content: null, refusal: null, reasoning_content: null, tool_calls: [] }), false],
    ['not on a chunk without choices', chunk(null, { prompt_filter_results: [] }), false],
    ['on content', says({ content: 'x' }), true],
    ['on reasoning_content', says({ reasoning_content: 'x' }), true],
    ['on reasoning', says({ reasoning: 'x' }), true],
    ['on a tool call', says({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f' } }] }), true],
    ['on a refusal', says({ refusal: 'x' }), true],
    ['on a completion’s text', chunk({ text: 'x', finish_reason: null }), true],
    ['on a message in its place', chunk({ message: { content: 'x' }, finish_reason: null }), true],
    ['on a stop without content', stop, true],
    ['on [DONE]', `${chunk({ delta: { role: 'assistant' } })}${DONE}`, true],
    ['not on a [DONE] before which nothing came', DONE, false]
  ])('%s', (_name, event, hasContent) => {
    expect(read([event]).facts.hasContent).toBe(hasContent)
  })

  test.each([
    ['data: {"error":{"message":"x","code":"rate_limit_exceeded"}}\n\n', 429],
    ['data: {"error":{"message":"x","code":503}}\n\n', 503],
    ['data: {"error":"gone"}\n\n', 500],
    ['event: error\ndata: {"message":"x","type":"invalid_request_error"}\n\n', 400],
    ['event: error\ndata: gone\n\n', 500],
    [chunk({ delta: { content: '' }, finish_reason: 'error' }, { error: { code: 502, message: 'Provider' } }), 502]
  ])('not on the error %s', (event, status) => {
    for (const before of [[], [says({ content: 'x' })]]) {
      const { facts, forwarded } = read([...before, event, DONE])
      expect(facts).toMatchObject({ hasContent: before.length > 0, finished: false, error: { status } })
      expect(forwarded).toBe(before.join(''))
      const body = JSON.parse(facts.error?.body.toString() ?? '') as { error: { message: string } }
      expect(body.error.message).not.toBe('')
    }
  })

  test('not mistaking words in a text for an error or usage', () => {
    const { facts } = read([says({ content: 'x' }), says({ content: '{"error":{"usage":{"finish_reason":"stop"' })])
    expect(facts).toMatchObject({ error: null, usage: null, stopped: false })
  })

  test('not on an error that is null', () => {
    expect(read([chunk({ delta: { content: 'x' } }, { error: null })]).facts).toMatchObject({
      error: null,
      hasContent: true
    })
  })
})

describe('B31 the usage of a chat stream', () => {
  test('B32 carries the tier that stands beside it, on which the price depends', () => {
    const tier = { service_tier: 'flex' }
    const { facts } = read([chunk({ delta: { content: 'x' } }, tier), stop, chunk(null, { usage: USAGE }), DONE])
    expect(JSON.parse(facts.rawUsage ?? '')).toEqual({ ...USAGE, ...tier })
    expect(facts.usage).toMatchObject({ input: 5, output: 2 })
  })

  test('that broke off is known so far where each chunk brings a running count', () => {
    const running = chunk({ delta: { content: 'x' }, finish_reason: null }, { usage: USAGE })
    const { facts } = read([running, running])
    expect(facts).toMatchObject({ usage: null, usageSoFar: { input: 5, output: 2 } })
    expect(JSON.parse(facts.rawUsage ?? '')).toEqual(USAGE)
    expect(read([running, stop]).facts.usage).toMatchObject({ output: 2 })
    expect(read([running, DONE]).facts.usage).toMatchObject({ output: 2 })
  })

  test('is the last chunk’s, and handed on', () => {
    const events = [says({ content: 'x' }), stop, chunk(null, { usage: USAGE }), DONE]
    const { facts, forwarded } = read(events)
    expect(facts).toMatchObject({ usage: { input: 5, output: 2 }, finished: true })
    expect(forwarded).toBe(events.join(''))
  })

  test('is taken out again where the client did not ask for it', () => {
    const events = [says({ content: 'x' }), stop, chunk(null, { usage: USAGE }), DONE]
    const { facts, forwarded } = read(events, { dropUsageChunk: true })
    expect(facts).toMatchObject({ usage: { input: 5, output: 2 }, finished: true })
    expect(forwarded).toBe([says({ content: 'x' }), stop, DONE].join(''))
  })

  test('that rides on the last choice stays there', () => {
    const event = chunk({ delta: {}, finish_reason: 'stop' }, { usage: USAGE })
    const { facts, forwarded } = read([event, DONE], { dropUsageChunk: true })
    expect(facts.usage).not.toBeNull()
    expect(forwarded).toBe(event + DONE)
  })

  test('that was not sent is unknown', () => {
    expect(read([says({ content: 'x' }), stop, DONE]).facts).toMatchObject({ usage: null, rawUsage: null })
  })
})

describe('a chat stream', () => {
  test('with several choices goes on after the first one’s stop', () => {
    const second = chunk({ index: 1, delta: { content: 'y' }, finish_reason: null })
    expect(read([says({ content: 'x' }), stop, second]).facts.stopped).toBe(false)
    expect(read([says({ content: 'x' }), stop, second, stop]).facts.stopped).toBe(true)
  })

  test('B02 that breaks ends with OpenAI’s error event', () => {
    const ending = openaiChat.brokenEnding('sse', read([]).facts, 'gone')
    expect(ending.kind).toBe('write_and_cut')
    const bytes = ending.kind === 'write_and_cut' ? ending.bytes.toString() : ''
    expect(JSON.parse(bytes.slice('data: '.length))).toMatchObject({ error: { message: 'gone', type: 'server_error' } })
    expect(bytes.endsWith('\n\n')).toBe(true)
  })

  test('B02 that breaks by an error of the upstream keeps its code and type', () => {
    const { facts } = read(['data: {"error":{"message":"slow","type":"tokens","code":"rate_limit_exceeded"}}\n\n'])
    const ending = openaiChat.brokenEnding('sse', facts, 'slow')
    const bytes = ending.kind === 'write_and_cut' ? ending.bytes.toString() : ''
    expect(JSON.parse(bytes.slice('data: '.length))).toMatchObject({
      error: { message: 'slow', type: 'tokens', code: 'rate_limit_exceeded' }
    })
  })

  test('B02 that breaks by an error without a usable code has ours', () => {
    const { facts } = read([`data: {"error":{"message":"slow","type":"${'x'.repeat(201)}","code":502}}\n\n`])
    const ending = openaiChat.brokenEnding('sse', facts, 'slow')
    const bytes = ending.kind === 'write_and_cut' ? ending.bytes.toString() : ''
    expect(JSON.parse(bytes.slice('data: '.length))).toMatchObject({
      error: { type: 'server_error', code: 'upstream_error' }
    })
  })

  test('B27 whose stop reason came is ended by [DONE], another can’t be mended', () => {
    expect(openaiChat.mendedEnding('sse', read([stop]).facts)).toEqual({ kind: 'end', bytes: Buffer.from(DONE) })
    expect(openaiChat.mendedEnding('sse', read([says({ content: 'x' })]).facts)).toBeNull()
  })

  test('B25 is kept alive by a comment', () => {
    expect(openaiChat.keepAlive().toString()).toMatch(/^: .*\n\n$/)
  })
})
