import { describe, expect, test } from 'vitest'
import type { JsonObject } from './foreign-json'
import { Losses } from './losses'
import { translators } from './translators'

const grammar = { syntax: 'lark', definition: 'start: "a"+' }
const custom = { name: 'patch', description: 'Patches.', format: { type: 'grammar', grammar } }
const tools = [
  { type: 'custom', custom },
  { type: 'function', function: { name: 'f' } }
]
const body = {
  tools,
  tool_choice: { type: 'custom', custom: { name: 'patch' } },
  messages: [
    { role: 'user', content: 'Hi' },
    {
      role: 'assistant',
      tool_calls: [
        { id: 'c1', type: 'custom', custom: { name: 'patch', input: 'aa "a"' } },
        { id: 'c2', type: 'function', function: { name: 'f', arguments: '{}' } }
      ]
    },
    { role: 'tool', tool_call_id: 'c1', content: 'done' },
    { role: 'tool', tool_call_id: 'c2', content: 'done' }
  ]
}

function sent(model: string): JsonObject {
  const conversation = translators['openai-chat'].decodeRequest(body, new Losses())
  const target = { model, stream: false, quirks: {} }
  return translators['openai-responses'].encodeRequest(conversation, target, new Losses())
}

describe('a custom tool of a Chat client on a channel of Responses', () => {
  test.each(['gpt-5', 'gpt-5.5', 'openai/gpt-5-mini'])(
    'stays one for %s, its grammar, calls and results too',
    (model) => {
      expect(sent(model)).toMatchObject({
        tools: [
          { type: 'custom', name: 'patch', description: 'Patches.', format: { type: 'grammar', ...grammar } },
          { type: 'function', name: 'f' }
        ],
        tool_choice: { type: 'custom', name: 'patch' },
        input: [
          { type: 'message' },
          { type: 'custom_tool_call', call_id: 'c1', name: 'patch', input: 'aa "a"' },
          { type: 'function_call', call_id: 'c2' },
          { type: 'custom_tool_call_output', call_id: 'c1', output: 'done' },
          { type: 'function_call_output', call_id: 'c2' }
        ]
      })
    }
  )

  test.each(['gpt-4.1', 'gpt-5-chat-latest', 'o3', 'grok-4'])(
    'is a function for %s, told its grammar in words',
    (model) => {
      const { tools: written, input } = sent(model)
      expect(written).toMatchObject([{ type: 'function', name: 'patch' }, { type: 'function' }])
      expect(JSON.stringify(written)).toContain('lark grammar')
      expect(JSON.stringify(input)).not.toContain('custom_tool')
    }
  )

  test('its calls come back as the client knows them', () => {
    const item = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'c3', name: 'patch', input: 'aaa' }
    const answer = translators['openai-responses'].decodeAnswer({ id: 'resp_1', status: 'completed', output: [item] })
    const conversation = translators['openai-chat'].decodeRequest(body, new Losses())
    const functions = conversation.tools.filter((tool) => tool.kind === 'function')
    const asked = { model: 'm', tools: functions, body, now: 0 }
    expect(translators['openai-chat'].encodeAnswer(answer, asked)).toMatchObject({
      choices: [{ message: { tool_calls: [{ id: 'c3', type: 'custom', custom: { name: 'patch', input: 'aaa' } }] } }]
    })
  })
})
