import { expect, test, vi } from 'vitest'
import { settings as settingsSchema } from '../../../shared/settings'
import { sampleChannel, sampleStatus } from '../../../../test/e2e/support/sample-data'
import { router } from '../../lib/router.svelte'
import { openInApp } from '../../test-open'
import SettingsPage from './SettingsPage.svelte'

const at = (section: string) => ['settings', { section }] as const

test('what is loading and what failed each say so', async () => {
  const { backend, screen } = await openInApp(SettingsPage, {
    prepare: (fake) => fake.fail('settings.get', 'internal', 'The database is locked')
  })
  await expect.element(screen.getByRole('alert')).toMatchTextContent('Settings could not be loaded')
  backend.answer('settings.get', () => ({ settings: settingsSchema.parse({}), managed: [] }))
  await screen.getByRole('button', { name: 'Try again' }).click()
  await expect.element(screen.getByRole('spinbutton', { name: 'Port' })).toHaveValue('8080')
})

test('what becomes of the clients at quit is chosen, and told', async () => {
  const { backend, screen } = await openInApp(SettingsPage, { at: at('gateway') })
  await expect.element(screen.getByText(/stay pointed at Routex/)).toBeVisible()
  await screen.getByRole('radiogroup', { name: 'Clients at quit' }).getByRole('radio', { name: 'Restore' }).click()
  await expect.element(screen.getByText(/are connected again at its next start/)).toBeVisible()
  expect(backend.made).toContainEqual({ name: 'settings.update', params: { clients: { atQuit: 'restore' } } })
})

test('a refused change says why beside its field, and the field is what is in force', async () => {
  const { screen } = await openInApp(SettingsPage, {
    at: at('gateway'),
    prepare: (fake) => fake.fail('settings.update', 'bad_arguments', 'bodyLimitMiB must be smaller')
  })
  const limit = screen.getByRole('spinbutton', { name: 'Largest request' })
  await limit.fill('512')
  await screen.getByRole('spinbutton', { name: 'Port' }).click()
  await expect.element(screen.getByRole('alert')).toMatchTextContent('bodyLimitMiB must be smaller')
  await expect.element(limit).toHaveValue('64')
})

test('client keys that are switched off are told with the way back', async () => {
  const { app, backend, screen } = await openInApp(SettingsPage, { at: at('security') })
  const required = screen.getByRole('switch', { name: 'Client key required' })
  await required.click()
  await vi.waitFor(() => expect(app.toasts.list).toMatchObject([{ undo: { label: 'Undo' } }]))
  router.go('settings', { section: 'gateway' })
  await expect.element(screen.getByRole('spinbutton', { name: 'Port' })).toBeVisible()
  app.toasts.undo(app.toasts.list[0]?.id ?? 0)
  router.go('settings', { section: 'security' })
  await expect.element(required).toBeChecked()
  expect(backend.made.filter(({ name }) => name === 'settings.update').map(({ params }) => params)).toEqual([
    { keyRequired: false },
    { keyRequired: true }
  ])
  expect(app.toasts.list).toEqual([])
})

test('an address that was given at the start is told beside the setting that it stands in for', async () => {
  const { screen } = await openInApp(SettingsPage, {
    at: at('gateway'),
    prepare: (fake) => fake.answer('gateway.status', () => sampleStatus({ givenAtStart: { host: null, port: 9000 } }))
  })
  await expect.element(screen.getByText(/Given at the start: 9000\./)).toBeVisible()
  expect(screen.getByText(/Given at the start/).elements()).toHaveLength(1)
  await expect.element(screen.getByRole('spinbutton', { name: 'Port' })).toHaveValue('8080')
})

test('where it listens still is told beside the field as long as the setting differs, to every page', async () => {
  const { backend, screen } = await openInApp(SettingsPage, {
    at: at('gateway'),
    prepare: (fake) =>
      fake.answer('gateway.status', () => sampleStatus({ turnedOnAt: { host: '127.0.0.1', port: 18_495 } }))
  })
  const note = screen.getByText('Routex listens on 18495 until the next start.')
  await expect.element(note).toBeVisible()
  const { settings } = await backend.call('settings.get', {})
  backend.emit('settings.changed', { settings: { ...settings, port: 18_495 }, managed: [] })
  await expect.element(note).not.toBeInTheDocument()
})

test('a file without channels is refused in words, and nothing is asked for', async () => {
  const { backend, screen } = await openInApp(SettingsPage, { at: at('backup') })
  const chooser = document.querySelector<HTMLInputElement>('input[type=file]')
  const choose = (text: string): void => {
    const files = new DataTransfer()
    files.items.add(new File([text], 'settings.json', { type: 'application/json' }))
    if (chooser) chooser.files = files.files
    chooser?.dispatchEvent(new Event('change', { bubbles: true }))
  }
  choose('{"settings":{"port":9000}}')
  await expect.element(screen.getByRole('alert')).toMatchTextContent('settings.json holds no channels')
  await expect.element(screen.getByRole('alert')).toMatchTextContent('An import adds channels and nothing else')
  choose('[')
  await expect.element(screen.getByRole('alert')).toMatchTextContent('settings.json is no exported config')
  expect(backend.made.map(({ name }) => name)).not.toContain('config.preview')
})

test('retention that deletes requests is told first, and saved only when that is said', async () => {
  const { backend, screen } = await openInApp(SettingsPage, {
    at: at('retention'),
    prepare: (fake) =>
      fake.answer('storage.previewRetention', ({ days }) => ({ rows: days < 90 ? 12_400 : 0, kept: 80, oldestKept: 0 }))
  })
  const days = screen.getByRole('spinbutton', { name: 'Keep requests for' })
  await days.fill('7')
  await screen.getByRole('spinbutton', { name: 'Log size' }).click()
  await expect.element(screen.getByText('This deletes 12,400 requests')).toBeVisible()
  expect(backend.made.map(({ name }) => name)).not.toContain('settings.update')
  await screen.getByRole('button', { name: 'Cancel' }).click()
  await expect.element(days).toHaveValue('90')
  await days.fill('7')
  await screen.getByRole('spinbutton', { name: 'Log size' }).click()
  await screen.getByRole('button', { name: 'Delete and save' }).click()
  await vi.waitFor(() =>
    expect(backend.made).toContainEqual({ name: 'settings.update', params: { retention: { days: 7 } } })
  )
})

test('a backup is restored once its changes were looked at', async () => {
  const kept = { name: 'routex-1.db', at: 0, reason: 'asked', bytes: 4096, channels: 1, clientKeys: 1, problem: null }
  const { backend, screen } = await openInApp(SettingsPage, {
    at: at('backup'),
    prepare: (fake) => {
      fake.answer('backups.list', () => ({ backups: [kept] }))
      fake.answer('backups.preview', () => ({
        ...{ added: [], changed: ['main'], removed: [], skipped: [] },
        ...{ settings: ['port'], clientKeys: { added: [], removed: [] } }
      }))
      fake.answer('backups.restore', () => ({ savedAs: { ...kept, name: 'routex-2.db' }, restartNeeded: true }))
    }
  })
  await screen.getByRole('button', { name: /Restore the backup/ }).click()
  await screen.getByRole('button', { name: 'Restore', exact: true }).click()
  await vi.waitFor(() => expect(backend.made).toContainEqual({ name: 'backups.restore', params: { name: kept.name } }))
})

test('a key’s text that can not be had says so beside the key', async () => {
  const key = {
    id: 'key-1',
    name: 'Laptop',
    last4: 'a1b2',
    createdAt: 0,
    lastUsedAt: null,
    allowedChannels: ['main', 'gone'],
    budget: null,
    managedBy: 'user'
  }
  const { screen } = await openInApp(SettingsPage, {
    at: at('security'),
    prepare: (fake) => {
      fake.answer('channels.list', () => ({ channels: [sampleChannel('Main')] }))
      fake.answer('clientKeys.list', () => ({
        keys: [key, { ...key, id: 'key-2', name: 'CI', managedBy: 'config-file' }]
      }))
      fake.fail('clientKeys.reveal', 'internal', 'The keychain is locked')
    }
  })
  const row = screen.getByRole('listitem').filter({ hasText: 'Laptop' })
  await expect.element(row).toMatchTextContent('Main')
  await row.getByRole('button', { name: 'Show key' }).click()
  await expect.element(row.getByRole('alert')).toMatchTextContent('The keychain is locked')
  const managed = screen.getByRole('listitem').filter({ hasText: 'CI' })
  await expect.element(managed).toMatchTextContent('Set in the config file')
  await expect.element(managed.getByRole('button', { name: /Actions/ })).not.toBeInTheDocument()
})

test('an update is told as it comes: found, loading, ready, installed', async () => {
  const { backend, screen } = await openInApp(SettingsPage, {
    at: at('updates'),
    prepare: (fake) => {
      fake.answer('updates.check', () => ({ kind: 'checking' }))
      fake.answer('updates.install', () => ({ kind: 'ready', version: '0.2.0' }))
    }
  })
  await screen.getByRole('button', { name: 'Check now' }).click()
  await expect.element(screen.getByText('Looking for a newer version…')).toBeVisible()
  backend.emit('updates.changed', { kind: 'downloading', version: '0.2.0', percent: 42 })
  await expect.element(screen.getByText('Loading 0.2.0: 42%')).toBeVisible()
  backend.emit('updates.changed', { kind: 'ready', version: '0.2.0' })
  await screen.getByRole('button', { name: 'Restart and install' }).click()
  expect(backend.made.at(-1)?.name).toBe('updates.install')
  backend.emit('updates.changed', { kind: 'failed', message: 'The feed is not there.', checkedAt: Date.now() })
  await expect.element(screen.getByText(/The feed is not there/)).toBeVisible()
})

test('switches of the desktop are saved one by one', async () => {
  const { backend, screen } = await openInApp(SettingsPage, { at: at('notifications') })
  await screen.getByRole('switch', { name: 'A channel is back' }).click()
  await vi.waitFor(() =>
    expect(backend.made).toContainEqual({ name: 'settings.update', params: { notifications: { channelBack: false } } })
  )
  await expect.element(screen.getByRole('switch', { name: 'A channel is back' })).not.toBeChecked()
  await expect.element(screen.getByRole('switch', { name: 'A channel fails' })).toBeChecked()
  await screen.getByRole('button', { name: 'Reset to Yes' }).click()
  await expect.element(screen.getByRole('switch', { name: 'A channel is back' })).toBeChecked()
})

test.each([
  ['prices', 'prices.status'],
  ['updates', 'updates.status'],
  ['security', 'clientKeys.list']
] as const)('what %s could not read while Routex was away is read once it is back', async (section, call) => {
  const { backend, screen } = await openInApp(SettingsPage, {
    at: at(section),
    prepare: (fake) => fake.fail(call, 'unreachable', 'Routex does not answer')
  })
  await expect.element(screen.getByRole('alert')).toBeVisible()
  const asked = (): number => backend.made.filter(({ name }) => name === call).length
  const before = asked()
  backend.setConnection({ kind: 'lost', retryAt: Date.now() + 3_000 })
  backend.setConnection({ kind: 'live' })
  await expect.poll(asked).toBe(before + 1)
})
