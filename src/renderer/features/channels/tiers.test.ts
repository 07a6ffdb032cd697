import { expect, test } from 'vitest'
import type { ChannelId } from '../../../shared/ids'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { move, step, tiersOf, type Priorities, type Tier } from './tiers'

const tiersAt = (priorities: Readonly<Record<string, number>>, fixed: readonly string[] = []): readonly Tier[] =>
  tiersOf(
    Object.entries(priorities).map(([name, priority]) =>
      sampleChannel(name, { priority, managedBy: fixed.includes(name) ? 'config-file' : 'user' })
    )
  )
const ids = (...names: string[]) => new Set(names as ChannelId[])
const plain = (priorities: Priorities | null) => priorities && Object.fromEntries(priorities)

test('channels of one priority are a tier, the lowest number first', () => {
  const tiers = tiersAt({ a: 50, b: 10, c: 50 })
  expect(tiers.map(({ priority, channels }) => [priority, channels.map(({ name }) => name)])).toEqual([
    [10, ['b']],
    [50, ['a', 'c']]
  ])
})

test('a channel dropped into a tier takes its priority, and no other changes', () => {
  const tiers = tiersAt({ a: 10, b: 50 })
  expect(plain(move(tiers, ids('b'), { kind: 'into', priority: 10 }))).toEqual({ b: 10 })
  expect(plain(move(tiers, ids('a'), { kind: 'into', priority: 10 }))).toEqual({})
})

test('a tier of its own lies half way, or ten away from the first and the last', () => {
  const tiers = tiersAt({ a: 10, b: 50, x: 90, y: 90 })
  expect(plain(move(tiers, ids('x'), { kind: 'before', index: 1 }))).toEqual({ x: 30 })
  expect(plain(move(tiers, ids('x'), { kind: 'before', index: 0 }))).toEqual({ x: 0 })
  expect(plain(move(tiers, ids('a'), { kind: 'before', index: 3 }))).toEqual({ a: 100 })
  expect(plain(move(tiers, ids('b'), { kind: 'before', index: 2 }))).toEqual({})
})

test('where there is no number between, those behind make room, as few as can be', () => {
  const tiers = tiersAt({ a: 10, b: 11, c: 12, d: 40, x: 40 })
  expect(plain(move(tiers, ids('x'), { kind: 'before', index: 1 }))).toEqual({ x: 11, b: 12, c: 13 })
})

test('where the config file fixes those behind, those before make room, and where it fixes all, nothing moves', () => {
  const before = tiersAt({ a: 10, b: 11, x: 40 }, ['b'])
  expect(plain(move(before, ids('x'), { kind: 'before', index: 1 }))).toEqual({ a: 9, x: 10 })
  const fixed = tiersAt({ a: 10, b: 11, x: 40 }, ['a', 'b'])
  expect(move(fixed, ids('x'), { kind: 'before', index: 1 })).toBeNull()
})

test('at the ends of the range the others make room', () => {
  expect(plain(move(tiersAt({ a: 0, x: 5 }), ids('x'), { kind: 'before', index: 0 }))).toEqual({ x: 0, a: 1 })
  expect(plain(move(tiersAt({ x: 5, a: 1000 }), ids('x'), { kind: 'before', index: 2 }))).toEqual({ x: 1000, a: 999 })
})

test('a step out of a shared tier makes one beside it, a step of a lone channel joins the next', () => {
  const tiers = tiersAt({ a: 10, b: 50, c: 50, d: 80 })
  expect(plain(step(tiers, 'c' as ChannelId, -1))).toEqual({ c: 30 })
  expect(plain(step(tiers, 'c' as ChannelId, 1))).toEqual({ c: 65 })
  expect(plain(step(tiers, 'd' as ChannelId, -1))).toEqual({ d: 50 })
  expect(plain(step(tiers, 'a' as ChannelId, -1))).toEqual({})
  expect(plain(step(tiers, 'd' as ChannelId, 1))).toEqual({})
})

test('a channel that the config file manages is never moved', () => {
  const tiers = tiersAt({ a: 10, b: 50 }, ['b'])
  expect(plain(move(tiers, ids('b'), { kind: 'into', priority: 10 }))).toEqual({})
})
