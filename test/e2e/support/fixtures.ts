import { join } from 'node:path'
import { expect, test as base, type BrowserContext, type Page } from '@playwright/test'
import { askAs, startHeadless, type Headless, type HeadlessOptions } from './headless'
import { resetRoutex } from './reset'
import { restoreSeeded, startSeeded, type Seeded } from './seeded'
import { startAnthropic, type Upstream } from './upstream'

interface Fixtures {
  /** Starts Routex on the test's own data folder, its first steps done unless `firstRun`. It stops with the test. */
  start: (options?: Omit<HeadlessOptions, 'dataDir'> & { readonly firstRun?: boolean }) => Promise<Headless>
  /**
   * One that runs, as empty as a new one but for its log, which keeps the rows of the tests before: a test finds its own by
   * `client`. Without the Demo, which is there until a first channel was ever saved.
   */
  routex: Headless
  /** One with four channels, three client keys and two days of requests behind it. */
  seeded: Headless
  /** Starts an upstream in Anthropic's protocol. It stops with the test. */
  upstream: (change?: Parameters<typeof startAnthropic>[0]) => Promise<Upstream>
  /** What the page's console complained of, a violated policy among it; the test fails when it is not empty at the end. */
  complaints: string[]
}

/** What is dear to make serves all tests of a worker. */
interface WorkerFixtures {
  sharedContext: BrowserContext
  sharedPage: Page
  sharedRoutex: Headless
  sharedSeeded: Seeded
}

/** A first load of the page takes four times as long as another one in the same browser context. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  sharedContext: [
    async ({ browser }, use) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-US',
        colorScheme: 'light'
      })
      await use(context)
      await context.close()
    },
    { scope: 'worker' }
  ],
  sharedPage: [
    async ({ sharedContext }, use) => {
      await use(await sharedContext.newPage())
    },
    { scope: 'worker' }
  ],
  sharedRoutex: [
    async ({ browserName }, use, { project, workerIndex }) => {
      const routex = await startHeadless({ dataDir: join(project.outputDir, `shared-${browserName}-${workerIndex}`) })
      await use(routex)
      await routex.stop()
    },
    { scope: 'worker' }
  ],
  sharedSeeded: [
    async ({ browserName }, use, { project, workerIndex }) => {
      const upstream = await startAnthropic()
      const dataDir = join(project.outputDir, `seeded-${browserName}-${workerIndex}`)
      const seeded = await startSeeded(dataDir, upstream.url)
      await use(seeded)
      await seeded.routex.stop()
      upstream.close()
    },
    { scope: 'worker' }
  ],
  context: async ({ sharedContext }, use) => {
    await use(sharedContext)
    await sharedContext.clearPermissions()
  },
  page: async ({ sharedPage }, use) => {
    await sharedPage.setViewportSize({ width: 1280, height: 800 })
    await sharedPage.emulateMedia({ colorScheme: 'light' })
    await use(sharedPage)
    await sharedPage.unrouteAll({ behavior: 'ignoreErrors' })
    for (const event of ['request', 'console', 'pageerror', 'dialog'] as const) sharedPage.removeAllListeners(event)
  },
  start: async ({ browserName }, use, info) => {
    const started: Headless[] = []
    await use(async ({ firstRun = false, ...options } = {}) => {
      const routex = await startHeadless({ ...options, dataDir: info.outputPath(browserName) })
      started.push(routex)
      if (!firstRun) await routex.call('settings.update', { firstRunDone: true })
      return routex
    })
    for (const routex of started) await routex.stop()
  },
  routex: async ({ sharedRoutex }, use, { testId }) => {
    await resetRoutex(sharedRoutex)
    const client = `spec-${testId.slice(-12)}`
    await use({ ...sharedRoutex, client, ask: (model) => askAs({ ...sharedRoutex, client }, model) })
  },
  seeded: async ({ sharedSeeded }, use) => {
    await restoreSeeded(sharedSeeded)
    await use(sharedSeeded.routex)
  },
  upstream: async ({ browserName: _ }, use) => {
    const started: Upstream[] = []
    await use(async (change) => {
      const upstream = await startAnthropic(change)
      started.push(upstream)
      return upstream
    })
    for (const upstream of started) upstream.close()
  },
  complaints: async ({ page }, use) => {
    const heard: string[] = []
    // What the page of the test before still says is not this one's.
    let isOurs = false
    page.on('request', (request) => (isOurs ||= request.isNavigationRequest()))
    page.on('console', (message) => isOurs && message.type() === 'error' && heard.push(message.text()))
    page.on('pageerror', (error) => isOurs && heard.push(String(error)))
    await use(heard)
    expect(heard).toEqual([])
  }
})

/** Opens a page of Routex: `channels`, `logs?q=status%3A5xx`, as a browser that was never here. */
export async function openPage(page: Page, routex: Headless, place = 'overview'): Promise<void> {
  if (page.url().startsWith(`${routex.gateway}/ui/`)) await page.evaluate(() => localStorage.clear())
  // The page of the test before would follow its own changes, and take the wanted place out of the address; and with another
  // token alone the address would be of the same document.
  await page.goto('about:blank')
  await page.goto(routex.page)
  await page.getByRole('contentinfo').waitFor()
  await page.evaluate((wanted) => void (location.hash = wanted), `#/${place}`)
}

/**
 * Three channels (one that answers, one that is overloaded, one that is switched off) and some requests through them, of
 * two models, each finished when it resolves.
 */
export async function sampleTraffic(
  routex: Headless,
  upstream: Fixtures['upstream'],
  requests = 12
): Promise<{ readonly well: Upstream; readonly busy: Upstream }> {
  const well = await upstream({ delayMs: 30 })
  const busy = await upstream({ status: 529 })
  const channel = { protocol: 'anthropic', apiKey: 'sk-test-1234' } as const
  await routex.call('channels.create', { ...channel, name: 'Backup', baseUrl: busy.url, priority: 1 })
  await routex.call('channels.create', { ...channel, name: 'Anthropic main', baseUrl: well.url, priority: 2 })
  await routex.call('channels.create', { ...channel, name: 'Team key', baseUrl: well.url, priority: 3, enabled: false })
  for (let index = 0; index < requests; index++) {
    await routex.ask(index % 3 === 0 ? 'claude-opus-4-5' : 'claude-sonnet-4-5')
  }
  return { well, busy }
}
export { expect }
