import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Losses } from './losses'
import { PROTOCOLS } from '../../shared/protocol'
import type { Route } from './protocol'
import { matchRoute, protocols } from './registry'

function route(path: string, method = 'POST'): Route {
  const found = matchRoute(method, path, '')
  if ('kind' in found) throw new Error(path)
  return found
}

const MESSAGES = route('/v1/messages')
const CHAT = route('/v1/chat/completions')
const RESPONSES = route('/v1/responses')
const GEMINI = route('/v1beta/models/gemini-x:streamGenerateContent')
const ALL = [MESSAGES, CHAT, RESPONSES, GEMINI]

const read = (found: Route, body: unknown) => protocols[found.protocol].readRequest(found, body)

describe('what routing reads of a request', () => {
  test('is model and streaming', () => {
    for (const found of [MESSAGES, CHAT, RESPONSES]) {
      expect(read(found, { model: 'm', stream: true })).toMatchObject({ model: 'm', stream: true })
      expect(read(found, { model: 7, stream: 'true' })).toMatchObject({ model: null, stream: false })
      expect(read(found, { model: '' })).toMatchObject({ model: null })
    }
    expect(read(GEMINI, { model: 'ignored' })).toMatchObject({ model: null, stream: true })
    expect(read(route('/v1/embeddings'), { model: 'm', stream: true })).toMatchObject({ stream: false })
  })

  test('is nothing of a body of any other shape, and it never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        for (const found of ALL) {
          expect(typeof read(found, body).sessionText).toBe('string')
          protocols[found.protocol].stripSignatures(body, null, new Losses())
        }
      })
    )
    for (const found of ALL) {
      const hostile = {
        messages: [null, 1, 'x', { role: 3, content: [null, { text: 4 }] }],
        input: [null],
        contents: [null, { parts: 1 }]
      }
      expect(read(found, hostile)).toMatchObject({ sessionText: '', hasAssistantTurn: false, stateId: null })
    }
  })
})

describe('B10 the session', () => {
  const session = (userId: unknown) => read(MESSAGES, { metadata: { user_id: userId } }).sessionId

  test('is the session part of metadata.user_id, in both forms', () => {
    expect(session('{"device_id":"d","account_uuid":"a","session_id":"5b1e"}')).toBe('5b1e')
    expect(session('user_abc_account__session_0f3c-77')).toBe('0f3c-77')
    expect(session('user_abc')).toBeNull()
    expect(session('{"device_id":"d"}')).toBeNull()
    expect(session('{broken')).toBeNull()
    expect(session('user_session_')).toBeNull()
    expect(session(5)).toBeNull()
  })

  test('is prompt_cache_key for OpenAI’s two', () => {
    for (const found of [CHAT, RESPONSES]) expect(read(found, { prompt_cache_key: 'k' }).promptCacheKey).toBe('k')
    expect(read(MESSAGES, { prompt_cache_key: 'k' }).promptCacheKey).toBeNull()
  })

  test('is otherwise the text of system prompt and first user message', () => {
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'first' },
          { type: 'image', source: {} }
        ]
      },
      { role: 'assistant', content: 'answer' },
      { role: 'user', content: 'second' }
    ]
    const billing = { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=cli;' }
    const facts = read(MESSAGES, { system: [billing, { type: 'text', text: 'system' }], messages })
    expect(facts).toMatchObject({ sessionText: 'system\nfirst', hasAssistantTurn: true })
    expect(read(MESSAGES, { system: 'system', messages: messages.slice(0, 1) })).toMatchObject({
      sessionText: 'system\nfirst',
      hasAssistantTurn: false
    })
    expect(read(CHAT, { messages: [{ role: 'developer', content: 'system' }, ...messages] })).toMatchObject({
      sessionText: 'system\nfirst',
      hasAssistantTurn: true
    })
  })

  test('is the text of instructions and first input for Responses', () => {
    expect(read(RESPONSES, { instructions: 'system', input: 'hi' })).toMatchObject({ sessionText: 'system\nhi' })
    const input = [
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'rules' }] },
      { role: 'user', content: 'hi' }
    ]
    expect(read(RESPONSES, { input })).toMatchObject({ sessionText: 'rules\nhi', hasAssistantTurn: false })
    for (const own of [{ role: 'assistant', content: 'x' }, { type: 'reasoning' }, { type: 'function_call' }]) {
      expect(read(RESPONSES, { input: [...input, own] }).hasAssistantTurn).toBe(true)
    }
    expect(read(RESPONSES, { input: [...input, { type: 'function_call_output' }] }).hasAssistantTurn).toBe(false)
  })

  test('is the text of systemInstruction and first contents for Gemini', () => {
    const contents = [{ parts: [{ text: 'hi' }] }, { role: 'model', parts: [{ text: 'x' }] }]
    const facts = { sessionText: 'system\nhi', hasAssistantTurn: true }
    expect(read(GEMINI, { systemInstruction: { parts: [{ text: 'system' }] }, contents })).toMatchObject(facts)
    expect(read(GEMINI, { system_instruction: { parts: [{ text: 'system' }] }, contents })).toMatchObject(facts)
    expect(read(GEMINI, { contents: contents.slice(0, 1) })).toMatchObject({
      sessionText: 'hi',
      hasAssistantTurn: false
    })
  })
})

describe('B14 state that pins a request to its channel', () => {
  test.each<[Route, object, string | null]>([
    [MESSAGES, { container: 'c1' }, 'c1'],
    [MESSAGES, { container: { id: 'c2', skills: [] } }, 'c2'],
    [MESSAGES, { container: { skills: [] } }, null],
    [MESSAGES, { thread: { type: 'continue', previous_message_id: 'msg_1' } }, 'msg_1'],
    [MESSAGES, { thread: { type: 'create' } }, null],
    [CHAT, { previous_response_id: 'x' }, null],
    [RESPONSES, { previous_response_id: 'resp_1' }, 'resp_1'],
    [RESPONSES, { conversation: 'conv_1' }, 'conv_1'],
    [RESPONSES, { conversation: { id: 'conv_2' } }, 'conv_2'],
    [RESPONSES, { input: [{ role: 'user' }, { type: 'item_reference', id: 'msg_7' }] }, 'msg_7'],
    [
      RESPONSES,
      {
        input: [
          { role: 'user', id: 'msg_8' },
          { type: null, id: 'msg_9' }
        ]
      },
      'msg_9'
    ],
    [RESPONSES, { tools: [{ type: 'code_interpreter', container: 'cntr_1' }] }, 'cntr_1'],
    [RESPONSES, { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] }, null],
    [GEMINI, { cachedContent: 'cachedContents/1' }, 'cachedContents/1']
  ])('%#', (found, body, stateId) => {
    expect(read(found, body).stateId).toBe(stateId)
  })

  test('is the id in the path of a stored response', () => {
    expect(read(route('/v1/responses/resp_5', 'GET'), undefined).stateId).toBe('resp_5')
  })
})

describe('B31 a chat client', () => {
  test('may ask for its stream’s usage itself', () => {
    expect(read(CHAT, { stream_options: { include_usage: true } }).asksForUsage).toBe(true)
    expect(read(CHAT, { stream_options: { include_usage: false } }).asksForUsage).toBe(false)
    expect(read(CHAT, {}).asksForUsage).toBe(false)
  })
})

describe('B13 a model that is mapped', () => {
  const rename = (found: Route, body: string, sent: string) =>
    protocols[found.protocol].renameModel(Buffer.from(body), sent).toString()

  test('changes its name’s bytes alone', () => {
    for (const found of [MESSAGES, CHAT, RESPONSES]) {
      const body = '{ "messages":[{"model":"inner"}],\n "model" : "old" ,"x":1.50}'
      expect(rename(found, body, 'new')).toBe('{ "messages":[{"model":"inner"}],\n "model" : "new" ,"x":1.50}')
    }
  })

  test('Gemini: wherever a body names it again', () => {
    expect(rename(GEMINI, '{"contents":[{"model":"x"}]}', 'new')).toBe('{"contents":[{"model":"x"}]}')
    expect(rename(GEMINI, '{"model":"models/a","content":{}}', 'new')).toBe('{"model":"models/new","content":{}}')
    expect(
      rename(
        GEMINI,
        '{"requests":[ {"model":"models/a","b":[1]} , {"c":1}, {"model":"models/a"}],"d":2}',
        'tunedModels/t'
      )
    ).toBe('{"requests":[ {"model":"tunedModels/t","b":[1]} , {"c":1}, {"model":"tunedModels/t"}],"d":2}')
    expect(rename(GEMINI, '{"generateContentRequest":{"model":"models/a"}}', 'b')).toBe(
      '{"generateContentRequest":{"model":"models/b"}}'
    )
    for (const odd of ['{"requests":[', '{"requests":[}', '{"requests":{}}', '[]', '{"requests":[1,]}']) {
      expect(rename(GEMINI, odd, 'b')).toBe(odd)
    }
  })
})

describe('B14 a conversation without signatures', () => {
  const strip = (found: Route, body: unknown, model: string | null = null, losses = new Losses()) =>
    protocols[found.protocol].stripSignatures(body, model, losses)
  const thinking = { type: 'thinking', thinking: 'hm', signature: 's' }
  const redacted = { type: 'redacted_thinking', data: 'x' }
  const call = { type: 'tool_use', id: 't', name: 'f', input: {} }
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't' }] }

  test('is none where there is nothing to strip', () => {
    for (const { protocol } of ALL)
      expect(protocols[protocol].stripSignatures({ messages: [], input: 'x' }, null, new Losses())).toBeNull()
    for (const id of PROTOCOLS) expect(protocols[id].stripSignatures('x', null, new Losses())).toBeNull()
  })

  test('Anthropic: loses all thinking, and messages that were nothing else', () => {
    const body = {
      model: 'm',
      thinking: { type: 'adaptive' },
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: [thinking, redacted, { type: 'text', text: 'b' }] },
        { role: 'assistant', content: [thinking] },
        { role: 'user', content: 'c' }
      ]
    }
    expect(strip(MESSAGES, body)).toEqual({
      model: 'm',
      thinking: { type: 'adaptive' },
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: [{ type: 'text', text: 'b' }] },
        { role: 'user', content: 'c' }
      ]
    })
  })

  test('Anthropic: in a tool loop manual thinking is switched off, and what needs it', () => {
    const body = {
      thinking: { type: 'enabled', budget_tokens: 1024 },
      context_management: { edits: [{ type: 'clear_thinking_20251015' }, { type: 'clear_tool_uses_20250919' }] },
      messages: [{ role: 'user', content: 'a' }, { role: 'assistant', content: [thinking, call] }, result]
    }
    expect(strip(MESSAGES, body)).toEqual({
      context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
      messages: [{ role: 'user', content: 'a' }, { role: 'assistant', content: [call] }, result]
    })
    const stripped = { thinking: body.thinking, messages: [{ role: 'assistant', content: [call] }, result] }
    expect(strip(MESSAGES, stripped)).toEqual({ messages: stripped.messages })
  })

  test('Anthropic: outside a tool loop manual thinking stays on', () => {
    const body = {
      thinking: { type: 'enabled', budget_tokens: 1024 },
      messages: [
        { role: 'assistant', content: [thinking, { type: 'text', text: 'b' }] },
        { role: 'user', content: 'c' }
      ]
    }
    expect(strip(MESSAGES, body)).toMatchObject({ thinking: { type: 'enabled' } })
  })

  test('Responses: loses encrypted reasoning and the ids that were bound to it, keeps a compaction', () => {
    const input = [
      { role: 'user', content: 'a' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
      { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', id: 'fco_1', call_id: 'c', output: 'x' },
      { type: 'compaction', id: 'cmp_1', encrypted_content: 'gAAA' },
      { type: 'message', id: 'msg_u', role: 'user', content: 'b' }
    ]
    expect(strip(RESPONSES, { store: false, input })).toEqual({
      store: false,
      input: [
        { role: 'user', content: 'a' },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
        { type: 'function_call_output', id: 'fco_1', call_id: 'c', output: 'x' },
        { type: 'compaction', id: 'cmp_1', encrypted_content: 'gAAA' },
        { type: 'message', id: 'msg_u', role: 'user', content: 'b' }
      ]
    })
    expect(strip(RESPONSES, { input: [{ type: 'reasoning', id: 'rs_1', summary: [] }] })).toBeNull()
  })

  test('Chat: loses the signed reasoning that relays put there', () => {
    const messages = [{ role: 'assistant', content: 'x', reasoning_details: [{ signature: 's' }] }]
    expect(strip(CHAT, { messages })).toEqual({ messages: [{ role: 'assistant', content: 'x' }] })
  })

  test('Gemini: function calls of newer models get the stand-in, older ones’ nothing', () => {
    const functionCall = { name: 'f', args: {} }
    const contents = [
      { role: 'user', parts: [{ text: 'a', thoughtSignature: 'theirs' }] },
      {
        role: 'model',
        parts: [{ text: 'b', thoughtSignature: 's' }, { functionCall, thought_signature: 's' }, { functionCall }]
      }
    ]
    const STAND_IN = 'skip_thought_signature_validator'
    const call3 = { functionCall, thoughtSignature: STAND_IN }
    for (const model of ['gemini-3-pro-preview', 'gemini-flash-latest', null]) {
      expect(strip(GEMINI, { contents }, model)).toEqual({
        contents: [contents[0], { role: 'model', parts: [{ text: 'b' }, call3, call3] }]
      })
    }
    expect(strip(GEMINI, { contents }, 'gemini-2.5-pro')).toEqual({
      contents: [contents[0], { role: 'model', parts: [{ text: 'b' }, { functionCall }, { functionCall }] }]
    })
    expect(strip(GEMINI, { contents: [{ role: 'model', parts: [call3] }] }, 'gemini-3-pro')).toBeNull()
  })
})
