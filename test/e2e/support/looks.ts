import axe from 'axe-core'
import { expect, type Page } from '@playwright/test'
import type { Headless } from './headless'
import { shoot } from './shoot'

/** The looks a page is checked in. */
const looks = [
  { theme: 'light', language: 'en' },
  { theme: 'light', language: 'zh-CN' },
  { theme: 'dark', language: 'zh-CN' },
  { theme: 'dark', language: 'en' }
] as const

/**
 * Checks the page as it stands in every look, switched at run time as a user would: that axe finds nothing, that nothing
 * sticks out, and that nothing is lost by the switch. Writes its pictures at both sizes (see `shoot`).
 */
export async function lookAt(page: Page, routex: Headless, name: string): Promise<void> {
  for (const { theme, language } of looks) {
    await setLook(page, routex, theme, language)
    await expectAccessible(page)
    await shoot(page, name)
  }
  await setLook(page, routex, 'light', 'en')
}

async function setLook(page: Page, routex: Headless, theme: 'light' | 'dark', language: 'en' | 'zh-CN'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await routex.call('settings.update', { appearance: { theme: 'system', language } })
  await expect(page.locator('html')).toHaveAttribute('lang', language)
}

/** A colour on its way to another is neither. */
async function finishAnimations(page: Page): Promise<void> {
  await page.evaluate(() => {
    const ends = ({ effect }: Animation): boolean => effect?.getTiming().iterations !== Infinity
    for (const animation of document.getAnimations().filter(ends)) animation.finish()
  })
}

/** axe finds nothing on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  await finishAnimations(page)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const violations = await page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ['violations'] })
    return found.violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))
  })
  expect(violations).toEqual([])
}

declare global {
  interface Window {
    readonly axe: Pick<typeof axe, 'run'>
  }
}
