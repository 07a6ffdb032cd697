import { expect, test } from 'vitest'
import type { ChannelId } from '../../../shared/ids'
import { isWhole, pieceStart, suggest } from './suggestions'

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

test.each([
  ['status:5xx chan', 'chan'],
  ['connection reset', 'reset'],
  ['connection ', ''],
  ['status:5xx channel:anthropic m', 'channel:anthropic m'],
  ['channel:"a model:b"', 'channel:"a model:b"'],
  ['', '']
])('of %s, %s is being typed', (draft, piece) => {
  expect(draft.slice(pieceStart(draft, names, []))).toBe(piece)
})

test.each([
  ['status:5xx', true],
  ['channel:other', true],
  ['channel:anthropic', false], // a known name goes on
  ['channel:"Anthropic', false],
  ['channel:"Anthropic main"', true],
  ['channel:', false],
  ['overloaded', false]
])('a space ends %s: %s', (piece, expected) => {
  expect(isWhole(piece, names, [])).toBe(expected)
})

test('nothing typed offers every field', () => {
  expect(texts('')).toContain('status:')
  expect(texts('')).toHaveLength(10)
})
