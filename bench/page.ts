/**
 * `npm run bench:page`: what the page costs while requests flow: its frames, its long tasks and its heap, page by page, in a
 * real headless Chromium, which has no screen and paints by its own 60 Hz clock.
 */
import { parseArgs } from 'node:util'
import { chromium, type CDPSession, type Page } from 'playwright-core'
import { z } from 'zod'
import { chromiumLaunchOptions } from '../test/support/chromium.ts'
import { killAll } from './child-process.ts'
import { startGateway } from './gateway.ts'
import { openLoop } from './open-loop.ts'
import { percentilesOf } from './percentiles.ts'
import { SMALL, workOf } from './scenarios.ts'
import { figure, table } from './table.ts'
import { startUpstream } from './targets.ts'

const PAGES = ['overview', 'channels', 'sessions', 'logs', 'storage']
/** Two frames of a 60 Hz screen, and a little for the clock: one was left out. */
const DROPPED_MS = 34
const LAST_RESORT_MS = 2 * 60 * 60_000

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '20' },
    pages: { type: 'string', default: PAGES.join(',') }
  }
})
const ratePerSecond = Number(values.rate)
const seconds = Number(values.seconds)

const told = z.object({ ui: z.url(), managementToken: z.string() })
const metrics = z.object({ metrics: z.array(z.object({ name: z.string(), value: z.number() })) })

/** Bytes of JavaScript that are alive, after two collections. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  const read = metrics.parse(await session.send('Performance.getMetrics'))
  return read.metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN
}

/** The intervals between frames, ms, and the tasks over 50 ms, while `ms` pass. */
function watchFrames(page: Page, ms: number): Promise<{ intervals: number[]; longTasks: number[] }> {
  return page.evaluate(
    (duration) =>
      new Promise((resolve) => {
        const intervals: number[] = []
        const longTasks: number[] = []
        const observer = new PerformanceObserver((list) => {
          for (const { duration: took } of list.getEntries()) longTasks.push(took)
        })
        observer.observe({ type: 'longtask' })
        const started = performance.now()
        let before = started
        requestAnimationFrame(function frame(now) {
          intervals.push(now - before)
          before = now
          if (now - started < duration) return void requestAnimationFrame(frame)
          observer.disconnect()
          resolve({ intervals: intervals.slice(1), longTasks })
        })
      }),
    ms
  )
}

async function main(): Promise<void> {
  const upstream = await startUpstream()
  const gateway = await startGateway({ upstreamPort: upstream.port, nodeFlags: [] })
  const { ui, managementToken } = told.parse(JSON.parse(gateway.running.told))
  const browser = await chromium.launch(chromiumLaunchOptions)
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    await page.goto(`${ui}#token=${managementToken}`)
    await page.getByRole('contentinfo').waitFor()
    const rows = []
    for (const place of values.pages.split(',')) {
      await page.evaluate((wanted) => void (location.hash = wanted), `#/${place}`)
      const load = openLoop(workOf(gateway, SMALL), { ratePerSecond, seconds: seconds + 2 })
      await page.waitForTimeout(1000)
      const { intervals, longTasks } = await watchFrames(page, seconds * 1000)
      const { done, failures } = await load
      // An hour's run is worth its figures also where a few of its requests never left a busy generator.
      if (failures.length > 0) console.error(`bench: ${failures.length} requests failed: ${failures[0]}`)
      const dropped = intervals.filter((ms) => ms > DROPPED_MS).length
      rows.push([
        place,
        figure(done),
        figure(failures.length),
        figure(intervals.length / seconds, 1),
        figure(percentilesOf(intervals).p99, 1),
        figure(Math.max(...intervals), 1),
        figure(dropped),
        figure(longTasks.length),
        figure((await heapOf(session)) / 1024 / 1024, 1)
      ])
      console.error(`bench: ${rows.at(-1)?.join(' ')}`)
    }
    console.log(
      table(
        [
          'page',
          'requests',
          'failed',
          'frames/s',
          'p99 ms',
          'max ms',
          `over ${DROPPED_MS} ms`,
          'long tasks',
          'heap MiB'
        ],
        rows
      )
    )
  } finally {
    await browser.close()
    await gateway.running.stop()
    await upstream.running?.stop()
  }
}

// However it hangs, it ends.
setTimeout(() => {
  killAll()
  process.exit(1)
}, LAST_RESORT_MS).unref()
await main()
