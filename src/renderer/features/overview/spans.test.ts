import { expect, test } from 'vitest'
import { TIME_RANGES } from '../../lib/time-range'
import { barFrame, lineFrame, periods, pointsIn } from './spans'

const now = Date.UTC(2026, 2, 14, 15, 9, 26)
const minute = 60_000
const bucketMs = { minute, hour: 60 * minute, day: 1_440 * minute }
const present = (span: (typeof TIME_RANGES)[number], at = now) => periods(span, at).present

test.each(TIME_RANGES)(
  '%s: its charts ask for what the figures count, at most 5,000 buckets, and draw 15 to 121 points of them',
  (span) => {
    for (const frame of [lineFrame(span, present(span)), barFrame(span, present(span))]) {
      expect(frame).toMatchObject(present(span))
      expect(frame.pointMs).toBe(frame.every * bucketMs[frame.bucket])
      expect((frame.to - frame.from) / bucketMs[frame.bucket]).toBeLessThanOrEqual(5_000)
      const points = pointsIn(frame)
      expect(points.length).toBeGreaterThanOrEqual(15)
      expect(points.length).toBeLessThanOrEqual(121)
      expect(points[0]).toBeLessThanOrEqual(frame.from)
      expect((points[0] ?? 0) + frame.pointMs).toBeGreaterThan(frame.from)
      expect((points.at(-1) ?? 0) + frame.pointMs).toBeGreaterThanOrEqual(now)
    }
  }
)

test.each(TIME_RANGES.filter((span) => span !== '15m'))('%s: a line has at least 60 points', (span) => {
  expect(pointsIn(lineFrame(span, present(span))).length).toBeGreaterThanOrEqual(60)
})

test('points stay where they are until the next one begins', () => {
  const pointsAt = (at: number) => pointsIn(lineFrame('24h', present('24h', at)))
  expect(pointsAt(now + minute)).toEqual(pointsAt(now))
  expect(pointsAt(now + 15 * minute)[0]).toBe((pointsAt(now)[0] ?? 0) + 15 * minute)
})

test('the period before is as long as the present one, and ends where that begins', () => {
  const { present: counted, before } = periods('1h', now)
  expect(before.to - before.from).toBe(counted.to - counted.from)
  expect(counted.from - before.from).toBe(3_600_000)
  expect(counted.to).toBe(now)
})
