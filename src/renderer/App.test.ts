import { beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-svelte'
import { FakeBackend } from '../../test/e2e/support/fake-backend'
import { sampleChannel, sampleHealth, sampleRequest, sampleStatus } from '../../test/e2e/support/sample-data'
import App from './App.svelte'
import { i18n } from './lib/i18n.svelte'
import './styles/tokens.css'
import './styles/base.css'

beforeEach(() => i18n.set('en'))

async function open(prepare?: (backend: FakeBackend) => void) {
  const backend = new FakeBackend()
  prepare?.(backend)
  const container = document.createElement('div')
  container.id = 'app'
  container.style.height = '700px'
  document.body.append(container)
  const screen = await render(App, { target: container, props: { backend } })
  return { backend, screen }
}

test('the page shows state, endpoint, channels, requests and the totals of today', async () => {
  const { screen } = await open()
  await expect.element(screen.getByRole('button', { name: 'On', exact: true })).toHaveAttribute('aria-pressed', 'true')
  await expect.element(screen.getByRole('group', { name: 'Endpoint' })).toMatchTextContent('http://127.0.0.1:8080')
  await expect.element(screen.getByRole('region', { name: 'Channels' })).toMatchTextContent('Anthropic main')
  await expect.element(screen.getByRole('row').nth(1)).toMatchTextContent('claude-sonnet-4-5')
  await expect.element(screen.getByRole('contentinfo')).toMatchTextContent('Today 1,284 req · 41.2 M tok · $12.40')
})

test('what is loading, what is empty and what failed each say so', async () => {
  let deliver = (): void => undefined
  const { backend, screen } = await open((fake) => {
    fake.answer('logs.query', () => new Promise((resolve) => (deliver = () => resolve({ rows: [], nextCursor: null }))))
    fake.fail('channels.list', 'internal', 'The database is locked')
  })
  await expect.element(screen.getByText('Loading')).toBeInTheDocument()
  deliver()
  await expect.element(screen.getByText('No requests yet')).toBeVisible()
  await expect.element(screen.getByRole('alert')).toMatchTextContent('Channels could not be loaded')
  await expect.element(screen.getByRole('alert')).toMatchTextContent('The database is locked')
  backend.answer('channels.list', () => ({ channels: [] }))
  await screen.getByRole('button', { name: 'Try again' }).click()
  await expect.element(screen.getByText('No channels yet')).toBeVisible()
})

test('the switch asks for the state, and shows why it could not be had', async () => {
  const { backend, screen } = await open((fake) => fake.fail('gateway.setState', 'port_taken', 'Port 8080 is taken'))
  await screen.getByRole('button', { name: 'Off', exact: true }).click()
  expect(backend.made.at(-1)).toEqual({ name: 'gateway.setState', params: { state: 'off' } })
  await expect.element(screen.getByRole('alert')).toMatchTextContent('Port 8080 is taken')
  await expect.element(screen.getByRole('button', { name: 'On', exact: true })).toHaveAttribute('aria-pressed', 'true')

  backend.answer('gateway.setState', ({ state }) => sampleStatus({ state }))
  await screen.getByRole('button', { name: 'Paused', exact: true }).click()
  await expect
    .element(screen.getByRole('button', { name: 'Paused', exact: true }))
    .toHaveAttribute('aria-pressed', 'true')
  await expect.element(screen.getByRole('alert')).not.toBeInTheDocument()
})

test('a change made elsewhere is shown at once', async () => {
  const { backend, screen } = await open()
  await expect.element(screen.getByRole('contentinfo')).toMatchTextContent('On')
  backend.emit('gateway.changed', sampleStatus({ state: 'off', url: null, configError: 'channels[0].name is missing' }))
  await expect.element(screen.getByRole('contentinfo')).toMatchTextContent('Off')
  await expect.element(screen.getByText('Not listening')).toBeVisible()
  await expect.element(screen.getByText('channels[0].name is missing')).toBeVisible()
})

test('a browser, whose page comes from the gateway, offers no Off', async () => {
  const { screen } = await open((fake) => (fake.shell = 'browser'))
  await expect.element(screen.getByRole('button', { name: 'Paused', exact: true })).toBeVisible()
  await expect.element(screen.getByRole('button', { name: 'Off', exact: true })).not.toBeInTheDocument()
})

test('a channel in trouble shows its cause and end, and can be cleared', async () => {
  const channel = sampleChannel('Backup')
  const cooling = sampleHealth(channel, { state: 'cooling', cause: '529 Overloaded', until: Date.now() + 90_500 })
  const { backend, screen } = await open((fake) => {
    fake.answer('channels.list', () => ({ channels: [channel] }))
    fake.answer('stats.health', () => ({ channels: [sampleHealth(channel)] }))
    fake.answer('channels.clearHealth', () => sampleHealth(channel))
  })
  const channels = screen.getByRole('region', { name: 'Channels' })
  await expect.element(channels).toMatchTextContent('Healthy')
  backend.emit('health.changed', cooling)
  await expect.element(channels).toMatchTextContent('529 Overloaded')
  await expect.element(channels).toMatchTextContent(/1:(31|30|29) left, until \d\d:\d\d:\d\d/)
  await expect.element(screen.getByText('0 of 1 channels healthy')).toBeVisible()
  await screen.getByRole('button', { name: 'Clear the health of Backup now' }).click()
  await expect.element(channels).toMatchTextContent('Healthy')
  expect(backend.made.at(-1)).toEqual({ name: 'channels.clearHealth', params: { id: channel.id } })
})

test('a channel is switched at once, and back again with the reason when that fails', async () => {
  const { backend, screen } = await open((fake) => fake.fail('channels.update', 'conflict', 'The file manages it'))
  const toggle = screen.getByRole('switch', { name: 'Anthropic main enabled' })
  await expect.element(toggle).toBeChecked()
  await toggle.click()
  await expect.element(screen.getByRole('alert')).toMatchTextContent('The file manages it')
  await expect.element(toggle).toBeChecked()

  backend.answer('channels.update', () => sampleChannel('Anthropic main', { enabled: false }))
  await toggle.click()
  await expect.element(toggle).not.toBeChecked()
  await expect.element(screen.getByText('Disabled')).toBeVisible()
})

test('what the config file manages is marked and can not be switched', async () => {
  const channel = sampleChannel('From the file', { managedBy: 'config-file' })
  const { backend, screen } = await open((fake) => fake.answer('channels.list', () => ({ channels: [channel] })))
  const toggle = screen.getByRole('switch', { name: 'From the file enabled' })
  await expect.element(toggle).toHaveAttribute('aria-disabled', 'true')
  await toggle.click({ force: true })
  expect(backend.made.map(({ name }) => name)).not.toContain('channels.update')
  await expect.element(screen.getByRole('region', { name: 'Channels' })).toMatchTextContent('config file')
})

test('what is not known is a dash, read out as unknown, and never 0', async () => {
  const { screen } = await open((fake) =>
    fake.answer('logs.query', () => ({
      rows: [sampleRequest('1', { usage: null, costUsd: null, channelName: null, errorMessage: 'No such key' })],
      nextCursor: null
    }))
  )
  const cells = screen.getByRole('row').nth(1).getByRole('cell')
  for (const column of [4, 5, 6]) await expect.element(cells.nth(column)).toMatchTextContent(/^–Unknown$/)
  await expect.element(cells.nth(3)).toMatchTextContent('No such key')
})

test('a finished request enters at the top; away from the top it waits under a pill', async () => {
  const rows = Array.from({ length: 60 }, (_, index) => sampleRequest(`old-${index}`, { at: 1_000_000 - index }))
  const { backend, screen } = await open((fake) => fake.answer('logs.query', () => ({ rows, nextCursor: null })))
  const list = screen.getByRole('region', { name: 'Last requests' })
  await expect.element(screen.getByRole('row').nth(60)).toBeInTheDocument()
  backend.emit('request.finished', { rows: [sampleRequest('new', { at: 2_000_000, model: 'the-new-one' })] })
  await expect.element(screen.getByRole('row').nth(1)).toMatchTextContent('the-new-one')

  list.element().scrollTo(0, 300)
  await vi.waitFor(() => expect(list.element().scrollTop).toBe(300))
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  backend.emit('request.finished', { rows: [sampleRequest('newer', { at: 3_000_000, model: 'the-newer-one' })] })
  await expect.element(screen.getByRole('row').nth(1)).toMatchTextContent('the-new-one')
  await screen.getByRole('button', { name: '1 new' }).click()
  await expect.element(screen.getByRole('row').nth(1)).toMatchTextContent('the-newer-one')
  expect(list.element().scrollTop).toBe(0)
})

test('a lost connection keeps what is on the page and says so, and a new one loads it afresh', async () => {
  const { backend, screen } = await open()
  await expect.element(screen.getByRole('row').nth(1)).toMatchTextContent('claude-sonnet-4-5')
  backend.setConnection({ kind: 'lost', retryAt: Date.now() + 4_000 })
  await expect.element(screen.getByText('Routex does not answer').first()).toBeVisible()
  await expect.element(screen.getByRole('row').nth(1)).toMatchTextContent('claude-sonnet-4-5')
  await expect.element(screen.getByRole('button', { name: 'On', exact: true })).toBeDisabled()
  await screen.getByRole('button', { name: 'Try now' }).click()
  expect(backend.retries).toBe(1)

  backend.answer('logs.query', () => ({ rows: [sampleRequest('2', { model: 'after-the-gap' })], nextCursor: null }))
  backend.setConnection({ kind: 'live' })
  await expect.element(screen.getByRole('row').nth(1)).toMatchTextContent('after-the-gap')
  await expect.element(screen.getByText('Routex does not answer')).not.toBeInTheDocument()
})

test('without a token the page says where to get it, and shows nothing else', async () => {
  const { backend, screen } = await open()
  backend.setConnection({ kind: 'locked' })
  await expect.element(screen.getByText('This page needs its token')).toBeVisible()
  await expect.element(screen.getByRole('region', { name: 'Channels' })).not.toBeInTheDocument()
})

test('the language is switched at run time', async () => {
  const { screen } = await open()
  await screen.getByRole('button', { name: '中文' }).click()
  await expect.element(screen.getByRole('region', { name: '渠道' })).toMatchTextContent('正常')
  expect(document.documentElement.lang).toBe('zh-CN')
  await screen.getByRole('button', { name: 'English' }).click()
  await expect.element(screen.getByRole('region', { name: 'Channels' })).toMatchTextContent('Healthy')
})
