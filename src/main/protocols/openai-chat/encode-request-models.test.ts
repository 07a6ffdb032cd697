import { describe, expect, test } from 'vitest'
import { encodeChat, NOTHING_SAID, TOOL } from '../../../../test/support/translation/chat-conversation'
import type { Quirks } from '../../../shared/quirks'
import type { Conversation, FunctionTool, ReasoningWish } from '../canonical'

const high: ReasoningWish = { kind: 'effort', effort: 'high', shown: null }
const sampling = { ...NOTHING_SAID.sampling, temperature: 0.5, topP: 0.9, seed: 7, frequencyPenalty: 1, stop: ['END'] }

/** As the preset of OpenAI has it. */
const PRESET: Quirks = { efforts: ['low', 'medium', 'high', 'xhigh'], takesEffortNone: true }

function encode(model: string, said: Partial<Conversation>, quirks: Quirks = PRESET) {
  const { body, losses } = encodeChat(said, quirks, { model })
  const { model: _model, messages: _messages, stream: _stream, ...members } = body
  return { members, losses }
}

describe('a model of OpenAI’s own', () => {
  test.each<[string, ReasoningWish, object, string]>([
    ['gpt-4.1-mini', high, {}, 'reasoning'],
    ['gpt-4o', { kind: 'off' }, {}, ''],
    ['ft:gpt-4.1:acme::1', high, {}, 'reasoning'],
    ['gpt-5.1', { kind: 'off' }, { reasoning_effort: 'none' }, ''],
    ['gpt-5', { kind: 'off' }, { reasoning_effort: 'minimal' }, 'reasoning (off -> minimal)'],
    [
      'o3',
      { kind: 'effort', effort: 'minimal', shown: null },
      { reasoning_effort: 'low' },
      'reasoning (minimal -> low)'
    ],
    ['o4-mini', { kind: 'adaptive', shown: true }, {}, ''],
    ['openai/gpt-5-mini', high, { reasoning_effort: 'high' }, '']
  ])('is told how much to reason in its own words: %s, %j', (model, reasoning, members, losses) => {
    expect(encode(model, { reasoning })).toEqual({ members, losses })
  })

  test.each(['gpt-5', 'gpt-5.5', 'o3', 'o4-mini'])('%s reasons, and is spared what such models refuse', (model) => {
    expect(encode(model, { sampling, maxTokens: 9 })).toEqual({
      members: { seed: 7, max_completion_tokens: 9 },
      losses: 'stop, penalties, temperature, top_p'
    })
    const usual = { ...NOTHING_SAID.sampling, temperature: 1, topP: 1, presencePenalty: 0 }
    expect(encode(model, { sampling: usual })).toEqual({ members: {}, losses: '' })
  })

  test.each<[ReasoningWish, string]>([
    [high, 'reasoning'],
    [{ kind: 'off' }, 'reasoning (off -> default)'],
    [{ kind: 'off', unsaid: true }, 'reasoning (off -> default)'],
    [{ kind: 'adaptive', shown: null }, '']
  ])('the first that reasoned take no effort, and refuse what such models refuse: %j', (reasoning, losses) => {
    for (const model of ['o1-mini', 'openai/o1-preview-2024-09-12']) {
      const said = { reasoning, maxTokens: 9, sampling: { ...NOTHING_SAID.sampling, temperature: 0.5 } }
      const lost = [losses, 'temperature'].filter((one) => one !== '').join(', ')
      expect(encode(model, said)).toEqual({ members: { max_completion_tokens: 9 }, losses: lost })
    }
  })

  test.each(['gpt-4o-search-preview', 'openai/gpt-4o-mini-search-preview-2025-03-11'])(
    '%s searches, and is spared sampling whatever its values',
    (model) => {
      expect(encode(model, { sampling })).toEqual({
        members: { seed: 7, stop: ['END'] },
        losses: 'penalties, temperature, top_p'
      })
      const usual = { ...NOTHING_SAID.sampling, temperature: 1, topP: 1, presencePenalty: 0 }
      expect(encode(model, { sampling: usual })).toEqual({ members: {}, losses: '' })
    }
  )

  test('takes a temperature when it is not to reason', () => {
    const said = { sampling: { ...NOTHING_SAID.sampling, temperature: 0.5 }, reasoning: { kind: 'off' } } as const
    expect(encode('gpt-5.1', said).members).toEqual({ temperature: 0.5, reasoning_effort: 'none' })
    expect(encode('gpt-5', said).members).toEqual({ reasoning_effort: 'minimal' })
  })

  test('that does not reason takes it all', () => {
    const { members, losses } = encode('gpt-4.1', { sampling, maxTokens: 9 })
    expect(members).toMatchObject({ temperature: 0.5, top_p: 0.9, stop: ['END'], frequency_penalty: 1, max_tokens: 9 })
    expect(losses).toBe('')
  })

  test('is left to a channel that asks in its own way', () => {
    const { members } = encode('openai/gpt-5', { sampling, reasoning: high }, { reasoningControl: 'reasoning' })
    expect(members).toMatchObject({ temperature: 0.5, stop: ['END'], reasoning: { effort: 'high' } })
  })
})

test.each([
  ['gpt-4o', undefined, 'verbosity (low)'],
  ['openai/gpt-4.1', undefined, 'verbosity (low)'],
  ['ft:gpt-4.1-mini:acme::1', undefined, 'verbosity (low)'],
  ['o3-2025-04-16', undefined, 'verbosity (low)'],
  ['o4-mini', undefined, 'verbosity (low)'],
  ['gpt-5-chat-latest', undefined, 'verbosity (low)'],
  ['gpt-5.1-codex-max', undefined, 'verbosity (low)'],
  ['gpt-5-mini', 'low', ''],
  ['openai/gpt-5.2', 'low', ''],
  ['gpt-5.3-codex', 'low', ''],
  ['gpt-10', 'low', ''],
  ['grok-4.3', 'low', '']
])('%s that is to be brief is told %s', (model, verbosity, losses) => {
  const sent = encode(model, { verbosity: 'low' })
  expect(sent.members['verbosity']).toBe(verbosity)
  expect(sent.losses).toBe(losses)
})

test('a model that is as wordy as ever is not told so, which loses nothing', () => {
  expect(encode('gpt-4.1', { verbosity: 'medium' })).toEqual({ members: {}, losses: '' })
})

test.each(['o1', 'o3', 'o3-mini-2025-01-31', 'openai/o4-mini'])(
  '%s, which refuses `parallel_tool_calls`, is told nothing of it',
  (model) => {
    for (const parallelTools of [true, false]) {
      const { members, losses } = encode(model, { tools: [TOOL], parallelTools })
      expect(members).not.toHaveProperty('parallel_tool_calls')
      expect(losses).toBe(parallelTools ? '' : 'parallel_tools')
    }
  }
)

test.each(['gpt-4.1', 'gpt-5.2', 'm'])('%s may be kept from parallel calls', (model) => {
  const { members, losses } = encode(model, { tools: [TOOL], parallelTools: false })
  expect(members).toMatchObject({ parallel_tool_calls: false })
  expect(losses).toBe('')
})

describe('beside functions', () => {
  const tools: readonly FunctionTool[] = [
    {
      kind: 'function',
      name: 'look',
      description: '',
      parameters: { type: 'object' },
      strict: null,
      cache: null,
      origin: { kind: 'function' }
    }
  ]
  const off: ReasoningWish = { kind: 'off' }
  const leftOut = 'reasoning (default: Chat takes no effort with functions)'
  const none = 'reasoning (none: Chat refuses it with functions)'

  test.each<[string, ReasoningWish | null, string | undefined, string]>([
    ['gpt-5.4', high, undefined, leftOut],
    ['openai/gpt-5.4-mini', off, undefined, leftOut],
    ['gpt-5.5', { kind: 'budget', tokens: 8192, shown: true }, undefined, leftOut],
    ['gpt-5.5', { kind: 'adaptive', shown: null }, undefined, ''],
    ['gpt-5.5', null, undefined, ''],
    ['gpt-5.6-terra', high, 'none', none],
    ['openai/gpt-5.10', null, 'none', none],
    ['gpt-6', off, 'none', ''],
    ['gpt-5.2', high, 'high', ''],
    ['gpt-5.3-chat-latest', null, undefined, ''],
    ['gpt-oss-120b', high, 'high', '']
  ])('%s that is to reason as %j is told %s', (model, reasoning, effort, losses) => {
    const sent = encode(model, { reasoning, tools })
    expect(sent.members['reasoning_effort']).toBe(effort)
    expect(sent.losses).toBe(losses)
  })

  test('alone an effort is left out, and on channels that ask in OpenAI’s way', () => {
    expect(encode('gpt-5.5', { reasoning: high })).toEqual({ members: { reasoning_effort: 'high' }, losses: '' })
    const { members } = encode('openai/gpt-5.5', { reasoning: high, tools }, { reasoningControl: 'reasoning' })
    expect(members).toMatchObject({ reasoning: { effort: 'high' } })
  })
})

test('another vendor’s model goes by the quirks', () => {
  const { members } = encode('deepseek-reasoner', { sampling, reasoning: high })
  expect(members).toMatchObject({ temperature: 0.5, stop: ['END'], reasoning_effort: 'high' })
})

test.each<[ReasoningWish, object, string]>([
  [{ kind: 'effort', effort: 'minimal', shown: null }, { reasoning_effort: 'low' }, 'reasoning (minimal -> low)'],
  [{ kind: 'effort', effort: 'xhigh', shown: null }, { reasoning_effort: 'high' }, 'reasoning (xhigh -> high)'],
  [{ kind: 'budget', tokens: 1024, shown: null }, { reasoning_effort: 'low' }, ''],
  [{ kind: 'off' }, {}, 'reasoning (off)']
])('OpenAI’s open models know three efforts, whoever serves them: %j', (reasoning, effort, losses) => {
  for (const model of ['openai/gpt-oss-120b', 'gpt-oss:20b', '@cf/openai/gpt-oss-20b']) {
    const sent = encode(model, { reasoning, sampling: { ...NOTHING_SAID.sampling, temperature: 0.5 } }, {})
    expect(sent).toEqual({ members: { ...effort, temperature: 0.5 }, losses })
  }
})
