import { beforeEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { sampleClient, sampleClientPreview } from '../../test/e2e/support/sample-clients'
import {
  sampleChannel,
  sampleHealth,
  sampleOverview,
  sampleRequest,
  sampleStatus
} from '../../test/e2e/support/sample-data'
import type { Backup, PendingImport } from '../shared/backups'
import { ApiFailure } from './lib/backend'
import { i18n } from './lib/i18n.svelte'
import { router } from './lib/router.svelte'
import { theme } from './lib/theme.svelte'
import { openApp } from './test-open-app'

beforeEach(() => {
  localStorage.clear()
  i18n.choose('en')
  theme.choose('system')
  router.go('settings', { section: 'appearance' })
})

test('the status bar says on every page whether it is on, whether it is healthy, and what it costs', async () => {
  const { bar } = await openApp()
  await expect.element(bar).toMatchTextContent('On')
  await expect.element(bar).toMatchTextContent('127.0.0.1:8080')
  await expect.element(bar).toMatchTextContent('1 of 1 channel healthy')
  await expect.element(bar).toMatchTextContent('0 in flight')
  await expect.element(bar).toMatchTextContent(/Today\s+1,284 req · 41.2 M tok · \$12.40/)
  await expect.element(bar).toMatchTextContent('12 failed')
})

test('a change made elsewhere is shown at once', async () => {
  const { backend, screen, bar } = await openApp()
  await expect.element(bar).toMatchTextContent('On')
  backend.emit('gateway.changed', sampleStatus({ state: 'off', url: null, configError: 'channels[0].name is missing' }))
  await expect.element(bar).toMatchTextContent('Off')
  await expect.element(bar).not.toMatchTextContent('127.0.0.1')
  await expect.element(screen.getByText('channels[0].name is missing')).toBeVisible()
  backend.emit('inFlight.changed', { requests: [], total: 7, byChannel: [] })
  backend.emit('stats.tick', { inFlight: 7, requestsPerSecond: 12.4, errorsPerSecond: 0 })
  await expect.element(bar).toMatchTextContent('7 in flight')
  await expect.element(bar).toMatchTextContent('12/s')
})

test('a channel in trouble counts as not healthy, a disabled one not at all', async () => {
  const [main, backup, off] = [
    sampleChannel('Main'),
    sampleChannel('Backup'),
    sampleChannel('Resting', { enabled: false })
  ]
  const { backend, bar } = await openApp((fake) => {
    fake.answer('channels.list', () => ({ channels: [main, backup, off] }))
    fake.answer('stats.health', () => ({ channels: [sampleHealth(main)] }))
  })
  await expect.element(bar).toMatchTextContent('2 of 2 channels healthy')
  backend.emit('health.changed', sampleHealth(backup, { state: 'cooling', cause: '529 Overloaded' }))
  await expect.element(bar).toMatchTextContent('1 of 2 channels healthy')
})

test('the gateway is paused for a while from the status bar, and shows until when', async () => {
  const until = new Date(2030, 0, 1, 14, 45).getTime()
  const { backend, screen, bar } = await openApp((fake) =>
    fake.answer('gateway.setState', ({ state }) => sampleStatus({ state, pausedUntil: until }))
  )
  await screen.getByRole('button', { name: 'On', exact: true }).click()
  await screen.getByRole('menuitem', { name: 'Pause for 15 min' }).click()
  expect(backend.made).toContainEqual({ name: 'gateway.setState', params: { state: 'paused', minutes: 15 } })
  await expect.element(bar).toMatchTextContent('Paused until 14:45')
})

test('a change of the gateway that fails says why, and the state stays', async () => {
  const { screen, bar } = await openApp((fake) => fake.fail('gateway.setState', 'port_taken', 'Port 8080 is taken'))
  await screen.getByRole('button', { name: 'On', exact: true }).click()
  await screen.getByRole('menuitem', { name: 'Turn off' }).click()
  await expect.element(screen.getByRole('alert')).toMatchTextContent('Port 8080 is taken')
  await expect.element(bar).toMatchTextContent('On')
  await screen.getByRole('button', { name: 'Dismiss' }).click()
  await expect.element(screen.getByRole('alert')).not.toBeInTheDocument()
})

test('a browser, whose page comes from the gateway, offers no Off', async () => {
  const { screen } = await openApp((fake) => (fake.shell = 'browser'))
  await screen.getByRole('button', { name: 'On', exact: true }).click()
  await expect.element(screen.getByRole('menuitem', { name: 'Pause', exact: true })).toBeVisible()
  await expect.element(screen.getByRole('menuitem', { name: 'Turn off' })).not.toBeInTheDocument()
})

test('a lost connection keeps what is on the page and says so, and a new one loads it afresh', async () => {
  const { backend, screen, bar } = await openApp()
  await expect.element(bar).toMatchTextContent('1,284 req')
  backend.setConnection({ kind: 'lost', retryAt: Date.now() + 4_000 })
  await expect.element(screen.getByText(/What you see is from before/)).toBeVisible()
  await expect.element(bar).toMatchTextContent('Routex does not answer')
  await screen.getByRole('button', { name: 'Try now' }).click()
  expect(backend.retries).toBe(1)

  backend.answer('gateway.status', () => sampleStatus({ state: 'paused' }))
  backend.setConnection({ kind: 'live' })
  await expect.element(bar).toMatchTextContent('Paused')
  await expect.element(screen.getByText(/What you see is from before/)).not.toBeInTheDocument()
})

test('keys open the pages, but not while a text is typed', async () => {
  const { screen } = await openApp()
  await userEvent.keyboard('6')
  await expect.element(screen.getByRole('link', { name: 'Storage' })).toHaveAttribute('aria-current', 'page')
  await userEvent.keyboard(',')
  await expect.element(screen.getByRole('link', { name: 'Settings' })).toHaveAttribute('aria-current', 'page')
  await userEvent.keyboard('{Control>}k{/Control}')
  await userEvent.keyboard('1')
  await expect.element(screen.getByRole('combobox', { name: 'Commands' })).toHaveValue('1')
  expect(router.page).toBe('settings')
})

test('edits of a channel that are not saved stay while other pages are looked at, and a browser asks before it loses them', async () => {
  const main = sampleChannel('Main')
  const { screen } = await openApp((fake) => {
    fake.shell = 'browser'
    fake.answer('channels.list', () => ({ channels: [main] }))
  })
  const leave = (): boolean => dispatchEvent(new Event('beforeunload', { cancelable: true }))
  expect(leave()).toBe(true)
  router.go('channels', { id: main.id })
  await screen.getByLabelText('Name', { exact: true }).fill('Renamed')
  await screen.getByRole('link', { name: 'Overview' }).click()
  const channels = screen.getByRole('link', { name: /Channels/ })
  await expect.element(channels).toMatchTextContent('Edits of a channel are not saved')
  expect(leave()).toBe(false)
  await channels.click()
  await expect.element(screen.getByText('edited')).toBeVisible()
  await screen.getByRole('button', { name: 'Main', exact: true }).click()
  await expect.element(screen.getByLabelText('Name', { exact: true })).toHaveValue('Renamed')
  await screen.getByRole('button', { name: 'Discard' }).click()
  await expect.element(channels).not.toMatchTextContent('not saved')
  expect(leave()).toBe(true)
})

test('after a crash the clients that stayed connected are named, and are kept or restored together', async () => {
  const connected = { kind: 'connected', since: 0, url: 'http://127.0.0.1:8080', drift: [], outdated: [] }
  const clients = [sampleClient('Claude Code', { state: connected }), sampleClient('Codex', { state: connected })]
  const { backend, screen } = await openApp((fake) => {
    fake.answer('clients.list', () => ({ clients, afterCrash: { since: 0 } }))
    fake.answer('clients.restore', ({ client }) => {
      if (client === 'codex') throw new ApiFailure('write_failed', 'the disk is full')
      return { client: sampleClient('Claude Code'), changes: [], left: [] }
    })
    fake.answer('clients.keep', () => ({ ok: true }))
  })
  await expect.element(screen.getByText('Claude Code and Codex stayed connected meanwhile.')).toBeVisible()
  await screen.getByRole('button', { name: 'Restore all' }).click()
  await expect.element(screen.getByText(/1 client was restored/)).toBeVisible()
  await expect.element(screen.getByText(/Codex could not be restored/)).toBeVisible()
  expect(backend.made.filter(({ name }) => name === 'clients.restore')).toHaveLength(2)
  backend.answer('clients.list', () => ({ clients, afterCrash: null }))
  await screen.getByRole('button', { name: 'Keep' }).click()
  await expect.element(screen.getByText(/stayed connected meanwhile/)).not.toBeInTheDocument()
  expect(backend.made.map(({ name }) => name)).toContain('clients.keep')
})

test('a found assistant is connected in the first steps, after a look at the change', async () => {
  router.go('first-run')
  const connected = { kind: 'connected', since: 0, url: 'http://127.0.0.1:8080', drift: [], outdated: [] }
  const { backend, screen } = await openApp((fake) => {
    fake.answer('channels.list', () => ({ channels: [sampleChannel('Main')] }))
    fake.answer('clientKeys.create', () => ({
      key: {
        ...{ id: 'k', name: 'default', last4: 'abcd', createdAt: 0, lastUsedAt: null },
        ...{ allowedChannels: null, managedBy: 'user' }
      },
      secret: 'rtx-secret'
    }))
    fake.answer('clients.list', () => ({ clients: [sampleClient('Claude Code')], afterCrash: null }))
    fake.answer('clients.preview', () => sampleClientPreview('claude-code'))
    fake.answer('clients.apply', () => ({ client: sampleClient('Claude Code', { state: connected }), changes: [] }))
  })
  await screen.getByRole('button', { name: 'Go on with these' }).click()
  await expect.element(screen.getByText('Claude Code was found on this machine')).toBeVisible()
  await screen.getByRole('button', { name: 'Connect…' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Connect Claude Code' })
  await expect.element(dialog).toMatchTextContent('ANTHROPIC_BASE_URL')
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect.element(screen.getByText('Claude Code is connected. Start it and ask it something.')).toBeVisible()
  expect(backend.made.map(({ name }) => name)).toContain('clients.apply')
  await screen.getByRole('tab', { name: 'curl' }).click()
  await expect.element(screen.getByText(/was found on this machine/)).not.toBeInTheDocument()
})

test('the palette connects a client, and restores one that is', async () => {
  const { screen } = await openApp((fake) => {
    fake.answer('clients.list', () => ({ clients: [sampleClient('Codex')], afterCrash: null }))
    fake.answer('clients.snippets', () => ({ snippets: [] }))
    fake.answer('clients.preview', () => sampleClientPreview('codex'))
  })
  await userEvent.keyboard('{Control>}k{/Control}')
  await screen.getByRole('combobox', { name: 'Commands' }).fill('connect codex')
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByRole('dialog', { name: 'Connect Codex' })).toBeVisible()
  expect(router.page).toBe('clients')
})

test('language and theme follow the settings, whoever changes them', async () => {
  const { backend, screen, bar } = await openApp()
  await expect.element(screen.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await screen.getByRole('radio', { name: 'Dark' }).click()
  await vi.waitFor(() => expect(document.documentElement.dataset['theme']).toBe('dark'))
  const { settings } = await backend.call('settings.get', {})
  expect(settings.appearance.theme).toBe('dark')
  const appearance = { theme: 'light', language: 'zh-CN' } as const
  backend.emit('settings.changed', { settings: { ...settings, appearance }, managed: [] })
  await expect.element(screen.getByRole('heading', { name: '设置' })).toBeVisible()
  await expect.element(bar).toMatchTextContent('运行')
  expect(document.documentElement.lang).toBe('zh-CN')
  expect(document.documentElement.dataset['theme']).toBe('light')
  expect([localStorage.getItem('routex.theme'), localStorage.getItem('routex.language')]).toEqual(['light', 'zh-CN'])
})

const emptyOverview = { ...sampleOverview, requests: 0, errors: 0, costUsd: null }

test('who has nothing set up finds the three steps on the overview itself, to the request that is seen to arrive', async () => {
  router.go('overview')
  const { backend, screen } = await openApp((fake) => {
    const demo = sampleChannel('Demo', { managedBy: 'built-in' })
    fake.answer('channels.list', () => ({ channels: [demo] }))
    fake.answer('stats.overview', () => emptyOverview)
    fake.answer('clientKeys.create', () => ({
      key: {
        id: 'k',
        name: 'default',
        last4: 'abcd',
        createdAt: 0,
        lastUsedAt: null,
        allowedChannels: null,
        budget: null,
        managedBy: 'user'
      },
      secret: 'rtx-secret'
    }))
    void fake.call('settings.update', { firstRunDone: false })
  })
  await expect.element(screen.getByRole('heading', { name: 'Three steps to the first request' })).toBeVisible()
  await screen.getByRole('button', { name: 'Use the Demo' }).click()
  await screen.getByRole('button', { name: 'Next' }).click()
  // The first request ends the emptiness, and the steps stay to show it.
  backend.answer('stats.overview', () => sampleOverview)
  backend.emit('request.finished', { rows: [sampleRequest('1', { demo: true })] })
  await expect.element(screen.getByText('It arrived')).toBeVisible()
  await screen.getByRole('button', { name: 'Done' }).click()
  await expect.element(screen.getByRole('region', { name: 'Throughput' })).toBeVisible()
  expect(router.page).toBe('overview')
})

test('the steps can be skipped, and do not come again', async () => {
  router.go('overview')
  const { backend, screen } = await openApp((fake) => {
    fake.answer('stats.overview', () => emptyOverview)
    fake.fail('clientKeys.create', 'internal', 'The keychain is locked')
    void fake.call('settings.update', { firstRunDone: false })
  })
  await screen.getByRole('button', { name: 'Skip for now' }).click()
  await expect.element(screen.getByRole('region', { name: 'Throughput' })).toBeVisible()
  expect((await backend.call('settings.get', {})).settings.firstRunDone).toBe(true)
})

test('a link’s import is shown with what it holds, and added only when that is asked for', async () => {
  const backup: Backup = {
    ...{ name: 'routex-20260101T000000000Z-import.db', at: 0, reason: 'import' },
    ...{ bytes: 4096, channels: 1, clientKeys: 1, problem: null }
  }
  const { backend, screen } = await openApp((fake) => {
    fake.answer('imports.accept', () => ({ added: [sampleChannel('From a link')], skipped: [], backup }))
    fake.answer('imports.dismiss', () => ({ ok: true }))
  })
  await expect.element(screen.getByRole('heading', { name: 'Settings' })).toBeVisible()
  const channel = {
    name: 'From a link',
    protocol: 'anthropic' as const,
    baseUrl: 'https://gateway.example.test',
    models: ['*'],
    hasCredential: true,
    settings: [{ field: 'priority', value: '0' }],
    problem: null
  } satisfies PendingImport['channels'][number]
  const taken = { ...channel, name: 'Main', problem: 'The name is taken' }
  backend.emit('imports.changed', { pending: { id: 'link-1', problem: null, channels: [channel, taken] } })
  const dialog = screen.getByRole('dialog', { name: 'Add what this link asks for?' })
  await expect.element(dialog).toMatchTextContent('https://gateway.example.test')
  await expect.element(dialog).toMatchTextContent(/Priority\s*0/)
  await expect.element(dialog).toMatchTextContent('The name is taken')
  await dialog.getByRole('button', { name: 'Add channel' }).click()
  expect(backend.made).toContainEqual({ name: 'imports.accept', params: { id: 'link-1' } })
  await expect.element(screen.getByText('1 channel was added')).toBeVisible()

  backend.emit('imports.changed', { pending: { id: 'link-2', problem: null, channels: [taken] } })
  await expect.element(dialog.getByRole('button', { name: 'Close' }).last()).toBeVisible()
  await expect.element(dialog.getByRole('button', { name: /Add/ })).not.toBeInTheDocument()
  await userEvent.keyboard('{Escape}')
  await vi.waitFor(() => expect(backend.made).toContainEqual({ name: 'imports.dismiss', params: { id: 'link-2' } }))
})

test('an address that takes effect later is told while it differs from where Routex listens, whoever changed it', async () => {
  const { backend, screen } = await openApp((fake) =>
    fake.answer('gateway.status', () => sampleStatus({ turnedOnAt: { host: '127.0.0.1', port: 18_495 } }))
  )
  const notice = screen.getByText('The new address takes effect with the next start')
  await expect.element(notice).toBeVisible()
  const { settings } = await backend.call('settings.get', {})
  const choose = (port: number): void =>
    backend.emit('settings.changed', { settings: { ...settings, port }, managed: [] })
  choose(18_495)
  await expect.element(notice).not.toBeInTheDocument()
  choose(18_496)
  await expect.element(notice).toBeVisible()
  await screen.getByRole('button', { name: 'Dismiss' }).click()
  await expect.element(notice).not.toBeInTheDocument()
  choose(18_497)
  await expect.element(notice).toBeVisible()
})
