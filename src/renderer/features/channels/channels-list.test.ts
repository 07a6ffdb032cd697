import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { sampleChannel, sampleHealth } from '../../../../test/e2e/support/sample-data'
import type { ChannelView } from '../../../shared/channel'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { router } from '../../lib/router.svelte'
import { openInApp } from '../../test-open'
import ChannelsPage from './ChannelsPage.svelte'

const name = (index: number): string => `Channel ${String(index).padStart(4, '0')}`

/** So many channels in tiers of a hundred. */
const many = (count: number): ChannelView[] =>
  Array.from({ length: count }, (_, index) => sampleChannel(name(index), { priority: Math.floor(index / 100) * 10 }))

async function open(channels: readonly ChannelView[]) {
  let stored = channels
  const opened = await openInApp(ChannelsPage, {
    at: ['channels'],
    prepare: (fake: FakeBackend) => {
      fake.answer('channels.list', () => ({ channels: stored }))
      fake.answer('stats.health', () => ({ channels: stored.map((channel) => sampleHealth(channel)) }))
      fake.answer('channels.deleteMany', ({ ids }) => {
        stored = stored.filter(({ id }) => !ids.includes(id))
        return { ok: true, restorableUntil: 0, budgetsThatStop: [] }
      })
      fake.answer('channels.arrange', ({ changes }) => {
        stored = stored.map((channel) => {
          const change = changes.find(({ id }) => id === channel.id)
          return change?.priority === undefined ? channel : { ...channel, priority: change.priority }
        })
        return { channels: stored }
      })
    }
  })
  const button = (label: string) => opened.screen.getByRole('button', { name: label, exact: true })
  return { ...opened, button }
}

const drawn = (): number => document.querySelectorAll('[data-channel]').length
const focused = (): string | null | undefined => document.activeElement?.textContent

test('a thousand channels are a few rows of the page, whose place among all is told', async () => {
  const { button, screen } = await open(many(1_000))
  await expect.element(button(name(0))).toBeVisible()
  expect(drawn()).toBeLessThan(60)
  await expect.element(screen.getByRole('table', { name: 'Channels' })).toHaveAttribute('aria-rowcount', '1011')
  const rows = [...document.querySelectorAll('[role=row]')].map((row) => Number(row.getAttribute('aria-rowindex')))
  expect(rows.slice(0, 4)).toEqual([1, 2, 3, 4])
})

test('a thousand cards are a few cards of the page', async () => {
  const { button } = await open(many(1_000))
  await expect.element(button(name(0))).toBeVisible()
  await userEvent.keyboard('v')
  await expect.element(button(name(0))).toBeVisible()
  expect(document.querySelectorAll('[role=row]')).toHaveLength(0)
  expect(drawn()).toBeLessThan(60)
})

test('the keys reach rows that are not drawn, and the row in focus stays when it is scrolled away', async () => {
  const { button } = await open(many(1_000))
  await button(name(0)).click()
  await userEvent.keyboard('{Escape}')
  await userEvent.keyboard('{End}')
  await vi.waitFor(() => expect(focused()).toBe(name(999)))
  await userEvent.keyboard('k')
  await vi.waitFor(() => expect(focused()).toBe(name(998)))
  document.querySelector('[role=rowgroup]')?.scrollTo({ top: 0 })
  await expect.element(button(name(0))).toBeVisible()
  expect(focused()).toBe(name(998))
  await userEvent.keyboard('{Home}')
  await vi.waitFor(() => expect(focused()).toBe(name(0)))
})

test('a row that is moved far by the keyboard keeps the focus, and its new priority is read out', async () => {
  const { button, screen } = await open(many(300))
  await expect.element(button(name(0))).toBeVisible()
  const handle = document.querySelector<HTMLElement>('[data-handle="channel-0000"]')
  handle?.focus()
  await userEvent.keyboard('{ArrowDown}')
  await vi.waitFor(() =>
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Move Channel 0000, priority 5: arrow up or down')
  )
  await expect.element(screen.getByText('Channel 0000 has priority 5 now')).toBeInTheDocument()
})

test('after a deletion by the keyboard the next row has the focus, and after the last one the row before', async () => {
  const { backend, button } = await open(many(3))
  await button(name(1)).click()
  await userEvent.keyboard('{Escape}')
  await userEvent.keyboard('{Delete}')
  await vi.waitFor(() => expect(focused()).toBe(name(2)))
  await userEvent.keyboard('{Delete}')
  await vi.waitFor(() => expect(focused()).toBe(name(0)))
  await userEvent.keyboard('{Delete}')
  await vi.waitFor(() => expect(focused()).toMatch(/^\s*Add channel/))
  expect(backend.made.filter((call) => call.name === 'channels.deleteMany')).toHaveLength(3)
})

test('a channel of the config file is neither deleted nor moved nor selected by the keys, and each time it is said why', async () => {
  const fixed = sampleChannel('From the file', { managedBy: 'config-file' })
  const { backend, button, screen } = await open([fixed, sampleChannel('Mine', { priority: 60 })])
  const why = screen.getByText(/From the file stands in the config file/)
  await button('From the file').click()
  await userEvent.keyboard('{Escape}')
  for (const key of ['{Delete}', '{Alt>}{ArrowDown}{/Alt}', 'x']) {
    await userEvent.keyboard(key)
    await expect.element(why).toBeVisible()
    await screen.getByRole('button', { name: 'Dismiss' }).first().click()
    await expect.element(why).not.toBeInTheDocument()
    document.querySelector<HTMLElement>('[data-channel="from-the-file"]')?.focus()
  }
  await userEvent.keyboard('{Control>}a{/Control}')
  await expect.element(screen.getByRole('toolbar')).toMatchTextContent('1 selected')
  const changes = backend.made.filter((call) => /delete|arrange|update/.test(call.name))
  expect(changes).toEqual([])
})

test('unsaved edits outlive the panel and the page, and the row says that they are there', async () => {
  const { app, button, screen } = await open(many(2))
  await button(name(0)).click()
  await screen.getByLabelText('Name', { exact: true }).fill('Renamed')
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByText('edited')).toBeVisible()
  expect(app.hasUnsaved).toBe(true)
  await screen.unmount()
  expect(app.hasUnsaved).toBe(true)
  expect(app.channelForms.isDirty('channel-0000' as ChannelView['id'])).toBe(true)
  expect(router.page).toBe('channels')
})

test('the panel that had the focus gives it back to its row when it is closed', async () => {
  const { button, screen } = await open(many(2))
  await button(name(1)).click()
  await screen.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
  await vi.waitFor(() => expect(focused()).toBe(name(1)))
})
