import { describe, expect, test } from 'vitest'
import type { ReasoningWish, Target } from '../canonical'
import { Losses } from '../losses'
import { decodeReasoning, encodeReasoning, encodeSignature, signatureOf, signedOf, wantsThoughts } from './reasoning'
import { STAND_IN } from './request'

const decoded = (thinkingConfig: unknown) => decodeReasoning({ thinkingConfig })

describe('how a client of Gemini asks for thoughts', () => {
  test.each<[string, unknown, ReasoningWish | null]>([
    ['a level', { thinkingLevel: 'HIGH' }, { kind: 'effort', effort: 'high', shown: null }],
    [
      'a level in lower case',
      { thinking_level: 'low', include_thoughts: true },
      { kind: 'effort', effort: 'low', shown: true }
    ],
    ['a budget', { thinkingBudget: 8192, includeThoughts: false }, { kind: 'budget', tokens: 8192, shown: false }],
    ['none', { thinkingBudget: 0 }, { kind: 'off' }],
    ['as it likes', { thinkingBudget: -1 }, { kind: 'adaptive', shown: null }],
    ['only to see them', { includeThoughts: true }, { kind: 'adaptive', shown: true }],
    ['nothing', {}, null],
    ['nothing that can be read', { thinkingBudget: '7', thinkingLevel: 'EXTREME' }, null]
  ])('%s', (_name, config, wish) => {
    expect(decoded(config)).toEqual(wish)
  })

  test('is nothing without a config', () => {
    expect(decodeReasoning(null)).toBeNull()
  })
})

function encoded(wish: ReasoningWish | null, model: string, quirks: Target['quirks'] = {}) {
  const losses = new Losses()
  return { config: encodeReasoning(wish, { model, stream: true, quirks }, losses), lost: losses.toString() }
}

const effort = (name: 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'): ReasoningWish => ({
  kind: 'effort',
  effort: name,
  shown: null
})
const budget = (tokens: number): ReasoningWish => ({ kind: 'budget', tokens, shown: true })

test.each([
  ['gemini-2.5-flash', { thinkingBudget: 0 }, ''],
  ['gemini-2.5-pro', { thinkingBudget: 128 }, 'reasoning (off -> 128)'],
  ['gemini-3-pro-preview', { thinkingLevel: 'LOW' }, 'reasoning (off -> low)'],
  ['gemini-2.0-flash', undefined, ''],
  ['gemma-3-27b-it', undefined, ''],
  ['some-other-model', undefined, '']
])('%s thinks as little as it can for a short answer of a client whose silence means none', (model, config, lost) => {
  expect(encoded({ kind: 'off', unsaid: true }, model)).toEqual({ config, lost })
})

describe('Gemini 2.5 is given a budget', () => {
  test('of the effort’s size, at most its own', () => {
    expect(encoded(effort('medium'), 'gemini-2.5-flash').config).toEqual({ thinkingBudget: 12_288 })
    expect(encoded(effort('max'), 'gemini-2.5-flash')).toEqual({ config: { thinkingBudget: 24_576 }, lost: '' })
    expect(encoded(effort('max'), 'gemini-2.5-pro').config).toEqual({ thinkingBudget: 32_768 })
  })

  test('as it was asked for, and the difference is told', () => {
    expect(encoded(budget(4000), 'gemini-2.5-pro')).toEqual({
      config: { includeThoughts: true, thinkingBudget: 4000 },
      lost: ''
    })
    expect(encoded(budget(31_999), 'gemini-2.5-flash')).toEqual({
      config: { includeThoughts: true, thinkingBudget: 24_576 },
      lost: 'reasoning (31999 -> 24576)'
    })
    expect(encoded(budget(100), 'gemini-2.5-flash-lite').config).toMatchObject({ thinkingBudget: 512 })
  })

  test('of -1 where it may choose, of 0 for none; Pro can’t do without', () => {
    expect(encoded({ kind: 'adaptive', shown: null }, 'gemini-2.5-pro').config).toEqual({ thinkingBudget: -1 })
    expect(encoded({ kind: 'off' }, 'gemini-2.5-flash-lite')).toEqual({ config: { thinkingBudget: 0 }, lost: '' })
    expect(encoded({ kind: 'off' }, 'models/gemini-2.5-pro')).toEqual({
      config: { thinkingBudget: 128 },
      lost: 'reasoning (off -> 128)'
    })
  })
})

describe('Gemini 3 and later are given a level', () => {
  test('the nearest that the model knows, never a budget', () => {
    expect(encoded(effort('xhigh'), 'gemini-3.8-flash').config).toEqual({ thinkingLevel: 'HIGH' })
    expect(encoded(budget(4096), 'gemini-3.1-pro-preview').config).toEqual({
      includeThoughts: true,
      thinkingLevel: 'LOW'
    })
    expect(encoded({ kind: 'adaptive', shown: true }, 'gemini-4-argon').config).toEqual({ includeThoughts: true })
  })

  test('MINIMAL where it is known, else LOW', () => {
    for (const model of ['gemini-3-flash-preview', 'gemini-3.6-flash', 'gemini-3.5-flash-lite']) {
      expect(encoded(effort('minimal'), model).config, model).toEqual({ thinkingLevel: 'MINIMAL' })
    }
    for (const model of ['gemini-3.7-flash', 'gemini-3.1-pro-preview', 'gemini-4-neon', 'gemini-flash-latest', 'x']) {
      expect(encoded(effort('minimal'), model).config, model).toEqual({ thinkingLevel: 'LOW' })
    }
    expect(encoded(effort('minimal'), 'x', { efforts: ['minimal', 'high'] }).config).toEqual({
      thinkingLevel: 'MINIMAL'
    })
  })

  test('the least for none, and it is told', () => {
    expect(encoded({ kind: 'off' }, 'gemini-3.8-flash')).toEqual({
      config: { thinkingLevel: 'LOW' },
      lost: 'reasoning (off -> low)'
    })
  })
})

describe('a model that can’t be asked', () => {
  test('is not, and it is told unless nothing was wanted', () => {
    for (const model of ['gemini-2.0-flash', 'gemini-1.5-pro', 'gemma-3-27b-it']) {
      expect(encoded(effort('high'), model)).toEqual({ config: undefined, lost: 'reasoning' })
    }
    expect(encoded({ kind: 'off' }, 'gemini-2.0-flash')).toEqual({ config: undefined, lost: '' })
    expect(encoded(effort('high'), 'gemini-3.8-flash', { reasoningControl: 'none' }).lost).toBe('reasoning')
    expect(encoded(null, 'gemini-3.8-flash')).toEqual({ config: undefined, lost: '' })
  })
})

describe('B14 a signature', () => {
  test('of Gemini goes to its client as it is', () => {
    const signature = { maker: 'gemini', value: 'RXBF' } as const
    expect(encodeSignature(signature, 'Hm')).toBe('RXBF')
    expect(signatureOf({ thoughtSignature: 'RXBF' })).toEqual(signature)
    expect(signatureOf({ thought_signature: 'RXBF' })).toEqual(signature)
  })

  test('of another vendor is base64 there too, and comes back', () => {
    for (const maker of ['anthropic', 'openai-responses'] as const) {
      const signature = { maker, value: 'ErUB+abc/=ü' }
      const written = encodeSignature(signature, 'Grüß\n')
      expect(written).toMatch(/^[A-Za-z0-9+/]+=*$/)
      expect(signedOf({ thoughtSignature: written })).toEqual({ signature, text: 'Grüß\n' })
    }
  })

  test('of another vendor from an older history comes back without its text', () => {
    const older = Buffer.from('routex:anthropic:ErUB').toString('base64')
    const signature = { maker: 'anthropic', value: 'ErUB' }
    expect(signedOf({ thoughtSignature: older })).toEqual({ signature, text: null })
  })

  test('is none where it stands in for one, or is missing', () => {
    expect(signatureOf({ thoughtSignature: STAND_IN })).toBeNull()
    expect(signatureOf({ thoughtSignature: '' })).toBeNull()
    expect(signatureOf({})).toBeNull()
  })
})

test('thoughts are wanted by a client that asks for them', () => {
  expect(wantsThoughts({ generationConfig: { thinkingConfig: { includeThoughts: true } } })).toBe(true)
  expect(wantsThoughts({ generation_config: { thinking_config: { include_thoughts: true } } })).toBe(true)
  expect(wantsThoughts({ generationConfig: { thinkingConfig: { thinkingBudget: 7 } } })).toBe(false)
  expect(wantsThoughts({})).toBe(false)
})
