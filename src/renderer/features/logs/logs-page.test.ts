import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleRequest } from '../../../../test/e2e/support/sample-data'
import { router } from '../../lib/router.svelte'
import { openInApp } from '../../test-open'
import LogsPage from './LogsPage.svelte'

const rows = [sampleRequest('b', { at: 2 }), sampleRequest('a', { at: 1 })]
const [newer, older] = rows.map(({ id }) => id)
const prepare = (fake: FakeBackend): void =>
  fake.answer('logs.query', ({ filter }) => ({ rows: filter?.channelId ? [] : rows, nextCursor: null }))

test('the open request stands in the address beside the filter, and is opened from there', async () => {
  const { screen } = await openInApp(LogsPage, { at: ['logs', { q: 'status:200' }], prepare })
  const detail = screen.getByRole('region', { name: /^Request / })
  await screen.getByRole('option').nth(1).click()
  await expect.element(detail).toBeVisible()
  expect(router.params).toEqual({ q: 'status:200', id: older })
  screen
    .getByRole('listbox')
    .element()
    .dispatchEvent(new KeyboardEvent('keydown', { key: 'k', bubbles: true }))
  expect(router.params).toEqual({ q: 'status:200', id: newer })
  await screen.unmount()

  const again = await openInApp(LogsPage, { at: ['logs', router.params], prepare })
  await expect.element(again.screen.getByRole('region', { name: /^Request / })).toBeVisible()
  await userEvent.keyboard('{Escape}')
  await expect.element(again.screen.getByRole('region', { name: /^Request / })).not.toBeInTheDocument()
  expect(router.params).toEqual({ q: 'status:200' })
})

test('a request that is gone leaves the address', async () => {
  await openInApp(LogsPage, {
    at: ['logs', { id: 'gone' }],
    prepare: (fake) => {
      prepare(fake)
      fake.fail('logs.get', 'not_found', 'It is gone')
    }
  })
  await vi.waitFor(() => expect(router.params).toEqual({}))
})
