import { expect, test } from 'vitest'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { openInApp } from '../../test-open'
import OverviewPage from './OverviewPage.svelte'

const demo = sampleChannel('Demo', { managedBy: 'built-in' })

test('while only the Demo answers, the figures say that they leave it out', async () => {
  const { backend, screen } = await openInApp(OverviewPage, {
    at: ['overview'],
    prepare: (fake) => fake.answer('channels.list', () => ({ channels: [demo] }))
  })
  const told = screen.getByText('Only the Demo answers: its requests are not counted here')
  await expect.element(told).toBeVisible()
  backend.answer('channels.list', () => ({ channels: [demo, sampleChannel('Main')] }))
  backend.emit('channel.changed', { id: demo.id })
  await expect.element(told).not.toBeInTheDocument()
})
