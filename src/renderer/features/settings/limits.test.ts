import { expect, test, vi } from 'vitest'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import type { BudgetStanding } from '../../../shared/budget'
import { openInApp } from '../../test-open'
import SettingsPage from './SettingsPage.svelte'

const key = {
  id: 'key-1',
  name: 'Laptop',
  last4: 'a1b2',
  createdAt: 0,
  lastUsedAt: null,
  allowedChannels: null,
  budget: { period: 'month', limitUsd: 20, then: 'stop' },
  managedBy: 'user'
} as const

const standing: BudgetStanding = {
  switchesTo: null,
  switchTakesAll: true,
  isTargetGone: false,
  owner: { kind: 'clientKey', id: 'key-1', name: 'Laptop' },
  period: 'month',
  limitUsd: 20,
  spentUsd: 5,
  unknownRequests: 0,
  state: 'ok',
  until: 0
}

test('a key shows how much of its budget is used, and its dialog changes it', async () => {
  const { backend, screen } = await openInApp(SettingsPage, {
    at: ['settings', { section: 'security' }],
    prepare: (fake) => {
      fake.answer('channels.list', () => ({ channels: [sampleChannel('Main')] }))
      fake.answer('clientKeys.list', () => ({ keys: [key] }))
      fake.answer('budgets.list', () => ({ budgets: [standing] }))
      fake.answer('clientKeys.update', ({ change }) => ({ ...key, ...change }))
    }
  })
  const row = screen.getByRole('listitem').filter({ hasText: 'Laptop' })
  await expect.element(row.getByRole('meter', { name: 'Budget' })).toHaveAttribute('aria-valuenow', '25')
  await row.getByRole('button', { name: /Actions/ }).click()
  await screen.getByRole('menuitem', { name: 'Rename or limit' }).click()
  const limit = screen.getByRole('textbox', { name: 'Limit in US dollars' })
  await limit.fill('nothing')
  await expect.element(screen.getByRole('button', { name: 'Save' })).toBeDisabled()
  await limit.fill('30')
  await screen.getByRole('radio', { name: 'Day' }).click()
  await screen.getByRole('button', { name: 'Save' }).click()
  await vi.waitFor(() =>
    expect(backend.made).toContainEqual({
      name: 'clientKeys.update',
      params: {
        id: 'key-1',
        change: { name: 'Laptop', allowedChannels: null, budget: { period: 'day', limitUsd: 30, then: 'stop' } }
      }
    })
  )
})

test('newer prices are fetched only when the user agreed, and what came of it is told', async () => {
  const { backend, screen } = await openInApp(SettingsPage, { at: ['settings', { section: 'prices' }] })
  await expect.element(screen.getByText('Built-in prices, version 0.1.8')).toBeVisible()
  await expect.element(screen.getByRole('button', { name: 'Fetch now' })).not.toBeInTheDocument()
  await screen.getByRole('switch', { name: 'Fetch newer prices once a day' }).click()
  await vi.waitFor(() =>
    expect(backend.made).toContainEqual({ name: 'settings.update', params: { prices: { update: true } } })
  )
  const status = {
    source: 'built-in',
    version: '0.1.8',
    fetchedAt: null,
    updates: true,
    url: 'https://x.test/'
  } as const
  backend.answer('prices.update', () => ({ ...status, triedAt: 1, error: 'x.test answered with status 500' }))
  await screen.getByRole('button', { name: 'Fetch now' }).click()
  await expect.element(screen.getByText('No newer prices: x.test answered with status 500')).toBeVisible()
  backend.answer('prices.update', () => ({
    ...{ ...status, source: 'fetched', version: '2026-11-28', fetchedAt: Date.now() },
    ...{ triedAt: 1, error: null }
  }))
  await screen.getByRole('button', { name: 'Fetch now' }).click()
  await expect.element(screen.getByText(/^Prices fetched/)).toBeVisible()
})
