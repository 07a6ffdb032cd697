import { expect, test } from 'vitest'
import { conversationOf } from '../../../test/support/translation/conversations'
import type { ProtocolId } from '../../shared/protocol'
import type { Quirks } from '../../shared/quirks'
import type { Conversation, FunctionTool, HostedTool } from './canonical'
import { isList, listIn, memberOf, textIn } from './foreign-json'
import { Losses } from './losses'
import { translators } from './translators'

const functions = (count: number): readonly FunctionTool[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'function',
    name: `t${index}`,
    description: 'd',
    parameters: { type: 'object' },
    strict: null,
    origin: { kind: 'function' },
    cache: null
  }))
const search: HostedTool = { kind: 'hosted', tool: 'web_search', allowedDomains: [], blockedDomains: [] }

function encode(protocol: ProtocolId, model: string, said: Partial<Conversation>, quirks: Quirks = {}) {
  const losses = new Losses()
  const body = translators[protocol].encodeRequest(conversationOf(said), { model, stream: false, quirks }, losses)
  const tools = listIn(body, 'tools').flatMap((tool) => {
    const declared = memberOf(tool, 'functionDeclarations')
    return isList(declared) ? declared : [memberOf(tool, 'function') ?? tool]
  })
  const names = tools.map((tool) => textIn(tool, 'name') ?? textIn(tool, 'type') ?? '')
  return { names, body, losses: losses.toString() }
}

test.each([
  ['openai-chat', 'gpt-4.1'],
  ['openai-chat', 'openai/gpt-5-mini'],
  ['openai-responses', 'gpt-5']
] as const)('%s: more tools than %s takes are cut to 128, and told', (protocol, model) => {
  const { names, losses } = encode(protocol, model, { tools: functions(200) })
  expect(names).toEqual(functions(128).map(({ name }) => name))
  expect(losses).toBe('tool (200 -> 128)')
  expect(encode(protocol, model, { tools: functions(128) })).toMatchObject({ losses: '' })
})

test.each([
  ['anthropic', 'claude-sonnet-4-5'],
  ['gemini', 'gemini-2.5-flash'],
  ['openai-chat', 'deepseek-chat']
] as const)('%s: %s has all of them', (protocol, model) => {
  expect(encode(protocol, model, { tools: functions(200) })).toMatchObject({ names: { length: 200 }, losses: '' })
})

test.each(['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const)(
  '%s: what the channel says counts before the name (mostTools)',
  (protocol) => {
    const { names, losses } = encode(protocol, 'gpt-4.1', { tools: functions(6) }, { mostTools: 4 })
    expect(names).toEqual(['t0', 't1', 't2', 't3'])
    expect(losses).toBe('tool (6 -> 4)')
  }
)

test('the tool that must be called, those that were called, and the vendor’s own stay, each in its place', () => {
  const called = { type: 'tool-call', id: 'c', name: 't7', input: '{}', cache: null } as const
  const result = { type: 'tool-result', callId: 'c', name: 't7', content: [], isError: false, cache: null } as const
  const { names } = encode(
    'openai-responses',
    'gpt-5',
    {
      tools: [...functions(10), search],
      toolChoice: { kind: 'tool', name: 't8' },
      turns: [
        { role: 'assistant', parts: [called] },
        { role: 'user', parts: [result] }
      ]
    },
    { mostTools: 5 }
  )
  expect(names).toEqual(['t0', 't1', 't7', 't8', 'web_search'])
})

test.each([
  ['anthropic', 'claude-sonnet-4-5'],
  ['gemini', 'gemini-2.5-flash'],
  ['openai-chat', 'gpt-4.1'],
  ['openai-responses', 'gpt-5']
] as const)('%s: of tools with one name the first alone is declared, which is told', (protocol, model) => {
  const other = functions(1).map((tool) => ({ ...tool, description: 'other' }))
  const { names, body, losses } = encode(protocol, model, { tools: [...functions(2), ...other] })
  expect(names).toEqual(['t0', 't1'])
  expect(JSON.stringify(body)).not.toContain('other')
  expect(losses).toBe('tool (t0)')
})
