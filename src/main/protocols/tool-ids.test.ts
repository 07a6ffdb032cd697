import { describe, expect, test } from 'vitest'
import { conversationOf, textOf } from '../../../test/support/translation/conversations'
import type { Part, Turn } from './canonical'
import { callIdsIn } from '../../../test/support/translation/call-ids'
import { Losses } from './losses'
import { withUniqueCallIds } from './tool-ids'
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
const idsOf = (turns: readonly Turn[]) => callIdsIn(withUniqueCallIds(conversationOf({ turns })).turns)

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
    expect(withUniqueCallIds(conversation)).toBe(conversation)
    expect(idsOf([...loop('a'), ...loop('a'), { role: 'user', parts: [result('z')] }]).results.at(-1)).toBe('z')
  })

  test('are unique for Anthropic, which refuses any other', () => {
    const turns = [...loop('functions.f:0'), ...loop('functions.f:0')]
    const body = translators.anthropic.encodeRequest(
      conversationOf({ turns }),
      { model: 'claude-sonnet-5', stream: false, quirks: {} },
      new Losses()
    )
    const ids = [...JSON.stringify(body).matchAll(/"(?:id|tool_use_id)":"([^"]+)"/g)].map(([, id]) => id)
    expect(ids).toEqual([ids[0], ids[0], ids[2], ids[2]])
    expect(ids[2]).not.toBe(ids[0])
  })
})
