import { expect, test } from 'vitest'
import { conversationOf } from '../../../test/support/translation/conversations'
import type { Part, Turn } from './canonical'
import { withoutLoneResults } from './lone-results'
import { Losses } from './losses'

const text = (said: string): Part => ({ type: 'text', text: said, cache: null, citations: [] })
const result = (callId: string, said: string): Part => {
  const content = [{ type: 'text', text: said, cache: null, citations: [] }] as const
  return { type: 'tool-result', callId, name: 'f', content, isError: false, cache: null }
}
const call: Part = { type: 'tool-call', id: 'a', name: 'f', input: '{}', cache: null }
const user = (...parts: readonly Part[]): Turn => ({ role: 'user', parts })

const turnsOf = (turns: readonly Turn[], losses: Losses): readonly Turn[] =>
  withoutLoneResults(conversationOf({ turns }), losses).turns

test('a result before its call, or without one, is told in words where it stood, and named as lost', () => {
  const losses = new Losses()
  const turns = [user(text('q'), result('zz', 'orphan'), text('w')), { role: 'assistant', parts: [call] } as const]
  expect(turnsOf([user(result('a', 'early')), ...turns], losses)).toEqual([
    user(text('Result of a tool call:'), text('early')),
    user(text('q'), text('Result of a tool call:'), text('orphan'), text('w')),
    turns[1]
  ])
  expect(losses.toString()).toBe('history (a tool result without its call)')
})

test('a result behind its call stays one', () => {
  const losses = new Losses()
  const turns: readonly Turn[] = [{ role: 'assistant', parts: [call] }, user(result('a', 'done'))]
  expect(turnsOf(turns, losses)).toEqual(turns)
  expect(losses.toString()).toBe('')
})

test('a second result of one call is told in words, and one that holds nothing says so', () => {
  const losses = new Losses()
  const empty: Part = { type: 'tool-result', callId: 'b', name: 'f', content: [], isError: false, cache: null }
  const turns: readonly Turn[] = [
    { role: 'assistant', parts: [call] },
    user(result('a', 'one'), result('a', 'two'), empty)
  ]
  expect(turnsOf(turns, losses)[1]).toEqual(
    user(result('a', 'one'), text('Result of a tool call:'), text('two'), text('Result of a tool call: none'))
  )
})
