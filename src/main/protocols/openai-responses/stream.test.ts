import { describe, expect, test } from 'vitest'
import { openaiResponses } from '.'

const named = (type: string, data: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
const nameless = (type: string, data: object = {}): string => `data: ${JSON.stringify({ type, ...data })}\n\n`
const USAGE = { input_tokens: 5, output_tokens: 2 }

function read(...events: readonly string[]) {
  const reader = openaiResponses.createStreamReader()
  const forwarded: Buffer[] = []
  for (const one of events) reader.push(Buffer.from(one), (bytes) => forwarded.push(bytes))
  return { facts: reader.facts, forwarded: Buffer.concat(forwarded).toString() }
}

describe.each([
  ['with event lines', named],
  ['without event lines', nameless]
])('a Responses stream %s', (_name, event) => {
  test.each<[string, string, boolean]>([
    ['response.created', event('response.created', { response: { id: 'resp_1' } }), false],
    ['response.in_progress', event('response.in_progress', { response: { id: 'resp_1' } }), false],
    ['an empty message', event('response.output_item.added', { item: { type: 'message' } }), false],
    ['empty reasoning', event('response.output_item.added', { item: { type: 'reasoning' } }), false],
    ['a function call', event('response.output_item.added', { item: { type: 'function_call' } }), true],
    ['a web search', event('response.output_item.added', { item: { type: 'web_search_call' } }), true],
    ['an empty part', event('response.content_part.added', { part: { type: 'output_text' } }), false],
    ['text', event('response.output_text.delta', { delta: 'x' }), true],
    ['a reasoning summary', event('response.reasoning_summary_text.delta', { delta: 'x' }), true],
    ['arguments', event('response.function_call_arguments.delta', { delta: '{' }), true],
    ['its end', event('response.completed', { response: { id: 'resp_1' } }), true]
  ])('B01 commits on %s: %3$s', (_what, one, hasContent) => {
    expect(read(one).facts.hasContent).toBe(hasContent)
  })

  test('B32 carries the tier that stands beside the usage, on which the price depends', () => {
    const { facts } = read(
      event('response.completed', { response: { id: 'r', service_tier: 'priority', usage: USAGE } })
    )
    expect(JSON.parse(facts.rawUsage ?? '')).toEqual({ ...USAGE, service_tier: 'priority' })
  })

  test('is whole with completed, incomplete or cancelled, which carries usage and id', () => {
    for (const end of ['response.completed', 'response.incomplete', 'response.cancelled']) {
      const { facts } = read(event(end, { response: { id: 'resp_9', output: [{ usage: { x: 1 } }], usage: USAGE } }))
      expect(facts).toMatchObject({ stopped: true, finished: true, stateId: 'resp_9', usage: { input: 5, output: 2 } })
      expect(facts.rawUsage).toBe(JSON.stringify(USAGE))
    }
    expect(read(event('response.completed', { response: { id: 'r', usage: null } })).facts).toMatchObject({
      usage: null,
      rawUsage: null
    })
  })

  test('tells its id from the first event on', () => {
    expect(
      read(event('response.created', { response: { instructions: { id: 'no' }, id: 'resp_2' } })).facts.stateId
    ).toBe('resp_2')
  })

  test('B14 tells the items that its channel stored', () => {
    const added = event('response.output_item.added', { item: { type: 'message', id: 'msg_1' } })
    expect(read(event('response.created', { response: { id: 'r', store: true } }), added).facts.itemIds).toEqual([
      'msg_1'
    ])
    expect(read(event('response.created', { response: { id: 'r', store: false } }), added).facts.itemIds).toEqual([])
  })

  test('B01 that failed is an error, and not handed on', () => {
    const failed = event('response.failed', {
      response: { id: 'r', status: 'failed', error: { code: 'rate_limit_exceeded', message: 'slow' } }
    })
    const { facts, forwarded } = read(failed)
    expect(forwarded).toBe('')
    expect(facts).toMatchObject({ finished: false, error: { status: 429 } })
    expect(JSON.parse(facts.error?.body.toString() ?? '')).toEqual({
      error: { message: 'slow', type: 'requests', param: null, code: 'rate_limit_exceeded' }
    })
  })

  test('B01 with an error event is an error', () => {
    const { facts } = read(event('error', { code: 'context_length_exceeded', message: 'long', param: 'input' }))
    expect(facts.error?.status).toBe(400)
    expect(JSON.parse(facts.error?.body.toString() ?? '')).toEqual({
      error: { message: 'long', type: 'invalid_request_error', param: 'input', code: 'context_length_exceeded' }
    })
    expect(
      read(event('error', { error: { code: 'insufficient_quota', message: 'x', type: 'insufficient_quota' } })).facts
        .error?.status
    ).toBe(429)
  })
})

describe('a Responses stream', () => {
  test('with an error in a shape of its own is an error too', () => {
    expect(read('data: {"error":{"message":"x"}}\n\n').facts.error?.status).toBe(500)
    expect(read('event: error\ndata: gone\n\n').facts.error?.status).toBe(500)
    expect(read(named('response.failed', { response: {} })).facts.error?.status).toBe(500)
  })

  test('B02 that breaks ends with response.failed, numbered on', () => {
    const { facts } = read(
      named('response.created', { response: { id: 'resp_3' } }),
      named('response.output_text.delta')
    )
    const ending = openaiResponses.brokenEnding('sse', facts, 'gone')
    expect(ending.kind).toBe('write_and_cut')
    const text = ending.kind === 'write_and_cut' ? ending.bytes.toString() : ''
    const [first = '', second = ''] = text.split('\n')
    expect(first).toBe('event: response.failed')
    expect(JSON.parse(second.slice('data: '.length))).toMatchObject({
      type: 'response.failed',
      sequence_number: 2,
      response: { id: 'resp_3', status: 'failed', error: { code: 'server_error', message: 'gone' } }
    })
  })

  test.each([
    named('error', { code: 'context_length_exceeded', message: 'too long' }),
    named('response.failed', { response: { error: { code: 'context_length_exceeded', message: 'too long' } } })
  ])('B02 that breaks by an error of the upstream keeps its code', (event) => {
    const ending = openaiResponses.brokenEnding('sse', read(event).facts, 'too long')
    const text = ending.kind === 'write_and_cut' ? ending.bytes.toString() : ''
    expect(JSON.parse(text.split('\n')[1]?.slice('data: '.length) ?? '')).toMatchObject({
      response: { error: { code: 'context_length_exceeded', message: 'too long' } }
    })
  })

  test('B27 can’t be mended', () => {
    expect(openaiResponses.mendedEnding()).toBeNull()
  })

  test('B25 is kept alive by a numbered keepalive', () => {
    expect(openaiResponses.keepAlive('sse', 7).toString()).toBe(
      'event: keepalive\ndata: {"type":"keepalive","sequence_number":7}\n\n'
    )
  })
})
