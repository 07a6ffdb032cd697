import { describe, expect, test } from 'vitest'
import { conversationOf, textOf } from '../../../test/support/translation/conversations'
import type { Conversation } from './canonical'
import { Losses } from './losses'
import { NOTHING_SAID } from './nothing-said'
import { translators } from './translators'

type To = keyof typeof translators
const ALL = ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const

function turnsTo(to: To, more: Partial<Conversation>): readonly unknown[] {
  const target = { model: 'claude-sonnet-5', stream: false, quirks: {} }
  const body = translators[to].encodeRequest(conversationOf(more), target, new Losses())
  const turns = body['messages'] ?? body['input'] ?? body['contents']
  return Array.isArray(turns) ? turns : []
}

describe.each(ALL)('%s is never sent an empty conversation', (to) => {
  test.each<[string, Partial<Conversation>]>([
    ['nothing', { turns: [] }],
    ['an empty text', { turns: [{ role: 'user', parts: [textOf('')] }] }],
    [
      'reasoning alone',
      { turns: [{ role: 'assistant', parts: [{ type: 'reasoning', text: 'hm', signature: null }] }] }
    ],
    ['a system prompt alone', { turns: [], system: [textOf('Be brief.')] }]
  ])('of %s', (_name, conversation) => {
    const turns = turnsTo(to, conversation)
    expect(turns).toHaveLength(1)
    expect(JSON.stringify(turns)).toContain(conversation.system === undefined ? NOTHING_SAID : 'Be brief.')
  })
})

test('nothing but space is none for Anthropic, which refuses it', () => {
  const turns = turnsTo('anthropic', { turns: [{ role: 'user', parts: [textOf(' \n')] }] })
  expect(JSON.stringify(turns)).toContain(NOTHING_SAID)
})

test.each(['anthropic', 'gemini'] as const)('to %s an assistant is never the first', (to) => {
  const turns = turnsTo(to, {
    turns: [
      { role: 'assistant', parts: [textOf('Hello!')] },
      { role: 'user', parts: [textOf('Hi')] }
    ]
  })
  expect(turns).toMatchObject([{ role: 'user' }, {}, { role: 'user' }])
  expect(JSON.stringify(turns[0])).toContain(NOTHING_SAID)
})
