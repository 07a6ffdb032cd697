import { describe, expect, test } from 'vitest'
import {
  assistantSays,
  callOf,
  conversationOf,
  functionTool,
  textOf,
  userSays
} from '../../../../test/support/translation/conversations'
import type { Quirks } from '../../../shared/quirks'
import type { Conversation, HostedTool } from '../canonical'
import { messagesModel } from '../claude-model'
import { StrictRoom } from '../claude-schema-limits'
import { decodeChoice, encodeChoice } from '../claude-tool-choice'
import { Losses } from '../losses'
import { decodeToolUse, encodeToolResult, encodeTools, encodeToolUse } from './tools'

const none: Quirks = {}

function encode(more: Partial<Conversation>, { model = 'claude-sonnet-4-5', quirks = none } = {}) {
  const losses = new Losses()
  const conversation = conversationOf(more)
  const traits = messagesModel(model)
  const tools = encodeTools(conversation, traits, quirks, new StrictRoom(), losses)
  return { tools, choice: encodeChoice(conversation, tools, traits, quirks, losses), losses: losses.toString() }
}

const search: HostedTool = { kind: 'hosted', tool: 'web_search', allowedDomains: [], blockedDomains: ['b.example'] }

describe('a tool’s definition', () => {
  test('goes with its schema made an object’s, which is told where that changes it', () => {
    const parameters = { anyOf: [{ type: 'object', properties: { a: {} } }] }
    const { tools, losses } = encode({
      tools: [functionTool('f', { description: 'Does f', cache: '1h' }), functionTool('g', { parameters })]
    })
    expect(tools).toEqual([
      {
        name: 'f',
        description: 'Does f',
        input_schema: { type: 'object', properties: {} },
        cache_control: { type: 'ephemeral', ttl: '1h' }
      },
      { name: 'g', input_schema: { type: 'object', properties: { a: {} } } }
    ])
    expect(losses).toBe('json_schema (g)')
  })

  test('is strict where the client asked for it, the model takes it and the schema fits', () => {
    const strict = functionTool('f', { strict: true })
    const closed = { type: 'object', properties: {}, additionalProperties: false }
    expect(encode({ tools: [strict] }).tools).toEqual([{ name: 'f', input_schema: closed, strict: true }])
    expect(encode({ tools: [functionTool('f', { strict: false })] }).losses).toBe('')
    const map = functionTool('f', { strict: true, parameters: { type: 'object', additionalProperties: true } })
    for (const refused of [
      encode({ tools: [map] }),
      encode({ tools: [strict] }, { model: 'claude-opus-4-1' }),
      encode({ tools: [strict] }, { quirks: { dropsStrict: true } })
    ]) {
      expect(refused.tools[0]).not.toHaveProperty('strict')
      expect(refused.losses).toBe('strict (f)')
    }
    const many = Array.from({ length: 21 }, (_, number) => functionTool(`f${number}`, { strict: true }))
    expect(encode({ tools: many }).tools.filter((tool) => 'strict' in tool)).toHaveLength(20)
    expect(encode({ tools: many }).losses).toBe('strict (f20)')
  })

  test('is strict as long as the request’s optional and union-typed parameters are few enough', () => {
    const strict = (name: string, count: number, one: object, required: readonly string[] = []) =>
      functionTool(name, {
        strict: true,
        parameters: {
          type: 'object',
          properties: Object.fromEntries(Array.from({ length: count }, (_, number) => [`p${number}`, one])),
          required
        }
      })
    const names = (count: number) => Array.from({ length: count }, (_, number) => `p${number}`)
    const text = { type: 'string' }
    const optional = encode({ tools: [strict('a', 20, text), strict('b', 5, text), strict('c', 4, text)] })
    expect(optional.tools.map((tool) => 'strict' in tool)).toEqual([true, false, true])
    expect(optional.losses).toBe('strict (b)')
    const either = { anyOf: [text, { type: 'null' }] }
    const listed = { type: ['string', 'null'] }
    const unions = encode({
      tools: [strict('a', 10, either, names(10)), strict('b', 7, listed, names(7)), strict('c', 6, listed, names(6))]
    })
    expect(unions.tools.map((tool) => 'strict' in tool)).toEqual([true, false, true])
  })

  test('of the vendor’s own goes to its models, unless a function has its name', () => {
    const domains = { blocked_domains: ['b.example'] }
    expect(encode({ tools: [search] }).tools).toEqual([{ type: 'web_search_20250305', name: 'web_search', ...domains }])
    expect(encode({ tools: [search] }, { model: 'kimi-k2' })).toMatchObject({
      tools: [],
      losses: 'hosted_tool (web_search)'
    })
    expect(encode({ tools: [search, functionTool('web_search')] }).losses).toBe('hosted_tool (web_search)')
    const others: readonly HostedTool[] = [
      { ...search, tool: 'web_fetch', allowedDomains: ['a.example'] },
      { ...search, tool: 'code_execution' }
    ]
    expect(encode({ tools: others }).tools).toEqual([
      { type: 'web_fetch_20250910', name: 'web_fetch', allowed_domains: ['a.example'] },
      { type: 'code_execution_20250825', name: 'code_execution' }
    ])
  })

  test('is made for calls of the past where the client has no tools any more, which may not be called', () => {
    const turns = [userSays(textOf('a')), assistantSays(callOf('1', 'f'), callOf('2', 'f'), callOf('3', 'g'))]
    expect(encode({ turns })).toEqual({
      tools: [
        { name: 'f', input_schema: { type: 'object' } },
        { name: 'g', input_schema: { type: 'object' } }
      ],
      choice: { type: 'none' },
      losses: ''
    })
  })
})

describe('a tool choice', () => {
  const tools = [functionTool('f')]

  test.each([
    [{ kind: 'auto' }, { type: 'auto' }],
    [{ kind: 'required' }, { type: 'any' }],
    [{ kind: 'none' }, { type: 'none' }],
    [
      { kind: 'tool', name: 'f' },
      { type: 'tool', name: 'f' }
    ],
    [null, null]
  ] as const)('%j is %j, both ways', (toolChoice, choice) => {
    expect(encode({ tools, toolChoice })).toMatchObject({ choice, losses: '' })
    expect(decodeChoice({ tool_choice: choice })).toEqual({ toolChoice, parallelTools: null })
  })

  test('may forbid several calls at once, also where nothing else was said', () => {
    expect(encode({ tools, parallelTools: false }).choice).toEqual({ type: 'auto', disable_parallel_tool_use: true })
    expect(encode({ tools, parallelTools: true }).choice).toBeNull()
    expect(decodeChoice({ tool_choice: { type: 'any', disable_parallel_tool_use: true } })).toEqual({
      toolChoice: { kind: 'required' },
      parallelTools: false
    })
    expect(decodeChoice({ tool_choice: { disable_parallel_tool_use: false } }).parallelTools).toBe(true)
    expect(encode({ tools, parallelTools: false }, { quirks: { dropsParallelTools: true } })).toMatchObject({
      choice: null,
      losses: 'parallel_tools'
    })
  })

  test('that the model refuses, or that names no tool there, leaves it to the model', () => {
    const required = { tools, toolChoice: { kind: 'required' } } as const
    const named = { tools, toolChoice: { kind: 'tool', name: 'f' } } as const
    const auto = { type: 'auto' }
    expect(encode(required, { model: 'claude-opus-5-5' })).toMatchObject({
      choice: auto,
      losses: 'tool_choice (required)'
    })
    expect(encode(named, { quirks: { toolChoice: 'auto' } })).toMatchObject({ choice: auto, losses: 'tool_choice (f)' })
    const hosted = { tools: [...tools, search], toolChoice: { kind: 'tool', name: 'web_search' } } as const
    expect(encode(hosted).choice).toEqual({ type: 'tool', name: 'web_search' })
    const absent = { tools, toolChoice: { kind: 'tool', name: 'g' } } as const
    expect(encode(absent)).toMatchObject({ choice: auto, losses: 'tool_choice (g)' })
  })

  test('without tools is none', () => {
    expect(encode({ toolChoice: { kind: 'auto' } }).choice).toBeNull()
  })

  test('of a shape that is not known says nothing', () => {
    for (const tool_choice of [7, {}, { type: 'of_the_future' }]) {
      expect(decodeChoice({ tool_choice })).toEqual({ toolChoice: null, parallelTools: null })
    }
    expect(decodeChoice({ tool_choice: { type: 'tool' } }).toolChoice).toEqual({ kind: 'required' })
  })
})

describe('a call', () => {
  const input = (json: string) =>
    encodeToolUse({ type: 'tool-call', id: 'x', name: 'f', input: json, cache: null }).input

  test('has an object for its input, whatever the model wrote', () => {
    expect(input('{"a":1}')).toEqual({ a: 1 })
    expect(input('')).toEqual({})
    expect(input('[1]')).toEqual({ input: '[1]' })
    expect(input('{"a":')).toEqual({ input: '{"a":' })
  })

  test('and its result find each other by an id that every vendor takes', () => {
    const id = 'call|with spaces and more'
    const call = encodeToolUse({ type: 'tool-call', id, name: 'f', input: '', cache: null })
    const result = encodeToolResult({
      type: 'tool-result',
      callId: id,
      name: 'f',
      content: [],
      isError: true,
      cache: null
    })
    expect(result).toEqual({ type: 'tool_result', tool_use_id: call.id, is_error: true })
    expect(call.id).toMatch(/^[\w-]{1,64}$/)
  })

  test('without a name is none', () => {
    expect(decodeToolUse({ type: 'tool_use', id: 'x' }, 0, 0)).toBeNull()
  })

  test('result takes the cache mark of what is in it', () => {
    const result = encodeToolResult({
      type: 'tool-result',
      callId: 'a',
      name: 'f',
      content: [textOf('x', { cache: '1h' })],
      isError: false,
      cache: null
    })
    expect(result).toEqual({
      type: 'tool_result',
      tool_use_id: 'a',
      content: [{ type: 'text', text: 'x' }],
      cache_control: { type: 'ephemeral', ttl: '1h' }
    })
  })
})
