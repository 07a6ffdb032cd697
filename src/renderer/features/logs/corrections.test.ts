import { expect, test } from 'vitest'
import type { ChannelId } from '../../../shared/ids'
import { correctionsOf } from './corrections'
import { readFilterText, tokenText, withReplaced } from './filter-text'

const names = {
  channels: ['Anthropic main', 'Anthropic spare', 'DeepSeek'].map((name) => ({
    id: name as ChannelId,
    name,
    slug: name.toLowerCase().replace(' ', '-')
  })),
  clientKeys: []
}
const tokensOf = (text: string) => readFilterText(text, names, 0).tokens
const corrections = (text: string) =>
  tokensOf(text).flatMap((token) => (token.problem === null ? [] : correctionsOf(token, names, [])))

test.each([
  ['statsu:5xx', ['status:5xx']],
  ['chanel:"my own"', ['channel:"my own"']],
  ['status:5x', ['status:5xx']],
  ['outcome:cancled', ['outcome:cancelled']],
  ['channel:anthropic', ['channel:"Anthropic main"', 'channel:"Anthropic spare"']],
  ['channel:DeepSek', ['channel:DeepSeek']],
  ['protocol:gemni', ['protocol:gemini']],
  ['colour:red', []],
  ['since:yesterday', []],
  ['channel:', []]
])('%s may have meant %j', (text, expected) => {
  expect(corrections(text)).toEqual(expected)
})

test('a token is mended in its place, looked for as words, or taken away', () => {
  const tokens = tokensOf('model:opus colour:red since:1h')
  expect(withReplaced(tokens, 1, 'status:5xx')).toBe('model:opus status:5xx since:1h')
  expect(withReplaced(tokens, 1, '')).toBe('model:opus since:1h')
  const words = withReplaced(tokens, 1, tokenText(null, 'colour:red'))
  expect(readFilterText(words, names, 0).filter).toMatchObject({ text: 'colour:red', model: 'opus' })
})
