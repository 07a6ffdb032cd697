import { expect, onTestFinished, test, vi } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { silentLogger } from '../../../test/support/silent-logger'
import { dayOf, Today } from './today'

const unknown = { p50: null, p95: null, p99: null }
const totals = (requests: number) => ({
  requests,
  errors: 0,
  tokens: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  usageUnknown: 0,
  costUsd: null,
  costUnknown: 0,
  cacheHitRate: null,
  totalMs: unknown,
  firstByteMs: unknown
})

function setup() {
  const clock = new FakeClock()
  const counters = { inFlight: 0, finished: 0, errors: 0 }
  const told: number[] = []
  const call = vi.fn(() => Promise.resolve(totals(counters.finished)))
  const today = new Today({
    api: { call },
    gateway: { traffic: () => ({ ...counters }) },
    clock,
    logger: silentLogger(),
    onChange: ({ requests }) => told.push(requests)
  })
  onTestFinished(() => today.stop())
  /** The clock, and what is answered meanwhile. */
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await vi.waitFor(() => expect(told).toHaveLength(call.mock.calls.length))
  }
  return { clock, counters, told, call, today, pass }
}

test('a request that ended is in the totals within a second, whenever in it that was', async () => {
  for (const at of [1, 250, 499, 749, 750, 999]) {
    const { counters, told, pass } = setup()
    await pass(at)
    counters.finished = 1
    await pass(999)
    expect(told).toEqual([0, 1])
  }
})

test('while nothing ends nothing is read, and under load it is read no more than four times in three seconds', async () => {
  const { counters, call, pass } = setup()
  await pass(10_000)
  expect(call).toHaveBeenCalledTimes(1)
  for (let step = 0; step < 300; step++) {
    counters.finished += 5
    await pass(10)
  }
  expect(call).toHaveBeenCalledTimes(5)
})

test('what is stopped looks no more', () => {
  const { clock, today } = setup()
  today.stop()
  expect(clock.pendingTimers).toBe(0)
})

test('a day begins and ends at local midnight', () => {
  const { from, to } = dayOf(new Date(2026, 4, 17, 13, 30).getTime())
  expect(new Date(from)).toEqual(new Date(2026, 4, 17))
  expect(new Date(to)).toEqual(new Date(2026, 4, 18))
  expect(dayOf(to).from).toBe(to)
  expect(dayOf(to - 1).from).toBe(from)
})
