import { expect, test } from 'vitest'
import type { ChannelView } from '../../../shared/channel'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { openInApp } from '../../test-open'
import FirstRunPage from './FirstRunPage.svelte'

const candidate = {
  ...{ key: '0', source: 'codex', from: '/home/me/.codex/auth.json', place: 'OPENAI_API_KEY', name: 'OpenAI' },
  ...{ protocol: 'openai-responses', baseUrl: 'https://api.openai.com/v1' },
  ...{ credential: { last4: '0001', variable: null }, models: ['*'], modelMap: {}, priority: 50, weight: 1 },
  ...{
    enabled: true,
    headers: {},
    headerVariables: {},
    duplicateOf: null,
    problem: null,
    problems: [],
    notes: [],
    notePhrases: []
  }
} as const

const backup = {
  ...{ name: 'routex-20260101T000000000Z-import.db', at: 0, reason: 'import' as const },
  ...{ bytes: 4096, channels: 0, clientKeys: 1, problem: null }
}

function withAccount(fake: FakeBackend): void {
  let channels: ChannelView[] = []
  fake.answer('channels.list', () => ({ channels }))
  fake.answer('imports.scan', () => ({ id: 'p1', files: [], candidates: [candidate], notCarried: [] }))
  fake.answer('imports.apply', () => {
    channels = [sampleChannel('OpenAI', { protocol: 'openai-responses' })]
    return { added: channels, skipped: [], backup }
  })
}

test('a newcomer with an assistant brings its account in at the first step, and goes on to the second', async () => {
  const { backend, screen } = await openInApp(FirstRunPage, { at: ['first-run'], prepare: withAccount })

  await screen.getByRole('button', { name: 'Look on this machine' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Accounts found' })
  await expect.element(dialog).toMatchTextContent('key ending in 0001')
  await dialog.getByRole('button', { name: 'Add channel' }).click()

  await expect.element(screen.getByRole('tab', { name: 'Codex' })).toHaveAttribute('aria-selected', 'true')
  expect(backend.made.filter(({ name }) => name === 'imports.apply').map(({ params }) => params)).toEqual([
    { id: 'p1', picks: ['0'] }
  ])
})

test('a search that failed says why, and the presets stay', async () => {
  const { screen } = await openInApp(FirstRunPage, {
    at: ['first-run'],
    prepare: (fake) => fake.fail('imports.scan', 'internal', 'It is full')
  })

  await screen.getByRole('button', { name: 'Look on this machine' }).click()

  await expect.element(screen.getByText('The search for accounts failed')).toBeVisible()
  await expect.element(screen.getByRole('button', { name: /Anthropic/ }).first()).toBeVisible()
})
