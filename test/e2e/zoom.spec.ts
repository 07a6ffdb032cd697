import type { Page } from '@playwright/test'
import { expect, openPage, test } from './support/fixtures'
import { expectAccessible } from './support/looks'

const pages = ['overview', 'channels', 'sessions', 'logs', 'clients', 'storage', 'settings'] as const

/** Controls and texts of header and status bar that the window, or one another, cut off. */
const cutOff = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const parts = document.querySelectorAll(
      'main header :is(h1, button, input, code, span), footer :is(button, a, code, .item)'
    )
    const name = (part: Element): string => part.getAttribute('aria-label') ?? part.textContent.trim()
    const seen = [...parts].filter((part) => part.getBoundingClientRect().width > 1 && name(part) !== '')
    const outside = seen.filter((part) => {
      const { left, right } = part.getBoundingClientRect()
      return left < 0 || right > innerWidth + 1
    })
    const covered = seen.filter((part) => {
      const { left, right, top, bottom } = part.getBoundingClientRect()
      const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
      return found !== null && !part.contains(found) && !found.contains(part)
    })
    const shortened = seen.filter((part) => part.matches('code') && part.scrollWidth > part.clientWidth + 1)
    return [...outside, ...covered, ...shortened].map(name)
  })

// WCAG 2.2, 1.4.4: half as wide at twice the size.
for (const language of ['en', 'zh-CN'] as const) {
  test(`at 200 % nothing of header and status bar is cut off, in ${language}`, async ({ page, seeded }) => {
    await seeded.call('settings.update', { appearance: { theme: 'system', language } })
    await openPage(page, seeded, 'overview')
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    for (const [width, height] of [
      [640, 400],
      [960, 640],
      [1280, 800]
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const name of pages) {
        await page.evaluate((hash) => void (location.hash = hash), `#/${name}`)
        await expect(page.locator('[aria-current=page]').first()).toHaveAttribute('href', new RegExp(name))
        await page.locator('main header h1').waitFor()
        await expect(page.locator('footer')).toContainText(/\$/)
        await page.screenshot({
          path: `test/e2e/screenshots/zoom-${name}-${width}x${height}-${language}.png`,
          animations: 'disabled'
        })
        await expect.poll(() => cutOff(page), `${name} at ${width}`).toEqual([])
      }
    }
    await page.setViewportSize({ width: 640, height: 400 })
    await expectAccessible(page)
    const sidebar = page.getByRole('navigation').first()
    await expect(sidebar).toHaveCSS('width', '52px')
    await page.keyboard.press('Control+b')
    await expect(sidebar).toHaveCSS('width', '208px')
    await page.keyboard.press('Control+b')
    await page.setViewportSize({ width: 1280, height: 800 })
    await expect(sidebar).toHaveCSS('width', '208px')
  })
}
