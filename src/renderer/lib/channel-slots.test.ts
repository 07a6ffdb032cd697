import { beforeEach, expect, test } from 'vitest'
import { ChannelSlots } from './channel-slots'

beforeEach(() => localStorage.clear())

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `ch_${from + index}`)

test('a channel that is added or deleted changes the colour of no other', () => {
  const slots = new ChannelSlots()
  const five = slots.assign(names(0, 5))
  const more = slots.assign(names(0, 8))
  for (const id of names(0, 5)) expect(more.get(id)).toBe(five.get(id))
  const fewer = slots.assign(names(3, 8))
  for (const id of names(3, 8)) expect(fewer.get(id)).toBe(more.get(id))
})

test('up to eight have eight colours, also after some came and went', () => {
  const slots = new ChannelSlots()
  slots.assign(names(0, 8))
  slots.assign(names(4, 8))
  expect(new Set(slots.assign(names(4, 12)).values()).size).toBe(8)
})

test('it is the same after a new start, and after a deletion that is undone', () => {
  const first = new ChannelSlots()
  const before = first.assign(names(0, 6))
  first.assign(names(1, 6))
  expect(first.assign(names(0, 6))).toEqual(before)
  expect(new ChannelSlots().assign(names(0, 9)).get('ch_2')).toBe(before.get('ch_2'))
})

test('what somebody else wrote in its place does no harm', () => {
  for (const text of ['{', '{"ch_1":99}', '[]', '"x"']) {
    localStorage.setItem('routex.channelColors', text)
    expect(new Set(new ChannelSlots().assign(names(0, 8)).values()).size).toBe(8)
  }
})
