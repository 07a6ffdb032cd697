import { expect, onTestFinished, test } from 'vitest'
import { page } from 'vitest/browser'
import { sampleAffinity } from '../../../../test/e2e/support/sample-data'
import { sessionView } from '../../../shared/sessions'
import { openInApp } from '../../test-open'
import SessionsPage from './SessionsPage.svelte'

const session = sessionView.parse({
  ...{ key: '1', sessionId: 'session-1', clientKeyId: null, client: 'claude-cli/2.1.330' },
  ...{ model: 'claude-sonnet-4-5', channelId: 'anthropic-main', createdAt: 0, lastUsedAt: 0, requests: 1 },
  ...{ tokens: { input: 1, cacheRead: 3, cacheWrite: 0, output: 2 }, cacheHitRate: 0.75 }
})

test('beside the sidebar of a window of 900 px the actions of a session are in sight', async () => {
  const width = 900 - 208
  await page.viewport(width, 600)
  onTestFinished(() => page.viewport(1280, 800))
  const { screen } = await openInApp(SessionsPage, {
    prepare: (fake) => {
      fake.answer('stats.sessions', () => sampleAffinity)
      fake.answer('sessions.list', () => ({ sessions: [session], found: 1, total: 1 }))
    }
  })
  const actions = screen.getByRole('button', { name: 'Actions for session-1' })
  await expect.element(actions).toBeVisible()
  expect(actions.element().getBoundingClientRect().right).toBeLessThanOrEqual(width)
})

test('a search says how many of those that match are listed', async () => {
  const { screen } = await openInApp(SessionsPage, {
    prepare: (fake) => {
      fake.answer('stats.sessions', () => sampleAffinity)
      fake.answer('sessions.list', ({ search }) =>
        search === undefined
          ? { sessions: [session], found: 5_000, total: 5_000 }
          : { sessions: search === 'claude' ? [session] : [], found: search === 'claude' ? 620 : 0, total: 5_000 }
      )
    }
  })
  await expect.element(screen.getByText('The 1 most recently used of 5,000')).toBeVisible()
  const field = screen.getByRole('textbox', { name: 'Search sessions' })
  await field.fill('claude')
  await expect.element(screen.getByText('The 1 most recently used of 620')).toBeVisible()
  await field.fill('nobody')
  await expect.element(screen.getByText('No session matches')).toBeVisible()
})
