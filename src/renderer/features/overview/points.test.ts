import { expect, test } from 'vitest'
import { sampleBucket } from '../../../../test/e2e/support/sample-overview'
import { toPoints } from './points'
import type { Frame } from './spans'

const minute = 60_000
const start = Date.UTC(2026, 2, 14, 15)
const frame: Frame = { bucket: 'minute', pointMs: 5 * minute, from: start, to: start + 20 * minute }

test('buckets of one point are summed, and a point without any stands with 0 requests and no latency', () => {
  const points = toPoints(
    [sampleBucket(start), sampleBucket(start + 4 * minute), sampleBucket(start + 10 * minute)],
    frame,
    frame.to
  )
  expect(points.map(({ at, requests, errors, costUsd }) => [(at - start) / minute, requests, errors, costUsd])).toEqual(
    [
      [0, 20, 2, 1],
      [5, 0, 0, null],
      [10, 10, 1, 0.5],
      [15, 0, 0, null]
    ]
  )
  expect(points[0]?.tokens).toEqual({ input: 200, cacheRead: 1800, cacheWrite: 100, output: 400, reasoning: 40 })
  expect(points[1]?.totalMs).toEqual({ p50: null, p95: null, p99: null })
})

test('buckets outside the frame are left out', () => {
  const points = toPoints([sampleBucket(start - minute), sampleBucket(frame.to)], frame, frame.to)
  expect(points.every(({ requests }) => requests === 0)).toBe(true)
})

test('the stretch that still runs is told by what went by of it', () => {
  const now = start + 16 * minute
  const points = toPoints([sampleBucket(start), sampleBucket(start + 15 * minute)], frame, now)
  expect(points[0]?.requestsPerMinute).toBe(2)
  expect(points[3]?.requestsPerMinute).toBe(10)
})

test('a stretch that has just begun makes no storm of its first request', () => {
  const points = toPoints([sampleBucket(start + 15 * minute, { requests: 1 })], frame, start + 15 * minute + 200)
  expect(points[3]?.requestsPerMinute).toBe(4)
})

test('percentiles of a point are the mean of its buckets by requests; unknown ones weigh nothing', () => {
  const known = { p50: 100, p95: 200, p99: 300 }
  const [point] = toPoints(
    [
      sampleBucket(start, { requests: 1, totalMs: known }),
      sampleBucket(start + minute, { requests: 3, totalMs: { p50: 500, p95: 600, p99: 700 } }),
      sampleBucket(start + 2 * minute, { requests: 50, totalMs: { p50: null, p95: null, p99: null } })
    ],
    frame,
    frame.to
  )
  expect(point?.totalMs).toEqual({ p50: 400, p95: 500, p99: 600 })
})

test('a cost that nobody knows stays unknown beside one that is known', () => {
  const [point] = toPoints([sampleBucket(start, { costUsd: null }), sampleBucket(start + minute)], frame, frame.to)
  expect(point?.costUsd).toBe(0.5)
})
