import { expect, test } from 'vitest'
import {
  assistantSays,
  callOf,
  conversationOf,
  functionTool,
  textOf,
  userSays
} from '../../../test/support/translation/conversations'
import type { Conversation, JsonSchema } from './canonical'
import { Losses } from './losses'
import { fitPropertyNames, withKeys } from './property-names'

const TAKEN = { pattern: /^[\w.-]+$/, longest: 64 }
const LONG = 'settings__approved__or__denied__countries__or__regions__approved__list'

const parametersIn = ({ tools }: Conversation): JsonSchema => {
  const [tool] = tools
  return tool?.kind === 'function' ? tool.parameters : {}
}

function fitted(parameters: JsonSchema, more: Partial<Conversation> = {}) {
  const losses = new Losses()
  const tools = [functionTool('list', { parameters })]
  const { conversation, clientKeys } = fitPropertyNames(conversationOf({ tools, ...more }), TAKEN, losses)
  return { conversation, keys: clientKeys.get('list'), schema: parametersIn(conversation), losses: losses.toString() }
}

test('names that the other side refuses are replaced by ones that it takes, always by the same', () => {
  const properties = {
    $filter: { type: 'string' },
    'user[name]': { type: 'string' },
    名: { type: 'string', title: 'Name' },
    [LONG]: {},
    page: { type: 'integer' }
  }
  const { schema, keys, losses } = fitted({ type: 'object', properties, required: ['名', 'page'] })
  const names = Object.keys(schema['properties'] ?? {})
  expect(names).toHaveLength(5)
  for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/)
  expect(names.map((name) => keys?.get(name) ?? name)).toEqual(Object.keys(properties))
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  expect(required).toEqual([names[2], 'page'])
  expect(schema['properties']).toMatchObject({
    [names[0] ?? '']: { title: '$filter' },
    [names[2] ?? '']: { title: 'Name' }
  })
  expect(fitted({ type: 'object', properties }).schema['properties']).toEqual(schema['properties'])
  expect(losses).toBe('')
})

test('names inside a property stay, and a tool whose names are all taken stays as it is', () => {
  const inner = { type: 'object', properties: { $top: { type: 'integer' } } }
  const parameters = { type: 'object', properties: { 'a.b-c': inner } }
  expect(fitted(parameters).schema).toBe(parameters)
  expect(fitted(parameters).keys).toBeUndefined()
})

test('names in choices at the top are seen too, and what is lost of the choice is told', () => {
  const choice = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] })
  const { keys, losses } = fitted({ anyOf: [choice('$a'), choice('$b')] })
  expect([...(keys?.values() ?? [])]).toEqual(['$a', '$b'])
  expect(losses).toContain('json_schema')
})

test('calls in the history are renamed as the tool is, so that the model sees what it wrote', () => {
  const turns = [
    userSays(textOf('hi')),
    assistantSays(callOf('c1', 'list', '{"$filter":"a","page":1}'), callOf('c2', 'other', '{"$filter":"a"}'))
  ]
  const { conversation, keys } = fitted({ type: 'object', properties: { $filter: {} } }, { turns })
  const [sent] = keys?.keys() ?? []
  expect(conversation.turns[1]?.parts).toEqual([
    callOf('c1', 'list', JSON.stringify({ [sent ?? '']: 'a', page: 1 })),
    callOf('c2', 'other', '{"$filter":"a"}')
  ])
})

test('a target that takes all names changes nothing', () => {
  const conversation = conversationOf({ tools: [functionTool('list', { parameters: { properties: { $a: {} } } })] })
  expect(fitPropertyNames(conversation, null, new Losses()).conversation).toBe(conversation)
})

test('input that is no JSON object stays as it came', () => {
  const keys = new Map([['a', '$a']])
  expect(['{"a":', '', '[1]', '{"a":{"a":1}}'].map((text) => withKeys(text, keys))).toEqual([
    '{"a":',
    '',
    '[1]',
    '{"$a":{"a":1}}'
  ])
})

test('whatever the schema says of a renamed property, it says of the new name', () => {
  const { schema, keys, losses } = fitted({
    type: 'object',
    properties: {
      $a: { type: 'string' },
      'b~/c': { type: 'array', items: { $ref: '#/properties/$a' } },
      d: { $ref: '#/properties/b~0~1c/items' },
      e: { type: 'object', properties: { $a: {} }, required: ['$a'], dependentRequired: { $a: ['$a'] } }
    },
    propertyOrdering: ['d', '$a'],
    dependentRequired: { $a: ['b~/c', 'd'], d: ['$a'] },
    dependentSchemas: { $a: { properties: { 'b~/c': { minItems: 1 } }, required: ['b~/c'] } },
    dependencies: { $a: ['d'], d: { required: ['$a'] } },
    if: { properties: { $a: { const: 'x' } } },
    then: { not: { required: ['d', '$a'] } },
    $defs: { node: { properties: { $a: { $ref: '#/properties/$a' } } } }
  })
  const sent = (own: string) => [...(keys ?? [])].find(([, client]) => client === own)?.[0] ?? ''
  const [a, b] = [sent('$a'), sent('b~/c')]
  expect(schema).toEqual({
    type: 'object',
    properties: {
      [a]: { title: '$a', type: 'string' },
      [b]: { title: 'b~/c', type: 'array', items: { $ref: `#/properties/${a}` } },
      d: { $ref: `#/properties/${b}/items` },
      e: { type: 'object', properties: { $a: {} }, required: ['$a'], dependentRequired: { $a: ['$a'] } }
    },
    propertyOrdering: ['d', a],
    dependentRequired: { [a]: [b, 'd'], d: [a] },
    dependentSchemas: { [a]: { properties: { [b]: { minItems: 1 } }, required: [b] } },
    dependencies: { [a]: ['d'], d: { required: [a] } },
    if: { properties: { [a]: { const: 'x' } } },
    then: { not: { required: ['d', a] } },
    $defs: { node: { properties: { $a: { $ref: `#/properties/${a}` } } } }
  })
  expect(losses).toBe('')
})

test('a schema that is nested without end is no reason to throw', () => {
  let deep: JsonSchema = { required: ['$a'] }
  for (let depth = 0; depth < 20_000; depth++) deep = { not: deep }
  expect(fitted({ type: 'object', properties: { $a: {} }, ...deep }).keys?.size).toBe(1)
})
