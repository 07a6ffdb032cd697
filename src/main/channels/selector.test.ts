import { describe, expect, test } from 'vitest'
import { idOf, makeChannel } from '../../../test/support/make-channel'
import { busy, failure, missing, refused, SelectionWorld, tried } from '../../../test/support/selection-world'

const twoChannels = (): SelectionWorld => new SelectionWorld(makeChannel('a'), makeChannel('b'))
const SECOND = 1000
const HOUR = 3_600_000

describe('a sole candidate', () => {
  test.each([
    ['open', failure, 5],
    ['cooling', busy(), 1],
    ['auth_failed', refused, 1],
    ['without the model', missing, 1]
  ])('B05 is tried all the same when %s, also by several requests at once', (_what, verdict, times) => {
    const world = new SelectionWorld(makeChannel('a'), makeChannel('other', { protocol: 'gemini' }))
    world.harm('a', verdict, times)
    const leases = [world.lease(), world.lease(), world.lease()]
    expect(leases.map(({ channel, probe }) => [channel.id, probe])).toEqual([
      ['a', true],
      ['a', true],
      ['a', true]
    ])
  })

  test('B05 is tried once a request', () => {
    const world = new SelectionWorld(makeChannel('a'))
    expect(world.next({}, tried('a'))).toEqual({ kind: 'none' })
  })

  test('B05 of several is the one that is left beside refused credentials and missing models', () => {
    const world = new SelectionWorld(makeChannel('a'), makeChannel('b'), makeChannel('c'))
    world.harm('a', refused)
    world.harm('b', missing)
    world.harm('c', failure, 5)
    expect([world.lease().channel.id, world.lease().channel.id]).toEqual(['c', 'c'])
  })

  test('B14 is the holder of the state that the request names', () => {
    const world = twoChannels()
    world.harm('b', failure, 5)
    expect(world.lease({ stateHolder: idOf('b') }).channel.id).toBe('b')
    expect(world.next({ stateHolder: idOf('b') }, tried('b'))).toEqual({ kind: 'none' })
    expect(world.next({ stateHolder: idOf('deleted') })).toEqual({ kind: 'none' })
  })
})

describe('half-open', () => {
  test('B05 one request probes, the others go elsewhere until it ends', () => {
    const world = twoChannels()
    world.harm('a', failure, 5)
    expect(world.serve()).toBe('b')
    world.clock.advance(30 * SECOND)
    const probe = world.lease()
    expect([probe.channel.id, probe.probe]).toEqual(['a', true])
    expect([world.serve(), world.serve()]).toEqual(['b', 'b'])
    probe.succeed()
    expect(world.serve()).toBe('a')
  })

  test.each(['fail', 'abandon', 'client fault', 'busy'] as const)(
    'B05 a probe ending in %s frees its permit',
    (end) => {
      const world = twoChannels()
      world.harm('a', failure, 5)
      world.clock.advance(30 * SECOND)
      const probe = world.lease()
      if (end === 'abandon') probe.abandon()
      else if (end === 'fail') probe.fail(failure)
      else if (end === 'busy') probe.fail(busy())
      else probe.fail({ kind: 'client_fault', message: '' })
      world.clock.advance(60 * SECOND)
      expect(world.lease().channel.id).toBe('a')
    }
  )

  test('B05 a probe that never ends frees its permit', () => {
    const world = twoChannels()
    world.harm('a', failure, 5)
    world.clock.advance(30 * SECOND)
    world.lease()
    expect(world.serve()).toBe('b')
    world.clock.advance(11 * 60 * SECOND)
    expect(world.lease().channel.id).toBe('a')
  })

  test('B05 as soon as the probe’s content comes, the others are let through', () => {
    const world = twoChannels()
    world.harm('a', failure, 5)
    world.clock.advance(30 * SECOND)
    const probe = world.lease()
    probe.answering()
    expect(world.serve()).toBe('a')
    probe.fail(failure)
    expect(world.state('a')).toBe('closed')
  })

  test('B05 a probe that streams on holds no permit that a later probe needs', () => {
    const world = twoChannels()
    world.harm('a', failure, 5)
    world.clock.advance(30 * SECOND)
    world.lease().answering()
    world.harm('a', failure)
    expect(world.state('a')).toBe('open')
    world.clock.advance(60 * SECOND)
    expect(world.lease().channel.id).toBe('a')
  })

  test('B05 a probe under way when the user cleared the channel holds no permit that a later one needs', () => {
    const world = twoChannels()
    world.harm('a', failure, 5)
    world.clock.advance(30 * SECOND)
    world.lease()
    world.board.clear(idOf('a'))
    world.harm('a', failure, 5)
    world.clock.advance(30 * SECOND)
    expect(world.lease().channel.id).toBe('a')
  })

  test('B05 content of a try that is no probe says nothing of the channel', () => {
    const world = twoChannels()
    const old = world.lease()
    world.harm('a', failure, 5)
    old.answering()
    expect(world.state('a')).toBe('open')
  })
})

describe('several that all rest', () => {
  /** `a` rests for 10 minutes, `b` for one. */
  function allResting(): SelectionWorld {
    const world = twoChannels()
    world.harm('a', busy(world.clock.now() + 600 * SECOND))
    world.harm('b', busy(world.clock.now() + 60 * SECOND))
    return world
  }

  test('B05 one request at a time probes the one that ends soonest, the others are told to wait for it', () => {
    const world = allResting()
    const probe = world.lease()
    expect([probe.channel.id, probe.probe]).toEqual(['b', true])
    expect(world.next()).toEqual({ kind: 'wait', status: 429, retryAfterMs: 60 * SECOND })
    probe.abandon()
    expect(world.lease().channel.id).toBe('b')
  })

  test('B05 a good probe ends the rest for all', () => {
    const world = allResting()
    world.lease().succeed()
    expect([world.lease().channel.id, world.lease().channel.id]).toEqual(['b', 'b'])
  })

  test('B05 they wait with 503 where no limit but an overload or a failure is behind it, and never less than 1 s', () => {
    const world = twoChannels()
    world.harm('a', failure, 5)
    world.harm('b', busy(world.clock.now() + HOUR, 'overload'))
    world.lease()
    expect(world.next()).toEqual({ kind: 'wait', status: 503, retryAfterMs: 30 * SECOND })
    world.clock.advance(30 * SECOND)
    expect(world.next()).toEqual({ kind: 'wait', status: 503, retryAfterMs: SECOND })
  })

  test('B05 the probe of a half-open one is the one probe, too', () => {
    const world = twoChannels()
    world.harm('a', failure, 5)
    world.harm('b', busy(world.clock.now() + HOUR))
    world.clock.advance(30 * SECOND)
    expect(world.lease().channel.id).toBe('a')
    expect(world.next().kind).toBe('wait')
  })

  test('B03 after a failed try none of them is tried, so that the client gets that upstream’s own answer', () => {
    const world = twoChannels()
    world.harm('b', failure, 5)
    world.lease().fail(busy())
    expect(world.next({}, tried('a'))).toEqual({ kind: 'none' })
  })

  test('B03 with refused credentials or missing models only, none is tried', () => {
    const world = twoChannels()
    world.harm('a', refused)
    world.harm('b', missing)
    expect(world.next()).toEqual({ kind: 'none' })
  })

  test('B05 however many requests come at once, one probes and all others wait', () => {
    const world = allResting()
    const selections = Array.from({ length: 50 }, () => world.next().kind)
    expect(selections.filter((kind) => kind === 'lease')).toHaveLength(1)
    expect(selections.filter((kind) => kind === 'wait')).toHaveLength(49)
  })
})

test('B03 an auth_failed channel is skipped for as long as another serves', () => {
  const world = twoChannels()
  world.harm('a', refused)
  world.clock.advance(100 * HOUR)
  expect(world.serve()).toBe('b')
})

test('B03 a missing model leaves the channel out for that model alone, for 1 h', () => {
  const world = twoChannels()
  world.harm('a', missing)
  expect(world.serve()).toBe('b')
  expect(world.serve({ model: 'other' })).toBe('a')
  world.clock.advance(HOUR)
  expect(world.serve()).toBe('a')
})

test('B03 a success of the model ends it', () => {
  const world = twoChannels()
  world.harm('a', missing)
  expect(world.serve({ allowedChannels: [idOf('a')] })).toBe('a')
  expect(world.serve()).toBe('a')
})

test('B03 a try in flight can not bring a missing model back after clear now', () => {
  const world = twoChannels()
  const late = world.lease()
  world.board.clear(idOf('a'))
  late.fail(missing)
  expect(world.serve()).toBe('a')
})

test('B03 every exclusion has its reason, its end and the upstream’s own words', () => {
  const world = new SelectionWorld(
    makeChannel('fine'),
    makeChannel('disabled', { enabled: false }),
    makeChannel('gemini', { protocol: 'gemini' }),
    makeChannel('refused'),
    makeChannel('missing'),
    makeChannel('open'),
    makeChannel('cooling')
  )
  world.harm('refused', refused)
  world.harm('missing', missing)
  world.harm('open', failure, 5)
  world.harm('cooling', busy(world.clock.now() + HOUR))
  const now = world.clock.now()
  const told = world.selector
    .exclusions(world.request())
    .map(({ channel, reason, until, cause }) => [channel.name, reason, until, cause])
  expect(told).toEqual([
    ['disabled', 'disabled', null, null],
    ['gemini', 'protocol', null, null],
    ['refused', 'auth_failed', null, 'invalid key'],
    ['missing', 'model_missing', now + HOUR, null],
    ['open', 'open', now + 30 * SECOND, 'broken'],
    ['cooling', 'cooling', now + HOUR, 'rate limited: slow down']
  ])
})

test('a request that is served tells who could not serve it, at most twenty, and the list is made once', () => {
  const disabled = Array.from({ length: 30 }, (_, index) => makeChannel(`off${index}`, { enabled: false }))
  const world = new SelectionWorld(makeChannel('fine'), makeChannel('other', { models: ['zzz'] }), ...disabled)
  const told = world.selector.passedOver(world.request())
  expect(told.slice(0, 2)).toMatchObject([
    { channel: { id: 'other' }, reason: 'model' },
    { channel: { id: 'off0' }, reason: 'disabled' }
  ])
  expect(told).toHaveLength(20)
  expect(world.selector.passedOver(world.request())).toBe(told)
})

test('B08 the lease carries the very channel and the name to send', () => {
  const channel = makeChannel('a', { modelMap: { claude: 'claude-5' } })
  const world = new SelectionWorld(channel)
  const lease = world.lease()
  expect(lease.channel).toBe(channel)
  expect([lease.model, lease.probe]).toEqual(['claude-5', false])
})
