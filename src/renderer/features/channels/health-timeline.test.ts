import { UNKNOWN_STANDING } from '../../../shared/channel-standing'
import { expect, test, vi } from 'vitest'
import { sampleChannel, sampleHealth } from '../../../../test/e2e/support/sample-data'
import { openInApp } from '../../test-open'
import HealthPanel from './HealthPanel.svelte'

const channel = sampleChannel('Main')
const at = (minutesAgo: number): number => Date.now() - minutesAgo * 60_000

test('the timeline tells each state with its cause and how long it lasted, and follows the channel alone', async () => {
  const { backend, screen } = await openInApp(HealthPanel, {
    props: { channel, health: sampleHealth(channel), standing: UNKNOWN_STANDING, onclear: () => undefined },
    prepare: (fake) =>
      fake.answer('stats.healthHistory', () => ({
        changes: [
          { at: at(10), state: 'closed' },
          { at: at(15), state: 'cooling', cause: 'rate limited: slow down', until: at(14) }
        ]
      }))
  })
  const entries = screen.getByRole('region', { name: 'Timeline' }).getByRole('listitem')
  await expect.element(entries.nth(0)).toMatchTextContent(/Healthy for 10 min \d sec so far/)
  await expect.element(entries.nth(1)).toMatchTextContent(/Cooling down for 5 min 0 sec/)
  await expect.element(entries.nth(1)).toMatchTextContent('rate limited: slow down')

  backend.emit('health.changed', sampleHealth(sampleChannel('Other'), { state: 'open' }))
  backend.answer('stats.healthHistory', () => ({
    changes: [{ at: at(0), state: 'open', cause: 'connection refused' }]
  }))
  backend.emit('health.changed', sampleHealth(channel, { state: 'open' }))
  await expect.element(entries.nth(0)).toMatchTextContent('connection refused')
  const asked = backend.made.filter(({ name }) => name === 'stats.healthHistory')
  expect(asked).toHaveLength(2)
})

test('a channel that was well all the time says since when', async () => {
  const { screen } = await openInApp(HealthPanel, {
    props: { channel, health: undefined, standing: UNKNOWN_STANDING, onclear: () => undefined }
  })
  await expect.element(screen.getByText(/It was well all the time since Routex was started/)).toBeVisible()
})

test('a timeline that can not be read says why, and is read again when asked', async () => {
  const { backend, screen } = await openInApp(HealthPanel, {
    props: { channel, health: undefined, standing: UNKNOWN_STANDING, onclear: () => undefined },
    prepare: (fake) => fake.fail('stats.healthHistory', 'internal', 'It broke')
  })
  await expect.element(screen.getByRole('alert')).toMatchTextContent('It broke')
  backend.answer('stats.healthHistory', () => ({ changes: [] }))
  await screen.getByRole('button', { name: 'Try again' }).click()
  await vi.waitFor(() => expect(screen.getByText(/It was well/).elements()).toHaveLength(1))
})
