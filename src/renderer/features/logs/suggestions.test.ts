import { expect, test } from 'vitest'
import type { ChannelId } from '../../../shared/ids'
import { suggest } from './suggestions'

const names = { channels: [{ id: 'c' as ChannelId, name: 'Anthropic main', slug: 'anthropic-main' }], clientKeys: [] }
const texts = (piece: string) => suggest(piece, names, ['claude-opus-4-1', 'gpt-5']).map(({ text }) => text)

test.each([
  ['s', ['status:', 'session:', 'since:']],
  ['cha', ['channel:']],
  ['overloaded', []],
  ['channel:', ['channel:"Anthropic main"']],
  ['model:OPUS', ['model:claude-opus-4-1']],
  ['model:gpt-5', []], // there already
  ['outcome:can', ['outcome:cancelled']],
  ['colour:', []]
])('%s may become %j', (piece, expected) => {
  expect(texts(piece)).toEqual(expected)
})

test('nothing typed offers every field', () => {
  expect(texts('')).toContain('status:')
  expect(texts('')).toHaveLength(10)
})
