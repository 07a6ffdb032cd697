import { channelNamed, panel, row } from './support/channels'
import { expect, expectAccessible, looks, openPage, test } from './support/fixtures'
import { startSeeded } from './support/seeded'
import { shoot } from './support/shoot'

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
      const change = { baseUrl: busy.url, apiKey: 'sk-test-1234', priority: 0 }
      await routex.call('channels.update', { id: backup.id, change })
      await routex.call('channels.update', {
        id: (await channelNamed(routex, 'Team key')).id,
        change: { enabled: false, priority: 2, models: ['claude-haiku-4-5', 'claude-sonnet-*'], weight: 3 }
      })
      await routex.call('settings.update', { strategy: 'weighted' })
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
      await panel(page, 'Anthropic main')
        .getByRole('button', { name: /^(Test|测试)$/ })
        .click()
      await expect(panel(page, 'Anthropic main')).toContainText(/It works|一切正常/)
      await expectAccessible(page)
      await shoot(page, 'channels-test')
      await page.getByRole('tab', { name: /Charts|图表/ }).click()
      await expect(panel(page, 'Anthropic main').locator('canvas')).toHaveCount(3)
      await expectAccessible(page)
      await shoot(page, 'channels-charts')

      busy.status = 401
      await routex.call('channels.clearHealth', { id: backup.id })
      for (let count = 0; count < 3; count++) await routex.ask('claude-sonnet-4-5')
      await expect(row(page, 'Backup')).toContainText(/Credential refused|凭证被拒/)
      await row(page, 'Backup').locator('[data-channel]').click()
      await page.getByRole('tab', { name: /Health|健康/ }).click()
      await expect(panel(page, 'Backup')).toContainText('invalid x-api-key')
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
      await expect(page.locator('input[type=password]')).toBeFocused()
      await expectAccessible(page)
      await shoot(page, 'channels-new')
      expect(complaints).toEqual([])
    })
  })
}
