import { AxeBuilder } from '@axe-core/playwright'
import { expect, test as base, type Page } from '@playwright/test'
import { startHeadless, type Headless, type HeadlessOptions } from './headless'
import { startAnthropic, type Upstream } from './upstream'

interface Fixtures {
  /** Starts Routex on the test's own data folder, its first steps done unless `firstRun`. It stops with the test. */
  start: (options?: Omit<HeadlessOptions, 'dataDir'> & { readonly firstRun?: boolean }) => Promise<Headless>
  /** One that is started. */
  routex: Headless
  /** Starts an upstream in Anthropic's protocol. It stops with the test. */
  upstream: (change?: Parameters<typeof startAnthropic>[0]) => Promise<Upstream>
  /** What the page's console complained of, a violated policy among it; the test fails when it is not empty at the end. */
  complaints: string[]
}

/** The test of a page spec. */
export const test = base.extend<Fixtures>({
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
  routex: async ({ start }, use) => use(await start()),
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
    page.on('console', (message) => message.type() === 'error' && heard.push(message.text()))
    page.on('pageerror', (error) => heard.push(String(error)))
    await use(heard)
    expect(heard).toEqual([])
  }
})

/** Each look a page is checked in; use `test.use(look)` inside `test.describe(look.name, …)`. */
export const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  (['en-US', 'zh-CN'] as const).map((locale) => ({
    name: `${colorScheme}, ${locale}`,
    options: { colorScheme, locale }
  }))
)

/** axe finds nothing on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([])
}

/** Opens a page of Routex: `channels`, `logs?q=status%3A5xx`. */
export async function openPage(page: Page, routex: Headless, place = 'overview'): Promise<void> {
  await page.goto(routex.page)
  await page.getByRole('contentinfo').waitFor()
  await page.evaluate((hash) => void (location.hash = hash), `#/${place}`)
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
