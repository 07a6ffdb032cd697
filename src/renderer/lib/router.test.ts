import { expect, onTestFinished, test, vi } from 'vitest'
import { hrefOf, router } from './router.svelte'

test('a place stands in the address, its parameters escaped, and is read back from it', async () => {
  onTestFinished(router.listen())
  router.go('logs', { q: 'status:5xx model:"a b"' })
  expect(location.hash).toBe('#/logs?q=status%3A5xx+model%3A%22a+b%22')
  router.go('storage')
  history.back()
  await vi.waitFor(() => expect(router.page).toBe('logs'))
  expect(router.params).toEqual({ q: 'status:5xx model:"a b"' })
})

test('a place that was replaced is not come back to', async () => {
  onTestFinished(router.listen())
  router.go('channels')
  router.go('logs', { q: 'a' })
  router.go('logs', { q: 'ab' }, { replace: true })
  history.back()
  await vi.waitFor(() => expect(router.page).toBe('channels'))
})

test('an address that names no page of ours is the overview', async () => {
  onTestFinished(router.listen())
  location.hash = '#/nowhere?x=1'
  await vi.waitFor(() => expect([router.page, router.params]).toEqual(['overview', {}]))
  expect(location.hash).toBe('#/overview')
  expect(hrefOf('settings', { section: 'about' })).toBe('#/settings?section=about')
})
