import { expect, test } from 'vitest'
import { sampleBucket } from '../../../../test/e2e/support/sample-overview'
import { toCostStack } from './groups'
import type { Frame } from './spans'

const hour = 3_600_000
const start = Date.UTC(2026, 2, 14)
const frame: Frame = { bucket: 'hour', every: 2, pointMs: 2 * hour, from: start, to: start + 6 * hour }

test('the cost of each group stands in its bars, the dearest group first', () => {
  const stack = toCostStack(
    [
      sampleBucket(start, { group: 'a', costUsd: 1 }),
      sampleBucket(start + 2 * hour, { group: 'a', costUsd: 2 }),
      sampleBucket(start + 4 * hour, { group: 'b', costUsd: 9 })
    ],
    frame
  )
  expect(stack.at).toEqual([start, start + 2 * hour, start + 4 * hour])
  expect(stack.groups.map(({ group, costUsd, values }) => [group, costUsd, values])).toEqual([
    ['b', 9, [0, 0, 9]],
    ['a', 3, [1, 2, 0]]
  ])
})

test('a group of which no cost is known is left out, and one that cost nothing is not', () => {
  const stack = toCostStack(
    [sampleBucket(start, { group: 'a', costUsd: null }), sampleBucket(start, { group: 'b', costUsd: 0 })],
    frame
  )
  expect(stack.groups.map(({ group, costUsd }) => [group, costUsd])).toEqual([['b', 0]])
})

test('what is too much to be told apart is one group, with nothing lost', () => {
  const buckets = Array.from({ length: 9 }, (_, index) => sampleBucket(start, { group: `g${index}`, costUsd: index }))
  const { groups } = toCostStack(buckets, frame)
  expect(groups.map(({ group }) => group)).toEqual(['g8', 'g7', 'g6', 'g5', 'g4', null])
  expect(groups.reduce((total, { costUsd }) => total + (costUsd ?? 0), 0)).toBe(36)
  expect(groups.at(-1)?.values[0]).toBe(0 + 1 + 2 + 3)
})
