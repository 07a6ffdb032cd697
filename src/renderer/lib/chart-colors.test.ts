import { expect, test } from 'vitest'
import { chartSlots } from './chart-colors'

const ids = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta']

test('eight ids have eight colours', () => {
  expect(new Set(chartSlots(ids).values()).size).toBe(8)
})

test('a colour does not hang on the order of the list', () => {
  expect(chartSlots(ids.toReversed())).toEqual(chartSlots(ids))
})

test('with more ids than colours, none is used a third time before all are used twice', () => {
  const slots = [...chartSlots([...ids, ...ids.map((id) => `${id}-2`)]).values()]
  for (const slot of new Set(slots)) expect(slots.filter((other) => other === slot)).toHaveLength(2)
})

test('what has a colour keeps it, and a newcomer takes one that is free', () => {
  const kept = new Map(ids.slice(0, 7).map((id, index) => [id, index]))
  const slots = chartSlots(ids, kept)
  for (const [id, slot] of kept) expect(slots.get(id)).toBe(slot)
  expect(slots.get('theta')).toBe(7)
})

test('of those that want the same colour the first by name has it, and the others are told apart from it', () => {
  expect(chartSlots(['c', 'a', 'b'], new Map(), () => 7)).toEqual(
    new Map([
      ['a', 7],
      ['b', 0],
      ['c', 1]
    ])
  )
})
