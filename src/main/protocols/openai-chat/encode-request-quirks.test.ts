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
import { shortCallId } from '../tool-ids'
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

  test('systemOnlyFirst makes later system messages a user’s text, and neighbouring user messages one', () => {
    const turns: readonly Turn[] = [
      ...NOTHING_SAID.turns,
      { role: 'system', parts: [textPart('be brief')] },
      { role: 'assistant', parts: [callPart('x')] },
      { role: 'user', parts: [resultPart('x')] },
      { role: 'system', parts: [textPart('now be long')] },
      { role: 'user', parts: [textPart('go on')] }
    ]
    expect(messagesOf(turns, { systemOnlyFirst: true }, [textPart('a')])).toMatchObject([
      { role: 'system', content: 'a' },
      { role: 'user', content: 'hi\n\n<system>\nbe brief\n</system>' },
      { role: 'assistant' },
      { role: 'tool' },
      { role: 'user', content: '<system>\nnow be long\n</system>\n\ngo on' }
    ])
    expect(messagesOf(turns, {}, [textPart('a')])).toMatchObject(
      ['system', 'user', 'system', 'assistant', 'tool', 'system', 'user'].map((role) => ({ role }))
    )
  })

  test('systemOnlyFirst leaves a system message first where there is no other', () => {
    const turns: readonly Turn[] = [{ role: 'system', parts: [textPart('a')] }, ...NOTHING_SAID.turns]
    expect(messagesOf(turns, { systemOnlyFirst: true })).toEqual([
      { role: 'system', content: 'a' },
      { role: 'user', content: 'hi' }
    ])
  })

  test('noUserAfterTool puts an answer between a result and what the user says', () => {
    const turns: readonly Turn[] = [
      { role: 'assistant', parts: [callPart('x')] },
      { role: 'user', parts: [resultPart('x'), textPart('and?')] }
    ]
    expect(messagesOf(turns, { noUserAfterTool: true })).toMatchObject([
      { role: 'assistant', content: null },
      { role: 'tool', content: 'done' },
      { role: 'assistant', content: 'OK.' },
      { role: 'user', content: 'and?' }
    ])
    expect(messagesOf(turns)).toMatchObject(['assistant', 'tool', 'user'].map((role) => ({ role })))
  })

  test('dropsPrefill asks in words to go on with a begun answer, and tells it', () => {
    const begun: readonly Turn[] = [
      { role: 'user', parts: [textPart('hi')] },
      { role: 'assistant', parts: [textPart('{')] }
    ]
    const sent = encodeChat({ turns: begun }, { dropsPrefill: true })
    expect(sent.body['messages']).toMatchObject([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: '{' },
      { role: 'user', content: expect.stringContaining('exactly where it ends') as string }
    ])
    expect(sent.losses).toBe('history (a begun answer: asked in words to go on with it)')
    expect(encodeChat({ turns: begun }).body['messages']).toHaveLength(2)
    expect(encodeChat({ turns: begun.slice(0, 1) }, { dropsPrefill: true })).toMatchObject({ losses: '' })
  })

  test('shortCallIds makes nine letters and digits of an id, the same for call and result, and keeps those that are', () => {
    const turns = (id: string): readonly Turn[] => [
      { role: 'assistant', parts: [callPart(id)] },
      { role: 'user', parts: [resultPart(id)] }
    ]
    const id = shortCallId('toolu_01')
    expect(id).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect(messagesOf(turns('toolu_01'), { shortCallIds: true })).toMatchObject([
      { tool_calls: [{ id }] },
      { tool_call_id: id }
    ])
    expect(messagesOf(turns('Ab3dE6gH9'), { shortCallIds: true })).toMatchObject([
      { tool_calls: [{ id: 'Ab3dE6gH9' }] },
      { tool_call_id: 'Ab3dE6gH9' }
    ])
  })

  test('takesEffortNone switches reasoning off; without it the wish is lost', () => {
    const reasoning = { kind: 'off' } as const
    expect(encodeChat({ reasoning }, { takesEffortNone: true })).toMatchObject({
      body: { reasoning_effort: 'none' },
      losses: ''
    })
    const { body, losses } = encodeChat({ reasoning })
    expect(body).not.toHaveProperty('reasoning_effort')
    expect(losses).toBe('reasoning (off)')
  })

  test('what dropsFields takes out is told where it says something', () => {
    const sampling = { ...NOTHING_SAID.sampling, temperature: 0.5, frequencyPenalty: 1, presencePenalty: 1 }
    const dropsFields = ['temperature', 'frequency_penalty', 'presence_penalty', 'seed', 'user', 'prompt_cache_key']
    const { losses } = encodeChat({ sampling, userId: 'somebody', cacheKey: 'k' }, { dropsFields })
    expect(losses).toBe('temperature, penalties')
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
      tool_choice: 'required'
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
      losses: 'json_schema (asked for in words)'
    })
    const none = encodeChat({ format }, { jsonFormat: 'none' })
    expect(none).toMatchObject({ body: { messages: told }, losses: 'json_schema (asked for in words)' })
    expect(none.body).not.toHaveProperty('response_format')
    const list = encodeChat({ format: { ...format, schema: { type: 'array' } } })
    expect(list).toMatchObject({
      body: { messages: [{ content: expect.stringContaining('{"type":"array"}') as string }, {}] },
      losses: 'json_schema (asked for in words)'
    })
    expect(list.body).not.toHaveProperty('response_format')
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
