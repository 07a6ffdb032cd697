import type { Locator, Page } from '@playwright/test'
import { expect, openPage, sampleTraffic, test } from './support/fixtures'
import { expectAccessible, lookAt } from './support/looks'
import { freePort } from './support/headless'
import { shoot } from './support/shoot'

const figures = (page: Page): Locator => page.locator('dl[aria-label="Figures"] > div')

/** How many requests the page counts; the log is shared with the tests before. */
async function counted(page: Page): Promise<number> {
  await expect(figures(page).first()).toContainText(/Requests [\d,]+/)
  const text = (await figures(page).first().textContent()) ?? ''
  return Number(/Requests\s*([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''))
}

test('the switch pauses the gateway and lets it go on; the endpoint is copied', async ({
  page,
  routex,
  context,
  upstream
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await sampleTraffic(routex, upstream, 0)
  await openPage(page, routex)
  await page.getByRole('group', { name: 'Gateway' }).getByRole('button', { name: 'Paused' }).click()
  await expect(page.getByRole('contentinfo')).toContainText('Paused')
  expect(await routex.ask('claude-sonnet-4-5')).toBe(503)
  await expect(page.getByText('The gateway is paused')).toBeVisible()
  await page.getByRole('group', { name: 'Gateway' }).getByRole('button', { name: 'On' }).click()
  await expect(page.getByText('Nothing under way')).toBeVisible()
  await page.locator('main').getByRole('button', { name: 'Copy endpoint' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(routex.gateway)
})

test('each span draws its charts, and the chosen one stays over a reload', async ({
  page,
  seeded: routex,
  complaints
}) => {
  await openPage(page, routex)
  await expect(page.locator('.uplot')).toHaveCount(4)
  for (const span of ['15 min', '1 hour', '6 hours', '7 days', '30 days', '90 days']) {
    await page.getByLabel('Time range').click()
    const answer = page.waitForResponse((response) => response.url().endsWith('/api/stats.overview'))
    await page.getByRole('option', { name: span }).click()
    expect((await answer).status()).toBe(200)
    await expect(page.getByLabel('Time range')).toContainText(span)
    await expect(page.getByRole('alert')).toHaveCount(0)
    await expect(page.locator('.uplot').nth(3)).toBeVisible()
  }
  expect(await counted(page)).toBeGreaterThanOrEqual(4_000)
  await page.reload()
  await expect(page.getByLabel('Time range')).toContainText('90 days')
  expect(await counted(page)).toBeGreaterThanOrEqual(4_000)
  expect(complaints).toEqual([])
})

test('the cost is told by channel, by model and by client key', async ({ page, seeded: routex }) => {
  await openPage(page, routex)
  const cost = page.getByRole('region', { name: 'Cost' })
  await expect(cost.locator('ul')).toContainText('Anthropic main')
  await cost.getByRole('radio', { name: 'Model' }).click()
  await expect(cost.locator('ul')).toContainText('claude-opus-4-5')
  await cost.getByRole('radio', { name: 'Client key' }).click()
  await expect(cost.locator('ul')).toContainText('laptop')
})

test('a channel in trouble tells its cause and its end, and is cleared here', async ({ page, routex, upstream }) => {
  await sampleTraffic(routex, upstream, 2)
  await openPage(page, routex)
  const channels = page.getByRole('region', { name: 'Channels' })
  await expect(channels).toContainText('1 of 2 healthy')
  await expect(channels).toContainText('Cooling down')
  await expect(channels).toContainText(/overloaded/i)
  await expect(channels).toContainText(/\d+:\d\d left, until \d\d:\d\d:\d\d/)
  await page.getByRole('button', { name: 'Clear the health of Backup now' }).click()
  await expect(channels).not.toContainText('Cooling down')
  await expect(channels).toContainText('2 of 2 healthy')
  await channels.getByRole('link', { name: 'Anthropic main' }).click()
  await expect(page).toHaveURL(/#\/channels\?id=/)
})

test('a channel that its budget stops is not healthy, says until when, and serves again once the budget is raised', async ({
  page,
  routex,
  upstream
}) => {
  const { url } = await upstream()
  const budget = { period: 'month', limitUsd: 0.01, then: 'stop' } as const
  const own = {
    protocol: 'anthropic',
    baseUrl: url,
    apiKey: 'sk-test',
    prices: { '*': { input: 1000, output: 1000 } }
  } as const
  const { id } = await routex.call('channels.create', { ...own, name: 'Main', budget, priority: 1 })
  const switches = { ...budget, then: 'switch', switchTo: id } as const
  await routex.call('channels.create', { ...own, name: 'Team', budget: switches, priority: 2 })
  await openPage(page, routex)
  const channels = page.getByRole('region', { name: 'Channels' })
  const bar = page.getByRole('contentinfo')
  await expect(channels).toContainText('2 of 2 healthy')
  expect(await routex.ask('claude-sonnet-4-5')).toBe(200)
  await expect(bar).toContainText('1 of 2 channels healthy')
  await expect(channels).toContainText('Stopped by its budget')
  expect(await routex.ask('claude-sonnet-4-5')).toBe(200)
  await expect(bar).toContainText('0 of 2 channels healthy')
  expect(await routex.ask('claude-sonnet-4-5')).toBe(429)
  await expectAccessible(page)
  await shoot(page, 'overview-budget')
  await page.getByRole('link', { name: /0 of 2 channels healthy/ }).click()
  await expect(page.getByRole('row', { name: /Main/ })).toContainText(/Stopped by its budget · No requests until /)
  await shoot(page, 'channels-budget')
  await routex.call('channels.update', { id, change: { budget: { ...budget, limitUsd: 500 } } })
  await expect(page.getByRole('row', { name: /Team/ })).toContainText(
    /Switched by its budget · Requests go to Main until /
  )
  await expect(bar).toContainText('2 of 2 channels healthy')
  await expectAccessible(page)
  await shoot(page, 'channels-switched')
})

test('requests under way are listed with their time, and leave when they end', async ({ page, routex, upstream }) => {
  const slow = await upstream({ delayMs: 4_000 })
  await routex.call('channels.create', { name: 'Slow', protocol: 'anthropic', apiKey: 'sk-test', baseUrl: slow.url })
  await openPage(page, routex)
  const list = page.getByRole('region', { name: 'In flight' })
  await expect(list).toContainText('Nothing under way')
  const answered = routex.ask('claude-sonnet-4-5')
  await expect(list.getByRole('listitem')).toContainText('claude-sonnet-4-5')
  await expect(list.getByRole('listitem')).toContainText('Slow')
  await expect(list.getByRole('listitem')).toContainText('0:02')
  expect(await answered).toBe(200)
  await expect(list).toContainText('Nothing under way')
})

test('before the first request the three steps stand in place; once skipped, figures and charts follow the requests', async ({
  page,
  start,
  upstream
}) => {
  const routex = await start({ firstRun: true })
  const { url } = await upstream()
  await routex.call('channels.create', { name: 'Mine', protocol: 'anthropic', apiKey: 'sk-test', baseUrl: url })
  await openPage(page, routex)
  await expect(page.getByRole('heading', { name: 'Three steps to the first request' })).toBeVisible()
  await expectAccessible(page)
  await shoot(page, 'overview-first-steps')
  await page.getByRole('button', { name: 'Go on with these' }).click()
  await expect(page.getByRole('tab', { name: 'Claude Code', selected: true })).toBeVisible()
  await page.getByRole('button', { name: 'Skip for now' }).click()
  await expect(page.getByText('No requests in this time')).toHaveCount(4)
  await expect(figures(page).first()).toContainText('Requests 0')
  await expect(figures(page).nth(1)).toContainText('Unknown')
  await shoot(page, 'overview-empty')
  expect((await routex.call('settings.get', {})).settings.firstRunDone).toBe(true)

  await sampleTraffic(routex, upstream, 5)
  await expect(figures(page).first()).toContainText('Requests 5')
  await expect(figures(page).nth(1)).toContainText('0%')
  await expect(figures(page).nth(2)).toContainText('93% cached')
  await expect(page.locator('.uplot')).toHaveCount(4)
  await routex.ask('claude-opus-4-5')
  await expect(figures(page).first()).toContainText('Requests 6')
})

test('figures that can not be read say why, and are tried again', async ({ page, routex }) => {
  await page.route('**/api/stats.timeseries', (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', message: 'The log worker has gone' } })
  )
  await openPage(page, routex)
  await expect(page.getByRole('alert')).toContainText('The log worker has gone')
  await expect(page.getByRole('region', { name: 'Channels' })).toBeVisible()
  await shoot(page, 'overview-failed')
  await page.unroute('**/api/stats.timeseries')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(figures(page).first()).toContainText(/Requests \d/)
})

test('offline, what is known stays; back again, it is read afresh', async ({ page, start, upstream }) => {
  const port = await freePort()
  const token = 'the-overview-keeps-this-token'
  const first = await start({ port, token })
  await sampleTraffic(first, upstream, 3)
  await openPage(page, first)
  await expect(figures(page).first()).toContainText('Requests 3')
  await first.stop()
  await expect(page.getByText('Routex does not answer').first()).toBeVisible()
  await expect(figures(page).first()).toContainText('Requests 3')
  await expect(page.getByRole('button', { name: 'Paused' })).toBeDisabled()
  // What may have changed meanwhile is not said to be so.
  await expect(page.getByRole('button', { name: 'On', exact: true })).toHaveAttribute('aria-pressed', 'false')
  await expect(page.getByText('Not known while Routex does not answer')).toBeVisible()
  await expect(page.getByText('– of 2 healthy')).toBeVisible()
  await expectAccessible(page)
  await shoot(page, 'overview-offline')
  // Once there is somebody to answer, the page may be faster than a click.
  await page.getByRole('button', { name: 'Try now' }).click()
  const second = await start({ port, token })
  await second.ask('claude-sonnet-4-5')
  await expect(figures(page).first()).toContainText('Requests 4')
})

test('at 1280×800 nothing scrolls but the lists, and charts keep their place while figures change', async ({
  page,
  routex,
  upstream
}) => {
  await sampleTraffic(routex, upstream, 2)
  await openPage(page, routex)
  const chart = page.locator('.uplot').first()
  await expect(chart).toBeVisible()
  const overflow = await page
    .locator('main .scroll')
    .evaluateAll((all) => all.filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight).length)
  expect(overflow).toBe(0)
  const before = await chart.boundingBox()
  const requests = await counted(page)
  await routex.ask('claude-sonnet-4-5')
  await expect.poll(() => counted(page)).toBe(requests + 1)
  expect(await chart.boundingBox()).toEqual(before)
})

test('two days of traffic, a channel in trouble and requests under way; axe finds nothing', async ({
  page,
  seeded: routex,
  upstream,
  complaints
}) => {
  const slow = await upstream({ delayMs: 60_000 })
  const busy = await upstream({ status: 529 })
  const { channels } = await routex.call('channels.list', {})
  for (const { id, name } of channels) {
    const change = name === 'Backup' ? { baseUrl: busy.url, priority: 0 } : { baseUrl: slow.url }
    await routex.call('channels.update', { id, change: { ...change, apiKey: 'sk-test' } })
  }
  for (const model of ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5']) {
    void routex.ask(model).catch(() => undefined)
  }
  await openPage(page, routex)
  await expect(page.getByRole('region', { name: 'In flight' }).getByRole('listitem')).toHaveCount(3)
  await expect(page.locator('.uplot')).toHaveCount(4)
  await lookAt(page, routex, 'overview')
  expect(complaints).toEqual([])
})
