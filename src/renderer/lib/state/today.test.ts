import { expect, onTestFinished, test, vi } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { TodayState } from './today.svelte'

/** The log's writer commits, and tells, twice a second. */
const COMMIT_MS = 500

test('whenever a request ended, the totals of a second later have it', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const backend = new FakeBackend()
  const loads: number[] = []
  vi.spyOn(backend, 'call').mockImplementation((name) => {
    if (name === 'stats.overview') loads.push(performance.now())
    return Promise.reject(new Error('what they are is not the matter here'))
  })
  const today = new TodayState(backend)
  onTestFinished(today.listen())
  const begin = performance.now()
  for (let passed = 0; passed < 60_000; passed += COMMIT_MS) {
    await vi.advanceTimersByTimeAsync(COMMIT_MS)
    backend.emit('request.finished', { rows: [] })
  }
  const times = [begin, ...loads]
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
  expect(Math.max(...gaps)).toBeLessThan(1000)
  expect(loads.length).toBeLessThanOrEqual(81)
})
