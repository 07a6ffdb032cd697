import { expect, test } from 'vitest'
import { chartColors } from './chart-colors'

const ids = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta']

test('eight channels have eight colours', () => {
  expect(new Set(chartColors(ids).values()).size).toBe(8)
})

test('a channel’s colour does not hang on the order of the list', () => {
  expect(chartColors(ids.toReversed())).toEqual(chartColors(ids))
})

test('with more channels than colours, none is used a third time before all are used twice', () => {
  const colors = [...chartColors([...ids, ...ids.map((id) => `${id}-2`)]).values()]
  for (const color of new Set(colors)) expect(colors.filter((other) => other === color)).toHaveLength(2)
})
