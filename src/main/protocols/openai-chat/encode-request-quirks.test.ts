import { describe, expect, test } from 'vitest'
import {
  callPart,
  encodeChat,
  messagesOf,
  NOTHING_SAID,
  resultPart,
  TOOL
} from '../../../../test/support/translation/chat-conversation'
import type { Quirks } from '../../../shared/quirks'
import type { Conversation, Turn } from '../canonical'
import { textPart } from './content'

describe('a quirk', () => {
  test('maxTokensField names the limit', () => {
    expect(encodeChat({ maxTokens: 5 }).body).toMatchObject({ max_tokens: 5 })
    const { body } = encodeChat({ maxTokens: 5 }, { maxTokensField: 'max_completion_tokens' })
    expect(body).toMatchObject({ max_completion_tokens: 5 })
    expect(body).not.toHaveProperty('max_tokens')
  })

  test('systemRole names the system’s role, at the beginning and later', () => {
    const turns: readonly Turn[] = [...NOTHING_SAID.turns, { role: 'system', parts: [textPart('b')] }]
    for (const systemRole of ['system', 'developer'] as const) {
      expect(messagesOf(turns, { systemRole }, [textPart('a'), textPart('aa')])).toEqual([
        { role: systemRole, content: 'a\n\naa' },
        { role: 'user', content: 'hi' },
        { role: systemRole, content: 'b' }
      ])
    }
  })

  test('maxTemperature and maxStopSequences limit', () => {
    const sampling = { ...NOTHING_SAID.sampling, temperature: 1.7, stop: ['a', 'b', 'c', 'd', 'e'] }
    expect(encodeChat({ sampling })).toMatchObject({ body: { temperature: 1.7, stop: ['a', 'b', 'c', 'd'] } })
    const { body, losses } = encodeChat({ sampling }, { maxTemperature: 1, maxStopSequences: 1 })
    expect(body).toMatchObject({ temperature: 1, stop: ['a'] })
    expect(losses).toBe('temperature (1.7 -> 1), stop (5 -> 1)')
    expect(encodeChat({ sampling }, { maxStopSequences: 0 }).body).not.toHaveProperty('stop')
  })

  test('dropsParallelTools leaves the switch out, and tells where it counts', () => {
    const quirks: Quirks = { dropsParallelTools: true }
    const tools = [TOOL]
    expect(encodeChat({ tools, parallelTools: false }).body).toMatchObject({ parallel_tool_calls: false })
    expect(encodeChat({ tools, parallelTools: false }, quirks).losses).toBe('parallel_tools')
    expect(encodeChat({ tools, parallelTools: true }, quirks)).toMatchObject({ losses: '' })
    expect(encodeChat({ tools, parallelTools: true }, quirks).body).not.toHaveProperty('parallel_tool_calls')
    expect(encodeChat({ parallelTools: false }).body).not.toHaveProperty('parallel_tool_calls')
  })

  test('toolChoice, dropsStrict and reasoningControl reach the body', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false }
    const said: Partial<Conversation> = {
      tools: [{ ...TOOL, strict: true, parameters: schema }],
      toolChoice: { kind: 'required' },
      reasoning: { kind: 'off' }
    }
    expect(encodeChat(said).body).toMatchObject({
      tools: [{ function: { strict: true } }],
      tool_choice: 'required',
      reasoning_effort: 'none'
    })
    const { body, losses } = encodeChat(said, { toolChoice: 'auto', dropsStrict: true, reasoningControl: 'thinking' })
    expect(body).toMatchObject({ thinking: { type: 'disabled' } })
    expect(body).not.toHaveProperty('tool_choice')
    expect(losses).toBe('tool_choice (required), strict (f)')
  })

  test('takesCacheControl carries marks, also a result’s', () => {
    const turns: readonly Turn[] = [
      { role: 'user', parts: [textPart('a', '5m')] },
      { role: 'assistant', parts: [callPart('x')] },
      { role: 'user', parts: [resultPart('x', { cache: '1h' })] }
    ]
    const mark = { type: 'ephemeral' }
    expect(messagesOf(turns, { takesCacheControl: true }, [textPart('s', '5m')])).toMatchObject([
      { role: 'system', content: [{ type: 'text', text: 's', cache_control: mark }] },
      { role: 'user', content: [{ type: 'text', text: 'a', cache_control: mark }] },
      { role: 'assistant' },
      { role: 'tool', content: [{ type: 'text', text: 'done', cache_control: { type: 'ephemeral', ttl: '1h' } }] }
    ])
    expect(JSON.stringify(messagesOf(turns, {}, [textPart('s', '5m')]))).not.toContain('cache_control')
  })

  test('jsonFormat says what a channel can be held to; the rest is told in words', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } }
    const format = { kind: 'schema', name: '', description: null, schema, strict: null } as const
    expect(encodeChat({ format })).toMatchObject({
      body: { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } },
      losses: ''
    })
    const told = [
      { role: 'system', content: expect.stringContaining(JSON.stringify(schema)) as string },
      { role: 'user' }
    ]
    expect(encodeChat({ format }, { jsonFormat: 'object' })).toMatchObject({
      body: { response_format: { type: 'json_object' }, messages: told },
      losses: 'json_schema'
    })
    const none = encodeChat({ format }, { jsonFormat: 'none' })
    expect(none).toMatchObject({ body: { messages: told }, losses: 'json_schema' })
    expect(none.body).not.toHaveProperty('response_format')
    expect(encodeChat({ format: { kind: 'json' } }, { jsonFormat: 'object' })).toMatchObject({
      body: {
        response_format: { type: 'json_object' },
        messages: [{ content: expect.stringContaining('JSON') as string }, {}]
      },
      losses: ''
    })
  })

  test('dropsStrict holds for an answer’s schema too', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false }
    const format = { kind: 'schema', name: 'n', description: 'd', schema, strict: true } as const
    expect(encodeChat({ format }).body).toMatchObject({
      response_format: { json_schema: { description: 'd', strict: true } }
    })
    const { body, losses } = encodeChat({ format }, { dropsStrict: true })
    expect(JSON.stringify(body)).not.toContain('strict')
    expect(losses).toBe('strict')
  })
})
