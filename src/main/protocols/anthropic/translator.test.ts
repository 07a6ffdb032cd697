import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answerOf,
  asked,
  bytesOf,
  eventsOf,
  jsonFixture
} from '../../../../test/support/translation/anthropic-exchanges'
import { arbitraryAnswer, eventsOfAnswer } from '../../../../test/support/translation/arbitrary-answer'
import { arbitraryConversation } from '../../../../test/support/translation/arbitrary-conversation'
import {
  assistantSays,
  callOf,
  conversationOf,
  functionTool,
  resultOf,
  samplingOf,
  textOf,
  userSays
} from '../../../../test/support/translation/conversations'
import type { Quirks } from '../../../shared/quirks'
import type { Conversation, Part } from '../canonical'
import { Losses } from '../losses'
import { anthropicTranslator } from './translator'
import { encodeUsage, tokenUsage } from './usage'

test('usage comes back as it went', () => {
  const usage = { input: 1, cacheRead: 2, cacheWrite: 5, cacheWrite1h: 3, output: 7, reasoning: 4 }
  expect(tokenUsage(encodeUsage(usage))).toEqual(usage)
})

test('a count of tokens has the vendor’s shape', () => {
  expect(anthropicTranslator.encodeTokenCount(7)).toEqual({ input_tokens: 7 })
})

test.each([
  ['mcp__github__search-code', true],
  ['with.dot', false],
  ['', false]
])('the tool name “%s” is taken: %s', (name, isTaken) => {
  expect(anthropicTranslator.toolNames.pattern.test(name)).toBe(isTaken)
})

const { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } = anthropicTranslator
/** Without marks of its own making. */
const noCache: Quirks = { dropsCacheControl: true }
const thinking: Part = { type: 'reasoning', text: 't', signature: { maker: 'anthropic', value: 's' } }

describe('a request, there and back', () => {
  const roundTrip = (conversation: Conversation, quirks: Quirks): Conversation => {
    const losses = new Losses()
    const request = encodeRequest(conversation, { model: 'claude-sonnet-4-5', stream: true, quirks }, losses)
    const back = decodeRequest(JSON.parse(JSON.stringify(request)) as typeof request, losses)
    expect(losses.toString()).toBe('')
    return back
  }

  /** What does not come back as it went: neighbours of one role are one turn, a limit is always named, and a small one thinks not. */
  const known = (conversation: Conversation): Conversation => {
    const turns: Conversation['turns'][number][] = []
    for (const turn of conversation.turns) {
      const last = turns.at(-1)
      if (last?.role === turn.role)
        turns[turns.length - 1] = { ...last, parts: resultsFirst([...last.parts, ...turn.parts]) }
      else turns.push(turn)
    }
    const maxTokens = conversation.maxTokens ?? 64_000
    const silence = maxTokens <= 1024 ? ({ kind: 'off', unsaid: true } as const) : null
    return { ...conversation, turns, maxTokens, reasoning: conversation.reasoning ?? silence }
  }
  const resultsFirst = (parts: readonly Part[]): readonly Part[] => [
    ...parts.filter(({ type }) => type === 'tool-result'),
    ...parts.filter(({ type }) => type !== 'tool-result')
  ]

  test('any conversation comes back, up to what is known', () => {
    fc.assert(
      fc.property(arbitraryConversation, (conversation) => {
        expect(roundTrip(conversation, noCache)).toEqual(known(conversation))
      })
    )
  })

  test('thinking, hosted tools, choices and formats come back', () => {
    const conversation = conversationOf({
      turns: [userSays(textOf('a')), assistantSays(thinking, textOf('b')), userSays(textOf('c'))],
      tools: [functionTool('f'), { kind: 'hosted', tool: 'web_search', allowedDomains: ['a'], blockedDomains: [] }],
      toolChoice: { kind: 'auto' },
      parallelTools: false,
      maxTokens: 9000,
      reasoning: { kind: 'budget', tokens: 2048, shown: true },
      sampling: samplingOf({ stop: ['END'] }),
      userId: 'u',
      serviceTier: 'auto'
    })
    expect(roundTrip(conversation, noCache)).toEqual(conversation)
  })

  test('what Claude Code sends could go to its own vendor', () => {
    const losses = new Losses()
    const conversation = decodeRequest(jsonFixture('request-claude-code.json'), losses)
    const request = encodeRequest(conversation, { model: 'claude-opus-5-5', stream: true, quirks: {} }, losses)
    expect(losses.toString()).toBe('')
    expect(request).toMatchObject({
      thinking: { type: 'adaptive', display: 'omitted' },
      output_config: { effort: 'high' },
      messages: [
        { role: 'user', content: [{}, {}, { text: '<system>\nThe user opened main.ts.\n</system>' }] },
        { role: 'assistant', content: [{ type: 'thinking', thinking: '', signature: 'c2lnbmVk' }, {}, {}, {}] },
        { role: 'user' }
      ]
    })
  })
})

describe('an answer, there and back', () => {
  test('whole is the same', () => {
    fc.assert(
      fc.property(arbitraryAnswer, (answer) => {
        expect(decodeAnswer(JSON.parse(JSON.stringify(encodeAnswer(answer, asked))))).toEqual(answer)
      })
    )
  })

  test('streamed is the same, in whatever pieces', () => {
    fc.assert(
      fc.property(arbitraryAnswer, fc.integer({ min: 1, max: 40 }), (answer, pieceLength) => {
        const bytes = Buffer.from(bytesOf(eventsOfAnswer(answer, pieceLength)))
        expect(answerOf(eventsOf(bytes))).toEqual(answer)
      })
    )
  })
})

// How many milliseconds is for `npm run bench:translate`: a machine that does other work too takes several times as long.
test('1 MB is read and written in no more time than its size asks for', () => {
  const line = 'const answer = compute("ä", 42) // a line of code\n'.repeat(200)
  const turns = Array.from({ length: 33 }, (_, number) => [
    userSays(textOf(line)),
    assistantSays(textOf(line), callOf(`c${number}`, 'f', JSON.stringify({ code: line.slice(0, 1000) }))),
    userSays(resultOf(`c${number}`, line))
  ]).flat()
  const conversation = conversationOf({ turns, tools: [functionTool('f')] })
  const target = { model: 'claude-sonnet-4-5', stream: true, quirks: {} }
  const body = encodeRequest(conversation, target, new Losses())
  expect(JSON.stringify(body).length).toBeGreaterThan(1_000_000)
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    encodeRequest(decodeRequest(body, new Losses()), target, new Losses())
    return performance.now() - start
  })
  expect(Math.min(...times)).toBeLessThan(600)
})
