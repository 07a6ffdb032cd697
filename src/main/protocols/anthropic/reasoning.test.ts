import { describe, expect, test } from 'vitest'
import {
  assistantSays,
  callOf,
  conversationOf,
  functionTool,
  resultOf,
  textOf,
  userSays
} from '../../../../test/support/translation/conversations'
import type { Quirks } from '../../../shared/quirks'
import type { Conversation, ReasoningPart, ReasoningWish, Turn } from '../canonical'
import { messagesModel } from '../claude-model'
import { Losses } from '../losses'
import { decodeThinking, decodeWish, encodeOwnThinking, encodeThinking, planThinking } from './reasoning'

const reasoning = (text: string, signature: ReasoningPart['signature']): ReasoningPart => ({
  type: 'reasoning',
  text,
  signature
})
const own = reasoning('t', { maker: 'anthropic', value: 's' })
const foreign = reasoning('t', { maker: 'gemini', value: 's' })

const none: Quirks = {}

function plan(more: Partial<Conversation>, { model = 'claude-sonnet-4-5', quirks = none } = {}) {
  const losses = new Losses()
  const found = planThinking(conversationOf(more), { model, stream: true, quirks }, messagesModel(model), losses)
  return { ...found, losses: losses.toString() }
}

describe('thinking in a conversation', () => {
  test.each([
    ['thinking', own],
    ['thinking that is not shown', reasoning('', { maker: 'anthropic', value: 's' })],
    ['redacted thinking', reasoning('', { maker: 'anthropic', value: 'redacted:ZA==' })],
    ['another vendor’s', foreign],
    ['unsigned thinking', reasoning('t', null)]
  ])('comes back from a client as it went: %s', (_name, part) => {
    expect(decodeThinking({ ...encodeThinking(part) })).toEqual(part)
  })

  test('goes to the vendor only with a signature of its own', () => {
    expect(encodeOwnThinking(own)).toEqual({ type: 'thinking', thinking: 't', signature: 's' })
    expect(encodeOwnThinking(reasoning('', { maker: 'anthropic', value: 'redacted:ZA==' }))).toEqual({
      type: 'redacted_thinking',
      data: 'ZA=='
    })
    expect(encodeOwnThinking(foreign)).toBeNull()
    expect(encodeOwnThinking(reasoning('t', null))).toBeNull()
  })

  test('of nothing is none', () => {
    expect(decodeThinking({ type: 'thinking', thinking: '', signature: '' })).toBeNull()
  })
})

describe('a client’s wish', () => {
  test.each<[object, ReasoningWish | null]>([
    [{}, null],
    [{ max_tokens: 1025 }, null],
    [{ max_tokens: 1024 }, { kind: 'off', unsaid: true }],
    [
      { max_tokens: 512, output_config: { effort: 'low' } },
      { kind: 'effort', effort: 'low', shown: null }
    ],
    [{ thinking: { type: 'disabled' } }, { kind: 'off' }],
    [{ thinking: { type: 'between_tools' } }, { kind: 'off' }],
    [{ thinking: { type: 'adaptive' } }, { kind: 'adaptive', shown: null }],
    [{ thinking: { type: 'adaptive', display: 'summarized' } }, { kind: 'adaptive', shown: true }],
    [{ thinking: { type: 'enabled', budget_tokens: 2048 } }, { kind: 'budget', tokens: 2048, shown: true }],
    [
      { thinking: { type: 'enabled', budget_tokens: 2048, display: 'omitted' }, output_config: { effort: 'max' } },
      { kind: 'budget', tokens: 2048, shown: false }
    ],
    [{ thinking: { type: 'enabled' } }, { kind: 'adaptive', shown: true }],
    [
      { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'xhigh' } },
      { kind: 'effort', effort: 'xhigh', shown: false }
    ],
    [{ output_config: { effort: 'low' } }, { kind: 'effort', effort: 'low', shown: null }],
    [{ thinking: { type: 'disabled' }, output_config: { effort: 'low' } }, { kind: 'off' }],
    [{ thinking: 7, output_config: { effort: 'constructor' } }, null]
  ])('%j is %j', (body, wish) => {
    expect(decodeWish({ ...body })).toEqual(wish)
  })
})

describe('a model that decides itself', () => {
  const model = 'claude-opus-4-6'

  test('is told the effort, a budget as the nearest one', () => {
    expect(plan({ reasoning: { kind: 'effort', effort: 'high', shown: true } }, { model })).toEqual({
      thinking: { type: 'adaptive', display: 'summarized' },
      effort: 'high',
      maxTokens: 64_000,
      isOn: true,
      losses: ''
    })
    expect(plan({ reasoning: { kind: 'budget', tokens: 5000, shown: null } }, { model })).toMatchObject({
      thinking: { type: 'adaptive' },
      effort: 'low'
    })
    expect(plan({ reasoning: { kind: 'adaptive', shown: false } }, { model })).toMatchObject({
      thinking: { type: 'adaptive', display: 'omitted' },
      effort: null
    })
  })

  test('is told the nearest effort that it knows', () => {
    const effort = (asked: 'minimal' | 'xhigh', options: Parameters<typeof plan>[1]) =>
      plan({ reasoning: { kind: 'effort', effort: asked, shown: null } }, options).effort
    expect(effort('minimal', { model })).toBe('low')
    expect(effort('xhigh', { model })).toBe('high')
    expect(effort('xhigh', { model: 'claude-opus-4-7' })).toBe('xhigh')
    expect(effort('xhigh', { model, quirks: { efforts: ['minimal', 'low'] } })).toBe('low')
  })

  test.each([
    ['claude-opus-4-6', { type: 'disabled' }, null, ''],
    ['claude-sonnet-5-5', { type: 'between_tools' }, null, ''],
    ['claude-opus-5-5', null, 'low', 'reasoning (off)'],
    ['claude-fable-5', null, 'low', 'reasoning (off)']
  ])('%s is switched off as it can be', (name, thinking, effort, losses) => {
    expect(plan({ reasoning: { kind: 'off' } }, { model: name })).toMatchObject({
      thinking,
      effort,
      losses,
      isOn: false
    })
  })
})

test('what the client left unsaid is not said to the vendor either', () => {
  const silent = plan({ reasoning: { kind: 'off', unsaid: true } }, { model: 'claude-sonnet-5-5' })
  expect(silent).toMatchObject({ thinking: null, effort: null, losses: '' })
})

describe('a model that is given a budget', () => {
  const effort = (name: 'low' | 'high' | 'max'): ReasoningWish => ({ kind: 'effort', effort: name, shown: null })

  test('has room for its answer beside it', () => {
    const fits = plan({ reasoning: effort('low'), maxTokens: 10_000 })
    expect(fits).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 4096 }, maxTokens: 10_000, losses: '' })
    const capped = plan({ reasoning: effort('max') })
    expect(capped).toMatchObject({ thinking: { budget_tokens: 64_000 - 8192 }, maxTokens: 64_000 })
    expect(plan({ reasoning: effort('max') }, { model: 'kimi-k2' })).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 65_536 },
      maxTokens: 65_536 + 8192
    })
  })

  test.each<[string, ReasoningWish, number, number | null, string]>([
    ['a larger budget shrinks', effort('high'), 4000, 3000, 'reasoning (high -> low)'],
    [
      'one that nearly fills it too',
      { kind: 'budget', tokens: 3900, shown: null },
      4000,
      3000,
      'reasoning (3900 -> 3000)'
    ],
    ['the effort is still the same one', effort('high'), 30_000, 22_500, ''],
    ['the least that is taken fits just', effort('high'), 1536, 1024, 'reasoning (high -> minimal)'],
    ['no budget fits', effort('high'), 1535, null, 'reasoning (off within 1535 tokens)'],
    ['nor here', { kind: 'adaptive', shown: null }, 500, null, 'reasoning (off within 500 tokens)']
  ])('keeps the client’s limit, which its reasoning counts into: %s', (_name, reasoning, maxTokens, budget, losses) => {
    expect(plan({ reasoning, maxTokens })).toMatchObject({
      thinking: budget === null ? { type: 'disabled' } : { type: 'enabled', budget_tokens: budget },
      isOn: budget !== null,
      maxTokens,
      losses
    })
  })

  test('is never given less than the vendor takes', () => {
    const { thinking } = plan({ reasoning: { kind: 'budget', tokens: 10, shown: true } })
    expect(thinking).toEqual({ type: 'enabled', budget_tokens: 1024, display: 'summarized' })
    expect(plan({ reasoning: { kind: 'adaptive', shown: null } }).thinking).toMatchObject({ budget_tokens: 12_288 })
  })

  test('does not think where a tool is forced', () => {
    const forced = { tools: [functionTool('f')], toolChoice: { kind: 'required' }, reasoning: effort('low') } as const
    expect(plan(forced)).toMatchObject({
      thinking: { type: 'disabled' },
      isOn: false,
      losses: 'reasoning (off where a tool is forced)'
    })
  })

  test.each([
    ['claude-opus-4-6', 'disabled', 'reasoning (off where a tool is forced)'],
    ['claude-sonnet-4-6', 'disabled', 'reasoning (off where a tool is forced)'],
    ['claude-opus-4-8', 'adaptive', ''],
    ['claude-opus-5', 'adaptive', '']
  ])('as it sees fit, %s is %s where a tool is forced', (model, type, losses) => {
    const forced = { tools: [functionTool('f')], toolChoice: { kind: 'required' }, reasoning: effort('low') } as const
    expect(plan(forced, { model })).toMatchObject({ thinking: { type }, losses })
  })

  const loop = (...first: Turn['parts']): readonly Turn[] => [
    userSays(textOf('a')),
    assistantSays(...first, callOf('1', 'f')),
    userSays(resultOf('1', 'r')),
    assistantSays(callOf('2', 'f')),
    userSays(resultOf('2', 'r')),
    { role: 'system', parts: [textOf('be brief')] }
  ]

  const spokenSince = (...last: Turn['parts']): readonly Turn[] => [
    ...loop(),
    assistantSays(...last, textOf('x')),
    userSays(textOf('b'))
  ]

  const ON = ''
  const LOOP = 'reasoning (off in a tool loop without signed thinking)'
  const FORGETS = 'reasoning (off since no signature came back)'
  const BEGUN = 'reasoning (off where a begun answer goes on)'

  test.each<[string, readonly Turn[], string]>([
    ['in a tool loop that began with signed thinking', loop(own), ON],
    ['after one that began so', [...loop(own), assistantSays(textOf('x')), userSays(textOf('b'))], ON],
    ['after one without, by a client that gives no signature back', [...spokenSince(), ...loop().slice(1)], LOOP],
    ['when that client’s user spoke since', spokenSince(), FORGETS],
    ['when the user of one that gives some back spoke since', [...spokenSince(own)], ON],
    ['when it gives back another vendor’s', [...spokenSince(foreign)], ON],
    ['in one that began without', loop(), LOOP],
    ['in one that began with unsigned or another vendor’s thinking', loop(reasoning('t', null), foreign), LOOP],
    ['in one whose thinking stands behind a text', loop(textOf('x'), own), LOOP],
    ['after texts alone', [userSays(textOf('a')), assistantSays(textOf('x')), userSays(textOf('b'))], ON],
    ['when the user spoke beside a result', [...loop(), userSays(textOf('b'))], LOOP],
    ['before the first answer', [userSays(textOf('a'))], ON],
    ['when its own beginning is to be continued', [userSays(textOf('a')), assistantSays(textOf('x'))], BEGUN]
  ])('thinks %s, or says why not', (_name, turns, expected) => {
    const { isOn: found, losses } = plan({ turns, reasoning: effort('low') })
    expect(losses).toBe(expected)
    expect(found).toBe(expected === ON)
  })
})

describe('a channel’s quirks', () => {
  const wish = { reasoning: { kind: 'effort', effort: 'high', shown: true } } as const

  test('decide over the model’s name', () => {
    expect(plan(wish, { model: 'kimi-k2', quirks: { reasoningControl: 'adaptive' } })).toMatchObject({
      thinking: { type: 'adaptive' },
      effort: 'high'
    })
    expect(plan(wish, { model: 'claude-opus-4-6', quirks: { reasoningControl: 'budget' } }).thinking).toMatchObject({
      type: 'enabled'
    })
  })

  test('or the model may have no thinking at all', () => {
    const none = { thinking: null, effort: null, isOn: false, losses: 'reasoning' }
    expect(plan(wish, { quirks: { reasoningControl: 'none' } })).toMatchObject(none)
    expect(plan(wish, { model: 'claude-3-5-haiku-latest' })).toMatchObject(none)
    expect(plan({ reasoning: { kind: 'off' } }, { model: 'claude-3-5-haiku-latest' })).toMatchObject({
      ...none,
      losses: ''
    })
  })

  test.each([
    ['claude-3-5-haiku-latest', {}, null, 8192],
    ['claude-opus-4-1', {}, null, 32_000],
    ['kimi-k2', {}, null, 8192],
    ['kimi-k2', { defaultMaxTokens: 100 }, null, 100],
    ['kimi-k2', { defaultMaxTokens: 100 }, 7, 7]
  ])('limit an answer that the client did not: %s, %j, %s', (model, quirks, maxTokens, sent) => {
    expect(plan({ maxTokens }, { model, quirks }).maxTokens).toBe(sent)
  })
})
