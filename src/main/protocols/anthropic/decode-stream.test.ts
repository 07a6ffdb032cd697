import {
  begin,
  delta,
  end,
  finish,
  json,
  sse,
  start,
  stop,
  text,
  tool
} from '../../../../test/support/translation/messages-events'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerOf, eventsOf, sdkStream, sseFixture } from '../../../../test/support/translation/anthropic-exchanges'
import type { AnswerEvent } from '../canonical-answer'
import { decodeAnswer } from './decode-answer'

const FIXTURES = ['text.sse', 'length.sse', 'tools.sse', 'thinking.sse', 'web-search.sse', 'refusal.sse'] as const

const types = (events: readonly AnswerEvent[]): readonly string[] => events.map(({ type }) => type)

describe('a Messages stream is told', () => {
  test('with the blocks that its beginning holds already, as of a relay that answers in one piece', () => {
    const content = [
      { type: 'text', text: 'I look.' },
      { ...tool, input: { zone: 'UTC' } }
    ]
    const whole = { id: 'msg_1', content, stop_reason: 'tool_use', usage: { input_tokens: 5, output_tokens: 4 } }
    const begun = { type: 'message_start', message: whole }
    const said = [
      { type: 'text', text: 'I look.' },
      { type: 'text-end' },
      { type: 'tool-start', id: 'toolu_1', name: 'f' },
      { type: 'tool-input', json: '{"zone":"UTC"}' },
      { type: 'tool-end' }
    ]
    for (const rest of [[end], [finish('tool_use'), end]]) {
      const events = eventsOf(sse(begun, ...rest))
      expect(events.slice(1, -2)).toEqual(said)
      expect(events.at(-2)).toMatchObject({ type: 'finish', finish: { reason: 'tool_calls' } })
    }
    const more = eventsOf(
      sse(begun, begin(2, { type: 'text', text: '' }), delta(2, text('Hm')), stop(2), finish(), end)
    )
    expect(more.slice(1, -3)).toEqual([...said, { type: 'text', text: 'Hm' }])
  })

  test('as text, each piece with its event', () => {
    expect(eventsOf(sseFixture('text.sse'))).toEqual([
      {
        type: 'start',
        id: 'msg_01',
        usage: { input: 25, cacheRead: 1000, cacheWrite: 50, cacheWrite1h: 0, output: 1, reasoning: 0 }
      },
      { type: 'text', text: 'Hello' },
      { type: 'text', text: ', wörld 👋' },
      { type: 'text-end' },
      {
        type: 'finish',
        finish: {
          reason: 'stop',
          stopSequence: null,
          usage: { input: 25, cacheRead: 1000, cacheWrite: 50, cacheWrite1h: 0, output: 15, reasoning: 0 }
        }
      },
      { type: 'end' }
    ])
  })

  test('as parallel calls, their input in pieces as they came', () => {
    expect(eventsOf(sseFixture('tools.sse')).slice(1, -2)).toEqual([
      { type: 'text', text: 'Let me check.' },
      { type: 'text-end' },
      { type: 'tool-start', id: 'toolu_01', name: 'get_weather' },
      { type: 'tool-input', json: '{"city":' },
      { type: 'tool-input', json: '"San Fran' },
      { type: 'tool-input', json: 'cisco"}' },
      { type: 'tool-end' },
      { type: 'tool-start', id: 'toolu_02', name: 'get_time' },
      { type: 'tool-end' }
    ])
  })

  test('as thinking with its signature, and redacted thinking', () => {
    expect(eventsOf(sseFixture('thinking.sse')).slice(1, -3)).toEqual([
      { type: 'reasoning', text: 'First, ' },
      { type: 'reasoning', text: 'the gcd.' },
      { type: 'signature', signature: { maker: 'anthropic', value: 'EqQBCgIYAhIM' } },
      { type: 'signature', signature: { maker: 'anthropic', value: 'redacted:ZW5jcnlwdGVk' } },
      { type: 'text', text: 'It is 21.' }
    ])
  })

  test('as what the vendor’s own search found, and citations', () => {
    const source = { url: 'https://example.com/nyc', title: 'Weather' }
    expect(eventsOf(sseFixture('web-search.sse')).slice(1, -2)).toEqual([
      {
        type: 'hosted-call',
        call: {
          type: 'hosted-call',
          id: 'srvtoolu_01',
          tool: 'web_search',
          input: 'weather NYC',
          sources: [{ ...source, quote: null }],
          output: null
        }
      },
      { type: 'text', text: 'It is mild.' },
      { type: 'citation', citation: { ...source, quote: 'Mild' } },
      { type: 'text-end' }
    ])
  })

  test.each(['before', 'behind'])('with citations of the block they came in, sent %s its text', (place) => {
    const cite = (url: string) => ({ type: 'citations_delta', citation: { type: 'web_search_result_location', url } })
    const block = (index: number, said: string, ...urls: readonly string[]) => {
      const cited = urls.map((url) => delta(index, cite(url)))
      const told = place === 'before' ? [...cited, delta(index, text(said))] : [delta(index, text(said)), ...cited]
      return [begin(index, { type: 'text', text: '', citations: [] }), ...told, stop(index)]
    }
    const blocks = [
      block(0, 'Intro: '),
      block(1, 'A.', 'https://a', 'https://aa'),
      block(2, 'B.', 'https://b')
    ] as const
    const { parts } = answerOf(eventsOf(sse(start, ...blocks.flat(), finish(), end)))
    expect(parts).toMatchObject([
      { text: 'Intro: ', citations: [] },
      { text: 'A.', citations: [{ url: 'https://a' }, { url: 'https://aa' }] },
      { text: 'B.', citations: [{ url: 'https://b' }] }
    ])
    const mixed = [...blocks[1].slice(0, -1), ...blocks[2], ...blocks[1].slice(-1)]
    expect(answerOf(eventsOf(sse(start, ...mixed, finish(), end))).parts).toEqual(parts.slice(1))
  })

  test('as a refusal with the vendor’s explanation', () => {
    expect(eventsOf(sseFixture('refusal.sse')).slice(-3)).toMatchObject([
      { type: 'refusal', text: 'This request was declined.' },
      { type: 'finish', finish: { reason: 'refusal' } },
      { type: 'end' }
    ])
  })

  test('as cut by its limit', () => {
    expect(eventsOf(sseFixture('length.sse')).at(-2)).toMatchObject({
      finish: { reason: 'length', usage: { output: 2 } }
    })
  })
})

describe('a Messages stream of other vendors is told', () => {
  test('with a call whose input came at its start', () => {
    const events = eventsOf(sse(start, begin(0, { ...tool, input: { a: 1 } }), stop(0), finish('tool_use'), end))
    expect(events.slice(1, 4)).toEqual([
      { type: 'tool-start', id: 'toolu_1', name: 'f' },
      { type: 'tool-input', json: '{"a":1}' },
      { type: 'tool-end' }
    ])
    const twice = eventsOf(sse(start, begin(0, { ...tool, input: { a: 1 } }), delta(0, json('{"a":1}')), stop(0)))
    expect(types(twice)).toEqual(['start', 'tool-start', 'tool-input', 'tool-end'])
  })

  test('with a call without an id', () => {
    const events = eventsOf(sse(start, begin(0, { type: 'tool_use', name: 'f' }), stop(0), finish('tool_use')))
    expect(events[1]).toMatchObject({ type: 'tool-start', id: expect.stringMatching(/^call_\w+$/) as string })
  })

  test('with text and thinking at a block’s start, and no signature', () => {
    const blocks = [
      begin(0, { type: 'thinking', thinking: 'a' }),
      stop(0),
      begin(1, { type: 'text', text: 'b' }),
      stop(1)
    ]
    expect(eventsOf(sse(start, ...blocks)).slice(1)).toEqual([
      { type: 'reasoning', text: 'a' },
      { type: 'reasoning-end' },
      { type: 'text', text: 'b' },
      { type: 'text-end' }
    ])
  })

  test('without names of events, without message_start, and with usage in an event of its own', () => {
    const bytes = Buffer.from(
      [
        begin(0, { type: 'text' }),
        delta(0, text('a')),
        stop(0),
        finish(null, { input_tokens: 3, output_tokens: 4 }),
        finish('end_turn', {}),
        end
      ]
        .map((event) => `data: ${JSON.stringify(event)}\n\n`)
        .join('')
    )
    const events = eventsOf(bytes)
    expect(types(events)).toEqual(['start', 'text', 'text-end', 'finish', 'end'])
    expect(events[3]).toMatchObject({ finish: { usage: { input: 3, output: 4 } } })
  })

  test('without a stop reason but with an end, and without a count, which leaves usage unknown', () => {
    const events = eventsOf(sse(start, begin(0, { type: 'text' }), delta(0, text('a')), end))
    expect(events.slice(-3)).toEqual([
      { type: 'text-end' },
      { type: 'finish', finish: { reason: 'stop', stopSequence: null, usage: null } },
      { type: 'end' }
    ])
  })

  test('B27 to its end where its last event did not come', () => {
    const bytes = sse(start, begin(0, { type: 'text' }), delta(0, text('a')), stop(0), finish())
    expect(types(eventsOf(bytes))).not.toContain('end')
    expect(types(eventsOf(bytes, { ended: true }))).toEqual(['start', 'text', 'text-end', 'finish', 'end'])
    expect(types(eventsOf(sse(start), { ended: true }))).toEqual(['start'])
  })

  test('with events and deltas of the future passed over', () => {
    const bytes = sse(
      start,
      { type: 'of_the_future', index: 0 },
      begin(0, { type: 'text' }),
      delta(0, { type: 'shade_delta', shade: 'blue' }),
      delta(0, text('a')),
      stop(0),
      begin(1, { type: 'block_of_the_future' }),
      stop(1),
      finish(),
      end
    )
    expect(types(eventsOf(bytes))).toEqual(['start', 'text', 'text-end', 'finish', 'end'])
  })
})

describe.each(FIXTURES)('%s', (name) => {
  const bytes = sseFixture(name)
  const events = eventsOf(bytes)

  test('put together is the message that the vendor’s client puts together', async () => {
    const message = await sdkStream(bytes.toString()).finalMessage()
    expect(answerOf(events)).toEqual(decodeAnswer(message))
  })

  test('cut anywhere says the same', () => {
    const cuts = fc.array(fc.nat({ max: bytes.length }), { maxLength: 20 })
    fc.assert(
      fc.property(cuts, (positions) => {
        expect(eventsOf(bytes, { cuts: positions.toSorted((a, b) => a - b) })).toEqual(events)
      }),
      { numRuns: 30 }
    )
  })

  test('broken off at any event says the same up to there, and has no end', () => {
    const blocks = bytes.toString().split(/(?<=\n\n)/)
    for (let count = 0; count < blocks.length; count++) {
      const said = eventsOf(Buffer.from(blocks.slice(0, count).join('')))
      expect(said).toEqual(events.slice(0, said.length))
      expect(types(said)).not.toContain('end')
    }
  })

  test('with a byte changed never throws, and ends a call only where its stream did', () => {
    const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(change, ([at, value]) => {
        const mutated = Buffer.from(bytes)
        mutated[at] = value
        const said = types(eventsOf(mutated))
        const calls = said.filter((type) => type === 'tool-start').length
        const ended = said.filter((type) => type === 'tool-end').length
        expect(said.includes('finish') ? ended : calls).toBe(calls)
      }),
      { numRuns: 300 }
    )
  })
})
