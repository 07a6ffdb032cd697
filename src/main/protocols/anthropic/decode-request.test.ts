import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonFixture } from '../../../../test/support/translation/anthropic-exchanges'
import { readOrRefused } from '../../../../test/support/translation/read-or-refused'
import type { Part } from '../canonical'
import type { JsonObject } from '../foreign-json'
import { Losses } from '../losses'
import { UnreadableRequest } from '../translator'
import { decodeRequest } from './decode-request'

function decode(body: JsonObject) {
  const losses = new Losses()
  return { conversation: decodeRequest(body, losses), losses: losses.toString() }
}

const hello = { role: 'user', content: 'hi' }
const text = (value: string, more: object = {}) => ({ type: 'text', text: value, cache: null, citations: [], ...more })
const partsOf = (content: unknown): { readonly parts: readonly Part[]; readonly losses: string } => {
  const { conversation, losses } = decode({ messages: [hello, { role: 'assistant', content }] })
  return { parts: conversation.turns[1]?.parts ?? [], losses }
}

describe('what Claude Code sends', () => {
  const { conversation, losses } = decode(jsonFixture('request-claude-code.json'))

  test('loses nothing', () => {
    expect(losses).toBe('')
  })

  test('is carried but for the header that changes with each build', () => {
    expect(conversation.system).toEqual([
      text('You are Claude Code.', { cache: '5m' }),
      text('# Environment\nLinux', { cache: '1h' })
    ])
    expect(conversation).toMatchObject({
      maxTokens: 64_000,
      reasoning: { kind: 'effort', effort: 'high', shown: false },
      userId: 'f00d',
      toolChoice: null,
      parallelTools: null,
      format: null
    })
  })

  test('has the tools that are loaded, and those that its search found', () => {
    expect(conversation.tools.map((tool) => (tool.kind === 'function' ? tool.name : tool.tool))).toEqual([
      'Bash',
      'ToolSearch',
      'mcp__github__search'
    ])
    expect(conversation.tools[0]).toMatchObject({ strict: null, parameters: { required: ['command'] } })
  })

  test('has all its tools where the vendor was to search for them', () => {
    const late = { name: 'late', defer_loading: true }
    const search = { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' }
    const tools = (...given: readonly object[]) => decode({ messages: [hello], tools: given })
    expect(tools(late).conversation.tools).toEqual([])
    expect(tools(late, search)).toMatchObject({ conversation: { tools: [{ name: 'late' }] }, losses: '' })
  })

  test('has its turns, an instruction between them, and results that find their calls', () => {
    expect(conversation.turns.map(({ role }) => role)).toEqual(['user', 'system', 'assistant', 'user'])
    expect(conversation.turns[2]?.parts).toEqual([
      { type: 'reasoning', text: '', signature: { maker: 'anthropic', value: 'c2lnbmVk' } },
      text('I look.'),
      { type: 'tool-call', id: 'toolu_01', name: 'Bash', input: '{"command":"ls"}', cache: null },
      { type: 'tool-call', id: 'toolu_02', name: 'ToolSearch', input: '{"query":"github"}', cache: null }
    ])
    expect(conversation.turns[3]?.parts).toEqual([
      {
        type: 'tool-result',
        callId: 'toolu_01',
        name: 'Bash',
        isError: false,
        cache: null,
        content: [
          text('main.ts'),
          {
            type: 'media',
            media: 'image',
            mimeType: 'image/png',
            source: { kind: 'base64', data: 'iVBORw0KGgo=' },
            name: null,
            detail: null,
            cache: null
          }
        ]
      },
      {
        type: 'tool-result',
        callId: 'toolu_02',
        name: 'ToolSearch',
        isError: false,
        cache: '5m',
        content: [text('The tool mcp__github__search can be called now.')]
      }
    ])
  })

  test('of old versions names its user before the session', () => {
    const user_id = 'user_13ab_account_0b5e_session_1111-2222'
    expect(decode({ messages: [hello], metadata: { user_id } }).conversation.userId).toBe('user_13ab')
  })
})

test('a tool for code alone is told, since other models call it themselves', () => {
  const lossesFor = (...allowed_callers: readonly string[]) =>
    decode({ messages: [hello], tools: [{ name: 'f', allowed_callers }] }).losses
  expect(lossesFor('code_execution_20260120')).toBe('parameter (allowed_callers)')
  expect([lossesFor('direct', 'code_execution_20260120'), lossesFor()]).toEqual(['', ''])
})

describe('a request with every kind of block', () => {
  const { conversation, losses } = decode(jsonFixture('request-blocks.json'))

  test('tells what it loses', () => {
    expect(losses.split(/, (?![^(]*\))/).sort()).toEqual([
      'client_tool (computer_20250124)',
      'container',
      'context_management (clear_tool_uses_20250919)',
      'file_id (2: container_upload, ...)',
      'history (of_the_future)',
      'hosted_history (web_search)',
      'hosted_tool (2: mcp_servers, mcp_toolset)',
      'parameter (2: citations, web_search.max_uses)',
      'service_tier (speed)'
    ])
  })

  test('carries limits, sampling, format and choice', () => {
    expect(conversation).toMatchObject({
      system: [{ text: 'Answer in German.' }, { text: 'Be polite.' }],
      toolChoice: { kind: 'tool', name: 'get_weather' },
      parallelTools: false,
      maxTokens: 2048,
      sampling: { temperature: 0.5, topP: 0.9, topK: 40, stop: ['END', 'STOP'] },
      reasoning: { kind: 'budget', tokens: 4096, shown: true },
      format: { kind: 'schema', strict: true, schema: { required: ['city'] } },
      serviceTier: 'default',
      userId: 'user_13ab'
    })
  })

  test('carries the vendor’s own tools that others have as well', () => {
    expect(conversation.tools).toEqual([
      expect.objectContaining({ kind: 'function', name: 'get_weather', strict: true, cache: '1h' }),
      { kind: 'hosted', tool: 'web_search', allowedDomains: ['example.com'], blockedDomains: [] },
      { kind: 'hosted', tool: 'web_fetch', allowedDomains: [], blockedDomains: ['example.org'] },
      { kind: 'hosted', tool: 'code_execution', allowedDomains: [], blockedDomains: [] }
    ])
  })

  test('carries images and documents, and says in words what others have no block for', () => {
    expect(conversation.turns[0]?.parts).toMatchObject([
      { type: 'media', media: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
      { type: 'text', text: '[image left out: this channel can not be shown it]' },
      { type: 'media', media: 'document', mimeType: 'application/pdf', name: 'Report', source: { data: 'JVBERi0=' } },
      { type: 'media', media: 'document', source: { url: 'https://example.com/b.pdf' } },
      { type: 'text', text: 'Document: Notes\n\nFrom Monday\n\nRain.' },
      { type: 'text', text: 'Chunk one' },
      { type: 'text', text: 'Search result: Weather, https://example.com/s\n\nSunny' },
      { type: 'text', text: '[file left out: this channel can not be shown it]' },
      { type: 'text', text: 'Which city?' }
    ])
  })

  test('carries thinking with whose signature it is', () => {
    expect(conversation.turns[1]?.parts).toEqual([
      { type: 'reasoning', text: 'Let me see', signature: { maker: 'anthropic', value: 'c2lnbmVk' } },
      { type: 'reasoning', text: '', signature: { maker: 'anthropic', value: 'redacted:ZW5jcnlwdGVk' } },
      { type: 'reasoning', text: 'Foreign', signature: { maker: 'gemini', value: 'Zm9yZWlnbg==' } },
      { type: 'reasoning', text: 'Unsigned', signature: null },
      text('Berlin', { citations: [{ url: 'https://example.com/s', title: 'Weather', quote: 'Sunny' }] }),
      { type: 'tool-call', id: 'toolu_1', name: 'get_weather', input: '{"city":"Berlin"}', cache: null }
    ])
  })

  test('carries results that failed, and those of calls that are not there', () => {
    expect(conversation.turns[2]?.parts).toMatchObject([
      { callId: 'toolu_1', name: 'get_weather', isError: true, content: [{ text: 'No such city' }] },
      { callId: 'toolu_unknown', name: '', isError: false, content: [] }
    ])
  })
})

describe('a request', () => {
  test('without a message can’t be read', () => {
    for (const body of [{}, { messages: [] }, { messages: 'hi' }]) {
      expect(() => decode(body)).toThrow(UnreadableRequest)
    }
  })

  test('of instructions alone is all system prompt', () => {
    const { conversation } = decode({ system: 'a', messages: [{ role: 'system', content: 'b' }] })
    expect(conversation).toMatchObject({ system: [{ text: 'a' }, { text: 'b' }], turns: [] })
  })

  test('that only fills the cache asks others for the shortest answer', () => {
    expect(decode({ messages: [hello], max_tokens: 0 }).conversation.maxTokens).toBe(1)
  })

  test('names members that are not known, and keeps silent about those that change no answer', () => {
    const silent = { diagnostics: {}, fallbacks: 'default', billing_policy: {}, cache_control: { type: 'ephemeral' } }
    expect(decode({ messages: [hello], ...silent, of_the_future: 1, inference_geo: 'us', tools: null }).losses).toBe(
      'parameter (2: of_the_future, inference_geo)'
    )
    const empty = { mcp_servers: [], context_management: null, speed: 'standard', thread: null }
    expect(decode({ messages: [hello], ...empty }).losses).toBe('')
    const beta = { compaction: {}, output_config: { task_budget: {} } }
    expect(decode({ messages: [hello], ...beta }).losses).toBe(
      'context_management (compaction), parameter (task_budget)'
    )
  })

  test('has an id for a call that lacks one, the same each time', () => {
    const call = { type: 'tool_use', name: 'f', input: {} }
    expect(partsOf([call]).parts).toEqual(partsOf([call]).parts)
    expect(partsOf([call]).parts[0]).toMatchObject({ type: 'tool-call', name: 'f', input: '{}' })
  })

  test('keeps a summary that stands for earlier turns, as text', () => {
    expect(
      partsOf([
        { type: 'compaction', content: 'So far' },
        { type: 'compaction', content: null }
      ]).parts
    ).toEqual([text('So far')])
  })

  test('loses what the vendor’s servers did, but not a search for tools or a fallback', () => {
    expect(partsOf([{ type: 'mcp_tool_use', name: 'read', id: 'x' }]).losses).toBe('hosted_history (read)')
    const found = { type: 'server_tool_use', name: 'tool_search_tool_regex' }
    const result = { type: 'tool_search_tool_result', content: {} }
    expect(partsOf([found, result, { type: 'fallback' }, { type: 'text', text: 'x' }]).losses).toBe('')
  })

  test('of any shape never makes it throw anything else', () => {
    const block = fc.record(
      {
        type: fc.constantFrom('text', 'image', 'tool_use', 'tool_result', 'thinking', 'document', 'x'),
        source: fc.json()
      },
      { requiredKeys: [] }
    )
    const message = fc.oneof(
      { weight: 1, arbitrary: fc.anything() },
      {
        weight: 9,
        arbitrary: fc.record({
          role: fc.constantFrom('user', 'assistant', 'system'),
          content: fc.oneof(fc.string(), fc.array(block))
        })
      }
    )
    const body = fc.record(
      {
        messages: fc.array(message, { minLength: 1 }),
        system: fc.anything(),
        tools: fc.anything(),
        tool_choice: fc.anything(),
        thinking: fc.anything(),
        output_config: fc.anything(),
        metadata: fc.anything()
      },
      { requiredKeys: ['messages'] }
    )
    fc.assert(
      fc.property(body, (value) => {
        readOrRefused(() => decode(value))
      })
    )
  })
})
