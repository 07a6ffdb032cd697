import { expect, test } from 'vitest'
import type { ChannelId, ClientKeyId } from '../../../shared/ids'
import { readFilterText, withToken, type FilterNames } from './filter-text'

const NOW = Date.UTC(2026, 10, 23, 12)
const names: FilterNames = {
  channels: [
    { id: 'c1' as ChannelId, name: 'Anthropic main', slug: 'anthropic-main' },
    { id: 'c2' as ChannelId, name: 'Anthropic spare', slug: 'anthropic-spare' }
  ],
  clientKeys: [{ id: 'k1' as ClientKeyId, name: 'Laptop' }]
}
const filterOf = (text: string) => readFilterText(text, names, NOW).filter
const problemsOf = (text: string) => readFilterText(text, names, NOW).tokens.map(({ problem }) => problem)

test.each([
  ['', {}],
  ['status:5xx', { statusMin: 500, statusMax: 599 }],
  ['status:429', { statusMin: 429, statusMax: 429 }],
  ['status:>=400', { statusMin: 400 }],
  ['status:<500', { statusMax: 499 }],
  ['status:400-404', { statusMin: 400, statusMax: 404 }],
  ['channel:main', { channelId: 'c1' }],
  ['channel:anthropic-spare', { channelId: 'c2' }],
  ['channel:"Anthropic main"', { channelId: 'c1' }],
  ['key:laptop', { clientKeyId: 'k1' }],
  ['model:opus client:claude-cli', { model: 'opus', client: 'claude-cli' }],
  ['session:abc protocol:gemini', { sessionId: 'abc', protocol: 'gemini' }],
  ['outcome:ok', { outcome: ['ok'] }],
  ['outcome:truncated outcome:cancelled', { outcome: ['truncated', 'cancelled'] }],
  ['outcome:error', { outcome: ['client_error', 'upstream_error', 'truncated', 'cancelled', 'refused'] }],
  ['since:2h', { from: NOW - 7_200_000 }],
  ['since:2026-11-20', { from: new Date(2026, 10, 20).getTime() }],
  ['until:2026-11-20T08:30', { to: new Date(2026, 10, 20, 8, 30).getTime() }],
  ['connection reset', { text: 'connection reset' }],
  ['"api key: bad" status:4xx', { text: 'api key: bad', statusMin: 400, statusMax: 499 }]
])('%s is read as %j', (text, filter) => {
  expect(filterOf(text)).toEqual(filter)
  expect(problemsOf(text).every((problem) => problem === null)).toBe(true)
})

test.each([
  ['channel:anthropic', 'unknown_value'], // two have it
  ['channel:', 'empty'],
  ['status:soon', 'unknown_value'],
  ['since:yesterday', 'unknown_value'],
  ['outcome:fine', 'unknown_value'],
  ['colour:red', 'unknown_field']
])('%s is marked and not used', (text, problem) => {
  expect(problemsOf(text)).toEqual([problem])
  expect(filterOf(text)).toEqual({})
})

test.each(['channel:main channel:spare', 'model:a model:b', 'status:5xx status:4xx', 'since:1h since:2h'])(
  'of “%s” the second is marked: only one of a kind can be asked for',
  (text) => expect(problemsOf(text)).toEqual([null, 'repeated'])
)

test('several outcomes add up, and two bounds of a status are a range', () => {
  expect(problemsOf('outcome:ok outcome:truncated status:>=400 status:<500')).toEqual([null, null, null, null])
  expect(filterOf('status:>=400 status:<500')).toEqual({ statusMin: 400, statusMax: 499 })
})

test('a token takes the place of an earlier one of its field', () => {
  expect(withToken('status:5xx model:opus', 'status', '429')).toBe('model:opus status:429')
  expect(withToken('', 'channel', 'Anthropic main')).toBe('channel:"Anthropic main"')
  expect(withToken('outcome:ok', 'outcome', 'cancelled')).toBe('outcome:ok outcome:cancelled')
})

test('a channel is found by the name that its rows show, and by any id of one, also once it is gone', () => {
  const logged: FilterNames = { ...names, loggedChannels: ['Alpha', 'Spare'] }
  const of = (text: string) => readFilterText(text, logged, NOW)
  expect(of('channel:alpha').filter).toEqual({ channelName: 'Alpha' })
  // It says the name in full, which the channel that is there has only a part of.
  expect(of('channel:spare').filter).toEqual({ channelName: 'Spare' })
  expect(of('channel:main').filter).toEqual({ channelId: 'c1' })
  expect(of('channel:ch_x75eq9_yk6Nj').filter).toEqual({ channelId: 'ch_x75eq9_yk6Nj' })
  expect(of('key:key_x75eq9_yk6Nj').filter).toEqual({ clientKeyId: 'key_x75eq9_yk6Nj' })
  expect(of('channel:beta').tokens).toMatchObject([{ problem: 'unknown_value' }])
})
