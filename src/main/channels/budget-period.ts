import type { BudgetPeriod } from '../../shared/budget'
import type { PeriodBounds, Periods } from './spending'

/** Days since the last Monday (ISO 8601). */
const sinceMonday = (day: Date): number => (day.getDay() + 6) % 7

/**
 * The calendar day, week or month that a moment lies in, in the local time of the machine: a day on which the clocks change
 * has 23 or 25 hours.
 */
export function periodAt(period: BudgetPeriod, now: number): PeriodBounds {
  const at = new Date(now)
  const [year, month, day] = [at.getFullYear(), at.getMonth(), at.getDate()]
  const midnight = (m: number, d: number): number => new Date(year, m, d).getTime()
  switch (period) {
    case 'day':
      return { from: midnight(month, day), to: midnight(month, day + 1) }
    case 'week': {
      const monday = day - sinceMonday(at)
      return { from: midnight(month, monday), to: midnight(month, monday + 7) }
    }
    case 'month':
      return { from: midnight(month, 1), to: midnight(month + 1, 1) }
  }
}

/** All three that a moment lies in. */
export const periodsAt = (now: number): Periods => ({
  day: periodAt('day', now),
  week: periodAt('week', now),
  month: periodAt('month', now)
})

const two = (number: number): string => String(number).padStart(2, '0')

/** `2026-11-29 00:00`, in local time. */
export function localTime(ms: number): string {
  const at = new Date(ms)
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}`
}
