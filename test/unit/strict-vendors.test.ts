import { describe, expect, test } from 'vitest'
import type { RecordedRequest } from '../support/fake-upstream'
import { anthropicSignature } from '../support/vendors/anthropic'
import { complaintAbout } from '../support/vendors/strict/strict'
import { anthropic, gemini, openaiChat, openaiResponses, VENDORS, type Vendor } from '../support/vendors/vendors'

/** A request as the vendor's SDK would send it, with these members laid over. */
function complaintOf(vendor: Vendor, members: object, model = vendor.model): string | null {
  const request: Pick<RecordedRequest, 'body' | 'headers' | 'target'> = {
    target: vendor.target({ stream: false, model }),
    headers: vendor.headers('sk-test'),
    body: Buffer.from(JSON.stringify({ ...vendor.request({ stream: false, model }), ...members }))
  }
  return complaintAbout(vendor, request as RecordedRequest)
}

test.each(VENDORS)(
  'the double of $protocol takes what its SDK sends, and no member that it does not know',
  (vendor) => {
    expect(complaintOf(vendor, {})).toBeNull()
    expect(complaintOf(vendor, { cache_controls: 1 })).toContain('cache_controls')
  }
)

const tools = [{ name: 'clock', input_schema: { type: 'object' } }]
const asked = { role: 'user', content: 'Time?' }
const used = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'clock', input: {} }] }
const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Noon' }] }
const thinking = { type: 'enabled', budget_tokens: 1024 }
const thought = (signature: string) => ({
  role: 'assistant',
  content: [
    { type: 'thinking', thinking: 'Hm', signature },
    { type: 'text', text: 'Noon' }
  ]
})

describe('Anthropic refuses', () => {
  test.each([
    ['a call without its result', { tools, messages: [asked, used, asked] }, 'without tool_result'],
    ['a result without its call', { tools, messages: [asked, result] }, 'unexpected tool_use_id'],
    ['an empty text', { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }, 'non-whitespace'],
    ['a signature of nobody', { messages: [asked, thought(''), asked] }, 'signature'],
    ['a signature of another', { messages: [asked, thought('routex:gemini:abc'), asked] }, 'signature'],
    [
      'a text that was not signed',
      { messages: [asked, thought(anthropicSignature('Mh')), asked] },
      'cannot be modified'
    ],
    ['a budget over the limit', { thinking }, 'greater than'],
    ['heat beside thinking', { thinking, max_tokens: 2048, temperature: 0.5 }, 'may only be set to 1'],
    ['a loop without thoughts', { thinking, max_tokens: 2048, tools, messages: [asked, used, result] }, 'Expected'],
    ['a schema of many', { tools: [{ name: 'a', input_schema: { type: 'object', anyOf: [] } }] }, 'anyOf']
  ])('%s', (_name, members, words) => {
    expect(complaintOf(anthropic, members)).toContain(words)
  })

  test('no version', () => {
    const vendor = { ...anthropic, headers: () => ({}) }
    expect(complaintOf(vendor, {})).toContain('anthropic-version')
  })
})

const call = { id: 'call_1', type: 'function', function: { name: 'clock', arguments: '{}' } }
const calling = { role: 'assistant', content: null, tool_calls: [call] }

describe('Chat refuses', () => {
  test.each([
    ['a call without its result', { messages: [asked, calling, asked] }, 'must be followed by tool messages'],
    [
      'a result without its call',
      { messages: [{ role: 'tool', tool_call_id: 'x', content: '' }] },
      'must be a response'
    ],
    ['stream options of no stream', { stream_options: {} }, 'stream_options'],
    ['a choice without tools', { tool_choice: 'auto' }, 'tool_choice'],
    ['an assistant who says nothing', { messages: [{ role: 'assistant', content: null }] }, 'got null'],
    ['brief answers of an older model', { verbosity: 'low' }, "Supported values are: 'medium'"]
  ])('%s', (_name, members, words) => {
    expect(complaintOf(openaiChat, members)).toContain(words)
  })
})

test('Chat refuses to be told of parallel calls by a model of the o-series', () => {
  const declared = [{ type: 'function', function: { name: 'clock' } }]
  const members = { max_tokens: undefined, temperature: undefined, tools: declared, parallel_tool_calls: true }
  expect(complaintOf(openaiChat, members, 'o3')).toContain('parallel_tool_calls')
  expect(complaintOf(openaiChat, members)).toBeNull()
})

const calledItem = { type: 'function_call', call_id: 'call_1', name: 'clock', arguments: '{}' }
const outputItem = { type: 'function_call_output', call_id: 'call_1', output: 'Noon' }
const reasoning = (encrypted: string) => ({ type: 'reasoning', summary: [], encrypted_content: encrypted })

describe('Responses refuses', () => {
  test.each([
    ['a call without its output', { input: [calledItem] }, 'No tool output found'],
    ['an output without its call', { input: [outputItem] }, 'No tool call found'],
    ['reasoning that nothing follows', { input: [reasoning('gAAA')] }, 'without its required following item'],
    ['reasoning of another', { input: [reasoning('routex:anthropic:abc'), calledItem, outputItem] }, 'input'],
    ['heat', { temperature: 0.5 }, 'temperature']
  ])('%s', (_name, members, words) => {
    expect(complaintOf(openaiResponses, members)).toContain(words)
  })

  test('brief answers of an older model', () => {
    const text = { verbosity: 'low' }
    expect(complaintOf(openaiResponses, { text }, 'gpt-5.2-codex')).toContain("Supported values are: 'medium'")
    expect(complaintOf(openaiResponses, { text })).toBeNull()
  })
})

const contents = [
  { role: 'user', parts: [{ text: 'Time?' }] },
  { role: 'model', parts: [{ functionCall: { name: 'clock', args: {} } }] },
  { role: 'user', parts: [{ functionResponse: { name: 'clock', response: {} } }] }
]
const declared = (schema: object) => ({
  tools: [{ functionDeclarations: [{ name: 'a', parametersJsonSchema: schema }] }]
})

describe('Gemini refuses', () => {
  test.each([
    ['a call without its response', { contents: contents.slice(0, 2) }, 'followed by a function response'],
    ['a response without its call', { contents: contents.slice(2) }, 'number of function response parts'],
    ['an empty part', { contents: [{ role: 'user', parts: [{}] }] }, 'data fields'],
    ['a word that its schemas have not', declared({ type: 'object', $schema: 'x' }), '$schema']
  ])('%s', (_name, members, words) => {
    expect(complaintOf(gemini, members)).toContain(words)
  })

  test('from 3 on a call that is not signed', () => {
    expect(complaintOf(gemini, { contents })).toBeNull()
    expect(complaintOf(gemini, { contents }, 'gemini-3-pro')).toContain('thought_signature')
  })
})
