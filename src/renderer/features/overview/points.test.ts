import { expect, test } from 'vitest'
import { sampleBucket } from '../../../../test/e2e/support/sample-overview'
import { toPoints } from './points'
import type { Frame } from './spans'

const minute = 60_000
const start = Date.UTC(2026, 2, 14, 15)
const frame: Frame = { bucket: 'minute', every: 5, pointMs: 5 * minute, from: start, to: start + 20 * minute }

test('each bucket is a point, and a stretch without one stands with 0 requests, no latency and no known cost', () => {
  const points = toPoints([sampleBucket(start), sampleBucket(start + 10 * minute)], frame)
  expect(points.map(({ at, requests, errors, costUsd }) => [(at - start) / minute, requests, errors, costUsd])).toEqual(
    [
      [0, 10, 1, 0.5],
      [5, 0, 0, null],
      [10, 10, 1, 0.5],
      [15, 0, 0, null]
    ]
  )
  expect(points[0]?.tokens).toEqual(sampleBucket(start).tokens)
  expect(points[0]?.totalMs).toEqual(sampleBucket(start).totalMs)
  expect(points[1]?.totalMs).toEqual({ p50: null, p95: null, p99: null })
})

test('a stretch of which the period holds a part is told by that part: at its begin, and while it still runs', () => {
  const buckets = [sampleBucket(start), sampleBucket(start + 5 * minute), sampleBucket(start + 15 * minute)]
  const points = toPoints(buckets, { ...frame, from: start + 4 * minute, to: start + 16 * minute })
  expect(points.map(({ requestsPerMinute }) => requestsPerMinute)).toEqual([10, 2, 0, 10])
})

test('a stretch that has just begun makes no storm of its first request', () => {
  const points = toPoints([sampleBucket(start + 15 * minute, { requests: 1 })], {
    ...frame,
    to: start + 15 * minute + 200
  })
  expect(points[3]?.requestsPerMinute).toBe(4)
})
