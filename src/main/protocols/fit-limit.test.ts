import { expect, test } from 'vitest'
import { conversationOf } from '../../../test/support/translation/conversations'
import type { ProtocolId } from '../../shared/protocol'
import type { Quirks } from '../../shared/quirks'
import { memberOf } from './foreign-json'
import { Losses } from './losses'
import { translators } from './translators'

function encode(protocol: ProtocolId, model: string, maxTokens: number | null, quirks: Quirks = {}) {
  const losses = new Losses()
  const target = { model, stream: false, quirks }
  const body = translators[protocol].encodeRequest(conversationOf({ maxTokens }), target, losses)
  const limit =
    body['max_tokens'] ??
    body['max_completion_tokens'] ??
    body['max_output_tokens'] ??
    memberOf(body['generationConfig'], 'maxOutputTokens')
  return { limit, losses: losses.toString() }
}

test.each([
  ['openai-chat', 'gpt-4o', 16_384],
  ['openai-responses', 'gpt-4o-mini-2024-07-18', 16_384],
  ['openai-chat', 'gpt-4o-2024-05-13', 4096],
  ['openai-responses', 'gpt-4.1', 32_768],
  ['openai-chat', 'openai/gpt-4.1-mini', 32_768],
  ['openai-chat', 'gpt-4', 8192],
  ['openai-chat', 'gpt-4-turbo-2024-04-09', 4096],
  ['openai-chat', 'gpt-3.5-turbo', 4096],
  ['openai-chat', 'ft:gpt-4o-mini-2024-07-18:us::x', 16_384],
  ['openai-responses', 'o3', 100_000],
  ['openai-responses', 'gpt-5.4-mini', 128_000],
  ['openai-responses', 'gpt-5-chat-latest', 16_384],
  ['openai-responses', 'gpt-5-pro', 272_000],
  ['anthropic', 'claude-3-haiku-20240307', 4096],
  ['anthropic', 'claude-3-5-haiku-latest', 8192],
  ['anthropic', 'claude-opus-4-1', 32_000],
  ['anthropic', 'claude-sonnet-4-5', 64_000],
  ['anthropic', 'claude-haiku-4-5@20251001', 64_000],
  ['anthropic', 'claude-opus-4-6', 128_000],
  ['gemini', 'gemini-2.5-pro', 65_536]
] as const)('%s: a limit above what %s takes is cut to %i, and told', (protocol, model, most) => {
  expect(encode(protocol, model, 1_000_000)).toEqual({ limit: most, losses: `max_tokens (1000000 -> ${most})` })
  expect(encode(protocol, model, most)).toEqual({ limit: most, losses: '' })
})

test.each([
  ['openai-chat', 'deepseek-chat'],
  ['openai-responses', 'gpt-9'],
  ['anthropic', 'claude-opus-5-5'],
  ['anthropic', 'kimi-k3'],
  ['gemini', 'gemma-4']
] as const)('%s: of %s nothing is known, so the limit stays', (protocol, model) => {
  expect(encode(protocol, model, 500_000)).toEqual({ limit: 500_000, losses: '' })
})

test.each(['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const)(
  '%s: what the channel says counts before the name (mostTokens)',
  (protocol) => {
    const known = encode(protocol, 'gpt-4o', 64_000, { mostTokens: 10_000 })
    expect(known).toEqual({ limit: 10_000, losses: 'max_tokens (64000 -> 10000)' })
  }
)

test('what nobody asked for is within it too', () => {
  expect(encode('anthropic', 'glm-5', null, { mostTokens: 5000 })).toEqual({ limit: 5000, losses: '' })
})
