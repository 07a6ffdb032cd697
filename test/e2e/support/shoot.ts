import type { Page } from '@playwright/test'

/** Both sizes the UI is made for. */
const sizes = [
  { width: 1280, height: 800 },
  { width: 960, height: 640 }
] as const

/**
 * Writes the page at both sizes to `test/e2e/screenshots/<name>-<size>-<theme>-<locale>.png`, to be looked at. Checks on
 * the way that nothing sticks out of the window.
 */
export async function shoot(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()
  for (const size of sizes) {
    await page.setViewportSize(size)
    await page.evaluate(async () => {
      await document.fonts.ready
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    })
    const { theme, locale, overflows } = await page.evaluate(() => ({
      theme:
        document.documentElement.dataset['theme'] ??
        (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
      locale: document.documentElement.lang,
      overflows: document.documentElement.scrollWidth > innerWidth
    }))
    const path = `test/e2e/screenshots/${name}-${size.width}x${size.height}-${theme}-${locale}.png`
    // Motion is taken to its end.
    await page.screenshot({ path, animations: 'disabled' })
    if (overflows) throw new Error(`the page is wider than its window: see ${path}`)
  }
  if (before) await page.setViewportSize(before)
}
