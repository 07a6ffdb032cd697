import { expect, test } from 'vitest'
import { sampleChannel, usedUp } from '../../../../test/e2e/support/sample-data'
import { openInApp } from '../../test-open'
import ChannelStrip from './ChannelStrip.svelte'

test('of a thousand channels those in sight are drawn', async () => {
  const channels = Array.from({ length: 1_000 }, (_, index) => sampleChannel(`Channel ${index}`))
  const { screen } = await openInApp(ChannelStrip, {
    props: { requests: null, class: 'h-60' },
    prepare: (fake) => {
      fake.answer('channels.list', () => ({ channels }))
      fake.answer('stats.health', () => ({ channels: [] }))
    }
  })
  await expect.element(screen.getByRole('link', { name: 'Channel 0', exact: true })).toBeVisible()
  expect(document.querySelectorAll('[role=listitem]').length).toBeLessThan(40)
})

test('a channel that its budget stops says so, until when, and what can be done; one that switched is calm', async () => {
  const channels = [sampleChannel('Main'), sampleChannel('Spare')]
  const until = new Date(2026, 11, 1).getTime()
  const { backend, screen } = await openInApp(ChannelStrip, {
    props: { requests: null, class: 'h-60' },
    prepare: (fake) => {
      fake.answer('channels.list', () => ({ channels }))
      fake.answer('budgets.list', () => ({ budgets: [usedUp('main', { until })] }))
    }
  })
  const main = screen.getByRole('listitem').first()
  await expect.element(screen.getByText('1 of 2 healthy')).toBeVisible()
  await expect.element(main).toMatchTextContent('Stopped by its budget')
  await expect.element(main).toMatchTextContent('No requests until Dec 1, 00:00')
  await expect.element(main.getByRole('button', { name: 'Change the budget of Main' })).toBeVisible()
  backend.emit('budgets.changed', { budgets: [usedUp('main', { until, switchesTo: sampleChannel('Spare').id })] })
  await expect.element(main).toMatchTextContent('Requests go to Spare until Dec 1, 00:00')
  await expect.element(screen.getByText('2 of 2 healthy')).toBeVisible()
  backend.emit('budgets.changed', { budgets: [] })
  await expect.element(main).toMatchTextContent('Healthy')
})
