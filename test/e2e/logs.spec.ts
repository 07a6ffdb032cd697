import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, openPage, sampleTraffic, test } from './support/fixtures'
import type { Headless } from './support/headless'
import { expectAccessible, lookAt } from './support/looks'

const rows = (page: Page) => page.getByRole('listbox', { name: /Requests|请求/ }).getByRole('option')

/** The address of the log, with a filter for what this test asked alone: the log is shared. */
const own = (routex: Headless, more = ''): string =>
  `logs?q=${encodeURIComponent(`client:${routex.client} ${more}`.trim())}`

test('the list and a request’s way are accessible and fit both sizes', async ({
  page,
  routex,
  upstream,
  complaints
}) => {
  await sampleTraffic(routex, upstream)
  await routex.ask('gpt-no-such-model')
  await openPage(page, routex, own(routex))
  await expect(rows(page)).toHaveCount(13)
  await lookAt(page, routex, 'logs')

  await rows(page).nth(12).click()
  await expect(page.getByRole('tabpanel')).toContainText('Anthropic main')
  await lookAt(page, routex, 'logs-detail')
  await page.getByRole('tab').nth(1).click()
  await lookAt(page, routex, 'logs-usage')
  await page.keyboard.press('Escape')

  await page.getByRole('combobox').fill('statsu:5xx')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox').fill('channel:nobody')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('There is no filter “statsu:5xx”')
  await lookAt(page, routex, 'logs-filter-trouble')
  expect(complaints).toEqual([])
})

test('requests enter the list while it follows, wait while it is paused, and are let in again', async ({
  page,
  routex,
  upstream
}) => {
  await sampleTraffic(routex, upstream, 2)
  await openPage(page, routex, own(routex))
  await expect(rows(page)).toHaveCount(2)
  await expect(page.getByRole('banner').or(page.locator('header')).getByText('2 requests')).toBeVisible()

  await routex.ask('claude-sonnet-4-5')
  await expect(rows(page)).toHaveCount(3)

  await page.keyboard.press('f')
  await routex.ask('claude-sonnet-4-5')
  await expect(page.getByRole('button', { name: '1 new' })).toBeVisible()
  await expect(rows(page)).toHaveCount(3)
  await page.getByRole('button', { name: 'Follow' }).click()
  await expect(rows(page)).toHaveCount(4)
})

test('typing makes tokens that filter; they can be mended and taken away, and stand in the address', async ({
  page,
  routex,
  upstream
}) => {
  await sampleTraffic(routex, upstream, 6)
  await openPage(page, routex, own(routex))
  await expect(rows(page)).toHaveCount(6)

  await page.keyboard.press('/')
  await page.keyboard.type('mod')
  await expect(page.getByRole('option', { name: 'model:' })).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.type('opus')
  await page.keyboard.press('Enter')
  await expect(rows(page)).toHaveCount(2)
  expect(page.url()).toContain('model%3Aopus')

  await page.keyboard.type('channel:main st')
  await expect(page.getByRole('button', { name: 'Remove channel:main' })).toBeVisible()
  await expect(page.getByRole('option', { name: 'status:' })).toBeVisible()
  await page.keyboard.type('atus:5xx')
  await page.keyboard.press('Enter')
  await expect(page.getByText('No request matches')).toBeVisible()
  await page.keyboard.press('Backspace')
  await expect(page.getByRole('combobox')).toHaveValue('status:5xx')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('status:2xx')
  await page.keyboard.press('Enter')
  await expect(rows(page)).toHaveCount(2)

  await page.reload()
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Remove model:opus' }).click()
  await expect(rows(page)).toHaveCount(6)
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(page).toHaveURL(/#\/logs$/)
  await page.getByRole('combobox').fill(`client:${routex.client}`)
  await page.keyboard.press('Enter')
  await expect(rows(page)).toHaveCount(6)

  // A typo shows no rows at all: without it, more would be found than was asked for.
  await page.getByRole('combobox').fill('modle:opus')
  await page.keyboard.press('Enter')
  const trouble = page.getByRole('alert')
  await expect(trouble).toContainText('There is no filter “modle:opus”')
  await expect(rows(page)).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Export' })).toBeDisabled()
  await trouble.getByRole('button', { name: 'Use model:opus' }).click()
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('combobox').fill('status:soon')
  await page.keyboard.press('Enter')
  await expect(trouble).toContainText('It takes a status: 429, 5xx, >=400 or 400-499.')
  await expectAccessible(page)
  await trouble.getByRole('button', { name: 'Take it away' }).click()
  await expect(rows(page)).toHaveCount(2)
})

test('the detail tells each attempt, who was left out, tokens and cost, by keyboard alone', async ({
  page,
  routex,
  upstream
}) => {
  await sampleTraffic(routex, upstream, 3)
  await openPage(page, routex, own(routex))
  await expect(rows(page)).toHaveCount(3)
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(rows(page).nth(2)).toHaveAttribute('aria-selected', 'true')
  const route = page.getByRole('tabpanel')
  // The first request of all: the overloaded channel was tried, then the good one.
  await expect(route.getByRole('listitem').nth(0)).toContainText('Backup')
  await expect(route.getByRole('listitem').nth(0)).toContainText('status 529')
  await expect(route.getByRole('listitem').nth(1)).toContainText('Anthropic main')
  await page.keyboard.press('k')
  await expect(route).toContainText('Left out')
  await expect(route).toContainText('Backup')

  await page.getByRole('tab', { name: 'Usage' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Cache read')
  await expect(page.getByRole('tabpanel')).toContainText('8,210')
  await expect(page.getByRole('tabpanel')).toContainText('$')
  await page.getByRole('tab', { name: 'Timing' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Routex itself')
  await page.getByRole('listbox').focus()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tabpanel')).toHaveCount(0)
})

test('a reload keeps the open request, back leaves the log, and in a small window the detail covers the list', async ({
  page,
  routex,
  upstream
}) => {
  await sampleTraffic(routex, upstream, 3)
  await openPage(page, routex, own(routex))
  const detail = page.getByRole('region', { name: /^Request / })
  await page.keyboard.press('1')
  await page.goBack()
  await rows(page).nth(1).click()
  await expect(detail).toBeVisible()
  const shown = await detail.getAttribute('aria-label')
  await page.reload()
  await expect(detail).toHaveAttribute('aria-label', shown ?? '')

  await page.setViewportSize({ width: 640, height: 400 })
  await page.screenshot({ path: 'test/e2e/screenshots/logs-detail-640.png' })
  const list = page.getByRole('listbox', { name: 'Requests' })
  const [covering, covered] = await Promise.all([detail.boundingBox(), list.boundingBox()])
  expect(covering?.x).toBe(covered?.x)
  await page.keyboard.press('Escape')
  await expect(detail).toBeHidden()
  expect(await list.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  await page.screenshot({ path: 'test/e2e/screenshots/logs-640.png' })

  await page.goBack()
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Logs')
})

test('a request is copied as a curl line that works', async ({ page, context, routex, upstream }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await sampleTraffic(routex, upstream, 1)
  await openPage(page, routex, own(routex))
  await rows(page).first().click()
  await page.keyboard.press('c')
  await expect(page.getByText('Copied. The line takes its key from $ROUTEX_KEY.')).toBeVisible()
  const line = await page.evaluate(() => navigator.clipboard.readText())
  expect(line).toContain(`curl '${routex.gateway}/v1/messages'`)
  expect(line).toContain('"model":"claude-opus-4-5"')
})

test('an export holds what the filter asks for', async ({ page, routex, upstream }) => {
  await sampleTraffic(routex, upstream, 5)
  await openPage(page, routex, own(routex, 'model:opus'))
  await expect(rows(page)).toHaveCount(2)
  for (const [item, lines] of [
    ['As JSON lines', 2],
    ['As CSV', 3]
  ] as const) {
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click()
    ])
    await expect(page.getByText('2 rows exported').first()).toBeVisible()
    const text = readFileSync(await download.path(), 'utf8')
    expect(text.trim().split('\n')).toHaveLength(lines)
    expect(text).toContain('claude-opus-4-5')
  }
})

test('a log that can not be read says why, and is read again when asked', async ({ page, routex }) => {
  await page.route('**/api/logs.query', (route) =>
    route.fulfill({ status: 503, json: { code: 'log_worker_stopped', message: 'ask once more' } })
  )
  await openPage(page, routex, own(routex))
  await expect(page.getByRole('alert')).toContainText('The log was being started again. Try once more.')
  await page.unroute('**/api/logs.query')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('No request matches')).toBeVisible()
})
