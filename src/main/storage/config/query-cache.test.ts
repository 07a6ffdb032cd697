import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../../test/support/fake-clock'
import { CachedQuery, QueryCache } from './query-cache'

interface Answer {
  readonly list: string[]
}

function setup() {
  const clock = new FakeClock()
  const world = { runs: 0, list: ['a'] }
  const query = new CachedQuery<Answer | undefined>('list', clock, (key) => {
    world.runs++
    return key === 'missing' ? undefined : { list: [...world.list] }
  })
  const cache = new QueryCache(clock, [query])
  onTestFinished(() => cache.destroy())
  return { clock, world, query, cache }
}

test('a second read runs no query, gives the same frozen object, and counts as a hit', () => {
  const { query, world } = setup()

  const first = query.get()

  expect(query.get()).toBe(first)
  expect(world.runs).toBe(1)
  expect(query.stats()).toMatchObject({ name: 'list', hits: 1, misses: 1, hitRate: 0.5, entries: 1, ttlMs: 30_000 })
  expect(() => first?.list.push('b')).toThrow(TypeError)
})

test('a write renews what is there at once, so that the next read is a hit on the new answer', () => {
  const { query, world } = setup()
  query.get()
  world.list = ['b']

  query.renew()

  expect(world.runs).toBe(2)
  expect(query.get()).toEqual({ list: ['b'] })
  expect(query.stats()).toMatchObject({ hits: 1, misses: 1 })
})

test('an answer that did not change stays the same object', () => {
  const { query } = setup()
  const first = query.get()

  query.renew()

  expect(query.get()).toBe(first)
})

test('what would grow older than 30 s is renewed by the sweep, never by a read', () => {
  const { clock, query, world } = setup()
  query.get()
  world.list = ['changed behind our back']
  clock.advance(24_999)
  expect(query.get()).toEqual({ list: ['a'] })
  expect(world.runs).toBe(1)

  clock.advance(1)

  expect(world.runs).toBe(2)
  expect(query.get()).toEqual({ list: ['changed behind our back'] })
  expect(query.stats()).toMatchObject({ misses: 1, ageMs: 0 })
  for (let second = 0; second < 120; second++) {
    clock.advance(1000)
    expect(query.stats().ageMs).toBeLessThanOrEqual(30_000)
  }
})

test('after a clear by hand the next read runs the query and counts as a miss', () => {
  const { cache, query, world } = setup()
  query.get()

  cache.clearAllCaches()

  expect(query.stats()).toMatchObject({ entries: 0, ageMs: null })
  query.get()
  expect(world.runs).toBe(2)
  expect(cache.getCacheStats()).toMatchObject([{ name: 'list', misses: 2, entries: 1 }])
})

test('answers are kept by parameter, and what is not there is not kept', () => {
  const { query, world } = setup()

  query.get('one')
  query.get('other')
  query.get('missing')
  query.get('missing')

  expect(world.runs).toBe(4)
  expect(query.stats()).toMatchObject({ entries: 2, misses: 4 })
})

test('the time of a query is told as p50 and p99', () => {
  const clock = new FakeClock()
  let next = 0
  const query = new CachedQuery('slow', clock, () => {
    clock.advance(++next)
    return next
  })
  expect(query.stats().queryMs).toEqual({ p50: null, p99: null })

  for (let read = 0; read < 100; read++) query.get(`key ${read}`)

  expect(query.stats().queryMs).toEqual({ p50: 50, p99: 99 })
})

test('cleanupExpiredCache leaves fresh answers alone', () => {
  const { cache, query, world } = setup()
  query.get()

  cache.cleanupExpiredCache()

  expect(world.runs).toBe(1)
})

test('destroy ends the sweep', () => {
  const { cache, clock } = setup()
  expect(clock.pendingTimers).toBe(1)

  cache.destroy()

  expect(clock.pendingTimers).toBe(0)
})
