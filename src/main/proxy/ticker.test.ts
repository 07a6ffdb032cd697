import { expect, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { Ticker } from './ticker'

test('those on it are told the time until they leave, and one that leaves in its own tick harms nobody', () => {
  const clock = new FakeClock()
  const ticker = new Ticker(clock)
  const told: string[] = []
  const quiet = { interrupt: (): void => undefined, over: false }
  const leaver = {
    ...quiet,
    tick: () => {
      told.push('leaver')
      ticker.remove(leaver)
    }
  }
  ticker.add(leaver)
  ticker.add({ ...quiet, tick: (now: number) => told.push(`stayer ${now - clock.monotonic()}`) })
  clock.advance(500)
  expect(told.filter((name) => name === 'leaver')).toHaveLength(1)
  expect(told.filter((name) => name === 'stayer 0').length).toBeGreaterThanOrEqual(2)
  ticker.destroy()
  const before = told.length
  clock.advance(1000)
  expect(told).toHaveLength(before)
})

test('one that is over is told the time no more, and the timer ends with the last of them', () => {
  const clock = new FakeClock()
  const ticker = new Ticker(clock)
  const member = { ticks: 0, over: false, interrupt: () => undefined, tick: () => (member.ticks += 1) }
  ticker.add(member)
  clock.advance(500)
  member.over = true
  clock.advance(250)
  const { ticks } = member
  clock.advance(1000)
  expect(member.ticks).toBe(ticks)
})
