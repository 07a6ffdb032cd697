import { expect, test } from 'vitest'
import { TIME_RANGES } from '../../lib/time-range'
import { barFrame, lineFrame, periods } from './spans'

const now = Date.UTC(2026, 2, 14, 15, 9, 26)
const bucketMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

test.each(TIME_RANGES)(
  '%s: its charts ask for whole buckets, at most 5,000, and draw 15 to 120 points of them',
  (span) => {
    for (const frame of [lineFrame(span, now), barFrame(span, now)]) {
      const length = bucketMs[frame.bucket]
      expect(frame.pointMs % length).toBe(0)
      expect(frame.from % length).toBe(0)
      expect((frame.to - frame.from) / length).toBeLessThanOrEqual(5_000)
      const points = (frame.to - frame.from) / frame.pointMs
      expect(points).toBe(Math.round(points))
      expect(points).toBeGreaterThanOrEqual(15)
      expect(points).toBeLessThanOrEqual(120)
      expect(frame.to).toBeGreaterThanOrEqual(now)
    }
  }
)

test.each(TIME_RANGES.filter((span) => span !== '15m'))('%s: a line has at least 60 points', (span) => {
  const frame = lineFrame(span, now)
  expect((frame.to - frame.from) / frame.pointMs).toBeGreaterThanOrEqual(60)
})

test('a frame stays until its next point begins', () => {
  expect(lineFrame('24h', now)).toEqual(lineFrame('24h', now + 60_000))
  expect(lineFrame('24h', now + 15 * 60_000).from).toBe(lineFrame('24h', now).from + 15 * 60_000)
})

test('the period before is as long as the present one, and ends where that begins', () => {
  const { present, before } = periods('1h', now)
  expect(before.to - before.from).toBe(present.to - present.from)
  expect(present.from - before.from).toBe(3_600_000)
  expect(present.to).toBe(now)
})
