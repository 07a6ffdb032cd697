import { AxeBuilder } from '@axe-core/playwright'
import { expect, test as base, type Page } from '@playwright/test'
import { freePort, startHeadless, startUpstream, type Headless, type HeadlessOptions } from './support/headless'

const shots = 'test-results/screenshots'

type Start = (options?: Omit<HeadlessOptions, 'dataDir'>) => Promise<Headless>

const test = base.extend<{ start: Start; routex: Headless }>({
  /** Starts Routex on the test's own data folder; whatever still runs at the test's end is stopped. */
  start: async ({ browserName }, use, info) => {
    const started: Headless[] = []
    await use(async (options = {}) => {
      const routex = await startHeadless({ ...options, dataDir: info.outputPath(browserName) })
      started.push(routex)
      return routex
    })
    for (const routex of started) await routex.stop()
  },
  routex: async ({ start }, use) => use(await start())
})

/** Everything that the console complained of, a violated policy among it. */
function complaints(page: Page): string[] {
  const heard: string[] = []
  page.on('console', (message) => message.type() === 'error' && heard.push(message.text()))
  page.on('pageerror', (error) => heard.push(String(error)))
  return heard
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([])
}

test('a request appears while the page looks on; the token is out of the address', async ({ page, routex }) => {
  const heard = complaints(page)
  await page.goto(routex.page)
  await expect(page.getByText('No requests yet')).toBeVisible()
  expect(page.url()).not.toContain('token')
  await expect(page.getByRole('group', { name: 'Endpoint' })).toContainText(routex.gateway)
  expect(await routex.ask('demo')).toBe(200)
  await expect(page.getByRole('row').nth(1)).toContainText('Demo')
  await page.reload()
  await expect(page.getByRole('row').nth(1)).toContainText('Demo')
  expect(heard).toEqual([])
})

test('pausing from the keyboard answers 503, and going on answers again', async ({ page, routex }) => {
  await page.goto(routex.page)
  const paused = page.getByRole('button', { name: 'Paused', exact: true })
  await expect(paused).toBeEnabled()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(paused).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('contentinfo')).toContainText('Paused')
  expect(await routex.ask('demo')).toBe(503)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Space')
  await expect(page.getByRole('contentinfo')).toContainText('On')
  expect(await routex.ask('demo')).toBe(200)
})

test('a failing channel shows its cause and its end, and is cleared and switched off', async ({ page, routex }) => {
  const busy = await startUpstream(529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })
  const well = await startUpstream(200, {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 12, output_tokens: 3 }
  })
  try {
    const channel = { protocol: 'anthropic', apiKey: 'sk-test' } as const
    await routex.call('channels.create', { ...channel, name: 'Busy', baseUrl: busy.url, priority: 1 })
    await routex.call('channels.create', { ...channel, name: 'Well', baseUrl: well.url, priority: 2 })
    await page.goto(routex.page)
    const channels = page.getByRole('region', { name: 'Channels' })
    await expect(channels).toContainText('Busy')
    expect(await routex.ask('claude-sonnet-4-5')).toBe(200)

    await expect(channels).toContainText('Cooling down')
    await expect(channels).toContainText(/529|overloaded/i)
    await expect(channels).toContainText(/0:\d\d left, until \d\d:\d\d:\d\d/)
    await expect(page.getByRole('row').nth(1)).toContainText('Well')
    await expect(page.getByRole('row').nth(1)).toContainText('2 attempts')
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await expectAccessible(page)
    }

    await page.getByRole('button', { name: 'Clear the health of Busy now' }).click()
    await expect(channels).not.toContainText('Cooling down')
    await page.getByRole('switch', { name: 'Busy enabled' }).click()
    await expect(channels).toContainText('Disabled')
    const { channels: stored } = await routex.call('channels.list', {})
    expect(stored.find(({ name }) => name === 'Busy')?.enabled).toBe(false)
  } finally {
    busy.close()
    well.close()
  }
})

test('when Routex goes away the page says so, and comes back by itself', async ({ page, start }) => {
  const port = await freePort()
  const token = 'a-token-that-stays-over-restarts'
  const first = await start({ port, token })
  await page.goto(first.page)
  await first.ask('demo')
  await expect(page.getByRole('row').nth(1)).toContainText('Demo')
  await first.stop()
  await expect(page.getByText('What you see is from before.')).toBeVisible()
  await expectAccessible(page)
  await page.screenshot({ path: `${shots}/offline.png` })
  const second = await start({ port, token })
  await page.getByRole('button', { name: 'Try now' }).click()
  await expect(page.getByText('What you see is from before.')).toBeHidden()
  await second.ask('demo')
  await expect(page.getByRole('row')).toHaveCount(3)
})

test('a wrong token opens nothing and says where the right one is', async ({ page, routex }) => {
  await page.goto(routex.page.replace(/#token=.*/, '#token=wrong-token-wrong-token'))
  await expect(page.getByText('This page needs its token')).toBeVisible()
  await expectAccessible(page)
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const locale of ['en-US', 'zh-CN']) {
    test.describe(`${colorScheme}, ${locale}`, () => {
      test.use({ colorScheme, locale })

      test('axe finds nothing, at both sizes', async ({ page, routex }) => {
        await routex.ask('demo')
        await page.goto(routex.page)
        await expect(page.getByRole('row').nth(1)).toContainText('Demo')
        for (const viewport of [
          { width: 1280, height: 800 },
          { width: 960, height: 640 }
        ]) {
          await page.setViewportSize(viewport)
          await expectAccessible(page)
          await page.screenshot({ path: `${shots}/${colorScheme}-${locale}-${viewport.width}.png` })
          const overflows = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
          expect(overflows).toBe(false)
        }
      })
    })
  }
}
