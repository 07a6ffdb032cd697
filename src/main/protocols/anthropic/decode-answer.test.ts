import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonFixture } from '../../../../test/support/translation/anthropic-exchanges'
import { textOf } from '../../../../test/support/translation/conversations'
import { decodeAnswer } from './decode-answer'

const citation = { url: 'https://example.com/paris', title: 'Paris', quote: 'Sunny today' }

describe('a whole message', () => {
  test('is told with thinking, what the vendor’s own tools did, texts and calls, in order', () => {
    expect(decodeAnswer(jsonFixture('answer.json'))).toEqual({
      id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
      parts: [
        { type: 'reasoning', text: 'I need the weather.', signature: { maker: 'anthropic', value: 'c2lnbmVk' } },
        { type: 'reasoning', text: '', signature: { maker: 'anthropic', value: 'redacted:ZW5jcnlwdGVk' } },
        {
          type: 'hosted-call',
          id: 'srvtoolu_01',
          tool: 'web_search',
          input: 'weather Paris',
          sources: [{ url: 'https://example.com/paris', title: 'Paris', quote: null }],
          output: null
        },
        textOf('It is sunny.', { citations: [citation] }),
        {
          type: 'hosted-call',
          id: 'srvtoolu_02',
          tool: 'code_execution',
          input: 'date',
          sources: [],
          output: 'Monday'
        },
        textOf('Now the calls.'),
        { type: 'tool-call', id: 'toolu_01', name: 'get_weather', input: '{"city":"Paris"}', cache: null },
        { type: 'tool-call', id: 'toolu_02', name: 'get_time', input: '{}', cache: null }
      ],
      finish: {
        reason: 'tool_calls',
        stopSequence: null,
        usage: { input: 12, cacheRead: 2000, cacheWrite: 300, cacheWrite1h: 200, output: 80, reasoning: 30 }
      }
    })
  })

  test('that was declined says why', () => {
    expect(decodeAnswer(jsonFixture('answer-refusal.json'))).toMatchObject({
      parts: [{ type: 'refusal', text: 'This request was declined.' }],
      finish: { reason: 'refusal' }
    })
  })

  test('without usage leaves it unknown', () => {
    expect(decodeAnswer({ content: [{ type: 'text', text: 'a' }] })).toEqual({
      id: '',
      parts: [textOf('a')],
      finish: { reason: 'stop', stopSequence: null, usage: null }
    })
  })

  test('passes over blocks that are not known, or empty', () => {
    const content = [{ type: 'of_the_future' }, 7, { type: 'text', text: '' }, { type: 'tool_use' }, { type: 'text' }]
    expect(decodeAnswer({ content }).parts).toEqual([])
  })

  test('of any shape never makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.record({ content: fc.array(fc.anything()), usage: fc.anything() })),
        (body) => {
          decodeAnswer(body)
        }
      )
    )
  })
})

test.each(['max_tokens', 'refusal', 'model_context_window_exceeded'])(
  'the last call of an answer that %s cut does not look whole',
  (stop_reason) => {
    const call = (id: string, input: object) => ({ type: 'tool_use', id, name: 'f', input })
    const partsOf = (...content: object[]) => decodeAnswer({ content, stop_reason }).parts
    const first = { type: 'tool-call', id: 'a', input: '{}' }
    expect(partsOf(call('a', {}), call('b', { path: 'x' }))).toMatchObject([first, { id: 'b', input: '{"path":"x"' }])
    expect(partsOf(call('a', {}), call('b', {}))).toMatchObject([first])
    expect(partsOf(call('a', {}), { type: 'text', text: 'Done' })).toMatchObject([first, { type: 'text' }])
    expect(partsOf(call('a', {}), { type: 'text', text: '' })).toMatchObject([first])
    const declined = { content: [call('b', { path: 'x' })], stop_reason, stop_details: { explanation: 'No.' } }
    expect(decodeAnswer(declined).parts).toMatchObject([{ input: '{"path":"x"' }, { type: 'text', text: 'No.' }])
  }
)
