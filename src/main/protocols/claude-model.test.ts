import { describe, expect, test } from 'vitest'
import { messagesModel } from './claude-model'

describe('what a Claude model takes goes by its name', () => {
  test.each([
    ['claude-3-haiku-20240307', 'none', 'all', 4096],
    ['claude-3-5-sonnet-20241022', 'none', 'all', 8192],
    ['claude-3-7-sonnet-latest', 'budget', 'all', 64_000],
    ['claude-sonnet-4-20250514', 'budget', 'all', 64_000],
    ['claude-opus-4-1-20250805', 'budget', 'one', 32_000],
    ['claude-opus-4-20250514', 'budget', 'all', 32_000],
    ['us.anthropic.claude-opus-4-5-20251101-v1:0', 'budget', 'one', 64_000],
    ['anthropic/claude-sonnet-4.5', 'budget', 'one', 64_000],
    ['claude-haiku-4-5@20251001', 'budget', 'one', 64_000],
    ['claude-opus-4-6', 'adaptive', 'one', 64_000],
    ['claude-opus-4-7', 'adaptive', 'none', 64_000],
    ['claude-sonnet-5', 'adaptive', 'none', 64_000],
    ['claude-haiku-5-5', 'adaptive', 'none', 64_000],
    ['Claude-Opus-5-5', 'adaptive', 'none', 64_000],
    ['claude-mythos-preview', 'adaptive', 'none', 64_000],
    ['claude-sonnet-latest', 'adaptive', 'none', 64_000]
  ])('%s: thinking %s, sampling %s, %i tokens', (name, thinking, sampling, defaultMaxTokens) => {
    expect(messagesModel(name)).toMatchObject({ isClaude: true, thinking, sampling, defaultMaxTokens })
  })

  test.each([
    ['claude-opus-4-6', 'disabled', true],
    ['claude-opus-5', 'disabled', true],
    ['claude-opus-5-5', null, false],
    ['claude-sonnet-5', 'disabled', true],
    ['claude-sonnet-5-5', 'between_tools', false],
    ['claude-haiku-5-5', 'disabled', true],
    ['claude-fable-5', null, true],
    ['claude-fable-5-1', null, false],
    ['claude-mythos-5-2', null, false]
  ])('%s is switched off by %s, forced tools: %s', (name, thinkingOff, takesForcedTools) => {
    expect(messagesModel(name)).toMatchObject({ thinkingOff, takesForcedTools })
  })

  test('the effort xhigh came with Opus 4.7, schemas with 4.5', () => {
    expect(messagesModel('claude-sonnet-4-6').efforts).not.toContain('xhigh')
    expect(messagesModel('claude-opus-4-7').efforts).toContain('xhigh')
    expect(messagesModel('claude-haiku-4-5').takesSchemas).toBe(true)
    expect(messagesModel('claude-opus-4-1').takesSchemas).toBe(false)
  })

  test('another vendor’s model thinks by budgets and takes what the first version took', () => {
    expect(messagesModel('kimi-k2')).toMatchObject({
      isClaude: false,
      thinking: 'budget',
      thinkingOff: 'disabled',
      sampling: 'all',
      takesSchemas: false,
      defaultMaxTokens: 8192
    })
  })
})
