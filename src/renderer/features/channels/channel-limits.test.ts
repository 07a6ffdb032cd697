import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { sampleChannel, sampleHealth, usedUp } from '../../../../test/e2e/support/sample-data'
import type { Budget, BudgetStanding } from '../../../shared/budget'
import type { CallResult } from '../../../shared/contract'
import { settings } from '../../../shared/settings'
import { openInApp } from '../../test-open'
import ChannelsPage from './ChannelsPage.svelte'

const standing: BudgetStanding = {
  switchesTo: null,
  switchTakesAll: true,
  isTargetGone: false,
  owner: { kind: 'channel', id: 'main', name: 'Main' },
  period: 'day',
  limitUsd: 5,
  spentUsd: 4.1,
  unknownRequests: 2,
  state: 'warned',
  until: Date.now() + 3_600_000
}

interface Given {
  readonly balance?: CallResult<'channels.balance'>
  readonly language?: 'en' | 'zh-CN'
  readonly id?: string
  readonly budget?: Budget | null
}

/** The page with Main and Spare as cards. */
async function open({ balance = { kind: 'not_offered' }, language = 'en', id, budget = null }: Given = {}) {
  const channels = [sampleChannel('Main', { budget }), sampleChannel('Spare')]
  const opened = await openInApp(ChannelsPage, {
    at: id === undefined ? ['channels'] : ['channels', { id }],
    prepare: (fake) => {
      const present = settings.parse({ appearance: { language } })
      fake.answer('settings.get', () => ({ settings: present, managed: [] }))
      fake.answer('channels.list', () => ({ channels }))
      fake.answer('stats.health', () => ({ channels: channels.map((channel) => sampleHealth(channel)) }))
      fake.answer('budgets.list', () => ({ budgets: [standing] }))
      fake.answer('channels.balance', () => balance)
      fake.answer('channels.update', ({ change }) => sampleChannel('Main', change))
    }
  })
  const card = opened.screen.getByRole('article', { name: 'Main' })
  return { ...opened, card }
}

test('a card shows how much of its budget is used, the unknown costs, and until when it is used up', async () => {
  const { backend, card, screen } = await open()
  await expect.element(screen.getByRole('button', { name: 'Main', exact: true })).toBeVisible()
  await userEvent.keyboard('v')
  const meter = card.getByRole('meter', { name: 'Budget' })
  await expect.element(meter).toHaveAttribute('aria-valuenow', '82')
  await expect.element(card).toMatchTextContent('$4.10 of $5.00 · Day')
  await expect.element(card).toMatchTextContent('2 requests without a known cost')
  backend.emit('budgets.changed', { budgets: [{ ...standing, spentUsd: 5.2, state: 'used_up' }] })
  await expect.element(card).toMatchTextContent('used up until')
  backend.emit('budgets.changed', { budgets: [] })
  await expect.element(meter).not.toBeInTheDocument()
})

test('a card shows what is left at the vendor, and asks again at a click; one that can not be asked says why', async () => {
  const { backend, card, screen } = await open({
    balance: { kind: 'known', amounts: [{ amount: 110, currency: 'CNY' }], askedAt: Date.now() }
  })
  await expect.element(screen.getByRole('button', { name: 'Main', exact: true })).toBeVisible()
  await userEvent.keyboard('v')
  await expect.element(card).toMatchTextContent('¥110.00')
  backend.answer('channels.balance', () => ({ kind: 'failed', why: 'status 500', askedAt: 0 }))
  await card.getByRole('button', { name: 'Ask for the balance of Main again' }).click()
  await vi.waitFor(() =>
    expect(backend.made).toContainEqual({ name: 'channels.balance', params: { id: 'main', refresh: true } })
  )
  await expect.element(card).toMatchTextContent('status 500')
})

test('a row of the table shows the budget and the balance of its channel too, in one line', async () => {
  const { backend, screen } = await open({
    balance: { kind: 'known', amounts: [{ amount: 110, currency: 'CNY' }], askedAt: Date.now() }
  })
  const row = screen.getByRole('row', { name: /Main/ })
  await expect.element(row.getByRole('meter', { name: 'Budget' })).toHaveAttribute('aria-valuenow', '82')
  await expect.element(row).toMatchTextContent('$4.10 of $5.00 · Day')
  await expect.element(row).toMatchTextContent('¥110.00')
  backend.emit('budgets.changed', { budgets: [{ ...standing, isTargetGone: true }] })
  await expect.element(row).toMatchTextContent('The channel that it switches to is gone: it stops.')
})

test('budget, prices and multiplier of a channel are set in its panel', async () => {
  const { backend, screen } = await open({ id: 'main' })
  await screen.getByRole('button', { name: 'Advanced' }).click()
  await screen.getByRole('switch', { name: 'Hold it to a budget' }).click()
  await screen.getByRole('textbox', { name: 'Limit in US dollars' }).fill('12,5')
  await screen.getByRole('radio', { name: 'Week' }).click()
  await screen.getByRole('radio', { name: 'Switch to another channel' }).click()
  await screen.getByLabelText('Channel to switch to').click()
  await expect.element(screen.getByRole('option', { name: 'Main' })).not.toBeInTheDocument()
  await screen.getByRole('option', { name: 'Spare' }).click()
  await screen.getByRole('button', { name: 'Add a price' }).click()
  await screen.getByRole('textbox', { name: 'Model as it is sent' }).fill('glm-*')
  await screen.getByRole('textbox', { name: 'Input' }).fill('0.6')
  await screen.getByRole('textbox', { name: 'Output' }).fill('2.2')
  await screen.getByRole('spinbutton', { name: 'Price multiplier' }).fill('0.7')
  await userEvent.keyboard('{Enter}')
  await screen.getByRole('button', { name: 'Save' }).click()
  await vi.waitFor(() =>
    expect(backend.made).toContainEqual({
      name: 'channels.update',
      params: {
        id: 'main',
        change: {
          budget: { period: 'week', limitUsd: 12.5, then: 'switch', switchTo: 'spare' },
          prices: { 'glm-*': { input: 0.6, output: 2.2 } },
          priceMultiplier: 0.7
        }
      }
    })
  )
})

test('a budget without an amount, and a price without a model, are not sent and say so', async () => {
  const { backend, screen } = await open({ id: 'main' })
  await screen.getByRole('button', { name: 'Advanced' }).click()
  await screen.getByRole('switch', { name: 'Hold it to a budget' }).click()
  await screen.getByRole('button', { name: 'Add a price' }).click()
  await screen.getByRole('textbox', { name: 'Input' }).fill('-1')
  await screen.getByRole('button', { name: 'Save' }).click()
  await expect.element(screen.getByText('Enter an amount from 0.01 to 1,000,000.')).toBeVisible()
  await expect.element(screen.getByText('Each line needs a model, and prices of 0 or more.')).toBeVisible()
  expect(backend.made.some(({ name }) => name === 'channels.update')).toBe(false)
})

test('in Chinese the budget of a card is said in Chinese', async () => {
  const { card, screen } = await open({ language: 'zh-CN' })
  await expect.element(screen.getByRole('button', { name: 'Main', exact: true })).toBeVisible()
  await userEvent.keyboard('v')
  await expect.element(card.getByRole('meter', { name: '预算' })).toBeVisible()
  await expect.element(card).toMatchTextContent('2 次请求费用未知')
})

test('a row says that its budget stops it and until when, and leads to the budget', async () => {
  const { backend, screen } = await open({ budget: { period: 'month', limitUsd: 5, then: 'stop' } })
  const row = screen.getByRole('row', { name: /Main/ })
  await expect.element(screen.getByText('2 of 2 channels healthy')).toBeVisible()
  backend.emit('budgets.changed', { budgets: [usedUp('main', { until: new Date(2026, 11, 1).getTime() })] })
  await expect.element(screen.getByText('1 of 2 channels healthy')).toBeVisible()
  await expect.element(row).toMatchTextContent('Stopped by its budget · No requests until Dec 1, 00:00')
  await row.getByRole('button', { name: 'Change the budget of Main' }).click()
  await expect.element(screen.getByRole('textbox', { name: 'Limit in US dollars' })).toHaveFocus()
})

test('a row whose budget switched says where its requests go, and counts as healthy', async () => {
  const { backend, screen } = await open({ language: 'zh-CN' })
  const budget = usedUp('main', { switchesTo: sampleChannel('Spare').id, until: new Date(2026, 11, 1).getTime() })
  backend.emit('budgets.changed', { budgets: [budget] })
  await expect
    .element(screen.getByRole('row', { name: /Main/ }))
    .toMatchTextContent('预算用完，已切换 · 12月1日 00:00 前请求改走 Spare')
  await expect.element(screen.getByText('2/2 个渠道正常')).toBeVisible()
})
