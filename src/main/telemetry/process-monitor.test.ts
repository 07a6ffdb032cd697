import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { ProcessMonitor } from './process-monitor'
import { systemClock } from './system-clock'

function setup(clock = new FakeClock()) {
  const monitor = new ProcessMonitor({ clock, dataDir: '/data', versions: { routex: '1.2.3', sqlite: '3.54.1' } })
  onTestFinished(() => monitor.stop())
  return { clock, monitor }
}

/** Keeps the thread busy, so that its timers are late. */
function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('memory, uptime, folder and versions are there at once, rates only from the second question on', () => {
  const { monitor } = setup()

  const stats = monitor.stats()

  expect(stats).toMatchObject({
    cpuShare: null,
    eventLoop: { p50Ms: null, p99Ms: null, maxMs: null },
    dataDir: '/data',
    versions: { routex: '1.2.3', sqlite: '3.54.1', node: process.versions.node, v8: process.versions.v8 }
  })
  expect(stats.rssBytes).toBeGreaterThan(stats.heapUsedBytes)
  expect(stats.heapUsedBytes).toBeGreaterThan(1_000_000)
  expect(stats.uptimeMs).toBeGreaterThan(0)
})

test('a busy thread shows as CPU share and as delay of the event loop, and only until the next question', async () => {
  const monitor = new ProcessMonitor({ clock: systemClock, dataDir: '/data', versions: {} })
  onTestFinished(() => monitor.stop())
  monitor.stats()
  await setTimeout(30)
  block(150)
  await setTimeout(30)

  const busy = monitor.stats()
  await setTimeout(60)
  const idle = monitor.stats()

  expect(busy.cpuShare).toBeGreaterThan(0)
  expect(busy.eventLoop.maxMs).toBeGreaterThan(100)
  expect(idle.eventLoop.maxMs).toBeLessThan(busy.eventLoop.maxMs ?? 0)
})

test('a minute without a question ends the sampling', () => {
  const { clock, monitor } = setup()
  expect(clock.pendingTimers).toBe(0)
  monitor.stats()
  clock.advance(59_000)
  expect(monitor.stats().cpuShare).not.toBeNull()
  expect(clock.pendingTimers).toBe(1)

  clock.advance(60_000)

  expect(clock.pendingTimers).toBe(0)
  expect(monitor.stats().cpuShare).toBeNull()
})
