import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeChannel } from '../../../test/support/make-channel'
import { busy, failure, SelectionWorld, tried } from '../../../test/support/selection-world'
import type { Channel } from '../../shared/channel'
import type { Strategy } from '../../shared/settings'

/** Who serves `count` requests in a row, each of which ends before the next. */
function served(world: SelectionWorld, strategy: Strategy, count: number): string {
  return Array.from({ length: count }, () => world.serve({ strategy })).join('')
}

/** How often each serves. */
function shares(order: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const id of order) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

const weighted = (...weights: number[]): Channel[] =>
  weights.map((weight, place) => makeChannel('abcdefghij'.charAt(place), { weight }))

describe('priority', () => {
  test('the lowest number serves while it is healthy, in the order of the configuration among equals', () => {
    const world = new SelectionWorld(
      makeChannel('c', { priority: 60 }),
      makeChannel('b', { priority: 10 }),
      makeChannel('a', { priority: 10 })
    )
    expect(served(world, 'priority', 3)).toBe('bbb')
    world.harm('b', busy())
    expect(served(world, 'priority', 3)).toBe('aaa')
    world.harm('a', busy())
    expect(served(world, 'priority', 3)).toBe('ccc')
    world.clock.advance(30_000)
    expect(served(world, 'priority', 3)).toBe('bbb')
  })
})

test.each(['priority', 'round_robin', 'weighted', 'least_used'] as const)(
  'under %s a lower tier gets nothing while a higher one has a healthy candidate',
  (strategy) => {
    const world = new SelectionWorld(
      makeChannel('low', { priority: 2, weight: 1000 }),
      makeChannel('high', { priority: 1, weight: 0 }),
      makeChannel('sick', { priority: 1 })
    )
    world.harm('sick', failure, 5)
    for (let count = 0; count < 5; count++) expect(world.serve({ strategy })).toBe('high')
  }
)

describe('round_robin', () => {
  test('each in turn', () => {
    const world = new SelectionWorld(...weighted(1, 1, 1))
    expect(served(world, 'round_robin', 7)).toBe('abcabca')
  })

  test('those left share evenly while one is unhealthy', () => {
    const world = new SelectionWorld(...weighted(1, 1, 1, 1))
    world.harm('b', busy())
    expect(shares(served(world, 'round_robin', 30))).toEqual({ a: 10, c: 10, d: 10 })
  })

  test('a retry goes to the next one', () => {
    const world = new SelectionWorld(...weighted(1, 1, 1))
    expect(world.serve({ strategy: 'round_robin' }, tried('a'))).toBe('b')
    expect(world.serve({ strategy: 'round_robin' })).toBe('c')
  })

  test('the turn survives edits that leave the tier as it is', () => {
    const world = new SelectionWorld(...weighted(1, 1, 1))
    expect(served(world, 'round_robin', 2)).toBe('ab')
    world.channels = world.channels.map((channel) => makeChannel(channel.id, { name: 'renamed' }))
    expect(served(world, 'round_robin', 2)).toBe('ca')
  })
})

describe('weighted', () => {
  test('5, 1, 1 are spread smoothly, as by nginx', () => {
    const world = new SelectionWorld(...weighted(5, 1, 1))
    expect(served(world, 'weighted', 14)).toBe('aabacaaaabacaa')
  })

  test('weights with fractions add up exactly', () => {
    const world = new SelectionWorld(...weighted(0.1, 0.2, 0.7))
    expect(shares(served(world, 'weighted', 100))).toEqual({ a: 10, b: 20, c: 70 })
  })

  test('all-zero weights share evenly', () => {
    const world = new SelectionWorld(...weighted(0, 0, 0))
    expect(shares(served(world, 'weighted', 30))).toEqual({ a: 10, b: 10, c: 10 })
  })

  test('a channel of weight 0 gets nothing beside others, and everything when it is alone', () => {
    const world = new SelectionWorld(...weighted(3, 0, 1))
    expect(shares(served(world, 'weighted', 40))).toEqual({ a: 30, c: 10 })
    world.harm('a', busy())
    world.harm('c', busy())
    expect(served(world, 'weighted', 3)).toBe('bbb')
    world.clock.advance(30_000)
    expect(shares(served(world, 'weighted', 40))).toEqual({ a: 30, c: 10 })
  })

  test('what channels of weight 0 did among themselves gives them nothing later', () => {
    const world = new SelectionWorld(...weighted(3, 0, 0, 1))
    world.harm('a', busy())
    world.harm('d', busy())
    expect(served(world, 'weighted', 3)).toBe('bcb')
    world.clock.advance(30_000)
    expect(shares(served(world, 'weighted', 40))).toEqual({ a: 30, d: 10 })
  })

  test('every cycle is exact: each channel gets its weight', () => {
    const weights = fc.array(fc.nat(20), { minLength: 1, maxLength: 10 }).filter((all) => all.some((one) => one > 0))
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 3 }), (all, cycles) => {
        const world = new SelectionWorld(...weighted(...all))
        const total = all.reduce((sum, weight) => sum + weight, 0)
        for (let cycle = 0; cycle < cycles; cycle++) {
          const counts = shares(served(world, 'weighted', total))
          expect(world.channels.map(({ id }) => counts[id] ?? 0)).toEqual(all)
        }
      }),
      { numRuns: 60 }
    )
  })

  test('whoever is unhealthy in between, nobody is more than one cycle away from its share in the end', () => {
    const world = new SelectionWorld(...weighted(2, 1, 1))
    const order: string[] = []
    for (let round = 0; round < 100; round++) {
      world.harm('abc'.charAt(round % 3), busy(world.clock.now() + 1000))
      order.push(served(world, 'weighted', 2))
      world.clock.advance(1000)
      order.push(served(world, 'weighted', 4))
    }
    const counts = shares(order.join(''))
    expect(Math.abs((counts['b'] ?? 0) - (counts['c'] ?? 0))).toBeLessThanOrEqual(4)
    expect(counts['a']).toBeGreaterThan(counts['b'] ?? 0)
  })
})

describe('least_used', () => {
  test('the one with fewest in flight serves', () => {
    const world = new SelectionWorld(...weighted(1, 1, 1))
    const first = world.lease({ strategy: 'least_used' })
    const second = world.lease({ strategy: 'least_used' })
    expect([first.channel.id, second.channel.id, world.serve({ strategy: 'least_used' })]).toEqual(['a', 'b', 'c'])
    first.succeed()
    expect(world.serve({ strategy: 'least_used' }, tried('c'))).toBe('a')
  })

  test('among equals in flight the one with fewest tries in the last 5 minutes, then the order', () => {
    const world = new SelectionWorld(...weighted(1, 1))
    expect(served(world, 'least_used', 4)).toBe('abab')
    world.harm('a', { kind: 'client_fault', message: '' }, 3)
    expect(served(world, 'least_used', 4)).toBe('bbba')
    world.clock.advance(5 * 60_000)
    expect(served(world, 'least_used', 2)).toBe('ab')
  })
})

test('the strategy goes by live counters, so a burst spreads before any of it ends', () => {
  const world = new SelectionWorld(...weighted(1, 1, 1, 1))
  const burst = Array.from({ length: 12 }, () => world.lease({ strategy: 'least_used' }).channel.id)
  expect(shares(burst.join(''))).toEqual({ a: 3, b: 3, c: 3, d: 3 })
})
