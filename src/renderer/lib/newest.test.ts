import { expect, test } from 'vitest'
import { Newest } from './newest'

test('an answer is taken until something newer is known, told or asked for', () => {
  const newest = new Newest()
  const [first, second, third] = [newest.ask(), newest.ask(), newest.ask()]
  expect(newest.takes(second)).toBe(true)
  expect(newest.takes(first)).toBe(false)
  newest.told()
  expect(newest.takes(third)).toBe(false)
  expect(newest.takes(newest.ask())).toBe(true)
})

test('a later question that brings nothing leaves the earlier answer its worth', () => {
  const newest = new Newest()
  const first = newest.ask()
  newest.ask()
  expect(newest.takes(first)).toBe(true)
})

test('what is told of one says nothing of another', () => {
  const newest = new Newest()
  const asked = newest.ask()
  newest.told('one')
  expect(newest.takes(asked, 'one')).toBe(false)
  expect(newest.takes(asked, 'other')).toBe(true)
})
