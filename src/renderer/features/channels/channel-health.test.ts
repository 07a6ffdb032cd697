import { expect, test } from 'vitest'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel, sampleHealth } from '../../../../test/e2e/support/sample-data'
import { router } from '../../lib/router.svelte'
import { openInApp } from '../../test-open'
import ChannelStrip from '../overview/ChannelStrip.svelte'
import ChannelsPage from './ChannelsPage.svelte'

const refused = sampleChannel('Refused')
const fixed = sampleChannel('Fixed', { managedBy: 'config-file' })
const prepare = (fake: FakeBackend): void => {
  const why = { state: 'auth_failed', cause: '401: invalid x-api-key' }
  fake.answer('channels.list', () => ({ channels: [refused, fixed] }))
  fake.answer('stats.health', () => ({ channels: [sampleHealth(refused, why), sampleHealth(fixed, why)] }))
}

test('while the gateway is away no channel is shown as healthy', async () => {
  const { backend, screen } = await openInApp(ChannelsPage, { at: ['channels'] })
  const table = screen.getByRole('table')
  const colour = (): string => {
    const greyed = table.element().closest('.grayscale')
    return greyed === null ? 'in colour' : getComputedStyle(greyed).filter
  }
  await expect.element(screen.getByText('1 of 1 channel healthy')).toBeVisible()
  expect(colour()).toBe('in colour')
  backend.setConnection({ kind: 'lost', retryAt: 0 })
  await expect.element(screen.getByText('– of 1 channel healthy')).toBeVisible()
  expect(colour()).toBe('grayscale(1)')
})

test.each(['settings', 'health', 'charts'])(
  'a refused key is changed from beside its cause, the panel at %s',
  async (tab) => {
    const { screen } = await openInApp(ChannelsPage, { at: ['channels', { id: refused.id, tab }], prepare })
    await screen.getByRole('button', { name: 'Change the key of Refused' }).first().click()
    const field = screen.getByLabelText('API key')
    await expect.element(field).toHaveFocus()
    await expect.element(field).toHaveAttribute('type', 'password')
    expect(router.params).toEqual({ id: refused.id, tab: 'settings' })
    await expect.element(screen.getByRole('button', { name: 'Change the key of Fixed' })).not.toBeInTheDocument()
  }
)

test('the overview leads to the field of a refused key', async () => {
  const { screen } = await openInApp(ChannelStrip, { at: ['overview'], props: { requests: null }, prepare })
  await screen.getByRole('button', { name: 'Change the key of Refused' }).click()
  expect([router.page, router.params]).toEqual(['channels', { id: refused.id, tab: 'settings', focus: 'key' }])
})

const underWay = (requests: number) => ({
  requests: [],
  total: requests,
  byChannel: requests === 0 ? [] : [{ channelId: refused.id, requests }]
})

test('beside a channel stand its requests under way as they come and go, not as they were at its last change of health', async () => {
  const { backend, screen } = await openInApp(ChannelsPage, {
    at: ['channels', { id: refused.id, tab: 'health' }],
    prepare: (fake) => {
      prepare(fake)
      fake.answer('stats.health', () => ({ channels: [sampleHealth(refused, { inFlight: 3 })] }))
    }
  })
  const row = screen.getByRole('table').getByRole('row').nth(2)
  const panel = screen.getByRole('definition').nth(1)
  await expect.element(row).toMatchTextContent('Refused')
  await expect.element(row).not.toMatchTextContent('in flight')
  await expect.element(panel).toHaveTextContent('0')
  backend.emit('inFlight.changed', underWay(300))
  await expect.element(row).toMatchTextContent('300 in flight')
  await expect.element(panel).toHaveTextContent('300')
  backend.emit('inFlight.changed', underWay(0))
  await expect.element(row).not.toMatchTextContent('in flight')
  backend.setConnection({ kind: 'lost', retryAt: 0 })
  await expect.element(panel).toHaveTextContent('–')
})

test('the overview says beside a channel how many requests it has under way', async () => {
  const { backend, screen } = await openInApp(ChannelStrip, { at: ['overview'], props: { requests: null }, prepare })
  const line = screen.getByRole('listitem').first()
  backend.emit('inFlight.changed', underWay(2))
  await expect.element(line).toMatchTextContent('2 in flight')
  backend.emit('inFlight.changed', underWay(0))
  await expect.element(line).not.toMatchTextContent('in flight')
})
