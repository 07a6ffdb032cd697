import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { i18n } from './lib/i18n.svelte'
import { router } from './lib/router.svelte'
import { openApp } from './test-open-app'

beforeEach(() => {
  localStorage.clear()
  i18n.choose('en')
  router.go('settings', { section: 'appearance' })
})

const pages = ['overview', 'channels', 'sessions', 'logs', 'clients', 'storage', 'first-run'] as const
test.each(pages)('%s is left while it loads without a complaint', async (page) => {
  const warn = vi.spyOn(console, 'warn')
  onTestFinished(() => warn.mockRestore())
  const { backend, screen } = await openApp()
  const settings = screen.getByRole('heading', { name: 'Settings' })
  await expect.element(settings).toBeVisible()
  const call = backend.call.bind(backend)
  const held: (() => void)[] = []
  backend.call = async (name, params) => {
    await new Promise<void>((resolve) => held.push(resolve))
    return await call(name, params)
  }
  router.go(page)
  await expect.element(settings).not.toBeInTheDocument()
  // What it asked for is answered when it is gone.
  await expect.poll(() => held.length, { timeout: 10_000 }).toBeGreaterThan(0)
  router.go('settings', { section: 'appearance' })
  await expect.element(settings).toBeVisible()
  while (held.length > 0) {
    held.splice(0).forEach((release) => release())
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  expect(warn.mock.calls).toEqual([])
})
