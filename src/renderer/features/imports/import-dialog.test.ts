import { expect, onTestFinished, test, vi } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import type { Backup, PendingImport } from '../../../shared/backups'
import { openInApp } from '../../test-open'
import ImportDialog from './ImportDialog.svelte'
import { ImportsState } from './imports.svelte'

const backup: Backup = {
  ...{ name: 'routex-20260101T000000000Z-import.db', at: 0, reason: 'import' },
  ...{ bytes: 4096, channels: 1, clientKeys: 1, problem: null }
}

const link = (id: string, channel: Partial<PendingImport['channels'][number]> = {}): PendingImport => ({
  ...{ id, problem: null },
  channels: [
    {
      ...{ name: id, protocol: 'anthropic', baseUrl: `https://${id}.example.test`, models: ['*'] },
      ...{ hasCredential: true, settings: [], problem: null, ...channel }
    }
  ]
})

const accepting = (fake: FakeBackend): void =>
  fake.answer('imports.accept', () => ({ added: [sampleChannel('From a link')], skipped: [], backup }))

const accepted = (backend: FakeBackend) => backend.made.filter(({ name }) => name === 'imports.accept')

test('a link that comes while another one is read is said to be another one, and is not added by the click on that one', async () => {
  const { backend, screen } = await openInApp(ImportDialog, { prepare: accepting })
  const add = screen.getByRole('button', { name: 'Add channel' })
  const note = screen.getByText('This is another link than the one that was shown')
  backend.emit('imports.changed', { pending: link('one') })
  await expect.element(add).toBeDisabled()
  await expect.element(add).toBeEnabled()
  await expect.element(note).not.toBeInTheDocument()

  backend.emit('imports.changed', { pending: link('two') })
  await expect.element(note).toBeVisible()
  await expect.element(add).toBeDisabled()
  const button = add.element()
  if (button instanceof HTMLElement) button.click()
  expect(accepted(backend)).toEqual([])

  await add.click()
  await vi.waitFor(() => expect(accepted(backend)).toEqual([{ name: 'imports.accept', params: { id: 'two' } }]))
  await expect.element(add).not.toBeInTheDocument()

  backend.emit('imports.changed', { pending: link('three') })
  await expect.element(add).toBeVisible()
  await expect.element(note).not.toBeInTheDocument()
})

test('a link that comes while another one is added waits for its own answer', async () => {
  const backend = new FakeBackend()
  const imports = new ImportsState(backend)
  imports.listen()
  backend.emit('imports.changed', { pending: link('one') })
  accepting(backend)
  const adding = imports.accept()
  backend.emit('imports.changed', { pending: link('two') })
  await adding
  expect(imports.pending?.id).toBe('two')

  backend.fail('imports.accept', 'backup_unwritable', 'no room')
  const failing = imports.accept()
  backend.emit('imports.changed', { pending: link('three') })
  await failing
  expect(imports.failure).toBeNull()
})

test('a link that is told again after a lost connection is no other one', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const backend = new FakeBackend()
  backend.answer('imports.pending', () => ({ pending: link('one') }))
  const imports = new ImportsState(backend)
  await imports.load()
  vi.advanceTimersByTime(1_000)
  expect(imports.armed).toBe(true)
  await imports.load()
  expect(imports).toMatchObject({ armed: true, replaced: false })
})

test('a channel without a name is said to have none, and a link that adds nothing offers no button for it', async () => {
  const { backend, screen } = await openInApp(ImportDialog)
  backend.emit('imports.changed', { pending: link('x', { name: null, problem: 'name: is required' }) })
  const dialog = screen.getByRole('dialog')
  await expect.element(dialog).toMatchTextContent('This channel has no name')
  await expect.element(dialog.getByRole('button', { name: /^Add/ })).not.toBeInTheDocument()
})

test('what a link calls things is read in its own direction, whatever characters it has to turn that', async () => {
  const { backend, screen } = await openInApp(ImportDialog)
  const settings = [{ field: 'group', value: '"a\u202Eb"' }]
  backend.emit('imports.changed', { pending: link('x', { name: 'Ev\u202Eil', settings }) })
  await expect.element(screen.getByText('Evil', { exact: true })).toBeVisible()
  await expect.element(screen.getByText('"ab"', { exact: true })).toBeVisible()
})

test('a link stays in sight when what was asked for before it says, later, that there is none, or fails', async () => {
  const backend = new FakeBackend()
  const imports = new ImportsState(backend)
  imports.listen()
  const answers = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()]
  let asked = 0
  backend.answer('imports.pending', () => answers[asked++]?.promise)
  const loads = [imports.load(), imports.load()]
  backend.emit('imports.changed', { pending: link('one') })

  answers[0]?.resolve({ pending: null })
  answers[1]?.reject(new Error('gone'))
  await Promise.all(loads)

  expect(imports.pending?.id).toBe('one')
})
