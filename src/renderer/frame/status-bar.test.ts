import { expect, test } from 'vitest'
import type { ChannelView } from '../../shared/channel'
import { settings as settingsSchema } from '../../shared/settings'
import type { FakeBackend } from '../../../test/e2e/support/fake-backend'
import { sampleChannel, sampleHealth, usedUp } from '../../../test/e2e/support/sample-data'
import { openInApp } from '../test-open'
import StatusBar from './StatusBar.svelte'

const main = sampleChannel('Main')
const backup = sampleChannel('Backup')

async function open(channels: readonly ChannelView[], only: ChannelView | null) {
  const { backend, screen } = await openInApp(StatusBar, {
    props: { oncommands: () => undefined },
    prepare: (fake: FakeBackend) => {
      fake.answer('channels.list', () => ({ channels: [...channels] }))
      fake.answer('stats.health', () => ({ channels: channels.map((channel) => sampleHealth(channel)) }))
      fake.answer('settings.get', () => ({
        settings: settingsSchema.parse({ onlyChannel: only?.id ?? null }),
        managed: []
      }))
    }
  })
  const mark = screen.container.querySelector<HTMLElement>('.mark')
  if (mark === null) throw new Error('the bar has no mark')
  return { backend, bar: screen.getByRole('contentinfo'), mark }
}

test('with one channel that is used alone only its health counts', async () => {
  const { backend, bar, mark } = await open([main, backup], backup)
  await expect.element(bar).toMatchTextContent('1 of 1 channel healthy')
  await expect.element(mark).toHaveClass('on')
  backend.emit('health.changed', sampleHealth(backup, { state: 'cooling' }))
  await expect.element(bar).toMatchTextContent('0 of 1 channel healthy')
  await expect.element(mark).toHaveClass('trouble')
})

test('a channel that is used alone and disabled serves nobody, and no other does', async () => {
  const { bar, mark } = await open([main, sampleChannel('Resting', { enabled: false })], sampleChannel('Resting'))
  await expect.element(bar).toMatchTextContent('No channel is in use')
  await expect.element(mark).toHaveClass('trouble')
})

test('a channel that its budget stops is not healthy, until it may spend again', async () => {
  const { backend, bar, mark } = await open([main, backup], null)
  await expect.element(bar).toMatchTextContent('2 of 2 channels healthy')
  backend.emit('budgets.changed', { budgets: [usedUp('main'), usedUp('backup')] })
  await expect.element(bar).toMatchTextContent('0 of 2 channels healthy')
  await expect.element(mark).toHaveClass('trouble')
  backend.emit('budgets.changed', { budgets: [usedUp('main')] })
  await expect.element(bar).toMatchTextContent('1 of 2 channels healthy')
  await expect.element(mark).toHaveClass('on')
})

test('a budget that switches to a channel that serves is no trouble', async () => {
  const { backend, bar } = await open([main, backup], null)
  backend.emit('budgets.changed', { budgets: [usedUp('main', { switchesTo: backup.id })] })
  await expect.element(bar).toMatchTextContent('2 of 2 channels healthy')
  backend.emit('health.changed', sampleHealth(backup, { state: 'open' }))
  await expect.element(bar).toMatchTextContent('0 of 2 channels healthy')
})

test('what was under way in a program that was killed is not under way in the one that took its place', async () => {
  const { backend, bar } = await open([main], null)
  backend.emit('inFlight.changed', { requests: [], total: 3, byChannel: [] })
  backend.emit('stats.tick', { inFlight: 3, requestsPerSecond: 12, errorsPerSecond: 0 })
  await expect.element(bar).toMatchTextContent('3 in flight 12/s')
  backend.setConnection({ kind: 'lost', retryAt: 0 })
  await expect.element(bar).toMatchTextContent('– in flight')
  backend.setConnection({ kind: 'live' })
  await expect.element(bar).toMatchTextContent('0 in flight')
  await expect.element(bar).not.toMatchTextContent('/s')
})
