import { describe, expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { idOf, makeChannel } from '../../../test/support/make-channel'
import { busy, refused, SelectionWorld, tried } from '../../../test/support/selection-world'
import { clientKeyId } from '../../shared/ids'
import type { SelectionRequest, SelectionSession } from './selection'
import { SessionAffinity, type SessionIdentity } from './session-affinity'

const HOUR = 3_600_000
const MINUTE = 60_000

const identity = (sessionId: string, given: Partial<SessionIdentity> = {}): SessionIdentity => ({
  clientKeyId: null,
  sessionId,
  model: 'claude',
  ...given
})

function makeAffinity(limit?: number): { affinity: SessionAffinity; clock: FakeClock } {
  const clock = new FakeClock()
  const affinity = new SessionAffinity(clock, limit)
  onTestFinished(() => affinity.destroy())
  return { affinity, clock }
}

/** Binds sessions `0` to `count - 1`, a millisecond apart. */
function bindMany(affinity: SessionAffinity, clock: FakeClock, count: number): void {
  for (let session = 0; session < count; session++) {
    affinity.bind(identity(String(session)), idOf('a'), null)
    clock.advance(1)
  }
}

describe('the store', () => {
  test('B11 a binding belongs to client key, session and model', () => {
    const { affinity } = makeAffinity()
    const key = clientKeyId.parse('key')
    affinity.bind(identity('s', { clientKeyId: key }), idOf('a'), null)
    expect(affinity.get(identity('s', { clientKeyId: key }))).toBe('a')
    expect(affinity.get(identity('s'))).toBeNull()
    expect(affinity.get(identity('s', { clientKeyId: key, model: 'other' }))).toBeNull()
    expect(affinity.get(identity('other', { clientKeyId: key }))).toBeNull()
  })

  test('a binding counts the tokens of the answers that it was told of, and begins anew with its session', () => {
    const { affinity } = makeAffinity()
    const usage = { input: 1, cacheRead: 2, cacheWrite: 3, cacheWrite1h: 1, output: 4, reasoning: 2 }
    const told = { client: 'cli/1', usage }
    affinity.bind(identity('s'), idOf('a'), null, told)
    affinity.bind(identity('s'), idOf('a'), null, { client: 'cli/2', usage: null })
    affinity.bind(identity('s'), idOf('b'), idOf('a'), told)
    // Moved meanwhile by another request: this one's answer is none of the binding's.
    affinity.bind(identity('s'), idOf('c'), idOf('a'), told)
    const tokens = { input: 2, cacheRead: 4, cacheWrite: 6, output: 8 }
    expect(affinity.list(1)).toMatchObject([{ client: 'cli/1', requests: 3, tokens, cacheHitRate: 4 / 12 }])
    affinity.bind(identity('s'), idOf('a'), 'any')
    expect(affinity.list(1)).toMatchObject([{ client: null, requests: 1, tokens: { input: 0 }, cacheHitRate: null }])
  })

  test('a session is found and moved by the key that the list gave, until it expires', () => {
    const { affinity, clock } = makeAffinity()
    affinity.bind(identity('s'), idOf('a'), null)
    const key = affinity.list(1)[0]?.key ?? ''
    expect(affinity.move(key, idOf('b'))).toMatchObject({ key, channelId: 'b' })
    expect([affinity.peek(identity('s')), affinity.getCacheStats().repins]).toEqual(['b', 1])
    expect([affinity.find('none'), affinity.move('none', idOf('b'))]).toEqual([null, null])
    clock.advance(5 * HOUR)
    expect([affinity.find(key), affinity.move(key, idOf('a'))]).toEqual([null, null])
  })

  test('B11 the models of one session are bound, moved, expired and cleared apart', () => {
    const { affinity, clock } = makeAffinity()
    const [opus, haiku] = [identity('s', { model: 'opus' }), identity('s', { model: 'haiku' })]
    affinity.bind(opus, idOf('a'), null)
    affinity.bind(haiku, idOf('b'), null)
    affinity.bind(haiku, idOf('c'), idOf('b'))
    expect([affinity.peek(opus), affinity.peek(haiku)]).toEqual(['a', 'c'])
    clock.advance(4 * HOUR)
    affinity.get(haiku)
    clock.advance(HOUR)
    expect([affinity.peek(opus), affinity.peek(haiku)]).toEqual([null, 'c'])
    expect(affinity.getCacheStats()).toMatchObject({ size: 1, expiries: 1 })
    expect(affinity.clear(affinity.list(1)[0]?.key)).toBe(1)
    expect([affinity.peek(haiku), affinity.getCacheStats().size]).toEqual([null, 0])
  })

  test('B11 five hours slide with every use', () => {
    const { affinity, clock } = makeAffinity()
    affinity.bind(identity('s'), idOf('a'), null)
    for (let use = 0; use < 3; use++) {
      clock.advance(5 * HOUR - 1)
      expect(affinity.get(identity('s'))).toBe('a')
    }
    clock.advance(5 * HOUR)
    expect(affinity.get(identity('s'))).toBeNull()
  })

  test('B11 the sweep takes out what has expired, every 10 min, and nothing else', () => {
    const { affinity, clock } = makeAffinity()
    bindMany(affinity, clock, 3)
    clock.advance(4 * HOUR)
    affinity.get(identity('0'))
    clock.advance(HOUR + 10 * MINUTE)
    expect(affinity.getCacheStats()).toMatchObject({ size: 1, expiries: 2, evictions: 0 })
  })

  test('B11 when it is full, the least recently used 10 % go', () => {
    const { affinity, clock } = makeAffinity()
    bindMany(affinity, clock, 10_000)
    affinity.get(identity('0'))
    expect(affinity.getCacheStats()).toMatchObject({ size: 10_000, limit: 10_000, usedPercent: 100, evictions: 0 })
    affinity.bind(identity('new'), idOf('b'), null)
    expect(affinity.getCacheStats()).toMatchObject({ size: 9001, evictions: 1000 })
    const peeked = ['0', '1', '1000', '1001', '9999', 'new'].map((session) => affinity.peek(identity(session)))
    expect(peeked).toEqual(['a', null, null, 'a', 'a', 'b'])
  })

  test('B11 it never holds more than its limit, also a tiny one', () => {
    const { affinity, clock } = makeAffinity(3)
    bindMany(affinity, clock, 50)
    expect(affinity.getCacheStats().size).toBe(3)
  })

  test('B11 the stats count hits, misses, re-pins, and name oldest and newest use', () => {
    const { affinity, clock } = makeAffinity(10)
    expect(affinity.getCacheStats()).toEqual({
      size: 0,
      limit: 10,
      usedPercent: 0,
      hits: 0,
      misses: 0,
      repins: 0,
      evictions: 0,
      expiries: 0,
      oldest: null,
      newest: null
    })
    const start = clock.now()
    bindMany(affinity, clock, 2)
    affinity.get(identity('0'))
    affinity.get(identity('nobody'))
    affinity.peek(identity('1'))
    affinity.bind(identity('1'), idOf('b'), idOf('a'))
    expect(affinity.getCacheStats()).toMatchObject({ size: 2, usedPercent: 20, hits: 1, misses: 1, repins: 1 })
    clock.advance(MINUTE)
    affinity.get(identity('0'))
    expect(affinity.getCacheStats()).toMatchObject({ oldest: start + 2, newest: start + 2 + MINUTE })
  })

  test('B11 destroy ends the timer', () => {
    const { affinity, clock } = makeAffinity()
    expect(clock.pendingTimers).toBe(1)
    affinity.destroy()
    expect(clock.pendingTimers).toBe(0)
  })

  test('B11 hostile names of many kilobytes are not kept', () => {
    const { affinity } = makeAffinity()
    affinity.bind(identity('x'.repeat(100_000)), idOf('a'), null)
    affinity.bind(identity('s', { model: 'x'.repeat(100_000) }), idOf('a'), null)
    expect(affinity.getCacheStats().size).toBe(0)
  })

  test('it lists the most recently used first, and clears one by its key or all', () => {
    const { affinity, clock } = makeAffinity()
    bindMany(affinity, clock, 4)
    affinity.bind(identity('1'), idOf('a'), null)
    const listed = affinity.list(3)
    expect(listed.map(({ sessionId, requests }) => [sessionId, requests])).toEqual([
      ['1', 2],
      ['3', 1],
      ['2', 1]
    ])
    expect(affinity.clear(listed[1]?.key)).toBe(1)
    expect(affinity.clear(listed[1]?.key)).toBe(0)
    expect(affinity.peek(identity('3'))).toBeNull()
    expect(affinity.clear()).toBe(3)
    expect(affinity.list(10)).toEqual([])
  })
})

describe('binding and selection', () => {
  const named: SelectionSession = { id: 's', hashed: false, hasAssistantTurn: true }
  const ofSession: Partial<SelectionRequest> = { session: named, strategy: 'round_robin' }
  const threeChannels = (): SelectionWorld => new SelectionWorld(makeChannel('a'), makeChannel('b'), makeChannel('c'))
  const bound = (world: SelectionWorld): string | null => world.affinity.peek(identity('s'))

  test('B12 a session stays where it succeeded, while others go on in turn', () => {
    const world = threeChannels()
    expect([world.serve(ofSession), world.serve(ofSession), world.serve(ofSession)]).toEqual(['a', 'a', 'a'])
    expect([world.serve({ strategy: 'round_robin' }), world.serve(ofSession)]).toEqual(['b', 'a'])
  })

  test('B12 it is written only on success', () => {
    const world = threeChannels()
    const lease = world.lease(ofSession)
    expect(bound(world)).toBeNull()
    lease.fail(busy())
    expect(bound(world)).toBeNull()
    expect(world.serve(ofSession, tried('a'))).toBe('b')
    expect(bound(world)).toBe('b')
  })

  test('B07 a cancelled request leaves the binding alone', () => {
    const world = threeChannels()
    world.serve(ofSession)
    world.lease(ofSession).abandon()
    expect(bound(world)).toBe('a')
    world.harm('a', busy())
    world.lease(ofSession).abandon()
    expect(bound(world)).toBe('a')
  })

  test('B12 while its channel is unhealthy it goes elsewhere, and stays there after the success', () => {
    const world = threeChannels()
    world.serve(ofSession)
    world.harm('a', busy())
    expect(world.serve(ofSession)).toBe('b')
    world.clock.advance(HOUR)
    expect(world.serve(ofSession)).toBe('b')
    expect(world.affinity.getCacheStats()).toMatchObject({ repins: 1, hits: 2, misses: 1 })
  })

  test('B12 a request that fails on its channel re-pins where the retry succeeds', () => {
    const world = threeChannels()
    world.serve(ofSession)
    world.lease(ofSession).fail(busy())
    expect(world.serve(ofSession, tried('a'))).toBe('b')
    expect(bound(world)).toBe('b')
    expect(world.affinity.getCacheStats()).toMatchObject({ repins: 1, hits: 1, misses: 1 })
  })

  test.each([
    ['disabled', { enabled: false }],
    ['without the model', { models: ['other'] }],
    ['of another protocol', { protocol: 'gemini' as const }]
  ])('B12 a binding to a channel that is now %s is not used', (_what, change) => {
    const world = threeChannels()
    world.serve(ofSession)
    world.channels = [makeChannel('a', change), makeChannel('b'), makeChannel('c')]
    expect(world.serve(ofSession)).toBe('b')
    expect(bound(world)).toBe('b')
  })

  test('B12 a binding to a channel that the key may no longer use, that was deleted or refused us, is not used', () => {
    const world = threeChannels()
    world.serve(ofSession)
    expect(world.lease({ ...ofSession, allowedChannels: [idOf('b'), idOf('c')] }).channel.id).toBe('b')
    world.harm('a', refused)
    expect(world.lease(ofSession).channel.id).toBe('b')
    world.channels = [makeChannel('b'), makeChannel('c')]
    expect(['b', 'c']).toContain(world.lease(ofSession).channel.id)
  })

  test('B12 a healthy binding is not moved by a parallel request of the session that was placed elsewhere', () => {
    const world = threeChannels()
    const first = world.lease(ofSession)
    const second = world.lease(ofSession)
    expect([first.channel.id, second.channel.id]).toEqual(['a', 'b'])
    first.succeed()
    second.succeed()
    expect(bound(world)).toBe('a')
    expect(world.affinity.getCacheStats().repins).toBe(0)
  })

  test('B12 a better tier that recovers does not move it', () => {
    const world = new SelectionWorld(makeChannel('a', { priority: 1 }), makeChannel('b', { priority: 2 }))
    world.harm('a', busy())
    expect(world.serve(ofSession)).toBe('b')
    world.clock.advance(HOUR)
    expect([world.serve(ofSession), world.serve()]).toEqual(['b', 'a'])
  })

  test('B10 identical first requests without an assistant turn spread, and each then binds', () => {
    const world = threeChannels()
    const firstTurn = { ...ofSession, session: { id: 's', hashed: true, hasAssistantTurn: false } }
    const secondTurn = { ...ofSession, session: { id: 's', hashed: true, hasAssistantTurn: true } }
    expect([world.serve(firstTurn), world.serve(firstTurn)]).toEqual(['a', 'b'])
    expect(world.serve(secondTurn)).toBe('b')
    expect(world.affinity.getCacheStats()).toMatchObject({ size: 1, repins: 0 })
  })

  test('B10 a named session without an assistant turn follows its binding', () => {
    const world = threeChannels()
    const firstTurn = { ...ofSession, session: { id: 's', hashed: false, hasAssistantTurn: false } }
    expect([world.serve(firstTurn), world.serve(firstTurn)]).toEqual(['a', 'a'])
  })

  test('B26 a token count goes where its session is, but binds nothing and counts no hit', () => {
    const world = threeChannels()
    const counting: Partial<SelectionRequest> = { ...ofSession, operation: 'count_tokens' }
    world.serve(counting)
    expect(bound(world)).toBeNull()
    world.serve(ofSession)
    expect(world.serve(counting)).toBe(bound(world))
    expect(world.affinity.getCacheStats()).toMatchObject({ hits: 0, misses: 1 })
  })
})
