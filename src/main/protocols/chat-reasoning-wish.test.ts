import { describe, expect, test } from 'vitest'
import type { Quirks } from '../../shared/quirks'
import type { ReasoningWish } from './canonical'
import { decodeWish, encodeWish, encodeWishBesideFunctions } from './chat-reasoning-wish'
import { Losses } from './losses'

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
    ['effortNoneModels', { effortNoneModels: ['m*'] }, off, { reasoning_effort: 'none' }, ''],
    ['effortNoneModels', { effortNoneModels: ['*x'] }, off, {}, 'reasoning (off)'],
    ['OpenAI', {}, effort('high'), { reasoning_effort: 'high' }, ''],
    ['OpenAI', {}, effort('max'), { reasoning_effort: 'high' }, 'reasoning (max -> high)'],
    ['OpenAI', {}, budget, { reasoning_effort: 'low' }, ''],
    ['OpenAI', {}, adaptive, {}, ''],
    ['efforts', { efforts: ['low', 'max'] }, effort('max'), { reasoning_effort: 'max' }, ''],
    ['effortModels', { effortModels: ['m*'] }, effort('high'), { reasoning_effort: 'high' }, ''],
    ['effortModels', { effortModels: ['*x'] }, effort('high'), {}, 'reasoning'],
    ['effortModels', { effortModels: [] }, budget, {}, 'reasoning'],
    ['effortModels', { effortModels: [] }, off, {}, 'reasoning (off -> default)'],
    ['effortModels', { effortModels: [] }, adaptive, {}, ''],
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

describe('for a short answer of a client whose silence means none', () => {
  const asked = (model: string, quirks: Quirks, encode = encodeWish) => {
    const losses = new Losses()
    return [encode({ kind: 'off', unsaid: true }, { model, stream: false, quirks }, losses), String(losses)]
  }

  test.each([
    ['gpt-5', { reasoning_effort: 'minimal' }, 'reasoning (off -> minimal)'],
    ['openai/gpt-5.1', { reasoning_effort: 'none' }, ''],
    ['gpt-4.1', {}, ''],
    ['deepseek-chat', {}, '']
  ])('%s is asked to reason as little as it can, if it is known to reason', (model, members, lost) => {
    expect(asked(model, {})).toEqual([members, lost])
  })

  test('channels that are asked in a way of their own are asked for nothing', () => {
    for (const reasoningControl of ['reasoning', 'thinking', 'enable_thinking'] as const)
      expect(asked('gpt-5', { reasoningControl })).toEqual([{}, ''])
  })

  test('a model that takes no effort beside functions is told nothing', () => {
    expect(asked('gpt-5.4', {}, encodeWishBesideFunctions)).toEqual([{}, ''])
  })
})
