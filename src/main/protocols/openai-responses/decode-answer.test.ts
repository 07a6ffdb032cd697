import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../../test/support/translation/responses-exchange'
import { UnreadableAnswer } from '../translator'
import { decodeAnswer } from './decode-answer'

const text = (value: string, ...urls: readonly string[]) => ({
  type: 'text',
  text: value,
  cache: null,
  citations: urls.map((url) => ({ url, title: 'Bern', quote: null }))
})
const call = (id: string, name: string, input: string) => ({ type: 'tool-call', id, name, input, cache: null })
const usage = (input: number, cacheRead: number, output: number, reasoning: number) => ({
  input,
  cacheRead,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output,
  reasoning
})

describe('a whole response', () => {
  test('with calls stopped for them; what was cached is no input', () => {
    expect(decodeAnswer(fixture('parallel-tools.json'))).toEqual({
      id: 'resp_68a1456789abcdef',
      parts: [
        text('I look it up, 看看 🎉'),
        call('call_1', 'get_weather', '{"city":"Bern"}'),
        call('call_2', 'get_map', '{"zoom": 3, "name": "Zürich"}'),
        call('call_3', 'now', '{}')
      ],
      finish: { reason: 'tool_calls', stopSequence: null, usage: usage(24, 96, 40, 0) }
    })
  })

  test('with reasoning keeps its text and what is encrypted, with the id of the item', () => {
    const maker = 'openai-responses'
    expect(decodeAnswer(fixture('reasoning.json'))).toMatchObject({
      parts: [
        {
          type: 'reasoning',
          text: '**Looking** at the question.\n\n**Answering** it.',
          signature: { maker, value: 'rs_68a2:gAAAAABpencrypted==' }
        },
        { type: 'reasoning', text: '', signature: { maker, value: 'rs_68a3:gAAAAABqmore==' } },
        text('Forty-two.'),
        text('As ever.')
      ],
      finish: { reason: 'stop', usage: usage(30, 0, 90, 64) }
    })
  })

  test('tells what the vendor’s own tools did, and a picture', () => {
    expect(decodeAnswer(fixture('web-search.json')).parts).toEqual([
      {
        type: 'hosted-call',
        id: 'ws_1',
        tool: 'web_search',
        input: 'weather Bern',
        sources: [{ url: 'https://example.com/bern', title: null, quote: null }],
        output: null
      },
      {
        type: 'hosted-call',
        id: 'ws_2',
        tool: 'web_fetch',
        input: 'https://example.com/bern',
        sources: [],
        output: null
      },
      { type: 'hosted-call', id: 'ci_1', tool: 'code_execution', input: 'print(1)', sources: [], output: '1\n' },
      text('It rains.', 'https://example.com/bern'),
      {
        type: 'media',
        media: 'image',
        mimeType: 'image/webp',
        source: { kind: 'base64', data: 'UklGRg==' },
        name: null,
        detail: null,
        cache: null
      }
    ])
  })

  test('that declines is a refusal; one that was cut met its limit', () => {
    expect(decodeAnswer(fixture('refusal.json'))).toMatchObject({
      parts: [{ type: 'refusal', text: 'I can’t help with that.' }],
      finish: { reason: 'refusal' }
    })
    expect(decodeAnswer(fixture('length.json'))).toMatchObject({ finish: { reason: 'length' } })
  })

  test.each(['cancelled', 'queued', 'in_progress'])('that is %s and empty is no answer', (status) => {
    expect(() => decodeAnswer({ status, output: [] })).toThrow(UnreadableAnswer)
  })

  test('that was cancelled is none either with what it said up to there, as a stream of it is', () => {
    const output = [{ type: 'message', content: [{ type: 'output_text', text: 'Two' }] }]
    expect(() => decodeAnswer({ status: 'cancelled', output })).toThrow('cancelled')
    // Relays may leave the status of a beginning in an answer that is whole.
    expect(decodeAnswer({ status: 'in_progress', output }).parts).toMatchObject([{ text: 'Two' }])
  })

  test('of free text is a call with an object', () => {
    const item = { type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: 'a "b"\n' }
    expect(decodeAnswer({ output: [item] }).parts).toEqual([call('c', 'apply_patch', '{"input":"a \\"b\\"\\n"}')])
  })

  test('signed by another vendor, behind another gateway, is known as its own', () => {
    const item = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'routex:gemini:abc' }
    expect(decodeAnswer({ output: [item] }).parts).toEqual([
      { type: 'reasoning', text: '', signature: { maker: 'gemini', value: 'abc' } }
    ])
  })

  test('of any other shape says nothing and crashes nothing', () => {
    expect(decodeAnswer('nothing')).toEqual({
      id: '',
      parts: [],
      finish: { reason: 'stop', stopSequence: null, usage: null }
    })
    const types = ['message', 'reasoning', 'function_call', 'web_search_call', 'code_interpreter_call']
    const item = fc.record({
      type: fc.constantFrom(...types, 'image_generation_call', 'x'),
      content: fc.anything(),
      summary: fc.anything(),
      action: fc.anything(),
      outputs: fc.anything()
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(item, fc.anything())), fc.anything(), (output, usageOf) => {
        expect(decodeAnswer({ output, usage: usageOf }).id).toBe('')
      })
    )
  })
})
