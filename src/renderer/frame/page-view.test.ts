import { beforeEach, expect, test, vi } from 'vitest'
import { openInApp } from '../test-open'
import PageView from './PageView.svelte'
import { loadPage } from './pages'

vi.mock(import('./pages'), async (importOriginal) => ({
  ...(await importOriginal()),
  loadPage: vi.fn<typeof loadPage>(),
  preloadPages: () => () => undefined
}))

const gone = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'))

beforeEach(() => {
  vi.stubGlobal('reportError', vi.fn())
  return () => vi.unstubAllGlobals()
})

test('a page that was not loaded before Routex went away says so, is tried again in place, and opens by itself', async () => {
  vi.mocked(loadPage).mockImplementation(gone)
  const { backend, screen } = await openInApp(PageView, {
    props: { page: 'storage' },
    prepare: (fake) => fake.fail('gateway.status', 'unreachable', 'Routex does not answer')
  })
  await expect.element(screen.getByText('Routex does not answer')).toBeVisible()
  await expect.element(screen.getByRole('button', { name: 'Load again' })).not.toBeInTheDocument()

  backend.setConnection({ kind: 'lost', retryAt: Date.now() + 3_000 })
  const tries = vi.mocked(loadPage).mock.calls.length
  await screen.getByRole('button', { name: 'Try again' }).click()
  expect(vi.mocked(loadPage).mock.calls.length).toBe(tries + 1)
  expect(backend.retries).toBe(1)

  const { default: Mark } = await import('../components/Mark.svelte')
  vi.mocked(loadPage).mockImplementation(() => Promise.resolve(Mark as never))
  backend.setConnection({ kind: 'live' })
  await expect.element(screen.getByText('Routex does not answer')).not.toBeInTheDocument()
})

test('a page whose code is not there though Routex answers asks to be loaded anew', async () => {
  vi.mocked(loadPage).mockImplementation(gone)
  const { screen } = await openInApp(PageView, { props: { page: 'storage' } })
  await expect.element(screen.getByText('This page could not be opened')).toBeVisible()
  await expect.element(screen.getByRole('button', { name: 'Load again' })).toBeVisible()
})
