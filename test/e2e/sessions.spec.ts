import type { Page } from '@playwright/test'
import type { Headless } from './support/headless'
import { expect, openPage, sampleTraffic, test } from './support/fixtures'
import { lookAt } from './support/looks'

const sessions = (page: Page) => page.getByRole('table').getByRole('row')

/** One conversation with so many turns. */
async function converse(routex: Headless, sessionId: string, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    const response = await fetch(`${routex.gateway}/v1/messages`, {
      method: 'POST',
      headers: {
        'x-api-key': routex.clientKey,
        'x-session-id': sessionId,
        'user-agent': 'claude-cli/2.1.330 (external, cli)',
        'content-type': 'application/json'
      },
      body: JSON.stringify({
        model: 'claude-sonnet-4-5',
        max_tokens: 64,
        messages: [{ role: 'user', content: 'Hello' }]
      })
    })
    await response.arrayBuffer()
  }
}

test('the sessions are accessible and fit both sizes', async ({ page, routex, upstream, complaints }) => {
  await sampleTraffic(routex, upstream, 3)
  await converse(routex, '0c8f6a52-1f1e-4a57-9c67-2f7a1d2f9e11', 4)
  await converse(routex, '7d21b9f0-64d5-4f0b-8f1c-6f1f0b7f3c22', 2)
  await openPage(page, routex, 'sessions')
  await expect(page.getByText('0c8f6a52-1f1e-4a57-9c67-2f7a1d2f9e11')).toBeVisible()
  await lookAt(page, routex, 'sessions')
  expect(complaints).toEqual([])
})

test('a session shows its client, channel, requests, tokens and cache hits, live', async ({
  page,
  routex,
  upstream
}) => {
  await sampleTraffic(routex, upstream, 0)
  await openPage(page, routex, 'sessions')
  await expect(page.getByText('No sessions yet')).toBeVisible()
  await converse(routex, 'conversation-1', 3)
  const row = sessions(page).filter({ hasText: 'conversation-1' })
  await expect(row).toContainText('claude-cli/2.1.330')
  await expect(row).toContainText('Anthropic main')
  await expect(row.getByRole('cell').nth(6)).toHaveText('3')
  // 3 × (412 + 8,210 + 204 + 128) tokens, of which 8,210 of 8,826 of each prompt came from the cache
  await expect(row.getByRole('cell').nth(7)).toHaveText('26.9 k')
  await expect(row.getByRole('cell').nth(8)).toHaveText(/93(\.0)?%/)
})

test('a session is moved, its requests are found, and it is unpinned', async ({ page, routex, upstream }) => {
  const { well } = await sampleTraffic(routex, upstream, 0)
  await routex.call('channels.create', { name: 'Second', protocol: 'anthropic', baseUrl: well.url, priority: 9 })
  await converse(routex, 'moved-conversation', 1)
  await openPage(page, routex, 'sessions')
  const row = sessions(page).filter({ hasText: 'moved-conversation' })
  const actions = page.getByRole('button', { name: 'Actions for moved-conversation' })

  await actions.click()
  await page.getByRole('menuitem', { name: 'Move to…' }).click()
  await page.getByRole('menuitem', { name: 'Second' }).click()
  await expect(row).toContainText('Second')
  await expect(page.getByText('Moved to Second. Its cache begins cold there.')).toBeVisible()

  await actions.click()
  await page.getByRole('menuitem', { name: 'Unpin' }).click()
  await expect(page.getByText('No sessions yet')).toBeVisible()

  await converse(routex, 'moved-conversation', 1)
  await expect(row).toBeVisible()
  await actions.click()
  await page.getByRole('menuitem', { name: 'Show its requests' }).click()
  await expect(page.getByRole('listbox', { name: 'Requests' }).getByRole('option')).toHaveCount(2)
})

test('all are unpinned only after asking, and the search says when nothing matches', async ({
  page,
  routex,
  upstream
}) => {
  await sampleTraffic(routex, upstream, 0)
  await converse(routex, 'conversation-1', 1)
  await converse(routex, 'conversation-2', 1)
  await openPage(page, routex, 'sessions')
  await expect(sessions(page)).toHaveCount(3) // and the head
  await page.getByRole('textbox', { name: 'Search sessions' }).fill('conversation-2')
  await expect(sessions(page)).toHaveCount(2)
  await page.getByRole('textbox', { name: 'Search sessions' }).fill('nothing like it')
  await expect(page.getByText('No session matches')).toBeVisible()
  await page.getByRole('textbox', { name: 'Search sessions' }).fill('')

  await page.getByRole('button', { name: 'Unpin all' }).click()
  const dialog = page.getByRole('dialog', { name: 'Unpin all 2 sessions?' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(sessions(page)).toHaveCount(3)
  await page.getByRole('button', { name: 'Unpin all' }).click()
  await dialog.getByRole('button', { name: 'Unpin all' }).click()
  await expect(page.getByText('No sessions yet')).toBeVisible()
})
