import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixtureJson } from '../../../../test/support/translation/chat-fixtures'
import { UnreadableAnswer } from '../translator'
import { decodeAnswer } from './decode-answer'

const answer = (message: object, choice: object = {}) =>
  decodeAnswer({ id: 'c1', choices: [{ index: 0, message, finish_reason: 'stop', ...choice }] })

describe('a whole chat answer', () => {
  test('with parallel calls and a cached prompt', () => {
    expect(decodeAnswer(fixtureJson('answer.json'))).toEqual({
      id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
      parts: [
        { type: 'text', text: 'I will look it up.', cache: null, citations: [] },
        { type: 'tool-call', id: 'call_abc', name: 'get_weather', input: '{"city":"Oslo"}', cache: null },
        { type: 'tool-call', id: 'call_def', name: 'get_weather', input: '{"city":"Rome"}', cache: null }
      ],
      finish: {
        reason: 'tool_calls',
        stopSequence: null,
        usage: { input: 76, cacheRead: 1024, cacheWrite: 100, cacheWrite1h: 0, output: 80, reasoning: 30 }
      }
    })
  })

  test.each([
    ['refusal.json', [{ type: 'refusal', text: "I can't help with that." }], 'refusal'],
    ['length.json', [{ type: 'text', text: 'Once upon' }], 'length'],
    [
      'mistral-content.json',
      [
        { type: 'reasoning', text: 'Two and two.' },
        { type: 'text', text: 'Four.' }
      ],
      'stop'
    ],
    [
      'deepseek-reasoning.json',
      [{ type: 'reasoning', text: 'The user asks for Oslo.' }, { type: 'tool-call' }],
      'tool_calls'
    ],
    [
      'openrouter-reasoning.json',
      [
        { type: 'reasoning', text: 'I need the weather.', signature: { maker: 'openai-chat' } },
        { type: 'reasoning', text: '', signature: { maker: 'openai-chat' } },
        { type: 'tool-call' }
      ],
      'tool_calls'
    ]
  ])('%s', (name, parts, reason) => {
    expect(decodeAnswer(fixtureJson(name))).toMatchObject({ parts, finish: { reason } })
  })

  test('of the legacy form', () => {
    const legacy = answer(
      { content: null, function_call: { name: 'f', arguments: '{}' } },
      { finish_reason: 'function_call' }
    )
    expect(legacy).toMatchObject({ parts: [{ type: 'tool-call', name: 'f' }], finish: { reason: 'tool_calls' } })
  })

  test('with calls that have the same id, or none', () => {
    const call = { id: 'a', function: { name: 'f', arguments: '{}' } }
    const { parts } = answer({ tool_calls: [call, call, { function: { name: 'g', arguments: { x: 1 } } }] })
    const ids = parts.map((part) => (part.type === 'tool-call' ? part.id : ''))
    expect(new Set(ids).size).toBe(3)
    expect(parts.at(-1)).toMatchObject({ name: 'g', input: '{"x":1}' })
  })

  test('with arguments that are no JSON is broken, as a stream of it is', () => {
    expect(() => answer({ tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{x' } }] })).toThrow(
      UnreadableAnswer
    )
  })

  test.each(['length', 'content_filter'])('may be cut in the middle of a call: %s', (finish_reason) => {
    const call = (name: string, json: string) => ({ id: name, function: { name, arguments: json } })
    const cut = (...tool_calls: readonly object[]) =>
      answer({ content: 'I write.', tool_calls }, { finish_reason }).parts.slice(1)
    expect(cut(call('f', '{"text": "ab'))).toMatchObject([{ name: 'f', input: '{"text": "ab' }])
    expect(cut(call('f', ''), call('g', '{"x'))).toMatchObject([{ name: 'f' }, { name: 'g', input: '{"x' }])
    // As of a stream: a cut call is the last thing that is told, and one without any arguments is none.
    expect(cut(call('f', '{"x'), call('g', '{}'))).toMatchObject([{ name: 'f', input: '{"x' }])
    expect(cut(call('f', '{}'), call('g', ''))).toMatchObject([{ name: 'f', input: '{}' }])
  })

  test('with sources and pictures', () => {
    const { parts } = answer({
      content: 'It rains.',
      annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.test/', title: 'A', content: 'rain' } }],
      images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }]
    })
    expect(parts).toMatchObject([
      { type: 'text', citations: [{ url: 'https://a.test/', title: 'A', quote: 'rain' }] },
      { type: 'media', media: 'image' }
    ])
  })

  test('with bare sources beside it', () => {
    const body = { citations: ['https://a.test/'], choices: [{ message: { content: 'x' }, finish_reason: 'stop' }] }
    expect(decodeAnswer(body).parts).toMatchObject([{ citations: [{ url: 'https://a.test/', title: null }] }])
  })

  test('of nonsense is empty and never crashes', () => {
    expect(decodeAnswer('x')).toEqual({
      id: '',
      parts: [],
      finish: { reason: 'stop', stopSequence: null, usage: null }
    })
    expect(decodeAnswer({ choices: [] }).parts).toEqual([])
    fc.assert(fc.property(fc.json(), (message) => void answer({ content: JSON.parse(message) as unknown })))
    fc.assert(fc.property(fc.object(), (message) => void answer(message)))
  })
})
