import { expect, test } from 'vitest'
import type { ChannelId } from '../../../shared/ids'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { dropAt, markOf, placeAt } from './drop'
import { rowsOf } from './list-rows'
import { tiersOf } from './tiers'

const tiers = tiersOf([
  sampleChannel('a', { priority: 10 }),
  sampleChannel('b', { priority: 10 }),
  sampleChannel('c', { priority: 50 })
])
const rows = rowsOf(tiers)
const spot = (index: number, below: number) => ({ index, below, height: 34 })
const ids = (...names: string[]) => new Set(names as ChannelId[])

test('rows are each tier’s head and its channels', () => {
  expect(rows.map(({ key }) => key)).toEqual(['tier 10', 'a', 'b', 'tier 50', 'c'])
})

test('the whole of a tier takes what is dropped on it, and the gap between two makes one of its own', () => {
  expect(placeAt(rows, spot(1, 2))).toEqual({ kind: 'into', priority: 10 })
  expect(placeAt(rows, spot(1, 33))).toEqual({ kind: 'into', priority: 10 })
  expect(placeAt(rows, spot(2, 33))).toEqual({ kind: 'before', index: 1 })
  expect(placeAt(rows, spot(3, 3))).toEqual({ kind: 'before', index: 1 })
  expect(placeAt(rows, spot(3, 30))).toEqual({ kind: 'into', priority: 50 })
})

test('above the first row and below the last one are gaps too', () => {
  expect(placeAt(rows, spot(0, -40))).toEqual({ kind: 'before', index: 0 })
  expect(placeAt(rows, spot(4, 300))).toEqual({ kind: 'before', index: 2 })
  expect(placeAt([], spot(0, 0))).toBeNull()
})

test('a drop tells the priority it gives, and that inside its own tier nothing moves', () => {
  expect(dropAt(tiers, ids('a'), { kind: 'into', priority: 50 })).toMatchObject({ kind: 'moves', priority: 50 })
  expect(dropAt(tiers, ids('a'), { kind: 'before', index: 1 })).toMatchObject({ kind: 'moves', priority: 30 })
  expect(dropAt(tiers, ids('a'), { kind: 'into', priority: 10 })).toEqual({ kind: 'stays' })
  expect(dropAt(tiers, ids('c'), { kind: 'before', index: 1 })).toEqual({ kind: 'stays' })
})

test('a drop that the config file leaves no room for says so', () => {
  const fixed = tiersOf([
    sampleChannel('a', { priority: 10, managedBy: 'config-file' }),
    sampleChannel('b', { priority: 11, managedBy: 'config-file' }),
    sampleChannel('x', { priority: 40 })
  ])
  expect(dropAt(fixed, ids('x'), { kind: 'before', index: 1 })).toEqual({ kind: 'no_room' })
})

test('the rows of the target are marked, or the line of the new tier, and nothing where nothing moves', () => {
  const marks = (...drop: Parameters<typeof dropAt>) => rows.map((_, index) => markOf(rows, index, dropAt(...drop)))
  const none = undefined
  expect(marks(tiers, ids('a'), { kind: 'into', priority: 50 })).toEqual([none, none, none, 'into', 'into'])
  expect(marks(tiers, ids('a'), { kind: 'before', index: 1 })).toEqual([none, none, none, 'before', none])
  expect(marks(tiers, ids('a'), { kind: 'before', index: 2 })).toEqual([none, none, none, none, 'after'])
  expect(marks(tiers, ids('a'), { kind: 'into', priority: 10 })).toEqual([none, none, none, none, none])
})
