import { afterEach, describe, expect, test, vi } from 'vitest'
import { localTime, periodAt } from './budget-period'

afterEach(() => vi.unstubAllEnvs())

const HOUR = 3_600_000
const at = (text: string): number => new Date(text).getTime()

test('a day, a week and a month are those of the calendar in local time, a week from Monday on', () => {
  const wednesday = at('2026-07-15T13:45:10')
  expect(periodAt('day', wednesday)).toEqual({ from: at('2026-07-15T00:00'), to: at('2026-07-16T00:00') })
  expect(periodAt('week', wednesday)).toEqual({ from: at('2026-07-13T00:00'), to: at('2026-07-20T00:00') })
  expect(periodAt('month', wednesday)).toEqual({ from: at('2026-07-01T00:00'), to: at('2026-08-01T00:00') })
})

test('a Sunday belongs to the week before, and a December to its year', () => {
  expect(periodAt('week', at('2026-07-19T23:59:59')).from).toBe(at('2026-07-13T00:00'))
  expect(periodAt('month', at('2026-12-31T23:59:59')).to).toBe(at('2027-01-01T00:00'))
  expect(periodAt('week', at('2026-12-31T10:00')).to).toBe(at('2027-01-04T00:00'))
})

test('its first moment belongs to a period, and its end to the next', () => {
  const { from, to } = periodAt('day', at('2026-07-15T00:00'))
  expect(from).toBe(at('2026-07-15T00:00'))
  expect(periodAt('day', to).from).toBe(to)
})

describe('where clocks change', () => {
  test('a day has 23 or 25 hours', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    const spring = periodAt('day', at('2026-03-29T12:00'))
    const autumn = periodAt('day', at('2026-10-25T12:00'))
    expect([(spring.to - spring.from) / HOUR, (autumn.to - autumn.from) / HOUR]).toEqual([23, 25])
  })
})

test('an end is told in local time', () => {
  expect(localTime(at('2026-03-05T07:09'))).toBe('2026-03-05 07:09')
})
