import { describe, expect, test } from 'vitest'
import { decoded, fixture } from '../../../../test/support/translation/responses-exchange'
import { Losses } from '../losses'
import { UnreadableRequest } from '../translator'
import { decodeRequest } from './decode-request'

const text = (value: string) => ({ type: 'text', text: value, cache: null, citations: [] })
const user = (...parts: readonly object[]) => ({ role: 'user', parts })
const assistant = (...parts: readonly object[]) => ({ role: 'assistant', parts })
const call = (id: string, name: string, input: string) => ({ type: 'tool-call', id, name, input, cache: null })
const result = (callId: string, name: string, ...content: readonly object[]) => ({
  type: 'tool-result',
  callId,
  name,
  content,
  isError: false,
  cache: null
})
const media = (kind: string, mimeType: string | null, source: object, more: object = {}) => ({
  type: 'media',
  media: kind,
  mimeType,
  source,
  name: null,
  detail: null,
  cache: null,
  ...more
})

test('a call that was cut off is left out of the history, unless the client answered it', () => {
  const cut = { type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x', status: 'incomplete' }
  const said = { role: 'user', content: 'go on' }
  const reply = { role: 'assistant', content: 'Let me see.' }
  const before = decoded({ input: [said, reply, cut, said] })
  expect(before.conversation.turns).toEqual([user(text('go on')), assistant(text('Let me see.')), user(text('go on'))])
  expect(before.losses).toBe('history (function_call cut off)')
  const output = { type: 'function_call_output', call_id: 'a', output: 'r' }
  const answered = decoded({ input: [said, cut, output, said] })
  expect(answered.conversation.turns).toEqual([
    user(text('go on')),
    assistant(call('a', 'f', '{"x')),
    user(result('a', 'f', text('r'))),
    user(text('go on'))
  ])
  expect(answered.losses).toBe('')
})

describe('a Responses request', () => {
  const { conversation, losses } = decoded(fixture('request.json'))

  test('begins with its instructions and what developers say before the first turn', () => {
    expect(conversation.system).toEqual([text('Answer briefly.'), text('Use metric units.')])
  })

  test('is turns: what the model did between two messages is one, results stand behind their calls', () => {
    expect(conversation.turns).toEqual([
      user(
        text('What is on this picture, in this paper and in this file?'),
        media('image', 'image/png', { kind: 'base64', data: 'iVBORw0KGgo=' }, { detail: 'high' }),
        media('image', null, { kind: 'url', url: 'https://example.com/a.jpg' }),
        media('document', 'application/pdf', { kind: 'base64', data: 'JVBERi0=' }, { name: 'paper.pdf' }),
        media('document', null, { kind: 'url', url: 'https://example.com/b.pdf' }),
        text('[image left out: this channel can not be shown it]')
      ),
      assistant(
        {
          type: 'reasoning',
          text: 'First look.\n\nThen ask.',
          signature: { maker: 'openai-responses', value: 'rs_1:gAAAAABabc==' }
        },
        text('Let me look.'),
        call('call_1', 'get_weather', '{"city":"Bern"}'),
        call('call_2', 'get_map', '{}')
      ),
      user(
        result('call_1', 'get_weather', text('12 degrees')),
        result(
          'call_2',
          'get_map',
          text('The map:'),
          media('image', 'image/jpeg', { kind: 'base64', data: '/9j/4AA=' })
        )
      ),
      { role: 'system', parts: [text('The user is in a hurry.')] },
      user(text('So?'))
    ])
  })

  test('declares functions and the hosted tools that others have too', () => {
    expect(conversation.tools).toEqual([
      {
        kind: 'function',
        name: 'get_weather',
        description: 'The weather of a city',
        parameters: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
          additionalProperties: false
        },
        strict: true,
        cache: null,
        origin: { kind: 'function' }
      },
      {
        kind: 'function',
        name: 'get_map',
        description: '',
        parameters: { type: 'object', properties: {} },
        strict: false,
        cache: null,
        origin: { kind: 'function' }
      },
      { kind: 'hosted', tool: 'web_search', allowedDomains: ['example.com'], blockedDomains: [], contextSize: 'low' },
      { kind: 'hosted', tool: 'code_execution', allowedDomains: [], blockedDomains: [] }
    ])
  })

  test('asks for limits, reasoning, format and the rest', () => {
    expect(conversation).toMatchObject({
      toolChoice: { kind: 'tool', name: 'get_weather' },
      parallelTools: false,
      maxTokens: 2048,
      sampling: { temperature: 0.5, topP: 0.9, topK: null, stop: [] },
      reasoning: { kind: 'effort', effort: 'high', shown: true },
      format: { kind: 'schema', name: 'weather', description: 'What the weather is', strict: true },
      verbosity: 'low',
      userId: 'user-7',
      serviceTier: 'flex',
      cacheKey: 'cache-7'
    })
  })

  test('tells what is lost of it, and nothing else', () => {
    expect(losses.split(/, (?![^(]*\))/).sort()).toEqual([
      'client_tool (computer_use_preview)',
      'file_id',
      'history (item_reference)',
      'hosted_history (web_search_call)',
      'hosted_tool (file_search)',
      'logprobs',
      'metadata',
      'parameter (some_future_parameter)',
      'truncation'
    ])
  })

  test('may be a text alone', () => {
    const { conversation: short, losses: none } = decoded({ model: 'm', input: 'Hi', store: true })
    expect(short.turns).toEqual([user(text('Hi'))])
    expect(short).toMatchObject({ system: [], tools: [], toolChoice: null, parallelTools: null, reasoning: null })
    expect(none).toBe('')
  })

  test.each([[{}], [{ input: '' }], [{ input: [] }], [{ input: 7 }], [{ prompt: { id: 'p' } }]])(
    'without input, %j, can not be read',
    (body) => {
      expect(() => decodeRequest(body, new Losses())).toThrow(UnreadableRequest)
    }
  )

  test('asks to carry on what a vendor stored: that is told where the caller did not know it', () => {
    expect(decoded({ input: 'x', previous_response_id: 'resp_1', conversation: 'conv_1' }).losses).toBe(
      'history (2: previous_response_id, conversation)'
    )
    expect(decoded({ input: [{ id: 'msg_1' }, { role: 'user', content: 'x' }] }).losses).toBe(
      'history (item_reference)'
    )
  })
})

describe('a request of Codex', () => {
  const { conversation, losses } = decoded(fixture('codex-request.json'))

  test('keeps developer messages, ids that bind calls and results, and the thinking of another vendor', () => {
    expect(conversation.system).toEqual([text('You are Codex.')])
    expect(conversation.turns).toEqual([
      user(text('<environment_context>/src</environment_context>')),
      user(text('Fix the bug.')),
      assistant(
        { type: 'reasoning', text: 'I look first.', signature: { maker: 'anthropic', value: 'EqQBCkYIBxgC' } },
        call('call_a', 'exec_command', '{"cmd":"ls"}'),
        call(
          'call_b',
          'apply_patch',
          JSON.stringify({ input: '*** Begin Patch\n*** Delete File: "a".txt\n*** End Patch\n' })
        ),
        call('call_c', 'mcp__docs__search', '{"query":"bug"}')
      ),
      user(
        result('call_a', 'exec_command', text('a.txt')),
        result('call_b', 'apply_patch', text('Success')),
        result('call_c', 'mcp__docs__search', text('found'))
      ),
      assistant(text('Nearly done.'))
    ])
  })

  test('loses the search for tools, which the vendor’s models alone know, and nothing else', () => {
    expect(losses).toBe('hosted_tool (tool_search)')
    expect(conversation.cacheKey).toBe('0199b1a2-thread')
  })

  test('of the newest models brings its tools along as an item', () => {
    const lite = decoded(fixture('codex-lite-request.json'))
    expect(lite.losses).toBe('')
    expect(lite.conversation.tools).toMatchObject([
      { name: 'exec', origin: { kind: 'namespaced', namespace: 'functions', name: 'exec', custom: true } },
      { name: 'wait', origin: { kind: 'namespaced', namespace: 'functions', name: 'wait', custom: false } },
      {
        name: 'collaboration__wait',
        description: 'Other agents\n\nWaits for agents',
        origin: { kind: 'namespaced', namespace: 'collaboration', name: 'wait', custom: false }
      }
    ])
    expect(lite.conversation.turns).toEqual([
      user(text('Go.')),
      assistant(call('call_x', 'exec', '{"input":"text(1)"}')),
      user(result('call_x', 'exec', text('1'))),
      assistant(call('call_y', 'wait', '{}')),
      user(result('call_y', 'wait', text('waited')))
    ])
  })
})

test('built-in tools that a client carries out are functions, with their calls and results', () => {
  const { conversation, losses } = decoded(fixture('built-in-tools-request.json'))
  expect(losses).toBe('hosted_tool (shell in container_auto)')
  expect(conversation.tools).toMatchObject([
    { name: 'local_shell', origin: { kind: 'local_shell' } },
    { name: 'shell', origin: { kind: 'shell' } },
    { name: 'apply_patch', origin: { kind: 'apply_patch' } }
  ])
  expect(conversation.toolChoice).toEqual({ kind: 'tool', name: 'apply_patch' })
  expect(conversation.turns.slice(1)).toEqual([
    assistant(call('call_1', 'local_shell', '{"type":"exec","command":["ls"],"env":{}}')),
    user(result('call_1', 'local_shell', text('a.js'))),
    assistant(call('call_2', 'shell', '{"commands":["cat a.js","false"],"timeout_ms":1000,"max_output_length":null}')),
    user(result('call_2', 'shell', text('let a\n[exit code 0]'), text('no\n[timed out]'))),
    assistant(call('call_3', 'apply_patch', '{"type":"update_file","path":"a.js","diff":"@@\\n-let a\\n+let b\\n"}')),
    user({ ...result('call_3', 'apply_patch', text('no such line')), isError: true })
  ])
})

test('a result stands behind its call however late it comes, and by itself where there is no call', () => {
  const { conversation } = decoded({
    input: [
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '' },
      { type: 'function_call', id: 'fc_b', name: 'g', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: '1' },
      { role: 'user', content: 'Meanwhile…' },
      { type: 'function_call_output', call_id: 'fc_b', output: '' },
      { type: 'function_call_output', call_id: 'lost', output: '3' }
    ]
  })
  expect(conversation.turns).toEqual([
    assistant(call('a', 'f', '{}'), call('fc_b', 'g', '{}')),
    user(result('a', 'f', text('1')), result('fc_b', 'g')),
    user(text('Meanwhile…')),
    user(result('lost', '', text('3')))
  ])
})

test('a call without any id gets one that is the same in every request', () => {
  const id = () => {
    const [turn] = decoded({ input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }).conversation.turns
    const part = turn?.parts[0]
    return part?.type === 'tool-call' ? part.id : ''
  }
  expect(id()).toMatch(/^call_\w+$/)
  expect(id()).toBe(id())
})

test('what the vendor alone can read of a history is told as lost, each kind once', () => {
  const types = ['compaction', 'computer_call', 'mcp_call', 'mcp_call', 'image_generation_call', 'from_the_future']
  const { losses } = decoded({ input: [...types.map((type) => ({ type })), { role: 'user', content: 'x' }] })
  expect(losses).toBe(
    'history (3: compaction, computer_call, from_the_future), hosted_history (2: mcp_call, image_generation_call)'
  )
})

test('tools that were loaded by search are declared, so that calls of them in the history are known', () => {
  const { conversation, losses } = decoded({
    input: [
      { type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: { query: 'crm' } },
      {
        type: 'tool_search_output',
        call_id: 'c',
        execution: 'client',
        tools: [{ type: 'namespace', name: 'crm', tools: [{ type: 'function', name: 'orders', defer_loading: true }] }]
      },
      { type: 'function_call', call_id: 'd', name: 'orders', namespace: 'crm', arguments: '{}' },
      { type: 'function_call_output', call_id: 'd', output: 'none' },
      { role: 'user', content: 'x' }
    ]
  })
  expect(conversation.tools.map((tool) => tool.kind === 'function' && tool.name)).toEqual(['crm__orders'])
  expect(losses).toBe('hosted_history (tool_search_call)')
})
