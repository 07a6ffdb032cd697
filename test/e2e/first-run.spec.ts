import { expect, expectAccessible, looks, openPage, test } from './support/fixtures'
import { shoot } from './support/shoot'

for (const { name, options } of looks) {
  test.describe(name, () => {
    test.use(options)

    test('each step is accessible, and looks as it should', async ({ page, start, complaints }) => {
      const routex = await start({ firstRun: true })
      await page.goto(routex.page)
      await expect(page.getByRole('button', { name: /Anthropic/ }).first()).toBeVisible()
      await expectAccessible(page)
      await shoot(page, 'first-run-channel')
      await page.getByRole('button', { name: /^Anthropic/ }).click()
      await expectAccessible(page)
      await shoot(page, 'first-run-new-channel')
      await page.getByRole('button', { name: /^(Back|返回)/ }).click()
      await page.getByRole('button', { name: /Demo/ }).click()
      for (const client of ['Claude Code', 'Codex', 'Gemini CLI', 'OpenCode', 'curl', 'Python', 'TypeScript']) {
        await page.getByRole('tab', { name: client }).click()
        await expect(page.getByRole('tabpanel')).toContainText(routex.gateway)
        await expectAccessible(page)
        await shoot(page, `first-run-${client.toLowerCase().replace(' ', '-')}`)
      }
      await page.getByRole('button', { name: /^(Next|下一步)/ }).click()
      await expectAccessible(page)
      await shoot(page, 'first-run-waiting')
      await page.getByRole('button', { name: /^(Send one|替我)/ }).click()
      await expect(page.getByText(/It arrived|请求已到达/)).toBeVisible()
      await expectAccessible(page)
      await shoot(page, 'first-run-arrived')
      await page.getByRole('button', { name: /^(Done|完成)/ }).click()
      await expect(page).toHaveURL(/#\/overview/)
      expect((await routex.call('settings.get', {})).settings.firstRunDone).toBe(true)
      expect(complaints).toEqual([])
    })
  })
}
