import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleRequest } from '../../../../test/e2e/support/sample-data'
import { router } from '../../lib/router.svelte'
import { openInApp } from '../../test-open'
import LogsPage from './LogsPage.svelte'

const all = Array.from({ length: 1000 }, (_, index) => sampleRequest(`r${index}`, { at: 1000 - index }))

test('a connection that comes back leaves the open request and the place in the list alone', async () => {
  const { backend, screen } = await openInApp(LogsPage, {
    at: ['logs'],
    prepare: (fake) =>
      fake.answer('logs.query', ({ cursor }) => {
        const from = Number(cursor ?? 0)
        return { rows: all.slice(from, from + 200), nextCursor: from < 800 ? String(from + 200) : null }
      })
  })
  const list = screen.getByRole('listbox', { name: 'Requests' })
  await expect.element(list).toBeVisible()
  const element = list.element()
  for (const rows of [400, 600]) {
    element.scrollTo({ top: element.scrollHeight })
    await expect.poll(() => element.scrollHeight).toBeGreaterThanOrEqual(rows * 28)
  }
  await screen.getByRole('option').nth(3).click()
  const detail = screen.getByRole('region', { name: /^Request / })
  await expect.element(detail).toBeVisible()
  const { scrollTop, scrollHeight } = element
  const asked = (): number => backend.made.filter(({ name }) => name === 'logs.count').length
  const before = asked()

  backend.setConnection({ kind: 'lost', retryAt: 0 })
  backend.setConnection({ kind: 'live' })
  await expect.poll(asked).toBeGreaterThan(before)

  await expect.element(detail).toBeVisible()
  expect(element.isConnected).toBe(true)
  expect([element.scrollTop, element.scrollHeight]).toEqual([scrollTop, scrollHeight])
})

test('one request is one request', async () => {
  const { screen } = await openInApp(LogsPage, { at: ['logs'] })
  await expect.element(screen.getByText('1 request', { exact: true })).toBeVisible()
})

const two = [sampleRequest('b', { at: 2 }), sampleRequest('a', { at: 1 })]
const [newer, older] = two.map(({ id }) => id)
const prepare = (fake: FakeBackend): void =>
  fake.answer('logs.query', ({ filter }) => ({ rows: filter?.channelId ? [] : two, nextCursor: null }))

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

test('the name of a channel that is gone is asked of the log, and only where the log has none is it unknown', async () => {
  const row = sampleRequest('gone', { channelId: 'ch_gone', channelName: 'Alpha' })
  const { screen } = await openInApp(LogsPage, {
    at: ['logs', { q: 'channel:Alpha' }],
    prepare: (fake) =>
      fake.answer('logs.query', ({ filter }) => ({
        rows: filter?.channelName?.toLowerCase() === 'alpha' ? [row] : [],
        nextCursor: null
      }))
  })
  await expect.element(screen.getByRole('option')).toMatchTextContent('Alpha')
  await screen.unmount()
  const again = await openInApp(LogsPage, {
    at: ['logs', { q: 'channel:Beta' }],
    prepare: (fake) => fake.answer('logs.query', () => ({ rows: [], nextCursor: null }))
  })
  await expect.element(again.screen.getByRole('alert')).toMatchTextContent('channel:Beta')
})

test('a channel that is gone keeps its name, also where that is a part of another’s', async () => {
  const rows = [
    sampleRequest('gone', { channelId: 'ch_gone', channelName: 'Ma' }),
    sampleRequest('other', { channelId: 'main', channelName: 'Main' })
  ]
  const { screen } = await openInApp(LogsPage, {
    at: ['logs', { q: 'channel:Ma' }],
    prepare: (fake) =>
      fake.answer('logs.query', ({ filter }) => ({
        rows: rows.filter(({ channelId, channelName }) =>
          filter?.channelName === undefined ? channelId === filter?.channelId : channelName === filter.channelName
        ),
        nextCursor: null
      }))
  })
  await expect.element(screen.getByRole('option')).toHaveLength(1)
  await expect.element(screen.getByRole('option')).toHaveAttribute('id', 'log-row-gone')
})

test('a request of an earlier day names its day, and one of today only its time', async () => {
  const noon = new Date().setHours(0, 0, 1, 0)
  const { screen } = await openInApp(LogsPage, {
    at: ['logs'],
    prepare: (fake) =>
      fake.answer('logs.query', () => ({
        rows: [
          sampleRequest('now', { at: noon }),
          sampleRequest('old', { at: new Date(2026, 2, 12, 14, 32).getTime() })
        ],
        nextCursor: null
      }))
  })
  const times = screen.getByRole('option').getByRole('time')
  await expect.element(times.nth(0)).toHaveTextContent('00:00:01')
  await expect.element(times.nth(1)).toHaveTextContent('Mar 12, 14:32')
  const cell = times.nth(1).element()
  expect(cell.scrollWidth).toBeLessThanOrEqual(cell.clientWidth)
})
