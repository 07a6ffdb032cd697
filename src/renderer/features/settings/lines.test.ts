import { expect, test, vi } from 'vitest'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { ApiFailure } from '../../lib/backend'
import { router } from '../../lib/router.svelte'
import { openInApp } from '../../test-open'
import SettingsPage from './SettingsPage.svelte'

const TYPED = 'a.lan\n\n a.lan, b.lan\n\n-bad-'

/** Refuses a host that begins with a hyphen, as the program does. */
function prepare(fake: FakeBackend): void {
  const update = fake.call.bind(fake)
  fake.call = async (name, params) => {
    if (name === 'settings.update') {
      const hosts = (params as { allowedHosts?: readonly string[] }).allowedHosts ?? []
      const index = hosts.findIndex((host) => host.startsWith('-'))
      const rule = { kind: 'own', code: 'allowed_host' }
      const problems = [{ path: `allowedHosts[${index}]`, message: 'must be a host name', rule }]
      if (index !== -1) throw new ApiFailure('bad_arguments', 'no', { details: { problems } })
    }
    return await update(name, params)
  }
}

test('a refused line is named by where it was typed, and what was typed stays over a look at another page', async () => {
  const { app, screen } = await openInApp(SettingsPage, { at: ['settings', { section: 'gateway' }], prepare })
  const field = screen.getByLabelText('More host names')
  await field.fill(TYPED)
  await screen.getByLabelText('Web origins').click()
  await expect.element(screen.getByRole('alert')).toMatchTextContent(/^Line 5: /)
  await expect.element(field).toHaveValue(TYPED)

  router.go('settings', { section: 'appearance' })
  await expect.element(field).not.toBeInTheDocument()
  router.go('settings', { section: 'gateway' })
  await expect.element(field).toHaveValue(TYPED)
  await expect.element(screen.getByRole('alert')).toMatchTextContent(/^Line 5: /)

  await field.fill('a.lan\n\nb.lan')
  await screen.getByLabelText('Web origins').click()
  await expect.element(screen.getByRole('alert')).not.toBeInTheDocument()
  await expect.element(field).toHaveValue('a.lan\nb.lan')
  await vi.waitFor(() => expect(app.settings.current?.allowedHosts).toEqual(['a.lan', 'b.lan']))
})
