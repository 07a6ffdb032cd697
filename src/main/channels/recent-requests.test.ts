import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecentRequests } from './recent-requests'

const MINUTE = 60_000
const START = Date.UTC(2026, 0, 1)

test('a request counts for 4.5 to 5 minutes, then no longer', () => {
  fc.assert(
    fc.property(fc.nat(20 * MINUTE), (offset) => {
      const recent = new RecentRequests()
      const at = START + offset
      recent.record(at)
      expect(recent.count(at)).toBe(1)
      expect(recent.count(at + 4.5 * MINUTE)).toBe(1)
      expect(recent.count(at + 5 * MINUTE)).toBe(0)
    })
  )
})

test('it never counts less than the last 4.5 minutes nor more than the last 5', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4 * MINUTE), { maxLength: 60 }), (gaps) => {
      const recent = new RecentRequests()
      const times: number[] = []
      let now = START
      for (const gap of gaps) {
        now += gap
        recent.record(now)
        times.push(now)
        const counted = recent.count(now)
        expect(counted).toBeGreaterThanOrEqual(times.filter((time) => now - time <= 4.5 * MINUTE).length)
        expect(counted).toBeLessThanOrEqual(times.filter((time) => now - time < 5 * MINUTE).length)
      }
    })
  )
})

test('a clock that was set back loses no count and makes up none', () => {
  const recent = new RecentRequests()
  recent.record(START)
  recent.record(START - 10 * MINUTE)
  expect(recent.count(START - 10 * MINUTE)).toBe(2)
  expect(recent.count(START + 5 * MINUTE)).toBe(0)
})
