import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coverPeriod } from './rollup-units'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = Date.UTC(2026, 5, 15, 12, 30)

test('a period of days is covered by days inside, and by hours and minutes at its edges', () => {
  const from = Date.UTC(2026, 5, 10, 22, 58)
  const to = Date.UTC(2026, 5, 13, 1, 1)

  const stretches = coverPeriod(from, to, NOW)

  expect(stretches.map(({ unit, from: begin, to: end }) => [(end - begin) / unit, unit])).toEqual([
    [2, MINUTE],
    [1, HOUR],
    [2, DAY],
    [1, HOUR],
    [1, MINUTE]
  ])
})

test('any period is covered without a gap or an overlap, by few buckets', () => {
  const time = fc.integer({ min: NOW - 13 * DAY, max: NOW })
  fc.assert(
    fc.property(time, time, (one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)]
      const stretches = coverPeriod(from, to, NOW)
      let at = Math.floor(from / MINUTE) * MINUTE
      for (const stretch of stretches) {
        expect(stretch.from).toBe(at)
        expect(stretch.from % stretch.unit).toBe(0)
        expect(stretch.to % stretch.unit).toBe(0)
        at = stretch.to
      }
      expect(at).toBe(Math.ceil(to / MINUTE) * MINUTE)
      const buckets = stretches.reduce((sum, { unit, from: begin, to: end }) => sum + (end - begin) / unit, 0)
      expect(buckets).toBeLessThanOrEqual(2 * 59 + 2 * 23 + 14)
    })
  )
})

test('where minutes are no longer kept the edge is taken to the whole hour, then to the whole day', () => {
  const monthAgo = Date.UTC(2026, 4, 15, 10, 40)
  const yearsAgo = Date.UTC(2024, 4, 15, 10, 40)

  expect(coverPeriod(monthAgo, NOW, NOW)[0]).toMatchObject({ unit: HOUR, from: Date.UTC(2026, 4, 15, 10) })
  expect(coverPeriod(yearsAgo, NOW, NOW)[0]).toMatchObject({ unit: DAY, from: Date.UTC(2024, 4, 15) })
})

test('an empty period is covered by nothing', () => {
  expect(coverPeriod(NOW, NOW, NOW)).toEqual([])
})
