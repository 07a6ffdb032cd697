import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'

test('timers run in the order in which they are due, at the time at which they are due', () => {
  const clock = new FakeClock(1000)
  const ran: string[] = []
  const note = (name: string) => () => ran.push(`${name} ${clock.now()} ${clock.monotonic()}`)
  clock.after(30, note('late'))
  clock.after(10, note('soon'))
  clock.every(20, note('each'))
  clock.after(10, () => clock.after(5, note('nested')))
  clock.advance(40)
  expect(ran).toEqual(['soon 1010 10', 'nested 1015 15', 'each 1020 20', 'late 1030 30', 'each 1040 40'])
})

test('a stopped timer never runs, and setting the wall clock moves no timer', () => {
  const clock = new FakeClock(0)
  let runs = 0
  const stop = clock.every(10, () => runs++)
  clock.set(1_000_000)
  expect(runs).toBe(0)
  clock.advance(10)
  stop()
  stop()
  clock.advance(100)
  expect([runs, clock.now(), clock.monotonic(), clock.pendingTimers]).toEqual([1, 1_000_110, 110, 0])
})
