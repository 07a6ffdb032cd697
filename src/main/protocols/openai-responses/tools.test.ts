import { describe, expect, test } from 'vitest'
import { functionTool } from '../../../../test/support/translation/responses-exchange'
import type { Quirks } from '../../../shared/quirks'
import type { HostedToolName, Tool, ToolChoice, ToolResultPart } from '../canonical'
import { Losses } from '../losses'
import { freeText } from '../responses-calls'
import { DeclaredTools } from '../responses-declared-tools'
import { decodeToolChoice, encodeResult, encodeToolChoice, encodeTools } from './tools'

function declared(...definitions: readonly object[]) {
  const tools = new DeclaredTools()
  const losses = new Losses()
  tools.addAll(definitions, losses)
  return { tools, losses: losses.toString() }
}

const names = (tools: readonly Tool[]) => tools.map((tool) => (tool.kind === 'function' ? tool.name : tool.tool))

describe('tools that a client declares', () => {
  test('a custom tool is a function of one text, and its grammar is told to the model', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' }
    const [tool] = declared({ type: 'custom', name: 'apply_patch', description: 'Edits.', format }).tools.all
    expect(tool).toMatchObject({
      name: 'apply_patch',
      origin: { kind: 'custom' },
      parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] }
    })
    expect(tool?.kind === 'function' && tool.description).toMatch(
      /^Edits\.\n\nPut the whole.*lark grammar:\n\nstart: "a"$/s
    )
  })

  test('the first of a name counts; another is told, the same again is not', () => {
    const of = (description: string) => ({ type: 'function', name: 'f', description })
    const { tools, losses } = declared(of('old'), of('new'))
    expect([tools.all.length, losses]).toEqual([1, 'tool (f)'])
    expect(tools.all).toMatchObject([{ description: 'old' }])
    const again = { type: 'namespace', name: 'functions', tools: [of('old')] }
    expect(declared(of('old'), of('old'), again).losses).toBe('')
  })

  test('members of namespaces have names of their own, which are unique', () => {
    const member = (name: string) => ({ type: 'function', name })
    const { tools } = declared(
      { type: 'namespace', name: 'mcp__a__', tools: [member('_x'), member('y')] },
      { type: 'namespace', name: 'mcp__a', tools: [member('y')] },
      { type: 'namespace', name: 'functions', tools: [member('y'), member('z')] },
      member('z'),
      member('z')
    )
    expect(names(tools.all)).toEqual(['mcp__a__x', 'mcp__a__y', 'mcp__a__y_2', 'y', 'z'])
    expect(tools.nameOf('mcp__a', 'y')).toBe('mcp__a__y_2')
    expect(tools.nameOf('mcp__a__', 'y')).toBe('mcp__a__y')
    expect(tools.nameOf(null, 'y')).toBe('y')
    expect(tools.nameOf('y', 'y')).toBe('y')
    expect(tools.nameOf('gone', 'y')).toBe('gone__y')
  })

  test('thousands of one name are told apart in one pass', () => {
    const namespaces = Array.from({ length: 5000 }, (_, index) => ({
      type: 'namespace',
      name: `a${'_'.repeat(index)}`,
      tools: [{ type: 'function', name: 'x' }]
    }))
    expect(new Set(names(declared(...namespaces).tools.all)).size).toBe(5000)
  })

  test('those that only the vendor carries out are lost by name', () => {
    expect(
      declared(
        { type: 'file_search' },
        { type: 'mcp', server_label: 's' },
        { type: 'image_generation' },
        { type: 'code_interpreter', container: 'cntr_1' },
        { type: 'web_search_preview', user_location: { type: 'approximate' }, external_web_access: false },
        {}
      )
    ).toMatchObject({
      losses:
        'hosted_tool (4: file_search, mcp, image_generation, unknown), container, ' +
        'parameter (web_search.external_web_access)'
    })
  })
})

describe('a tool choice', () => {
  const { tools } = declared(
    { type: 'function', name: 'f' },
    { type: 'custom', name: 'c' },
    { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'g' }] },
    { type: 'web_search' },
    { type: 'code_interpreter' }
  )
  function choose(choice: unknown) {
    const losses = new Losses()
    const decoded = decodeToolChoice(choice, tools, losses)
    return { choice: decoded.choice, tools: names(decoded.tools), losses: losses.toString() }
  }
  const all = names(tools.all)

  test.each([
    [undefined, null],
    ['auto', { kind: 'auto' }],
    ['none', { kind: 'none' }],
    ['required', { kind: 'required' }],
    [
      { type: 'function', name: 'f' },
      { kind: 'tool', name: 'f' }
    ],
    [
      { type: 'custom', name: 'c' },
      { kind: 'tool', name: 'c' }
    ],
    [
      { type: 'function', name: 'g', namespace: 'n' },
      { kind: 'tool', name: 'n__g' }
    ]
  ])('%j is %j', (choice, expected) => {
    expect(choose(choice)).toEqual({ choice: expected, tools: all, losses: '' })
  })

  test('of allowed tools leaves the others away', () => {
    const allowed = [{ type: 'function', name: 'f' }, { type: 'web_search_preview' }, { type: 'namespace', name: 'n' }]
    expect(choose({ type: 'allowed_tools', mode: 'required', tools: allowed })).toEqual({
      choice: { kind: 'required' },
      tools: ['f', 'n__g', 'web_search'],
      losses: ''
    })
  })

  test('of a hosted tool names it where it is declared', () => {
    const choice = { kind: 'tool', name: 'web_search' }
    for (const type of ['web_search', 'web_search_preview']) {
      expect(choose({ type })).toEqual({ choice, tools: all, losses: '' })
    }
    expect(choose({ type: 'file_search' })).toEqual({ choice: null, tools: all, losses: 'tool_choice (file_search)' })
    expect(choose(7)).toMatchObject({ choice: null, losses: 'tool_choice' })
  })
})

describe('a choice for an upstream', () => {
  const hosted = (tool: HostedToolName) => ({ kind: 'hosted', tool, allowedDomains: [], blockedDomains: [] }) as const

  function chosen(tools: readonly Tool[], choice: ToolChoice) {
    const losses = new Losses()
    const sent = encodeTools(tools, new Map(), { model: 'm', stream: false, quirks: {} }, losses)
    return { choice: encodeToolChoice(choice, sent, losses), losses: losses.toString() }
  }

  test('of a hosted tool names its type', () => {
    const tools = [hosted('web_search'), hosted('code_execution')]
    expect(chosen(tools, { kind: 'tool', name: 'web_search' })).toEqual({ choice: { type: 'web_search' }, losses: '' })
    expect(chosen(tools, { kind: 'tool', name: 'code_execution' }).choice).toEqual({ type: 'code_interpreter' })
  })

  test('of a tool that is not sent is left out', () => {
    expect(chosen([hosted('web_search'), hosted('web_fetch')], { kind: 'tool', name: 'web_fetch' })).toEqual({
      choice: null,
      losses: 'hosted_tool (web_fetch), tool_choice (web_fetch)'
    })
    expect(chosen([hosted('web_search')], { kind: 'tool', name: 'f' })).toEqual({
      choice: null,
      losses: 'tool_choice (f)'
    })
    expect(chosen([], { kind: 'required' }).losses).toBe('tool_choice (required)')
  })
})

describe('tools for an upstream', () => {
  function sent(tool: Tool, quirks: Quirks = {}) {
    const losses = new Losses()
    return {
      tools: encodeTools([tool], new Map(), { model: 'm', stream: false, quirks }, losses),
      losses: losses.toString()
    }
  }
  const closed = { type: 'object', properties: {}, required: [], additionalProperties: false }

  test('are strict where that was asked for and can be, and never by default', () => {
    const strict = { ...functionTool('f'), strict: true, parameters: closed }
    expect(sent(strict).tools).toEqual([{ type: 'function', name: 'f', parameters: closed, strict: true }])
    expect(sent({ ...strict, parameters: { type: 'object', properties: { a: {} } } })).toMatchObject({
      tools: [{ strict: false }],
      losses: 'strict (f)'
    })
    expect(sent(functionTool('f')).tools).toMatchObject([{ strict: false }])
    expect(sent(strict, { dropsStrict: true }).tools[0]).not.toHaveProperty('strict')
  })

  test('have an object on top of their parameters', () => {
    expect(sent({ ...functionTool('f'), parameters: { anyOf: [closed, { type: 'object' }] } })).toMatchObject({
      tools: [{ parameters: { type: 'object', properties: {} } }],
      losses: 'json_schema (f)'
    })
  })

  test('of the vendor’s own are those that it has', () => {
    const hosted = { kind: 'hosted', allowedDomains: [], blockedDomains: [] } as const
    expect(sent({ ...hosted, tool: 'code_execution' }).tools).toEqual([
      { type: 'code_interpreter', container: { type: 'auto' } }
    ])
    expect(sent({ ...hosted, tool: 'web_search', allowedDomains: ['a.example'], blockedDomains: ['b'] })).toEqual({
      tools: [{ type: 'web_search', filters: { allowed_domains: ['a.example'] } }],
      losses: 'hosted_tool (web_search.blocked_domains)'
    })
    expect(sent({ ...hosted, tool: 'web_fetch' })).toEqual({ tools: [], losses: 'hosted_tool (web_fetch)' })
  })
})

describe('a result for an upstream', () => {
  const text = (value: string) => ({ type: 'text', text: value, cache: null, citations: [] }) as const
  const image = {
    type: 'media',
    media: 'image',
    mimeType: 'image/png',
    source: { kind: 'base64', data: 'aa' },
    name: null,
    detail: null,
    cache: null
  } as const
  const sent = (content: ToolResultPart['content'], isError = false) =>
    encodeResult({ type: 'tool-result', callId: 'c', name: 'f', content, isError, cache: null })

  test('is its text, or its parts', () => {
    expect(sent([text('x')])).toEqual({ type: 'function_call_output', call_id: 'c', output: 'x' })
    expect(sent([])).toMatchObject({ output: '' })
    expect(sent([text('x'), image])).toMatchObject({ output: [{ type: 'input_text' }, { type: 'input_image' }] })
  })

  test('of a failed call says so once', () => {
    expect(sent([text('no such file')], true)).toMatchObject({ output: 'Error: no such file' })
    expect(sent([text('<error>no such file')], true)).toMatchObject({ output: '<error>no such file' })
    expect(sent([image], true)).toMatchObject({ output: [{ text: 'Error: ' }, { type: 'input_image' }] })
  })
})

test.each([
  ['{"input":"a\\nb"}', 'a\nb'],
  ['{"patch":"a"}', 'a'],
  ['{"patch":"a","b":"c"}', '{"patch":"a","b":"c"}'],
  ['{"input":7}', '{"input":7}'],
  ['"a"', 'a'],
  ['*** Begin', '*** Begin']
])('the free text of %s is %j', (input, expected) => {
  expect(freeText(input)).toBe(expected)
})
