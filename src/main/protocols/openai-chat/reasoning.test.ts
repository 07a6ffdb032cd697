import { describe, expect, test } from 'vitest'
import type { Quirks } from '../../../shared/quirks'
import type { Part, ReasoningPart, ReasoningWish, Signature, ToolCallPart } from '../canonical'
import { Losses } from '../losses'
import { claimsIn, decodeHistory, decodeWish, detailsOf, encodeHistory, encodeWish, SignatureTrail } from './reasoning'

const shown = null

function wish(wanted: ReasoningWish | null, quirks: Quirks = {}) {
  const losses = new Losses()
  return { members: encodeWish(wanted, { model: 'm', stream: false, quirks }, losses), losses: String(losses) }
}

describe('how much to reason, as clients say it', () => {
  test.each<[object, ReasoningWish | null]>([
    [{}, null],
    [{ reasoning_effort: 'none' }, { kind: 'off' }],
    [{ reasoning_effort: 'xhigh' }, { kind: 'effort', effort: 'xhigh', shown }],
    [{ reasoning_effort: 'enormous' }, null],
    [{ reasoning: { effort: 'low', exclude: true } }, { kind: 'effort', effort: 'low', shown: false }],
    [{ reasoning: { max_tokens: 2000 } }, { kind: 'budget', tokens: 2000, shown }],
    [{ reasoning: { enabled: true } }, { kind: 'adaptive', shown }],
    [{ reasoning: { enabled: false } }, { kind: 'off' }],
    [{ thinking: { type: 'enabled' } }, { kind: 'adaptive', shown }],
    [
      { thinking: { type: 'enabled' }, reasoning_effort: 'max' },
      { kind: 'effort', effort: 'max', shown }
    ],
    [{ thinking: { type: 'enabled', budget_tokens: 5000 } }, { kind: 'budget', tokens: 5000, shown }],
    [{ thinking: { type: 'disabled' }, reasoning_effort: 'max' }, { kind: 'off' }],
    [{ enable_thinking: true }, { kind: 'adaptive', shown }],
    [
      { enable_thinking: true, thinking_budget: 900 },
      { kind: 'budget', tokens: 900, shown }
    ],
    [{ enable_thinking: false, thinking_budget: 900 }, { kind: 'off' }],
    [{ chat_template_kwargs: { enable_thinking: false } }, { kind: 'off' }]
  ])('%j', (body, expected) => {
    expect(decodeWish({ ...body })).toEqual(expected)
  })
})

describe('how much to reason, as channels are asked (reasoningControl)', () => {
  const effort = (name: 'minimal' | 'high' | 'max'): ReasoningWish => ({ kind: 'effort', effort: name, shown })
  const budget: ReasoningWish = { kind: 'budget', tokens: 4000, shown }
  const adaptive: ReasoningWish = { kind: 'adaptive', shown }
  const off: ReasoningWish = { kind: 'off' }

  test.each<[string, Quirks, ReasoningWish | null, object, string]>([
    ['OpenAI', {}, null, {}, ''],
    ['OpenAI', { takesEffortNone: true }, off, { reasoning_effort: 'none' }, ''],
    ['older models', {}, off, {}, 'reasoning (off)'],
    ['OpenAI', {}, effort('high'), { reasoning_effort: 'high' }, ''],
    ['OpenAI', {}, effort('max'), { reasoning_effort: 'high' }, 'reasoning (max -> high)'],
    ['OpenAI', {}, budget, { reasoning_effort: 'low' }, ''],
    ['OpenAI', {}, adaptive, {}, ''],
    ['efforts', { efforts: ['low', 'max'] }, effort('max'), { reasoning_effort: 'max' }, ''],
    ['OpenRouter', { reasoningControl: 'reasoning' }, off, { reasoning: { effort: 'none' } }, ''],
    ['OpenRouter', { reasoningControl: 'reasoning' }, effort('high'), { reasoning: { effort: 'high' } }, ''],
    ['OpenRouter', { reasoningControl: 'reasoning' }, budget, { reasoning: { max_tokens: 4000 } }, ''],
    ['OpenRouter', { reasoningControl: 'reasoning' }, adaptive, { reasoning: { enabled: true } }, ''],
    [
      'OpenRouter',
      { reasoningControl: 'reasoning' },
      { kind: 'adaptive', shown: false },
      { reasoning: { enabled: true, exclude: true } },
      ''
    ],
    ['GLM', { reasoningControl: 'thinking' }, off, { thinking: { type: 'disabled' } }, ''],
    ['GLM', { reasoningControl: 'thinking' }, adaptive, { thinking: { type: 'enabled' } }, ''],
    ['GLM', { reasoningControl: 'thinking' }, budget, { thinking: { type: 'enabled' } }, 'reasoning (only on or off)'],
    [
      'DeepSeek',
      { reasoningControl: 'thinking', efforts: ['low', 'high', 'max'] },
      effort('max'),
      { thinking: { type: 'enabled' }, reasoning_effort: 'max' },
      ''
    ],
    ['Qwen', { reasoningControl: 'enable_thinking' }, off, { enable_thinking: false }, ''],
    ['Qwen', { reasoningControl: 'enable_thinking' }, adaptive, { enable_thinking: true }, ''],
    ['Qwen', { reasoningControl: 'enable_thinking' }, budget, { enable_thinking: true, thinking_budget: 4000 }, ''],
    [
      'Qwen',
      { reasoningControl: 'enable_thinking' },
      effort('minimal'),
      { enable_thinking: true, thinking_budget: 1024 },
      ''
    ],
    ['none', { reasoningControl: 'none' }, effort('high'), {}, 'reasoning'],
    ['none', { reasoningControl: 'none' }, adaptive, {}, '']
  ])('%s %j %j', (_name, quirks, wanted, members, losses) => {
    expect(wish(wanted, quirks)).toEqual({ members, losses })
  })
})

const signed = (text: string, maker: Signature['maker'], value: string): ReasoningPart => ({
  type: 'reasoning',
  text,
  signature: { maker, value }
})
const call = (id: string): ToolCallPart => ({ type: 'tool-call', id, name: 'f', input: '{}', cache: null })

/** What a client gets of these parts, and would send back. */
function handedOut(parts: readonly (ReasoningPart | ToolCallPart)[]) {
  const trail = new SignatureTrail()
  const reasoning: string[] = []
  const calls: object[] = []
  for (const part of parts) {
    if (part.type === 'tool-call') {
      trail.close()
      calls.push(trail.forCall())
      continue
    }
    reasoning.push(part.text)
    trail.text(part.text)
    if (part.signature !== null) trail.sign(part.signature)
    trail.close()
  }
  return { message: { reasoning_content: reasoning.join(''), ...trail.forMessage() }, calls }
}

describe('B14 signatures for chat clients', () => {
  const several = [
    signed('one', 'anthropic', 'A1'),
    signed('', 'anthropic', 'redacted'),
    call('a'),
    signed('two', 'openai-responses', 'R1'),
    call('b')
  ] as const

  test('come back with the reasoning that they sign, before the calls that they came with', () => {
    const { message, calls } = handedOut(several)
    expect(decodeHistory(message, calls)).toEqual({
      first: [],
      before: [[several[0], several[1]], [several[3]]]
    })
  })

  test('of a message without calls come back before its text', () => {
    const { message } = handedOut([signed('one', 'anthropic', 'A1')])
    expect(decodeHistory(message, []).first).toEqual([signed('one', 'anthropic', 'A1')])
  })

  test('are left out where the client lost or cut the reasoning', () => {
    const { calls } = handedOut(several)
    const kept = decodeHistory({ reasoning_content: 'on' }, calls)
    expect(kept).toEqual({
      first: [{ type: 'reasoning', text: 'on', signature: null }],
      before: [[several[1]], []]
    })
  })

  test('are left out all together where the text is another, as of a stream that OpenAI’s SDK put together', () => {
    const { calls } = handedOut([
      signed('one', 'anthropic', 'A1'),
      call('a'),
      signed('two', 'anthropic', 'A2'),
      call('b')
    ])
    expect(decodeHistory({ reasoning_content: 'two' }, calls)).toEqual({
      first: [{ type: 'reasoning', text: 'two', signature: null }],
      before: [[], []]
    })
  })

  test('of Gemini stand in Google’s own place, alone or beside others', () => {
    const { calls } = handedOut([signed('one', 'anthropic', 'A1'), signed('', 'gemini', 'G1'), call('a')])
    expect(calls).toEqual([
      {
        extra_content: {
          google: { thought_signature: 'G1' },
          routex: { signature: 'routex:anthropic:A1', reasoning: [[0, 3]] }
        }
      }
    ])
    expect(claimsIn({ extra_content: { google: { thought_signature: 'G1' } } })).toEqual([
      { signature: { maker: 'gemini', value: 'G1' }, start: 0, end: 0 }
    ])
  })

  test('that are nonsense are passed over', () => {
    expect(claimsIn({ extra_content: 7 })).toEqual([])
    expect(claimsIn({ extra_content: { routex: { signature: 7 } } })).toEqual([])
    const odd = { extra_content: { routex: { signature: 'routex:anthropic:A', reasoning: [['x', -1], 3] } } }
    expect(decodeHistory({ reasoning_content: 'abc', ...odd }, []).first.length).toBeGreaterThan(0)
  })
})

describe('reasoning that goes back to a channel', () => {
  const parts: readonly Part[] = [signed('hm', 'anthropic', 'A1'), call('a')]
  const sent = (said: readonly Part[], quirks: Quirks = {}, model = 'm') =>
    encodeHistory(said, { model, stream: false, quirks })

  test('goes nowhere unless it is wanted', () => {
    expect(sent(parts)).toEqual({ message: {}, calls: [] })
  })

  test.each(['reasoning_content', 'reasoning'] as const)('goes into %s (reasoningField)', (reasoningField) => {
    expect(sent(parts, { reasoningField }).message).toEqual({ [reasoningField]: 'hm' })
    expect(sent([call('a')], { reasoningField }).message).toEqual({ [reasoningField]: ' ' })
    expect(sent([{ type: 'refusal', text: 'no' }], { reasoningField }).message).toEqual({})
  })

  test('of OpenRouter goes back to it as it came', () => {
    const text = signed('hm', 'openai-chat', '{"type":"reasoning.text","signature":"S","index":0}')
    const secret = signed('sum', 'openai-chat', '{"type":"reasoning.encrypted","data":"D"}')
    const details = [
      { type: 'reasoning.text', signature: 'S', index: 0, text: 'hm' },
      { type: 'reasoning.summary', summary: 'sum' },
      { type: 'reasoning.encrypted', data: 'D' }
    ]
    expect(sent([text, secret], { reasoningControl: 'reasoning' }).message).toEqual({ reasoning_details: details })
    expect(sent([text, secret]).message).toEqual({})
    expect(decodeHistory({ reasoning_details: details }, []).first).toMatchObject([
      { text: 'hm', signature: { maker: 'openai-chat' } },
      { text: 'sum', signature: null },
      { text: '', signature: { maker: 'openai-chat' } }
    ])
    expect(detailsOf(signed('hm', 'openai-chat', 'no JSON'))).toEqual([])
    expect(detailsOf(signed('hm', 'anthropic', '{}'))).toEqual([])
  })

  test('B14 of Gemini goes to models of that name, with Google’s stand-in where there is none', () => {
    const google = (thought_signature: string) => ({ extra_content: { google: { thought_signature } } })
    const said = [signed('', 'gemini', 'G1'), call('a'), call('b')]
    expect(sent(said, {}, 'google/gemini-3.1-pro').calls).toEqual([google('G1'), {}])
    expect(sent([call('a'), call('b')], {}, 'gemini-3.1-pro').calls).toEqual([
      google('skip_thought_signature_validator'),
      {}
    ])
    expect(sent([call('a')], {}, 'gemini-2.5-pro').calls).toEqual([{}])
    expect(sent([signed('', 'gemini', 'G1')], {}, 'gemini-2.5-pro').message).toEqual(google('G1'))
    expect(sent(said, {}, 'gpt-5.5').calls).toEqual([])
  })
})
