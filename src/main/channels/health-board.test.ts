import { describe, expect, test } from 'vitest'
import { makeChannel, idOf } from '../../../test/support/make-channel'
import { busy, failure, missing, refused, SelectionWorld } from '../../../test/support/selection-world'
import type { ChannelHealthView } from '../../shared/health'

const HOUR = 3_600_000

/** What the board told, as `id state`. */
function listen(world: SelectionWorld): { readonly told: string[]; readonly stop: () => void } {
  const told: string[] = []
  const stop = world.board.onChange((view: ChannelHealthView) => told.push(`${view.id} ${view.state}`))
  return { told, stop }
}

describe('what is shown', () => {
  test('B04 a cooldown with its cause and end', () => {
    const world = new SelectionWorld(makeChannel('a'))
    world.harm('a', busy(null, 'overload'))
    expect(world.board.views(world.channels)).toEqual([
      {
        id: 'a',
        name: 'a',
        slug: 'a',
        enabled: true,
        state: 'cooling',
        cause: 'overloaded: slow down',
        until: world.clock.now() + 30_000,
        failures: 0,
        inFlight: 0,
        missingModels: []
      }
    ])
  })

  test('a cause that the upstream itself names is not said twice', () => {
    const world = new SelectionWorld(makeChannel('a'))
    world.harm('a', { kind: 'busy', ramp: 'overload', message: 'Overloaded', untilMs: null, thisRequestOnly: false })
    expect(world.board.views(world.channels)).toMatchObject([{ cause: 'Overloaded' }])
  })

  test('B05 an open breaker with what the last failure said, then half-open without an end, then closed', () => {
    const world = new SelectionWorld(makeChannel('a'))
    world.harm('a', failure, 5)
    const [open] = world.board.views(world.channels)
    expect(open).toMatchObject({ state: 'open', cause: 'broken', until: world.clock.now() + 30_000, failures: 5 })
    world.clock.advance(30_000)
    const [halfOpen] = world.board.views(world.channels)
    expect(halfOpen).toMatchObject({ state: 'half-open', cause: 'broken' })
    expect(halfOpen).not.toHaveProperty('until')
    world.serve()
    expect(world.state('a')).toBe('closed')
  })

  test('a channel that is open and cooling at once is shown by what ends later', () => {
    const world = new SelectionWorld(makeChannel('a'))
    world.harm('a', failure, 5)
    world.harm('a', busy(world.clock.now() + HOUR))
    expect(world.board.views(world.channels)).toMatchObject([{ state: 'cooling', until: world.clock.now() + HOUR }])
    world.board.clear(idOf('a'))
    world.harm('a', busy(world.clock.now() + 2000))
    world.harm('a', failure, 5)
    expect(world.board.views(world.channels)).toMatchObject([{ state: 'open', until: world.clock.now() + 30_000 }])
  })

  test('tries in flight, counted until they end, however they do', () => {
    const world = new SelectionWorld(makeChannel('a'))
    const leases = [world.lease(), world.lease(), world.lease()]
    expect(world.board.views(world.channels)).toMatchObject([{ inFlight: 3 }])
    leases[0]?.succeed()
    leases[1]?.fail(failure)
    leases[2]?.abandon()
    leases[2]?.fail(failure)
    expect(world.board.views(world.channels)).toMatchObject([{ inFlight: 0, failures: 1 }])
  })

  test('B03 a missing model, by the name that was sent, for 1 h', () => {
    const world = new SelectionWorld(makeChannel('a', { modelMap: { claude: 'claude-5' } }))
    world.harm('a', missing)
    const until = world.clock.now() + HOUR
    expect(world.board.views(world.channels)).toMatchObject([
      { state: 'closed', missingModels: [{ model: 'claude-5', until }] }
    ])
    world.clock.advance(HOUR)
    expect(world.board.views(world.channels)).toMatchObject([{ missingModels: [] }])
  })
})

describe('auth_failed', () => {
  test('B03 it stays until a success', () => {
    const world = new SelectionWorld(makeChannel('a'))
    world.harm('a', refused)
    world.clock.advance(100 * HOUR)
    expect(world.board.views(world.channels)).toMatchObject([{ state: 'auth_failed', cause: 'invalid key' }])
    world.serve()
    expect(world.state('a')).toBe('closed')
  })

  test.each([
    ['credential', { credentialRevision: 'two' }],
    ['base URL', { baseUrl: 'https://other.test' }],
    ['own headers', { headers: { authorization: 'Bearer new' } }]
  ])('B03 it ends when the %s changes', (_what, change) => {
    const world = new SelectionWorld(makeChannel('a'))
    world.harm('a', refused)
    world.channels = [makeChannel('a', change)]
    expect(world.state('a')).toBe('closed')
  })

  test('B03 it survives edits of anything else', () => {
    const world = new SelectionWorld(makeChannel('a'))
    world.harm('a', refused)
    world.channels = [makeChannel('a', { name: 'renamed', priority: 1 })]
    expect(world.state('a')).toBe('auth_failed')
  })

  test('B03 a success of a try from before the refusal does not end it', () => {
    const world = new SelectionWorld(makeChannel('a'))
    const old = world.lease()
    world.harm('a', refused)
    old.succeed()
    expect(world.state('a')).toBe('auth_failed')
  })

  test('B03 a try from before clear now can not bring it back', () => {
    const world = new SelectionWorld(makeChannel('a'))
    const late = world.lease()
    world.harm('a', refused)
    world.board.clear(idOf('a'))
    late.fail(refused)
    expect(world.state('a')).toBe('closed')
  })

  test('B03 a try from before the success that ended it can not bring it back', () => {
    const world = new SelectionWorld(makeChannel('a'))
    const late = world.lease()
    world.harm('a', refused)
    world.serve()
    late.fail(refused)
    expect(world.state('a')).toBe('closed')
  })
})

test('B03 the client’s own faults, retries elsewhere, signatures and what concerns one request alone harm nobody', () => {
  const world = new SelectionWorld(makeChannel('a'))
  const harmless = ['client_fault', 'retry_elsewhere', 'signature'] as const
  for (const kind of harmless) world.harm('a', { kind, message: '' }, 10)
  world.harm('a', { kind: 'busy', ramp: 'limit', message: '', untilMs: null, thisRequestOnly: true }, 10)
  expect(world.board.views(world.channels)).toMatchObject([{ state: 'closed', failures: 0 }])
})

test('B04 B05 clear now ends cooldown, breaker, auth failure and missing models', () => {
  const world = new SelectionWorld(makeChannel('a'))
  world.harm('a', missing)
  world.harm('a', failure, 5)
  world.harm('a', busy())
  world.harm('a', refused)
  world.board.clear(idOf('a'))
  expect(world.board.views(world.channels)).toMatchObject([{ state: 'closed', failures: 0, missingModels: [] }])
})

test('B08 health never touches the channel itself', () => {
  const channel = makeChannel('a', { enabled: false })
  const world = new SelectionWorld(channel)
  const health = world.board.of(channel)
  health.succeed(health.begin(world.clock.now()), null)
  expect(world.board.views(world.channels)).toMatchObject([{ enabled: false, state: 'closed' }])
  expect(world.next()).toEqual({ kind: 'none' })
})

describe('telling of changes', () => {
  test('each change of state is told once, not each failure, success or try', () => {
    const world = new SelectionWorld(makeChannel('a'))
    const { told } = listen(world)
    for (let count = 0; count < 10; count++) world.serve()
    world.harm('a', failure, 4)
    world.serve()
    expect(told).toEqual([])
    world.harm('a', failure, 5)
    expect(told).toEqual(['a open'])
  })

  test('thirty tries in flight that come back with 429 together are told as one change', () => {
    const world = new SelectionWorld(makeChannel('a'))
    const leases = Array.from({ length: 30 }, () => world.lease())
    const { told } = listen(world)
    for (const lease of leases) lease.fail(busy(world.clock.now() + 60_000))
    expect(told).toEqual(['a cooling'])
  })

  test('an end by time alone is told at that time', () => {
    const world = new SelectionWorld(makeChannel('a'), makeChannel('b'))
    const { told } = listen(world)
    world.harm('a', busy())
    world.harm('b', failure, 5)
    told.length = 0
    world.clock.advance(29_999)
    expect(told).toEqual([])
    world.clock.advance(1)
    expect(told).toEqual(['a closed', 'b half-open'])
  })

  test('a changed credential is told when the channels changed', () => {
    const world = new SelectionWorld(makeChannel('a'))
    world.harm('a', refused)
    const { told } = listen(world)
    world.board.dropUnknown([makeChannel('a', { credentialRevision: 'two' })])
    expect(told).toEqual(['a closed'])
  })

  test('who stops listening hears nothing more, and no timer is left', () => {
    const world = new SelectionWorld(makeChannel('a'))
    const timers = world.clock.pendingTimers
    const { told, stop } = listen(world)
    world.harm('a', busy())
    expect(world.clock.pendingTimers).toBe(timers + 1)
    stop()
    stop()
    expect(world.clock.pendingTimers).toBe(timers)
    world.clock.advance(60_000)
    expect(told).toEqual(['a cooling'])
  })

  test('a deleted channel is forgotten: what is in flight there reports to nobody, and a new one begins well', () => {
    const world = new SelectionWorld(makeChannel('a'), makeChannel('b'))
    const late = world.lease()
    world.harm('a', refused)
    const { told } = listen(world)
    world.board.dropUnknown([makeChannel('b')])
    late.fail(busy())
    world.channels = [makeChannel('a'), makeChannel('b')]
    expect(world.state('a')).toBe('closed')
    expect(told).toEqual([])
  })
})
