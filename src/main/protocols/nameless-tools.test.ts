import { expect, test } from 'vitest'
import { Losses } from './losses'
import { translators } from './translators'

const user = { role: 'user', content: 'hi' }
const parameters = { type: 'object', properties: {} }
const contents = [{ parts: [{ text: 'hi' }] }]

test.each([
  ['anthropic', { max_tokens: 9, messages: [user], tools: [{ input_schema: parameters }] }],
  ['openai-chat', { messages: [user], tools: [{ type: 'function', function: { parameters } }] }],
  ['openai-chat', { messages: [user], tools: [{ type: 'custom', custom: {} }] }],
  ['openai-chat', { messages: [user], functions: [{ parameters }] }],
  ['openai-responses', { input: 'hi', tools: [{ type: 'function', parameters }] }],
  ['openai-responses', { input: 'hi', tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'custom' }] }] }],
  ['gemini', { contents, tools: [{ functionDeclarations: [{ parameters }] }] }]
] as const)('a tool without a name is left out by %s, and told: %j', (protocol, body) => {
  const losses = new Losses()
  expect(translators[protocol].decodeRequest(body, losses).tools).toEqual([])
  expect(losses.toString()).toBe('tool')
})
