import { expect, test } from 'vitest'
import { dayOf } from './today'

test('a day begins and ends at local midnight', () => {
  const { from, to } = dayOf(new Date(2026, 4, 17, 13, 30).getTime())
  expect(new Date(from)).toEqual(new Date(2026, 4, 17))
  expect(new Date(to)).toEqual(new Date(2026, 4, 18))
  expect(dayOf(to).from).toBe(to)
  expect(dayOf(to - 1).from).toBe(from)
})
