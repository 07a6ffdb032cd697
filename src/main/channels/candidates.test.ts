import { describe, expect, test } from 'vitest'
import { idOf, makeChannel } from '../../../test/support/make-channel'
import { failure, SelectionWorld } from '../../../test/support/selection-world'
import type { Channel } from '../../shared/channel'
import { demoChannels } from './demo'
import { NOTHING_SPENT } from './budgets'
import { listCandidates, type CandidateRequest } from './candidates'

const request = (given: Partial<CandidateRequest> = {}): CandidateRequest => ({
  protocol: 'anthropic',
  translates: false,
  model: 'claude-opus-5',
  allowedChannels: null,
  spent: NOTHING_SPENT,
  onlyChannel: null,
  stateHolder: null,
  ...given
})

/** `ok`, or why the channel is left out. */
function judged(channel: Channel, given: Partial<CandidateRequest> = {}): string {
  const { excluded } = listCandidates(request(given), [channel], ({ baseUrl }) => baseUrl === 'http://here')
  return excluded[0]?.reason ?? 'ok'
}

test.each<[string, Partial<Channel>, Partial<CandidateRequest>]>([
  ['ok', {}, {}],
  ['disabled', { enabled: false }, {}],
  ['protocol', { protocol: 'gemini' }, {}],
  ['model', { models: ['claude-haiku-*'] }, {}],
  ['model', { models: [] }, {}],
  ['ok', { models: ['gpt-*', 'claude-*'] }, {}],
  ['other_used_alone', {}, { onlyChannel: idOf('b') }],
  ['ok', {}, { onlyChannel: idOf('a') }],
  ['disabled', { enabled: false }, { onlyChannel: idOf('b') }],
  ['ok', { models: ['claude-haiku-*'] }, { model: null }],
  ['ok', { models: ['claude-opus-5'], modelMap: { 'claude-opus-5': 'other' } }, {}],
  ['not_allowed', {}, { allowedChannels: [idOf('b')] }],
  ['not_allowed', {}, { allowedChannels: [] }],
  ['ok', {}, { allowedChannels: [idOf('a')] }],
  ['loop', { baseUrl: 'http://here' }, {}],
  ['state_elsewhere', {}, { stateHolder: idOf('b') }],
  ['ok', {}, { stateHolder: idOf('a') }]
])('B03 %s: a channel with %j for %j', (expected, channel, given) => {
  expect(judged(makeChannel('a', channel), given)).toBe(expected)
})

test('B03 the reason that would remain longest is the one that is named', () => {
  const channel = makeChannel('a', { enabled: false, models: ['other'], protocol: 'gemini' })
  expect(judged(channel)).toBe('protocol')
  expect(judged({ ...channel, protocol: 'anthropic' })).toBe('model')
})

test('B08 a disabled channel is no candidate, not even as the only one', () => {
  const world = new SelectionWorld(makeChannel('a', { enabled: false }))
  expect(world.next()).toEqual({ kind: 'none' })
})

describe('a channel without a credential', () => {
  const none: Partial<Channel> = { credentialRevision: null }

  test('is left out where the vendor’s own host needs one', () => {
    expect(judged(makeChannel('a', { ...none, baseUrl: 'https://api.anthropic.com' }))).toBe('no_credential')
  })

  test('is a candidate when its own headers carry one', () => {
    const headers = { 'X-Api-Key': 'secret' }
    expect(judged(makeChannel('a', { ...none, baseUrl: 'https://api.anthropic.com/v1', headers }))).toBe('ok')
  })

  test('is a candidate elsewhere: local servers need none', () => {
    expect(judged(makeChannel('a', { ...none, baseUrl: 'http://127.0.0.1:11434' }))).toBe('ok')
  })
})

test('the Demo answers each protocol, for any model, without a credential', () => {
  for (const { protocol } of demoChannels) {
    const { candidates } = listCandidates(request({ protocol }), demoChannels, () => false)
    expect(candidates.map(({ id, slug, name }) => ({ id, slug, name }))).toEqual([
      { id: `demo:${protocol}`, slug: 'demo', name: 'Demo' }
    ])
  }
})

describe('the lists that are kept', () => {
  test('a changed configuration is seen by the next request', () => {
    const world = new SelectionWorld(makeChannel('a'), makeChannel('b'))
    expect(world.serve()).toBe('a')
    world.channels = [makeChannel('a', { enabled: false }), makeChannel('b')]
    expect(world.serve()).toBe('b')
  })

  test('a request keeps the configuration that it began with', () => {
    const world = new SelectionWorld(makeChannel('a'), makeChannel('b'))
    const begun = world.request()
    world.channels = [makeChannel('b')]
    const selection = world.selector.next(begun, new Set())
    expect(selection).toMatchObject({ kind: 'lease', lease: { channel: { id: 'a' } } })
  })

  test('models, protocols and the channels that keys may use are told apart', () => {
    const world = new SelectionWorld(
      makeChannel('a', { models: ['one'] }),
      makeChannel('b', { models: ['two', 'one'], modelMap: { one: 'uno' } }),
      makeChannel('c', { protocol: 'gemini' })
    )
    const onlyB = [idOf('b')]
    for (let round = 0; round < 2; round++) {
      expect(world.serve({ model: 'one' })).toBe('a')
      expect(world.serve({ model: 'two' })).toBe('b')
      expect(world.serve({ model: 'one', protocol: 'gemini' })).toBe('c')
      expect(world.serve({ model: 'one', allowedChannels: onlyB })).toBe('b')
      expect(world.next({ model: 'three' })).toEqual({ kind: 'none' })
    }
    expect(world.lease({ model: 'one', allowedChannels: onlyB }).model).toBe('uno')
  })

  test('a channel that is used alone is so from the next request on, and for those only that came since', () => {
    const world = new SelectionWorld(makeChannel('a'), makeChannel('b'))
    const begun = world.request()
    const alone = { onlyChannel: idOf('b') }
    for (let round = 0; round < 2; round++) {
      expect(world.serve()).toBe('a')
      expect(world.serve(alone)).toBe('b')
      expect(world.selector.exclusions(world.request(alone))).toMatchObject([
        { channel: { id: 'a' }, reason: 'other_used_alone' }
      ])
      expect(world.selector.next(begun, new Set())).toMatchObject({ lease: { channel: { id: 'a' } } })
    }
    expect(world.next({ onlyChannel: idOf('gone') })).toEqual({ kind: 'none' })
  })

  test('thousands of made-up model names cost nothing but their lists', () => {
    const world = new SelectionWorld(makeChannel('a'), makeChannel('b'))
    world.harm('a', failure, 5)
    for (let count = 0; count < 2000; count++) expect(world.serve({ model: `made-up-${count}` })).toBe('b')
    expect(world.lease({ model: 'x'.repeat(100_000) }).model).toHaveLength(100_000)
  })

  test('B41 a changed address of Routex is seen after forgetCandidates', () => {
    const world = new SelectionWorld(makeChannel('a', { baseUrl: 'http://here' }))
    expect(world.next()).toEqual({ kind: 'none' })
    world.selector.forgetCandidates()
    expect(world.selector.exclusions(world.request())).toMatchObject([{ reason: 'loop' }])
  })
})
