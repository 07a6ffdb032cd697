import { channelNamed, panel, row } from './support/channels'
import { expect, openPage, test } from './support/fixtures'
import { lookAt } from './support/looks'

test('every view of the page is accessible, and looks as it should', async ({
  page,
  seeded: routex,
  upstream,
  complaints
}) => {
  test.slow()
  const busy = await upstream({ status: 529 })
  const backup = await channelNamed(routex, 'Backup')
  await routex.call('channels.update', {
    id: backup.id,
    change: { baseUrl: busy.url, apiKey: 'sk-test-1234', priority: 0 }
  })
  await routex.call('channels.update', {
    id: (await channelNamed(routex, 'Team key')).id,
    change: { enabled: false, priority: 2, models: ['claude-haiku-4-5', 'claude-sonnet-*'], weight: 3 }
  })
  await routex.call('settings.update', { strategy: 'weighted' })
  for (let count = 0; count < 3; count++) await routex.ask('claude-sonnet-4-5')
  await openPage(page, routex, 'channels')
  await expect(row(page, 'Backup')).toContainText('Cooling down')
  await lookAt(page, routex, 'channels')

  const main = panel(page, 'Anthropic main')
  await row(page, 'Anthropic main').locator('[data-channel]').click()
  await expect(main).toBeVisible()
  await lookAt(page, routex, 'channels-settings')
  const advanced = page.getByRole('button', { name: 'Advanced' })
  await advanced.click()
  await advanced.scrollIntoViewIfNeeded()
  await lookAt(page, routex, 'channels-advanced')
  await main.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(main).toContainText('It works')
  await lookAt(page, routex, 'channels-test')
  await page.getByRole('tab', { name: 'Charts' }).click()
  await expect(main.locator('canvas')).toHaveCount(3)
  await lookAt(page, routex, 'channels-charts')

  busy.status = 401
  await routex.call('channels.clearHealth', { id: backup.id })
  for (let count = 0; count < 3; count++) await routex.ask('claude-sonnet-4-5')
  await expect(row(page, 'Backup')).toContainText('Credential refused')
  await row(page, 'Backup').locator('[data-channel]').click()
  await page.getByRole('tab', { name: 'Health' }).click()
  const timeline = panel(page, 'Backup').getByRole('region', { name: 'Timeline' })
  await expect(timeline.getByRole('listitem').first()).toContainText('Credential refused')
  await expect(timeline.getByRole('listitem').first()).toContainText('invalid x-api-key')
  await expect(timeline).toContainText('Cooling down')
  await lookAt(page, routex, 'channels-health')
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+a')
  await expect(page.getByRole('toolbar')).toBeVisible()
  await lookAt(page, routex, 'channels-bulk')
  await page.keyboard.press('Escape')
  await page.keyboard.press('v')
  await expect(page.getByRole('table')).toBeHidden()
  await lookAt(page, routex, 'channels-cards')
  await page.keyboard.press('n')
  await expect(page.getByRole('button', { name: 'Anthropic Anthropic Messages' })).toBeVisible()
  await lookAt(page, routex, 'channels-presets')
  await page.getByRole('button', { name: /^Kimi/ }).click()
  await expect(page.locator('input[type=password]')).toBeFocused()
  await lookAt(page, routex, 'channels-new')
  expect(complaints).toEqual([])
})
