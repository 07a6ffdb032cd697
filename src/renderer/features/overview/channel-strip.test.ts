import { expect, test } from 'vitest'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
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
