import { describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../shared/protocol'
import type { Quirks } from '../../shared/quirks'
import { isObject, listIn, memberOf, textIn, type JsonObject } from './foreign-json'
import { Losses } from './losses'
import { translators } from './translators'

const TAKES: Quirks = { takesCacheControl: true }
const CLAUDE = 'anthropic/claude-sonnet-4.5'

/** What a channel is sent for a client's request. */
function sent(client: ProtocolId, request: JsonObject, channel: ProtocolId, model: string, quirks: Quirks = {}) {
  const conversation = translators[client].decodeRequest({ max_tokens: 99, ...request }, new Losses())
  return translators[channel].encodeRequest(conversation, { model, stream: true, quirks }, new Losses())
}

/** Every marked block, by its text, its name or the call that it answers, with how long it is kept. */
function marksIn(body: JsonObject): readonly string[] {
  const found: string[] = []
  const look = (value: unknown, within: string): void => {
    if (Array.isArray(value)) for (const one of value) look(one, within)
    if (!isObject(value)) return
    const name = textIn(value, 'text') ?? textIn(value, 'name') ?? textIn(value, 'tool_use_id') ?? within
    const mark = memberOf(value, 'cache_control')
    if (isObject(mark)) found.push(`${name} ${textIn(mark, 'ttl') ?? '5m'}`)
    for (const [key, one] of Object.entries(value)) if (key !== 'cache_control') look(one, name)
  }
  for (const key of ['tools', 'system', 'messages']) look(body[key], key)
  return found
}

const call = (id: string): readonly JsonObject[] => [
  { type: 'function_call', name: 'f', call_id: id, arguments: '{}' },
  { type: 'function_call_output', call_id: id, output: `out of ${id}` }
]
const UNMARKED: JsonObject = {
  instructions: 'You are Codex',
  tools: [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false }],
  input: [{ role: 'user', content: 'fix it' }, ...call('c1'), ...call('c2')]
}

describe('A client that marks nothing gets marks from Routex', () => {
  test('on a Chat channel that takes them, where those of an Anthropic channel stand; a tool can carry none there', () => {
    expect(marksIn(sent('openai-responses', UNMARKED, 'anthropic', 'claude-sonnet-4-5'))).toEqual([
      'f 5m',
      'You are Codex 5m',
      'c1 5m',
      'c2 5m'
    ])
    expect(marksIn(sent('openai-responses', UNMARKED, 'openai-chat', CLAUDE, TAKES))).toEqual([
      'You are Codex 5m',
      'out of c1 5m',
      'out of c2 5m'
    ])
    expect(marksIn(sent('openai-responses', UNMARKED, 'openai-chat', 'qwen3-max', TAKES))).toHaveLength(3)
  })

  test('once for the results of parallel calls, and on text, since no other part takes them', () => {
    const parallel = [...call('c1'), ...call('c2')]
    const input = [
      { role: 'user', content: 'a' },
      ...parallel.filter(({ type }) => type === 'function_call'),
      ...parallel.filter(({ type }) => type !== 'function_call'),
      { role: 'assistant', content: 'seen' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'look' },
          { type: 'input_image', image_url: 'https://a.example/b.png' }
        ]
      }
    ]
    expect(marksIn(sent('openai-responses', { input }, 'openai-chat', CLAUDE, TAKES))).toEqual([
      'out of c2 5m',
      'look 5m'
    ])
  })

  test('not for models that cache by themselves, nor where marks are refused', () => {
    expect(marksIn(sent('openai-responses', UNMARKED, 'openai-chat', 'google/gemini-2.5-pro', TAKES))).toEqual([])
    expect(marksIn(sent('openai-responses', UNMARKED, 'openai-chat', CLAUDE))).toEqual([])
  })
})

const cache_control = { type: 'ephemeral' }
const LONG = { ...cache_control, ttl: '1h' }
const text = (words: string, mark: JsonObject | null = null): JsonObject => ({
  type: 'text',
  text: words,
  ...(mark !== null && { cache_control: mark })
})
const asks = (...content: readonly JsonObject[]): JsonObject => ({ role: 'user', content })
const onChat = (request: JsonObject, model = CLAUDE) => marksIn(sent('anthropic', request, 'openai-chat', model, TAKES))

describe('A client’s own marks on a Chat channel that takes them', () => {
  test('are the only ones, and of more than four the last', () => {
    expect(onChat({ system: [text('s', LONG)], messages: [asks(text('a'))] })).toEqual(['s 1h'])
    const many = ['1', '2', '3', '4', '5'].map((words) => text(words, cache_control))
    expect(onChat({ messages: [asks(...many)] })).toEqual(['2 5m', '3 5m', '4 5m', '5 5m'])
  })

  test('of an hour are not behind shorter ones', () => {
    expect(onChat({ messages: [asks(text('a', cache_control), text('b', LONG))] })).toEqual(['a 1h', 'b 1h'])
  })

  test('of the whole request (automatic caching) have Routex mark it, whatever the model', () => {
    const request = { cache_control: LONG, system: 'S', messages: [asks(text('a'))] }
    expect(onChat(request)).toEqual(['S 1h', 'a 1h'])
    expect(onChat(request, 'google/gemini-2.5-pro')).toEqual(['S 1h', 'a 1h'])
  })

  test('of the whole request stand on its last block, beside others of its own', () => {
    const request = { cache_control, system: [text('s', cache_control)], messages: [asks(text('a'), text('b'))] }
    expect(onChat(request)).toEqual(['s 5m', 'b 5m'])
  })

  test('on a tool alone, which can carry none there, have Routex mark the prompt behind it', () => {
    const tools = [{ name: 'f', input_schema: { type: 'object' }, cache_control: LONG }]
    expect(onChat({ tools, messages: [asks(text('a'))] })).toEqual(['a 1h'])
    expect(onChat({ tools, system: [text('s', cache_control)], messages: [asks(text('a'))] })).toEqual(['s 5m'])
  })
})

describe('Where a mark stands changes no byte of the messages', () => {
  /** The channel's messages without their marks, for a client whose mark moves on with the conversation. */
  const messages = (marked: number, quirks: Quirks, model = CLAUDE): string => {
    const mark = (at: number): JsonObject => (at === marked ? { cache_control } : {})
    const image = { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } }
    const turns = [
      asks(text('a'), { ...text('b'), ...mark(0) }),
      { role: 'assistant', content: [text('c'), { type: 'tool_use', id: 't1', name: 'f', input: {} }] },
      asks({ type: 'tool_result', tool_use_id: 't1', content: 'one', ...mark(1) }),
      { role: 'assistant', content: [{ type: 'tool_use', id: 't2', name: 'f', input: {} }] },
      asks({ type: 'tool_result', tool_use_id: 't2', content: [image], ...mark(2) }),
      { role: 'assistant', content: 'd' },
      { role: 'user', content: [{ ...text('e'), ...mark(3) }] }
    ]
    const body = sent('anthropic', { system: 's', messages: turns }, 'openai-chat', model, quirks)
    return JSON.stringify(listIn(body, 'messages'), (key, value: unknown) =>
      key === 'cache_control' ? undefined : value
    )
  }

  test.each<Quirks>([TAKES, { ...TAKES, systemOnlyFirst: true }])('%j', (quirks) => {
    const [first, ...others] = [0, 1, 2, 3, 4].map((marked) => messages(marked, quirks))
    for (const other of others) expect(other).toBe(first)
  })
})
