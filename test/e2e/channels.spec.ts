import type { Page } from '@playwright/test'
import { channelId } from '../../src/shared/ids'
import { expect, expectAccessible, looks, openPage, sampleTraffic, test } from './support/fixtures'
import type { Headless } from './support/headless'
import { startSeeded } from './support/seeded'
import { shoot } from './support/shoot'

const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.locator(`[title="${name}"]`) })
const panel = (page: Page, name: string) => page.getByRole('complementary', { name })
const channelsOf = async (routex: Headless) => (await routex.call('channels.list', {})).channels
async function channelNamed(routex: Headless, name: string) {
  const channel = (await channelsOf(routex)).find((each) => each.name === name)
  if (!channel) throw new Error(`there is no channel ${name}`)
  return channel
}

for (const { name, options } of looks) {
  test.describe(name, () => {
    test.use(options)

    test('every view of the page is accessible, and looks as it should', async ({
      page,
      start,
      upstream,
      complaints,
      browserName
    }, info) => {
      const well = await upstream()
      const busy = await upstream({ status: 529 })
      const routex = await startSeeded(() => start(), info, browserName, well.url)
      const backup = await channelNamed(routex, 'Backup')
      const change = { baseUrl: busy.url, priority: 0 }
      await routex.call('channels.update', { id: backup.id, change })
      await routex.call('channels.update', {
        id: (await channelNamed(routex, 'Team key')).id,
        change: { enabled: false, priority: 2, models: ['claude-haiku-4-5', 'claude-sonnet-*'], weight: 3 }
      })
      await routex.call('settings.update', { strategy: 'round_robin' })
      for (let count = 0; count < 3; count++) await routex.ask('claude-sonnet-4-5')
      await openPage(page, routex, 'channels')
      await expect(row(page, 'Backup')).toContainText(/Cooling down|冷却/)
      await expectAccessible(page)
      await shoot(page, 'channels')

      await row(page, 'Anthropic main').getByRole('button', { expanded: false }).first().click()
      await expect(panel(page, 'Anthropic main')).toBeVisible()
      await expectAccessible(page)
      await shoot(page, 'channels-settings')
      await page.getByRole('button', { name: /Advanced|高级/ }).click()
      await page.getByRole('button', { name: /Advanced|高级/ }).scrollIntoViewIfNeeded()
      await expectAccessible(page)
      await shoot(page, 'channels-advanced')
      await panel(page, 'Anthropic main').getByRole('button', { name: /^(Test|测试)$/ }).click()
      await expect(panel(page, 'Anthropic main')).toContainText(/It works|一切正常/)
      await expectAccessible(page)
      await shoot(page, 'channels-test')
      await page.getByRole('tab', { name: /Charts|图表/ }).click()
      await expect(panel(page, 'Anthropic main').locator('canvas')).toHaveCount(3)
      await expectAccessible(page)
      await shoot(page, 'channels-charts')

      await row(page, 'Backup').locator('[data-channel]').click()
      await page.getByRole('tab', { name: /Health|健康/ }).click()
      await expectAccessible(page)
      await shoot(page, 'channels-health')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+a')
      await expect(page.getByRole('toolbar')).toBeVisible()
      await expectAccessible(page)
      await shoot(page, 'channels-bulk')
      await page.keyboard.press('Escape')
      await page.keyboard.press('v')
      await expect(page.getByRole('table')).toBeHidden()
      await expectAccessible(page)
      await shoot(page, 'channels-cards')
      await page.keyboard.press('n')
      await expect(page.getByRole('button', { name: 'Anthropic Anthropic Messages' })).toBeVisible()
      await expectAccessible(page)
      await shoot(page, 'channels-presets')
      await page.getByRole('button', { name: /^Kimi/ }).click()
      await page.locator('input[type=password]').fill('sk-test')
      await expectAccessible(page)
      await shoot(page, 'channels-new')
      expect(complaints).toEqual([])
    })
  })
}
