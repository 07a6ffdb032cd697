import { describe, expect, test } from 'vitest'
import type { Conversation, FunctionTool, JsonSchema, ToolChoice } from '../canonical'
import { conversation } from '../../../../test/support/translation/gemini'
import { fitSchema } from '../gemini-schema'
import { Losses } from '../losses'
import { decodeTools, encodeTools } from './tools'

function decoded(body: Record<string, unknown>) {
  const losses = new Losses()
  return { ...decodeTools(body, losses), lost: losses.toString() }
}

const names = (body: Record<string, unknown>) =>
  decoded(body).tools.map((tool) => (tool.kind === 'hosted' ? tool.tool : tool.name))

describe('a client’s tools', () => {
  test('are functions with their schemas in either form', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } }
    const { tools } = decoded({
      tools: [
        {
          functionDeclarations: [
            { name: 'f', description: 'd', parametersJsonSchema: schema },
            { name: 'g', parameters: { type: 'OBJECT', properties: { a: { type: 'STRING' } } } },
            { name: 'h' },
            { description: 'nameless' },
            null
          ]
        }
      ]
    })
    expect(tools).toMatchObject([
      { kind: 'function', name: 'f', description: 'd', parameters: schema, strict: null },
      { name: 'g', description: '', parameters: schema },
      { name: 'h', parameters: { type: 'object', properties: {} } }
    ])
  })

  test('are hosted ones that others have too; the rest is lost by name', () => {
    const body = {
      tools: [
        { googleSearch: { excludeDomains: ['x.example'] }, urlContext: {} },
        { code_execution: {} },
        { googleMaps: {} },
        { computer_use: {} }
      ]
    }
    expect(decoded(body)).toMatchObject({
      tools: [
        { kind: 'hosted', tool: 'web_search', blockedDomains: ['x.example'] },
        { kind: 'hosted', tool: 'web_fetch' },
        { kind: 'hosted', tool: 'code_execution' }
      ],
      lost: 'hosted_tool (googleMaps), client_tool (computer_use)'
    })
  })

  const functions = { tools: [{ functionDeclarations: [{ name: 'f' }, { name: 'g' }, { name: 'h' }] }] }
  const choose = (mode: unknown, allowedFunctionNames: readonly unknown[] = []) => ({
    ...functions,
    toolConfig: { functionCallingConfig: { mode, allowedFunctionNames } }
  })

  test.each<[string, Record<string, unknown>, ToolChoice | null, readonly string[]]>([
    ['nothing said', functions, null, ['f', 'g', 'h']],
    ['AUTO', choose('AUTO'), { kind: 'auto' }, ['f', 'g', 'h']],
    ['VALIDATED', choose('VALIDATED'), { kind: 'auto' }, ['f', 'g', 'h']],
    ['ANY', choose('ANY'), { kind: 'required' }, ['f', 'g', 'h']],
    ['one named', choose('ANY', ['g']), { kind: 'tool', name: 'g' }, ['f', 'g', 'h']],
    ['some named', choose('ANY', ['g', 'h', 7]), { kind: 'required' }, ['g', 'h']],
    ['NONE', choose('NONE', ['g']), { kind: 'none' }, ['f', 'g', 'h']],
    ['a mode of the future', choose('MAYBE'), null, ['f', 'g', 'h']],
    ['no mode at all', choose(7), null, ['f', 'g', 'h']]
  ])('are chosen from: %s', (_name, body, choice, left) => {
    expect(decoded(body).toolChoice).toEqual(choice)
    expect(names(body)).toEqual(left)
  })
})

const tool = (name: string, more: Partial<FunctionTool> = {}): FunctionTool => ({
  kind: 'function',
  name,
  description: 'd',
  parameters: { type: 'object', properties: {} },
  strict: null,
  cache: null,
  origin: { kind: 'function' },
  ...more
})
const search = { kind: 'hosted', tool: 'web_search', allowedDomains: [], blockedDomains: [] } as const

type Asked = Partial<Pick<Conversation, 'tools' | 'toolChoice' | 'parallelTools'>>

function encoded(asked: Asked, isGemini3 = true) {
  const losses = new Losses()
  return { ...encodeTools(conversation(asked), isGemini3, losses), lost: losses.toString() }
}

describe('tools for Gemini', () => {
  test('are declared with a JSON Schema of an object', () => {
    expect(encoded({ tools: [tool('f', { description: '' }), tool('g')] })).toMatchObject({
      tools: [
        {
          functionDeclarations: [
            { name: 'f', description: undefined, parametersJsonSchema: { type: 'object', properties: {} } },
            { name: 'g', description: 'd' }
          ]
        }
      ],
      toolConfig: undefined,
      lost: ''
    })
    expect(encoded({}).tools).toBeUndefined()
  })

  test.each<[ToolChoice, object]>([
    [{ kind: 'auto' }, { mode: 'AUTO' }],
    [{ kind: 'required' }, { mode: 'ANY' }],
    [{ kind: 'none' }, { mode: 'NONE' }],
    [
      { kind: 'tool', name: 'f' },
      { mode: 'ANY', allowedFunctionNames: ['f'] }
    ]
  ])('are chosen from by %j', (toolChoice, functionCallingConfig) => {
    expect(encoded({ tools: [tool('f')], toolChoice }).toolConfig).toEqual({ functionCallingConfig })
    expect(encoded({ toolChoice }).toolConfig).toBeUndefined()
  })

  test('are not chosen by a name that no function has', () => {
    const named = (name: string) => ({ kind: 'tool', name }) as const
    expect(encoded({ tools: [tool('f'), search], toolChoice: named('web_search') })).toMatchObject({
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED', allowedFunctionNames: undefined } },
      lost: 'tool_choice (web_search)'
    })
    expect(encoded({ tools: [search], toolChoice: named('web_search') })).toMatchObject({
      toolConfig: undefined,
      lost: 'tool_choice'
    })
    expect(encoded({ tools: [tool('f')], toolChoice: named('g') })).toMatchObject({
      toolConfig: undefined,
      lost: 'tool_choice (g)'
    })
  })

  test('keep to their schemas where the client wants it', () => {
    const tools = [tool('f', { strict: true }), tool('g', { strict: false })]
    for (const toolChoice of [null, { kind: 'auto' } as const]) {
      expect(encoded({ tools, toolChoice }).toolConfig).toEqual({ functionCallingConfig: { mode: 'VALIDATED' } })
    }
    expect(encoded({ tools, toolChoice: { kind: 'required' } }).toolConfig).toEqual({
      functionCallingConfig: { mode: 'ANY' }
    })
  })

  test('of Gemini’s own stand beside functions from Gemini 3 on', () => {
    const tools = [tool('f'), search]
    expect(encoded({ tools })).toMatchObject({
      tools: [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: {} }],
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED' }, includeServerSideToolInvocations: true },
      lost: ''
    })
    const older = encoded({ tools }, false)
    expect(older.tools).toHaveLength(1)
    expect(older.lost).toBe('hosted_tool (web_search)')
    expect(encoded({ tools: [search] }, false)).toEqual({
      tools: [{ googleSearch: {} }],
      toolConfig: undefined,
      lost: ''
    })
  })

  test('lose what Gemini can’t be told', () => {
    expect(encoded({ tools: [tool('f')], parallelTools: false }).lost).toBe('parallel_tools')
    expect(encoded({ tools: [tool('f')], parallelTools: true }).lost).toBe('')
    expect(encoded({ tools: [{ ...search, allowedDomains: ['a'] }] }).lost).toBe('hosted_tool (domains of web_search)')
    expect(encoded({ tools: [search], toolChoice: { kind: 'required' } }).lost).toBe('tool_choice')
  })
})

function fitted(schema: JsonSchema) {
  const losses = new Losses()
  return { schema: fitSchema(schema, losses), lost: losses.toString() }
}

function parameters(schema: JsonSchema) {
  const { tools, lost } = encoded({ tools: [tool('f', { parameters: schema })] })
  return { schema: tools?.[0]?.functionDeclarations?.[0]?.parametersJsonSchema, lost }
}

describe('a schema for Gemini', () => {
  test('keeps what Gemini knows', () => {
    const schema = {
      type: 'object',
      title: 't',
      description: 'd',
      properties: {
        a: { type: ['string', 'null'], format: 'date-time', enum: ['x', 'y'] },
        b: {
          type: 'array',
          items: { oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }] },
          minItems: 1,
          maxItems: 2
        },
        c: {
          anyOf: [
            { type: 'number', minimum: 0 },
            { type: 'integer', maximum: 9 }
          ]
        },
        constructor: { prefixItems: [{ type: 'string' }] }
      },
      required: ['a', 'constructor'],
      additionalProperties: false
    }
    expect(fitted(schema)).toEqual({ schema, lost: '' })
  })

  test('says in Gemini’s words what it can', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        one: { const: 'x', default: 'x' },
        count: { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
        share: { type: 'number', exclusiveMinimum: 0 },
        flag: { type: 'boolean', enum: [true, false] },
        other: { $ref: '#/definitions/Other', description: 'said beside a reference' },
        pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }] },
        link: { type: 'string', format: 'uri' }
      },
      required: ['one', 'one', 'gone', 7],
      definitions: { Other: { type: 'string', examples: ['a'] } }
    }
    expect(fitted(schema)).toEqual({
      schema: {
        type: 'object',
        properties: {
          one: { enum: ['x'] },
          count: { type: 'integer', minimum: 1, maximum: 9 },
          share: { type: 'number', minimum: 0 },
          flag: { type: 'boolean' },
          other: { type: 'string', description: 'said beside a reference' },
          pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] },
          link: { type: 'string' }
        },
        required: ['one']
      },
      lost: ''
    })
  })

  test('loses the rest by name', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string', pattern: '^a', minLength: 2 } },
      propertyNames: { pattern: 'x' },
      not: { required: ['b'] }
    }
    expect(fitted(schema)).toEqual({
      schema: { type: 'object', properties: { a: { type: 'string' } } },
      lost: 'json_schema (4: pattern, minLength, propertyNames, not)'
    })
  })

  test('has the parts of allOf put together', () => {
    const schema = {
      description: 'whole',
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { properties: { b: { type: 'number' } } },
        { required: ['b'], description: 'part' }
      ]
    }
    expect(fitted(schema)).toEqual({
      schema: {
        description: 'whole',
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'number' } },
        required: ['a', 'b']
      },
      lost: ''
    })
    expect(fitted({ allOf: [{ $ref: '#/$defs/A' }], $defs: { A: { minimum: 1 } } }).schema).toEqual({ minimum: 1 })
    expect(fitted({ minimum: 1, allOf: [{ minimum: 2 }] })).toEqual({
      schema: { minimum: 1 },
      lost: 'json_schema (allOf)'
    })
  })

  test('of parameters is one of an object at the top', () => {
    expect(parameters({})).toEqual({ schema: { type: 'object', properties: {} }, lost: '' })
    const target = { type: 'object', properties: { a: { type: 'string' } } }
    expect(parameters({ $ref: '#/definitions/In', definitions: { In: target } })).toEqual({
      schema: target,
      lost: ''
    })
    const either = {
      properties: { both: { type: 'string' } },
      required: ['both'],
      anyOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }, { properties: { b: { type: 'number' } } }]
    }
    expect(parameters(either)).toEqual({
      schema: {
        type: 'object',
        properties: { both: { type: 'string' }, a: { type: 'string' }, b: { type: 'number' } },
        required: ['both']
      },
      lost: 'json_schema (f)'
    })
  })
})
