import { expect, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { Ticker } from './ticker'

test('those on it are told the time until they leave, and one that leaves in its own tick harms nobody', () => {
  const clock = new FakeClock()
  const ticker = new Ticker(clock)
  const told: string[] = []
  const interrupt = (): void => undefined
  const leaver = {
    interrupt,
    tick: () => {
      told.push('leaver')
      ticker.remove(leaver)
    }
  }
  ticker.add(leaver)
  ticker.add({ interrupt, tick: (now) => told.push(`stayer ${now - clock.monotonic()}`) })
  clock.advance(500)
  expect(told.filter((name) => name === 'leaver')).toHaveLength(1)
  expect(told.filter((name) => name === 'stayer 0').length).toBeGreaterThanOrEqual(2)
  ticker.destroy()
  const before = told.length
  clock.advance(1000)
  expect(told).toHaveLength(before)
})
