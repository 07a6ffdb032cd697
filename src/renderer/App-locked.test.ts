import { beforeEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { sampleChannel } from '../../test/e2e/support/sample-data'
import { i18n } from './lib/i18n.svelte'
import { router } from './lib/router.svelte'
import { openApp } from './test-open-app'

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  i18n.choose('en')
  router.go('settings', { section: 'appearance' })
})

test('without a token the page says where to get it, and shows nothing else', async () => {
  const { screen, bar } = await openApp((fake) => fake.setConnection({ kind: 'locked' }))
  await expect.element(screen.getByText('This page needs its token')).toBeVisible()
  await expect.element(bar).not.toBeInTheDocument()
  await expect.element(screen.getByRole('navigation')).not.toBeInTheDocument()
})

test('a token that is no longer good is asked for over the page, which keeps what was typed', async () => {
  const main = sampleChannel('Main')
  const { backend, screen, bar } = await openApp((fake) => fake.answer('channels.list', () => ({ channels: [main] })))
  router.go('channels', { id: main.id })
  await screen.getByLabelText('Name', { exact: true }).fill('Renamed')
  backend.setConnection({ kind: 'locked' })
  const dialog = screen.getByRole('dialog', { name: 'This page needs its token' })
  const field = dialog.getByLabelText('Address or token')
  await expect.element(field).toHaveFocus()
  expect(bar.element().closest('[inert]')).not.toBeNull()
  await userEvent.keyboard('{Escape}')

  await field.fill('http://127.0.0.1:8080/ui/')
  await userEvent.keyboard('{Enter}')
  await expect.element(dialog.getByRole('alert')).toMatchTextContent('no token in it')
  expect(backend.tokens).toEqual([])

  await field.fill('rtx-an-old-token-0')
  await userEvent.keyboard('{Enter}')
  backend.setConnection({ kind: 'connecting' })
  await expect.element(dialog).toBeVisible()
  backend.setConnection({ kind: 'locked' })
  await expect.element(dialog.getByRole('alert')).toMatchTextContent('Routex refused this token')

  await field.fill(' http://127.0.0.1:8080/ui/#token=rtx-the-new-one-00 ')
  await dialog.getByRole('button', { name: 'Unlock' }).click()
  expect(backend.tokens).toEqual(['rtx-an-old-token-0', 'rtx-the-new-one-00'])
  expect(sessionStorage.getItem('routex.token')).toBe('rtx-the-new-one-00')
  backend.setConnection({ kind: 'live' })
  await expect.element(dialog).not.toBeInTheDocument()
  expect(bar.element().closest('[inert]')).toBeNull()
  await expect.element(screen.getByLabelText('Name', { exact: true })).toHaveValue('Renamed')
  await screen.getByRole('button', { name: 'Discard' }).click()
})

test('an address with a new token, pasted into the tab, is taken where one is', async () => {
  const { backend, screen } = await openApp()
  await expect.element(screen.getByRole('heading', { name: 'Settings' })).toBeVisible()
  location.hash = '#token=rtx-the-new-one-00'
  await vi.waitFor(() => expect(backend.tokens).toEqual(['rtx-the-new-one-00']))
  expect(location.hash).toBe('#/settings?section=appearance')
  expect(router.page).toBe('settings')
})
