import { describe, expect, test } from 'vitest'
import type { Quirks } from '../../../shared/quirks'
import type { FunctionTool, JsonSchema, Tool, ToolChoice, ToolResultPart } from '../canonical'
import { Losses } from '../losses'
import { textPart } from './content'
import { decodeCall, decodeToolChoice, decodeTools, encodeCall, encodeTools, freeTextOf, resultTexts } from './tools'

const OBJECT: JsonSchema = { type: 'object', properties: { a: { type: 'string' } } }
const CLOSED: JsonSchema = { ...OBJECT, required: ['a'], additionalProperties: false }
const tool = (more: Partial<FunctionTool> = {}): FunctionTool => ({
  kind: 'function',
  name: 'f',
  description: 'Does f',
  parameters: OBJECT,
  strict: null,
  cache: null,
  origin: { kind: 'function' },
  ...more
})

function encode(tools: readonly Tool[], choice: ToolChoice | null = null, quirks: Quirks = {}, model = 'm') {
  const losses = new Losses()
  return { ...encodeTools(tools, choice, { model, stream: false, quirks }, losses), losses: String(losses) }
}

function decode(body: Record<string, unknown>) {
  const losses = new Losses()
  return { tools: decodeTools(body, losses), losses: String(losses) }
}

describe('tools that a client declares', () => {
  test('are functions, with or without their inner object', () => {
    const declared = { name: 'f', description: 'Does f', parameters: OBJECT }
    const expected = [tool()]
    expect(decode({ tools: [{ type: 'function', function: declared }] }).tools).toEqual(expected)
    expect(decode({ tools: [{ type: 'function', ...declared }] }).tools).toEqual(expected)
    expect(decode({ functions: [declared] }).tools).toEqual(expected)
  })

  test('without parameters take an empty object', () => {
    expect(decode({ tools: [{ type: 'function', function: { name: 'f' } }] }).tools).toMatchObject([
      { parameters: { type: 'object', properties: {} }, description: '' }
    ])
  })

  test('with free text are functions of one text, their grammar told in words', () => {
    const format = { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } }
    const [sql] = decode({ tools: [{ type: 'custom', custom: { name: 'sql', description: 'Runs', format } }] }).tools
    expect(sql).toMatchObject({
      name: 'sql',
      parameters: { properties: { input: { type: 'string' } }, required: ['input'] },
      origin: { kind: 'custom' }
    })
    expect(sql).toMatchObject({ description: 'Runs\n\nThe input must follow this lark grammar:\nstart: "a"' })
  })

  test('of a vendor are known where another vendor has them too, else lost', () => {
    const { tools, losses } = decode({ tools: [{ type: 'web_search' }, { type: 'retrieval' }], web_search_options: {} })
    expect(tools.map(({ kind }) => kind)).toEqual(['hosted'])
    expect(losses).toBe('hosted_tool (retrieval)')
  })

  test('are only those that the choice allows', () => {
    const declare = (name: string) => ({ type: 'function', function: { name } })
    const allowed_tools = { mode: 'required', tools: [declare('b')] }
    const body = { tools: [declare('a'), declare('b')], tool_choice: { type: 'allowed_tools', allowed_tools } }
    expect(decode(body).tools).toMatchObject([{ name: 'b' }])
    expect(decodeToolChoice(body)).toEqual({ kind: 'required' })
  })
})

describe('a tool choice', () => {
  test.each<[unknown, ToolChoice | null]>([
    ['auto', { kind: 'auto' }],
    ['none', { kind: 'none' }],
    ['required', { kind: 'required' }],
    ['any', { kind: 'required' }],
    ['constructor', { kind: 'auto' }],
    [
      { type: 'function', function: { name: 'f' } },
      { kind: 'tool', name: 'f' }
    ],
    [
      { type: 'custom', custom: { name: 'f' } },
      { kind: 'tool', name: 'f' }
    ],
    [
      { type: 'tool', name: 'f' },
      { kind: 'tool', name: 'f' }
    ],
    [undefined, null],
    [7, null]
  ])('%j is read', (tool_choice, expected) => {
    expect(decodeToolChoice({ tool_choice })).toEqual(expected)
  })

  test('of a legacy client is read', () => {
    expect(decodeToolChoice({ function_call: { name: 'f' } })).toEqual({ kind: 'tool', name: 'f' })
    expect(decodeToolChoice({ function_call: 'none' })).toEqual({ kind: 'none' })
  })

  test('is written', () => {
    expect(encode([tool()], { kind: 'required' }).choice).toBe('required')
    expect(encode([tool()], { kind: 'tool', name: 'f' }).choice).toEqual({ type: 'function', function: { name: 'f' } })
    expect(encode([], { kind: 'auto' }).choice).toBeNull()
  })

  test('is left out where no function is called so', () => {
    const search: Tool = { kind: 'hosted', tool: 'web_search', allowedDomains: [], blockedDomains: [] }
    expect(encode([tool(), search], { kind: 'tool', name: 'web_search' })).toMatchObject({
      choice: null,
      losses: 'hosted_tool (web_search), tool_choice (web_search)'
    })
    expect(encode([tool()], { kind: 'tool', name: 'g' })).toMatchObject({ choice: null, losses: 'tool_choice (g)' })
  })

  test('is lost where the channel knows only auto (toolChoice)', () => {
    const quirks: Quirks = { toolChoice: 'auto' }
    expect(encode([tool()], { kind: 'required' }, quirks)).toMatchObject({
      choice: null,
      losses: 'tool_choice (required)'
    })
    expect(encode([tool()], { kind: 'auto' }, quirks)).toMatchObject({ choice: null, losses: '' })
    expect(encode([tool()], { kind: 'none' }, quirks)).toMatchObject({ choice: null, tools: [], losses: '' })
  })
})

describe('tools that a channel gets', () => {
  test('are functions', () => {
    expect(encode([tool()]).tools).toEqual([
      { type: 'function', function: { name: 'f', description: 'Does f', parameters: OBJECT } }
    ])
  })

  test('are strict where the client asked for it, the schema fits and the channel takes it (dropsStrict)', () => {
    const strict = tool({ strict: true, parameters: CLOSED })
    expect(encode([strict])).toMatchObject({ tools: [{ function: { strict: true } }], losses: '' })
    for (const [one, quirks] of [
      [strict, { dropsStrict: true }],
      [tool({ strict: true }), {}],
      [tool({ strict: true, parameters: { ...CLOSED, properties: { a: { oneOf: [] } } } }), {}],
      [tool({ strict: true, parameters: { ...CLOSED, properties: { a: OBJECT } } }), {}]
    ] as const) {
      const { tools, losses } = encode([one], null, quirks)
      expect(tools[0]?.function).not.toHaveProperty('strict')
      expect(losses).toBe('strict (f)')
    }
    expect(encode([tool({ strict: false })]).tools[0]?.function).not.toHaveProperty('strict')
  })

  test('have an object’s schema', () => {
    expect(encode([tool({ parameters: {} })]).tools[0]?.function.parameters).toEqual({ type: 'object', properties: {} })
    const pointing = { $ref: '#/$defs/Args', $defs: { Args: CLOSED } }
    expect(encode([tool({ parameters: pointing })])).toMatchObject({
      tools: [{ function: { parameters: CLOSED } }],
      losses: ''
    })
  })

  test('have no alternatives at the top, which are put together', () => {
    const parameters: JsonSchema = {
      type: 'object',
      properties: { x: { type: 'number' } },
      required: ['x'],
      anyOf: [
        { properties: { a: {} }, required: ['a', 'c'] },
        { properties: { b: {} }, required: ['b', 'c'] }
      ]
    }
    const { tools, losses } = encode([tool({ parameters })])
    expect(tools[0]?.function.parameters).toEqual({
      type: 'object',
      properties: { a: {}, b: {}, x: { type: 'number' } },
      required: ['x', 'c']
    })
    expect(losses).toBe('json_schema (f)')
  })

  test('search the web only with a model that is made for it', () => {
    const search: Tool = { kind: 'hosted', tool: 'web_search', allowedDomains: [], blockedDomains: [] }
    expect(encode([search], { kind: 'required' }, {}, 'gpt-5.5').losses).toBe(
      'hosted_tool (web_search), tool_choice (required)'
    )
    expect(encode([search], null, {}, 'gpt-5-search-api')).toMatchObject({ webSearch: {}, losses: '' })
    expect(encode([search], null, {}, 'gpt-5.5')).toMatchObject({
      webSearch: null,
      losses: 'hosted_tool (web_search)'
    })
    expect(encode([{ ...search, allowedDomains: ['x.test'] }], null, {}, 'gpt-5-search-api').losses).toBe(
      'hosted_tool (domains)'
    )
    expect(encode([{ ...search, tool: 'code_execution' }], null, {}, 'x-search').losses).toBe(
      'hosted_tool (code_execution)'
    )
  })

  test('with a schema that never ends are no trouble', () => {
    let parameters: JsonSchema = CLOSED
    for (let depth = 0; depth < 5000; depth++) parameters = { ...CLOSED, properties: { a: parameters } }
    expect(encode([tool({ strict: true, parameters })]).losses).toBe('strict (f)')
  })
})

describe('a call', () => {
  test.each([
    [{ function: { name: 'f', arguments: '{"a":1}' } }, { name: 'f', input: '{"a":1}' }],
    [{ function: { name: 'f', arguments: { a: 1 } } }, { name: 'f', input: '{"a":1}' }],
    [{ function: { name: 'f' } }, { name: 'f', input: '{}' }],
    [
      { type: 'custom', custom: { name: 'f', input: 'a "b"' } },
      { name: 'f', input: '{"input":"a \\"b\\""}' }
    ],
    [
      { name: 'f', arguments: '{}' },
      { name: 'f', input: '{}' }
    ],
    [{ function: {} }, null],
    [{ custom: {} }, null]
  ])('%j is read', (call, expected) => {
    expect(decodeCall(call)).toEqual(expected)
  })

  test('is written with an id that every vendor takes', () => {
    const written = encodeCall({ type: 'tool-call', id: 'call:1', name: 'f', input: '', cache: null })
    expect(written.id).toMatch(/^call_\w{24}$/)
    expect(written.function).toEqual({ name: 'f', arguments: '{}' })
  })

  test('of a custom tool is its text', () => {
    expect(freeTextOf('{"input":"SELECT 1"}')).toBe('SELECT 1')
    expect(freeTextOf('no JSON')).toBe('')
  })
})

describe('a result', () => {
  const result = (text: string | null, isError: boolean): ToolResultPart => ({
    type: 'tool-result',
    callId: 'a',
    name: 'f',
    content: text === null ? [] : [textPart(text)],
    isError,
    cache: null
  })
  const textOf = (part: ToolResultPart) =>
    resultTexts(part)
      .map(({ text }) => text)
      .join('|')

  test('that failed says so, once', () => {
    expect(textOf(result('no such file', true))).toBe('Error: no such file')
    expect(textOf(result('<error>no such file', true))).toBe('<error>no such file')
    expect(textOf(result('Error: gone', true))).toBe('Error: gone')
    expect(textOf(result(null, true))).toBe('Error: ')
    expect(textOf(result('fine', false))).toBe('fine')
  })
})
