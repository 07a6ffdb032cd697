import { beforeEach, expect, test, vi } from 'vitest'
import { sampleClient, sampleClientPreview } from '../../../../test/e2e/support/sample-clients'
import { sampleRequest, sampleStatus } from '../../../../test/e2e/support/sample-data'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import type { ClientView } from '../../../shared/clients'
import { i18n } from '../../lib/i18n.svelte'
import { router } from '../../lib/router.svelte'
import { openInApp } from '../../test-open'
import ClientsPage from './ClientsPage.svelte'

const connected = { kind: 'connected', since: 0, url: 'http://127.0.0.1:8080', drift: [], outdated: [] } as const
const settings = '/home/ada/.claude/settings.json'

function openWith(clients: readonly ClientView[], prepare?: (fake: FakeBackend) => void) {
  return openInApp(ClientsPage, {
    at: ['clients'],
    prepare: (fake) => {
      fake.answer('clients.list', () => ({ clients, afterCrash: null }))
      fake.answer('clients.snippets', () => ({ snippets: [] }))
      prepare?.(fake)
    }
  })
}

beforeEach(() => i18n.choose('en'))

test('what is loading and what failed each say so, and it can be tried again', async () => {
  const { backend, screen } = await openWith([], (fake) => fake.fail('clients.list', 'internal', 'The disk is gone'))
  await expect.element(screen.getByRole('alert')).toMatchTextContent('The disk is gone')
  backend.answer('clients.list', () => ({ clients: [sampleClient('Codex')], afterCrash: null }))
  // Not by the pointer: it would bring the focus to the page first, which looks again by itself.
  document.querySelector<HTMLButtonElement>('[role=alert] button')?.click()
  await expect.element(screen.getByRole('heading', { name: 'Codex' })).toBeVisible()
})

test('each state is told in words, with what mends it', async () => {
  const drift = [{ file: settings, key: 'env.ANTHROPIC_BASE_URL', now: 'https://elsewhere.example.test' }]
  const { screen } = await openWith([
    sampleClient('Claude Code', { state: { ...connected, drift } }),
    sampleClient('Codex', { state: { ...connected, outdated: ['key_revoked'] } }),
    sampleClient('Gemini CLI', {
      conflicts: [
        {
          ...{ code: 'variable_wins', severity: 'blocks', subject: 'GEMINI_API_KEY', place: '/home/ada/.bashrc' },
          ...{ line: 7, message: 'GEMINI_API_KEY of the shell beats the .env', fix: 'Take it out' }
        }
      ]
    }),
    sampleClient('OpenCode', { found: false })
  ])
  const card = (name: string) => screen.getByRole('listitem', { name, exact: true })
  await expect
    .element(card('Claude Code'))
    .toMatchTextContent('Changed since: env.ANTHROPIC_BASE_URL is https://elsewhere.example.test')
  await expect.element(card('Codex')).toMatchTextContent('Its key was revoked')
  await expect.element(card('Codex').getByRole('button', { name: 'Connect again…' })).toBeVisible()
  await expect.element(card('Gemini CLI')).toMatchTextContent('GEMINI_API_KEY is set in /home/ada/.bashrc, line 7')
  await expect.element(card('Gemini CLI')).toMatchTextContent('Take GEMINI_API_KEY out there')
  await expect.element(card('OpenCode')).toMatchTextContent('Not found here')
})

test('connecting shows what changes, and changes what was shown', async () => {
  const before = sampleClient('Claude Code')
  const after = sampleClient('Claude Code', { state: connected })
  const { backend, screen } = await openWith([before], (fake) => {
    fake.answer('clients.preview', () => sampleClientPreview('claude-code'))
    fake.answer('clients.apply', () => ({ client: after, changes: [] }))
  })
  await screen.getByRole('button', { name: 'Connect…' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Connect Claude Code' })
  await expect.element(dialog.getByRole('region', { name: /settings\.json/ })).toMatchTextContent('ANTHROPIC_BASE_URL')
  expect(backend.made.map(({ name }) => name)).not.toContain('clients.apply')
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect.element(dialog).not.toBeInTheDocument()
  expect(backend.made).toContainEqual({
    name: 'clients.apply',
    params: { client: 'claude-code', options: {}, basis: 'basis-1', createFolders: false }
  })
  await expect.element(screen.getByText(/^Claude Code is connected/)).toBeVisible()
  await expect.element(screen.getByRole('button', { name: 'Restore…' })).toBeVisible()
})

test('files that changed since they were shown are not written: it says so, and shows the change anew', async () => {
  let asked = 0
  const { backend, screen } = await openWith([sampleClient('Claude Code')], (fake) => {
    fake.answer('clients.preview', () => sampleClientPreview('claude-code', { basis: `basis-${++asked}` }))
    fake.fail('clients.apply', 'changed_meanwhile', 'not as they were shown')
  })
  await screen.getByRole('button', { name: 'Connect…' }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect.element(dialog.getByRole('alert')).toMatchTextContent('Its settings were changed meanwhile')
  await vi.waitFor(() => expect(asked).toBe(2))
  backend.answer('clients.apply', () => ({ client: sampleClient('Claude Code', { state: connected }), changes: [] }))
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect.element(dialog).not.toBeInTheDocument()
  expect(backend.made.findLast(({ name }) => name === 'clients.apply')?.params).toMatchObject({ basis: 'basis-2' })
})

test('a file that can not be changed is told with its path, and nothing can be asked for', async () => {
  const problem = { code: 'read_only', path: settings, message: `${settings} is read-only: make it writable first` }
  const { screen } = await openWith([sampleClient('Claude Code')], (fake) => {
    fake.answer('clients.preview', () => sampleClientPreview('claude-code', { files: [], problems: [problem] }))
    void fake.call('settings.update', { appearance: { language: 'zh-CN' } })
  })
  await screen.getByRole('button', { name: '接入…' }).click()
  const dialog = screen.getByRole('dialog')
  await expect.element(dialog.getByRole('alert')).toMatchTextContent(`${settings} 为只读，请先改为可写。`)
  await expect.element(dialog.getByRole('button', { name: '接入', exact: true })).toBeDisabled()
})

test('a model that is chosen is part of what is shown and of what is written', async () => {
  const { backend, screen } = await openWith([sampleClient('Codex', { modelSlots: ['model'] })], (fake) => {
    fake.answer('clients.preview', () => sampleClientPreview('codex'))
    fake.answer('clients.apply', () => ({ client: sampleClient('Codex', { state: connected }), changes: [] }))
  })
  await screen.getByRole('button', { name: 'Connect…' }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByText('Models and protocol').click()
  await dialog.getByRole('combobox', { name: 'Model' }).fill('glm-5.3')
  await dialog.getByText('Models and protocol').click()
  const options = { models: { model: 'glm-5.3' } }
  await vi.waitFor(() =>
    expect(backend.made).toContainEqual({
      name: 'clients.preview',
      params: { client: 'codex', action: 'apply', options }
    })
  )
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await vi.waitFor(() =>
    expect(backend.made.findLast(({ name }) => name === 'clients.apply')?.params).toMatchObject({ options })
  )
})

test('restoring names what is left, before and after', async () => {
  const left = [{ file: settings, key: 'env.ANTHROPIC_BASE_URL', now: 'https://elsewhere.example.test' }]
  const { screen } = await openWith([sampleClient('Claude Code', { state: connected })], (fake) => {
    fake.answer('clients.preview', () => sampleClientPreview('claude-code', { action: 'restore', left }))
    fake.answer('clients.restore', () => ({ client: sampleClient('Claude Code'), changes: [], left }))
  })
  await screen.getByRole('button', { name: 'Restore…' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Restore Claude Code' })
  await expect.element(dialog).toMatchTextContent('Stays as it was changed: env.ANTHROPIC_BASE_URL')
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect.element(screen.getByText('Left as it was changed: env.ANTHROPIC_BASE_URL')).toBeVisible()
  await expect.element(screen.getByRole('listitem', { name: 'Claude Code' })).toMatchTextContent('Not connected')
})

test('what goes along with the entry of Routex, and what is not put back, is told before it is restored', async () => {
  const key = 'env.ANTHROPIC_AUTH_TOKEN'
  const left = [{ file: settings, key, now: null, why: 'address_changed' }]
  const entry = 'model_providers.routex.request_max_retries'
  const changes = [{ file: settings, key: entry, kind: 'remove', before: '3', after: null, theirs: true }]
  const { screen } = await openWith([sampleClient('Claude Code', { state: connected })], (fake) => {
    fake.answer('clients.preview', () => sampleClientPreview('claude-code', { action: 'restore', left, changes }))
  })
  await screen.getByRole('button', { name: 'Restore…' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Restore Claude Code' })
  await expect.element(dialog).toMatchTextContent(`Taken out, but not put back: ${key}`)
  await expect.element(dialog).toMatchTextContent('set the two together')
  await expect.element(dialog).toMatchTextContent(`Goes too, since it stands in the entry of Routex: ${entry}`)
})

test('a client that goes through another Routex is connected only by who was told', async () => {
  const other = {
    code: 'other_routex',
    severity: 'blocks',
    subject: 'http://127.0.0.1:9090',
    place: settings,
    line: null,
    message: 'x',
    fix: 'y'
  }
  const { backend, screen } = await openWith([sampleClient('Claude Code')], (fake) => {
    fake.answer('clients.preview', () => sampleClientPreview('claude-code', { conflicts: [other] }))
    fake.answer('clients.apply', () => ({ client: sampleClient('Claude Code', { state: connected }), changes: [] }))
  })
  await screen.getByRole('button', { name: 'Connect…' }).click()
  const dialog = screen.getByRole('dialog')
  await expect.element(dialog).toMatchTextContent('goes through another Routex, at http://127.0.0.1:9090')
  await dialog.getByRole('button', { name: 'Do it all the same' }).click()
  await vi.waitFor(() =>
    expect(backend.made.findLast(({ name }) => name === 'clients.apply')?.params).toMatchObject({ overOther: true })
  )
})

test('a test request shows who answered and the way to its row; one that went nowhere says why', async () => {
  const row = sampleRequest('row-1')
  const tested = { ok: true, protocol: 'anthropic', model: 'm', status: 200, message: 'x', row, conflicts: [] }
  const { backend, screen } = await openWith([sampleClient('Claude Code', { state: connected })], (fake) =>
    fake.answer('clients.verify', () => tested)
  )
  await screen.getByRole('button', { name: 'Test' }).click()
  await expect.element(screen.getByText(/Anthropic main answered with 200 in 4\.21 s/)).toBeVisible()
  await expect
    .element(screen.getByRole('link', { name: 'See it in the log' }))
    .toHaveAttribute('href', '#/logs?id=row-1')
  backend.answer('clients.verify', () => ({ ...tested, ok: false, status: null, row: null }))
  await screen.getByRole('button', { name: 'Test' }).click()
  await expect.element(screen.getByText(/do not lead to Routex, so nothing was sent/)).toBeVisible()
})

test('a launch says where it opened; in a browser there is none, and the command is told', async () => {
  const program = { path: '/usr/bin/claude', version: '2.1.330' }
  const { backend, screen } = await openWith([sampleClient('Claude Code', { program, canLaunch: true })], (fake) =>
    fake.answer('clients.launch', () => ({ terminal: 'kitty', conflicts: [] }))
  )
  await screen.getByRole('button', { name: 'Launch' }).click()
  await expect.element(screen.getByText('Claude Code was opened in kitty')).toBeVisible()
  backend.fail('clients.launch', 'not_found', 'No terminal was found')
  await screen.getByRole('button', { name: 'Launch' }).click()
  await expect.element(screen.getByRole('alert')).toMatchTextContent('No terminal was found. Set TERMINAL')
  await screen.unmount()

  const { screen: page } = await openWith([sampleClient('Claude Code', { program })], (fake) => {
    fake.shell = 'browser'
  })
  await expect.element(page.getByText('routex run claude-code')).toBeVisible()
  await expect.element(page.getByText(/Only the desktop app can open a terminal/)).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Launch' })).not.toBeInTheDocument()
})

test('its requests so far are told, and lead to the log', async () => {
  const key = { id: 'key-9', name: 'Claude Code', last4: 'ab12', inUse: true }
  const { screen } = await openWith([sampleClient('Claude Code', { state: connected, key })], (fake) => {
    fake.answer('clientKeys.list', () => ({
      keys: [
        {
          ...{ id: 'key-9', name: 'Claude Code', last4: 'ab12', createdAt: 0, lastUsedAt: Date.now() },
          ...{ allowedChannels: null, managedBy: 'user', budget: null }
        }
      ]
    }))
    fake.answer('stats.timeseries', async () => {
      const { sampleBucket } = await import('../../../../test/e2e/support/sample-overview')
      return { buckets: [sampleBucket(0, { group: 'key-9', requests: 1284 })] }
    })
  })
  const link = screen.getByRole('link', { name: '1,284 requests' })
  await expect.element(link).toHaveAttribute('href', '#/logs?q=key%3A%22Claude+Code%22')
})

test('it follows what Routex does to the files, and looks again when somebody comes back to the page', async () => {
  const { backend, screen } = await openWith([sampleClient('Codex')])
  const card = screen.getByRole('listitem', { name: 'Codex' })
  await expect.element(card).toMatchTextContent('Not connected')
  backend.answer('clients.list', () => ({ clients: [sampleClient('Codex', { state: connected })], afterCrash: null }))
  backend.emit('clients.changed', { client: 'codex' })
  await expect.element(screen.getByRole('button', { name: 'Restore…' })).toBeVisible()
  backend.answer('clients.list', () => ({ clients: [sampleClient('Codex')], afterCrash: null }))
  dispatchEvent(new Event('focus'))
  await expect.element(card).toMatchTextContent('Not connected')
})

test('while the gateway is off it says so, with the button that turns it on', async () => {
  const { backend, screen } = await openWith([sampleClient('Codex')], (fake) => {
    fake.answer('gateway.status', () => sampleStatus({ state: 'off', url: null }))
    fake.answer('gateway.setState', () => sampleStatus())
    fake.fail('clients.snippets', 'gateway_off', 'off')
  })
  await screen.getByRole('button', { name: 'Turn on' }).click()
  expect(backend.made).toContainEqual({ name: 'gateway.setState', params: { state: 'on' } })
})

test('what is on the page stays while Routex is away, and is loaded anew when it is back', async () => {
  const { backend, screen } = await openWith([sampleClient('Codex')])
  await expect.element(screen.getByRole('heading', { name: 'Codex' })).toBeVisible()
  backend.fail('clients.list', 'unreachable', 'gone')
  dispatchEvent(new Event('focus'))
  await vi.waitFor(() => expect(backend.made.filter(({ name }) => name === 'clients.list').length).toBeGreaterThan(2))
  await expect.element(screen.getByRole('heading', { name: 'Codex' })).toBeVisible()
})

test('the address asks for a change, as the tray and the palette do, and closing it takes that back', async () => {
  const { screen } = await openWith([sampleClient('Codex')], (fake) =>
    fake.answer('clients.preview', () => sampleClientPreview('codex'))
  )
  router.go('clients', { connect: 'codex' })
  const dialog = screen.getByRole('dialog', { name: 'Connect Codex' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect.element(dialog).not.toBeInTheDocument()
  expect(location.hash).toBe('#/clients')
})
