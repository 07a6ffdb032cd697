import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixtureJson } from '../../../../test/support/translation/chat-fixtures'
import { readOrRefused } from '../../../../test/support/translation/read-or-refused'
import type { JsonObject } from '../foreign-json'
import { Losses } from '../losses'
import { UnreadableRequest } from '../translator'
import { textPart } from './content'
import { decodeRequest, usesFunctions } from './decode-request'

function decode(body: JsonObject) {
  const losses = new Losses()
  return { ...decodeRequest(body, losses), losses: String(losses) }
}
const turnsOf = (...messages: readonly object[]) => decode({ messages }).turns

describe('a chat request', () => {
  test('with everything is read', () => {
    const { losses, ...conversation } = decode(fixtureJson('request.json'))
    expect(conversation).toMatchObject({
      system: [textPart('You are terse.'), textPart('Speak English.')],
      turns: [
        {
          role: 'user',
          parts: [
            { type: 'text' },
            { type: 'media', media: 'image', mimeType: 'image/png', detail: 'high' },
            { type: 'media', media: 'image', source: { kind: 'url' } },
            { type: 'media', media: 'document', name: 'report.pdf' },
            { type: 'media', media: 'audio' }
          ]
        },
        {
          role: 'assistant',
          parts: [
            textPart('Let me look.'),
            { type: 'tool-call', id: 'call_1', name: 'get_weather', input: '{"city":"Oslo"}' },
            { type: 'tool-call', id: 'call_2', name: 'get_time', input: '{}' }
          ]
        },
        {
          role: 'user',
          parts: [
            { type: 'tool-result', callId: 'call_1', name: 'get_weather', content: [textPart('4 degrees')] },
            { type: 'tool-result', callId: 'call_2', name: 'get_time', content: [textPart('12:00')] }
          ]
        },
        { role: 'system', parts: [textPart('Answer now.')] },
        { role: 'user', parts: [textPart('Go on.')] }
      ],
      toolChoice: { kind: 'tool', name: 'get_weather' },
      parallelTools: false,
      maxTokens: 500,
      sampling: {
        temperature: 0.5,
        topP: 0.9,
        topK: null,
        seed: 7,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        stop: ['END', 'STOP']
      },
      reasoning: { kind: 'effort', effort: 'high', shown: null },
      format: { kind: 'schema', name: 'picture', description: null, strict: false },
      verbosity: 'low',
      userId: 'user-1',
      serviceTier: 'flex',
      cacheKey: 'session-1'
    })
    expect(conversation.tools.map((tool) => (tool.kind === 'function' ? tool.name : tool.tool))).toEqual([
      'get_weather',
      'get_time',
      'sql',
      'web_search'
    ])
    expect(losses).toBe('logprobs, choices, metadata, parameter (2: min_p, store)')
  })

  test('of legacy functions is read', () => {
    const body = fixtureJson('legacy-request.json')
    const { turns, tools, toolChoice, parallelTools, losses } = decode(body)
    expect(turns).toMatchObject([
      { role: 'user' },
      { role: 'assistant', parts: [{ type: 'tool-call', name: 'get_weather' }] },
      { role: 'user', parts: [{ type: 'tool-result', name: 'get_weather', content: [textPart('4 degrees')] }] }
    ])
    const [call, result] = turns.flatMap(({ parts }) => parts).slice(1)
    expect(call?.type === 'tool-call' && result?.type === 'tool-result' && call.id === result.callId).toBe(true)
    expect(tools).toMatchObject([{ name: 'get_weather' }])
    expect(toolChoice).toEqual({ kind: 'tool', name: 'get_weather' })
    expect(parallelTools).toBe(false)
    expect(usesFunctions(body)).toBe(true)
    expect(losses).toBe('')
  })

  test('that asks for nothing beyond the plain loses nothing', () => {
    const messages = [{ role: 'user', content: 'hi' }]
    const plain = {
      messages,
      n: 1,
      logprobs: false,
      modalities: ['text'],
      metadata: {},
      logit_bias: null,
      store: false
    }
    expect(decode(plain).losses).toBe('')
    expect(
      decode({ messages, modalities: ['text', 'audio'], service_tier: 'scale', prediction: { content: 'x' } }).losses
    ).toBe('modalities, prediction, service_tier (scale)')
  })

  test('takes one stop sequence as a text, and only texts', () => {
    const messages = [{ role: 'user', content: 'hi' }]
    expect(decode({ messages, stop: 'END' }).sampling.stop).toEqual(['END'])
    expect(decode({ messages, stop: ['END', 7, ''] }).sampling.stop).toEqual(['END'])
  })

  test('asks for some JSON object', () => {
    const messages = [{ role: 'user', content: 'hi' }]
    expect(decode({ messages, response_format: { type: 'json_object' } }).format).toEqual({ kind: 'json' })
    expect(decode({ messages, response_format: { type: 'text' } }).format).toBeNull()
    expect(decode({ messages, response_format: { type: 'json_schema' } }).format).toBeNull()
  })

  test.each([{}, { messages: [] }, { messages: 'hi' }])('without messages can’t be read: %j', (body) => {
    expect(() => decode(body)).toThrow(UnreadableRequest)
  })
})

describe('a history', () => {
  test('loses nothing of calls that LangChain tells in the content as well', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } })
    const block = (id: string) => ({ type: 'tool_use', id, name: 'f', input: { a: 1 } })
    const decoded = (...blocks: readonly object[]) => {
      const content = [{ type: 'text', text: 'let me' }, ...blocks]
      return decode({
        messages: [
          { role: 'user', content: 'q' },
          { role: 'assistant', content, tool_calls: [call('a')] }
        ]
      })
    }
    expect(decoded(block('a'))).toMatchObject({
      turns: [{}, { parts: [textPart('let me'), { type: 'tool-call', id: 'a', input: '{"a":1}' }] }],
      losses: ''
    })
    expect(decoded(block('a'), block('b')).losses).toBe('history (tool_use)')
  })

  const call = (id: string | undefined, name = 'f', args: unknown = '{}') => ({
    id,
    type: 'function',
    function: { name, arguments: args }
  })

  test('has calls without ids, that their results follow in order', () => {
    const [assistant, results] = turnsOf(
      { role: 'assistant', tool_calls: [call(undefined, 'f'), call(undefined, 'g')] },
      { role: 'tool', content: 'one' },
      { role: 'tool', content: 'two' }
    )
    const ids = (assistant?.parts ?? []).map((part) => (part.type === 'tool-call' ? part.id : ''))
    expect(new Set(ids).size).toBe(2)
    expect(results?.parts).toMatchObject([
      { callId: ids[0], name: 'f', content: [textPart('one')] },
      { callId: ids[1], name: 'g', content: [textPart('two')] }
    ])
  })

  test('gives calls without ids the same ones each time', () => {
    const messages = [{ role: 'assistant', tool_calls: [call(undefined)] }]
    expect(turnsOf(...messages)).toEqual(turnsOf(...messages))
  })

  test('may hold a result whose call is not there', () => {
    expect(turnsOf({ role: 'tool', tool_call_id: 'x', content: 'one' })).toMatchObject([
      { role: 'user', parts: [{ type: 'tool-result', callId: 'x', name: '' }] }
    ])
  })

  test('has arguments that are an object, and calls of custom tools', () => {
    const custom = { id: 'b', type: 'custom', custom: { name: 'sql', input: 'SELECT 1' } }
    expect(turnsOf({ role: 'assistant', tool_calls: [call('a', 'f', { x: 1 }), custom] })).toMatchObject([
      { parts: [{ input: '{"x":1}' }, { name: 'sql', input: '{"input":"SELECT 1"}' }] }
    ])
  })

  test('has reasoning before text, and signatures before the calls that they came with', () => {
    const extra_content = { google: { thought_signature: 'G' } }
    const [turn] = turnsOf({
      role: 'assistant',
      reasoning_content: 'hm',
      content: [
        { type: 'text', text: 'a' },
        { type: 'refusal', refusal: 'no' }
      ],
      refusal: 'never',
      tool_calls: [call('a'), { ...call('b'), extra_content }]
    })
    expect(turn?.parts).toMatchObject([
      { type: 'reasoning', text: 'hm', signature: null },
      { type: 'text', text: 'a' },
      { type: 'refusal', text: 'no' },
      { type: 'refusal', text: 'never' },
      { type: 'tool-call', id: 'a' },
      { type: 'reasoning', text: '', signature: { maker: 'gemini', value: 'G' } },
      { type: 'tool-call', id: 'b' }
    ])
  })

  test('keeps pictures in results', () => {
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }
    expect(turnsOf({ role: 'tool', tool_call_id: 'a', content: [picture] })).toMatchObject([
      { parts: [{ content: [{ type: 'media', media: 'image' }] }] }
    ])
  })

  test('tells what of it is lost', () => {
    const { losses } = decode({
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'user', name: 'Ada', content: [{ type: 'file', file: { file_id: 'x' } }] },
        { role: 'assistant', audio: { id: 'a' }, tool_calls: [{ type: 'odd' }] }
      ]
    })
    expect(losses).toBe('file_id, parameter (messages.name), audio, history (odd)')
  })

  test('of nonsense never crashes', () => {
    const message = fc.oneof(
      { weight: 1, arbitrary: fc.anything() },
      {
        weight: 9,
        arbitrary: fc.record(
          {
            role: fc.constantFrom('user', 'assistant', 'tool', 'function', 'system'),
            content: fc.oneof(
              fc.string(),
              fc.array(fc.record({ type: fc.constantFrom('text', 'input_image', 'file', 'x'), text: fc.string() }), {
                maxLength: 3
              })
            ),
            tool_calls: fc.anything(),
            function_call: fc.anything(),
            reasoning_details: fc.anything(),
            extra_content: fc.anything()
          },
          { requiredKeys: ['role'] }
        )
      }
    )
    const body = fc.record(
      {
        messages: fc.array(message, { minLength: 1 }),
        tools: fc.anything(),
        tool_choice: fc.anything(),
        stop: fc.anything()
      },
      { requiredKeys: ['messages'] }
    )
    const isRead = (foreign: unknown): void => {
      readOrRefused(() => decode(JSON.parse(JSON.stringify(foreign)) as JsonObject))
    }
    fc.assert(fc.property(body, isRead))
  })
})
