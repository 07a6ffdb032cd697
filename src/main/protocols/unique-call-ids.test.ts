import { describe, expect, test } from 'vitest'
import { callIdsIn } from '../../../test/support/translation/call-ids'
import { conversationOf, textOf } from '../../../test/support/translation/conversations'
import type { ProtocolId } from '../../shared/protocol'
import type { Part, Turn } from './canonical'
import type { JsonObject } from './foreign-json'
import { fitNames } from './client-calls'
import { Losses } from './losses'
import { withUniqueCallIds } from './unique-call-ids'
import { translators } from './translators'

const call = (id: string): Part => ({ type: 'tool-call', id, name: 'f', input: '{}', cache: null })
const result = (callId: string): Part => ({
  type: 'tool-result',
  callId,
  name: 'f',
  content: [textOf('ok')],
  isError: false,
  cache: null
})
const loop = (...ids: readonly string[]): readonly Turn[] => [
  { role: 'assistant', parts: ids.map(call) },
  { role: 'user', parts: ids.map(result) }
]
const idsOf = (turns: readonly Turn[]) => callIdsIn(withUniqueCallIds(conversationOf({ turns })).conversation.turns)

describe('ids of calls that repeat', () => {
  test('are told apart, each with its result', () => {
    const turns = [...loop('call_0'), ...loop('call_0', 'call_1'), ...loop('call_0')]
    expect(idsOf(turns)).toEqual({
      calls: ['call_0', 'call_0_2', 'call_1', 'call_0_3'],
      results: ['call_0', 'call_0_2', 'call_1', 'call_0_3']
    })
  })

  test('within one turn are told apart in their order', () => {
    expect(idsOf(loop('a', 'a'))).toEqual({ calls: ['a', 'a_2'], results: ['a', 'a_2'] })
  })

  test('a result goes to the call of the last turn, not to one that was interrupted before', () => {
    const interrupted: Turn = { role: 'assistant', parts: [call('call_0')] }
    expect(idsOf([interrupted, ...loop('call_0')])).toEqual({ calls: ['call_0', 'call_0_2'], results: ['call_0_2'] })
  })

  test('never meet one that a client made so itself', () => {
    const { calls } = idsOf([...loop('a'), ...loop('a_2'), ...loop('a'), ...loop('a_2')])
    expect(new Set(calls).size).toBe(4)
  })

  test('stay the same as the conversation grows, so that the prompt cache holds', () => {
    const turns = [...loop('call_0'), ...loop('call_0'), ...loop('call_0')]
    const grown = idsOf([...turns, ...loop('call_0')])
    expect(grown.calls.slice(0, 3)).toEqual(idsOf(turns).calls)
  })

  test('of a result without a call stay as they are, and so does a conversation without repetition', () => {
    const conversation = conversationOf({ turns: loop('a', 'b') })
    expect(withUniqueCallIds(conversation).conversation).toBe(conversation)
    expect(idsOf([...loop('a'), ...loop('a'), { role: 'user', parts: [result('z')] }]).results.at(-1)).toBe('z')
  })
})

describe('a history whose ids repeat, from turn to turn and within one', () => {
  /** `f` alone, then `f` and `g` at once, all with one id; each is answered with its own number. */
  const id = 'call_0'
  const chatCall = (name: string) => ({ id, type: 'function', function: { name, arguments: '{}' } })
  const chatResult = (content: string) => ({ role: 'tool', tool_call_id: id, content })
  const use = (name: string) => ({ type: 'tool_use', id, name, input: {} })
  const used = (content: string) => ({ type: 'tool_result', tool_use_id: id, content })
  const itemCall = (name: string) => ({ type: 'function_call', call_id: id, name, arguments: '{}' })
  const itemResult = (output: string) => ({ type: 'function_call_output', call_id: id, output })
  const functionCall = (name: string) => ({ functionCall: { id, name, args: {} } })
  const functionResponse = (name: string, output: string) => ({ functionResponse: { id, name, response: { output } } })
  const histories: Readonly<Record<ProtocolId, JsonObject>> = {
    'openai-chat': {
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', tool_calls: [chatCall('f')] },
        chatResult('1'),
        { role: 'assistant', tool_calls: [chatCall('f'), chatCall('g')] },
        chatResult('2'),
        chatResult('3')
      ]
    },
    anthropic: {
      max_tokens: 9,
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [use('f')] },
        { role: 'user', content: [used('1')] },
        { role: 'assistant', content: [use('f'), use('g')] },
        { role: 'user', content: [used('2'), used('3')] }
      ]
    },
    'openai-responses': {
      input: [
        { role: 'user', content: 'go' },
        itemCall('f'),
        itemResult('1'),
        itemCall('f'),
        itemCall('g'),
        itemResult('2'),
        itemResult('3')
      ]
    },
    gemini: {
      contents: [
        { role: 'user', parts: [{ text: 'go' }] },
        { role: 'model', parts: [functionCall('f')] },
        { role: 'user', parts: [functionResponse('f', '1')] },
        { role: 'model', parts: [functionCall('f'), functionCall('g')] },
        { role: 'user', parts: [functionResponse('f', '2'), functionResponse('g', '3')] }
      ]
    }
  }
  const ALL = ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const

  test.each(ALL.flatMap((from) => ALL.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'from a client of %s reaches a channel of %s with an id for each call, each result with its own',
    (from, to) => {
      const asked = translators[from].decodeRequest(histories[from], new Losses())
      const { conversation } = fitNames(asked, translators[to], new Losses())
      const sent = translators[to].encodeRequest(
        conversation,
        { model: 'claude-sonnet-5', stream: false, quirks: {} },
        new Losses()
      )
      const parts = translators[to].decodeRequest(sent, new Losses()).turns.flatMap((turn) => turn.parts)
      const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [[part.id, part.name]] : []))
      const results = parts.flatMap((part) =>
        part.type === 'tool-result'
          ? [[part.callId, part.name, part.content.map((one) => 'text' in one && one.text)]]
          : []
      )
      expect(calls).toEqual([
        ['call_0', 'f'],
        ['call_0_2', 'f'],
        ['call_0_3', 'g']
      ])
      expect(results).toEqual([
        ['call_0', 'f', ['1']],
        ['call_0_2', 'f', ['2']],
        ['call_0_3', 'g', ['3']]
      ])
    }
  )
})
