import { expect, onTestFinished, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { Backup } from '../../../shared/backups'
import { ENCRYPTED_FORMAT } from '../../../shared/encrypted-export'
import type { ImportCandidate, ImportPreview } from '../../../shared/imports'
import { phrase } from '../../../shared/phrase'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { ApiFailure } from '../../lib/backend'
import { i18n } from '../../lib/i18n.svelte'
import { openInApp } from '../../test-open'
import SettingsPage from './SettingsPage.svelte'

const backup: Backup = {
  ...{ name: 'routex-20260101T000000000Z-import.db', at: 0, reason: 'import' },
  ...{ bytes: 4096, channels: 2, clientKeys: 1, problem: null }
}

const candidate = (key: string, said: Partial<ImportCandidate> = {}): ImportCandidate => ({
  ...{
    key,
    source: 'codex',
    from: '/home/me/.codex/config.toml',
    place: `model_providers[${key}]`,
    name: `Relay ${key}`
  },
  ...{ protocol: 'openai-responses', baseUrl: 'https://relay.example', credential: { last4: '0001', variable: null } },
  ...{ models: ['*'], modelMap: {}, priority: 50, weight: 1, enabled: true, headers: {}, headerVariables: {} },
  ...{ duplicateOf: null, problem: null, problems: [], notes: [], notePhrases: [], ...said }
})

const preview = (candidates: readonly ImportCandidate[], said: Partial<ImportPreview> = {}): ImportPreview => ({
  ...{ id: 'p1', files: [], candidates: [...candidates], notCarried: [], ...said }
})

const openBackup = (prepare: (fake: FakeBackend) => void) =>
  openInApp(SettingsPage, { at: ['settings', { section: 'backup' }], prepare })

/** The chooser of our own exports, or of other programs' files. */
function choose(which: 'own' | 'other', file: File): void {
  const chooser = document.querySelectorAll<HTMLInputElement>('input[type=file]')[which === 'own' ? 0 : 1]
  const files = new DataTransfer()
  files.items.add(file)
  if (chooser) chooser.files = files.files
  chooser?.dispatchEvent(new Event('change', { bubbles: true }))
}

const paramsOf = (backend: FakeBackend, name: string) =>
  backend.made.filter((call) => call.name === name).at(-1)?.params

test('accounts of this machine are shown with what is known of each, and only the ticked ones are added', async () => {
  const { backend, screen } = await openBackup((fake) => {
    fake.answer('imports.scan', () =>
      preview(
        [
          candidate('0', { notes: ['its wire_api was chat'] }),
          candidate('1', { credential: { last4: null, variable: 'RELAY_KEY' } }),
          candidate('2', { duplicateOf: { kind: 'channel', id: 'c1', name: 'Anthropic main' } }),
          candidate('3', {
            problem: 'baseUrl: …',
            problems: [{ path: 'baseUrl', message: '…', rule: { kind: 'own', code: 'not_routex_itself' } }]
          })
        ],
        {
          files: [
            { source: 'codex', path: '/home/me/.codex/config.toml', problem: null },
            { source: 'litellm', path: '/home/me/litellm_config.yaml', problem: 'it is no YAML' }
          ],
          notCarried: [
            { source: 'codex', from: '/home/me/.codex/auth.json', what: 'a login of ChatGPT', why: 'never taken' }
          ]
        }
      )
    )
    fake.answer('imports.apply', () => ({
      added: [sampleChannel('Relay 0')],
      skipped: [{ name: 'Relay 2', reason: 'its name is taken' }],
      backup
    }))
  })
  await screen.getByRole('button', { name: 'Accounts on this machine' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Accounts found' })
  await expect.element(dialog).toMatchTextContent('key ending in 0001')
  await expect.element(dialog).toMatchTextContent('key from $RELAY_KEY')
  await expect.element(dialog).toMatchTextContent('its wire_api was chat')
  await expect.element(dialog).toMatchTextContent('The same account as the channel Anthropic main.')
  await expect.element(dialog).toMatchTextContent('That is Routex itself')
  await expect.element(dialog).toMatchTextContent('a login of ChatGPT never taken')
  await expect.element(dialog).toMatchTextContent('litellm_config.yaml it is no YAML')
  await expect.element(dialog.getByRole('checkbox', { name: 'Add Relay 2' })).not.toBeChecked()
  await expect.element(dialog.getByRole('checkbox', { name: 'Add Relay 3' })).toBeDisabled()
  await expect.element(dialog.getByRole('button', { name: 'Add 2 channels' })).toBeVisible()

  await dialog.getByRole('checkbox', { name: 'Add Relay 1' }).click()
  await dialog.getByRole('checkbox', { name: 'Add Relay 2' }).click()
  await dialog.getByRole('button', { name: 'Add 2 channels' }).click()

  await expect.element(screen.getByText(/1 channel was added/)).toBeVisible()
  await expect.element(screen.getByText(/Left out: Relay 2\./)).toBeVisible()
  expect(paramsOf(backend, 'imports.apply')).toEqual({ id: 'p1', picks: ['0', '2'] })
})

/** Two words in a row are a sentence's; names and paths are none. */
const sentence = /[a-z]{2,} [a-z]{2,}/i

test('in Chinese nothing of what was found is said in English', async () => {
  onTestFinished(() => i18n.choose('en'))
  const { screen } = await openBackup((fake) => {
    void fake.call('settings.update', { appearance: { language: 'zh-CN' } })
    fake.answer('imports.scan', () =>
      preview(
        [
          candidate('0', {
            from: 'environment',
            notes: ['no key was found: a login is never taken'],
            notePhrases: [phrase('no_key_but_login')]
          })
        ],
        {
          files: [
            {
              ...{ source: 'litellm', path: '/home/me/litellm_config.yaml', problem: 'it is no text in UTF-8' },
              problemPhrase: phrase('file_not_utf8')
            }
          ],
          notCarried: [
            {
              ...{ source: 'codex', from: '/home/me/.codex/auth.json', what: 'its login', whatPhrase: phrase('login') },
              ...{ why: 'a login with a ChatGPT subscription is never taken', whyPhrase: phrase('login_of_chatgpt') }
            }
          ]
        }
      )
    )
  })
  await screen.getByRole('button', { name: '本机账号' }).click()
  const dialog = screen.getByRole('dialog', { name: '找到的账号' })

  await expect.element(dialog).toMatchTextContent('没有找到密钥，登录状态不会导入')
  await expect.element(dialog).toMatchTextContent('不会导入 ChatGPT 订阅的登录状态')
  await expect.element(dialog).toMatchTextContent('不是 UTF-8 文本')
  const texts = [...dialog.element().querySelectorAll('p, span, h2, h3, button')].map((one) => one.textContent)
  expect(texts.filter((text) => sentence.test(text.replaceAll(/Relay 0|OpenAI Responses/g, '')))).toEqual([])
})

test('all are ticked and unticked at once, and nothing can be added of none', async () => {
  const { backend, screen } = await openBackup((fake) => {
    fake.answer('imports.scan', () => preview([candidate('0'), candidate('1')]))
    fake.answer('imports.dismiss', () => ({ ok: true }))
  })
  await screen.getByRole('button', { name: 'Accounts on this machine' }).click()
  const all = screen.getByRole('checkbox', { name: 'All that can be added' })
  await all.click()
  await expect.element(screen.getByRole('button', { name: 'Add channels' })).toBeDisabled()
  await all.click()
  await expect.element(screen.getByRole('button', { name: 'Add 2 channels' })).toBeEnabled()
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
  expect(paramsOf(backend, 'imports.dismiss')).toEqual({ id: 'p1' })
  expect(paramsOf(backend, 'imports.apply')).toBeUndefined()
})

test('where no account is, that is said, and a search that failed says why', async () => {
  const { backend, screen } = await openBackup((fake) => fake.fail('imports.scan', 'internal', 'It is full'))
  const scan = screen.getByRole('button', { name: 'Accounts on this machine' })
  await scan.click()
  await expect.element(screen.getByRole('alert')).toMatchTextContent('It is full')
  backend.answer('imports.scan', () => preview([]))
  await scan.click()
  await expect.element(screen.getByRole('dialog')).toMatchTextContent('No accounts were found.')
  await expect.element(screen.getByRole('dialog').getByRole('button', { name: 'Close' }).last()).toBeVisible()
})

test('a file of another program is sent as text, a database as base64, and one that is too large not at all', async () => {
  const { backend, screen } = await openBackup((fake) => {
    fake.answer('imports.read', () => preview([candidate('0', { from: 'the uploaded file' })]))
    fake.answer('imports.dismiss', () => ({ ok: true }))
  })
  await screen.getByRole('combobox', { name: 'Program' }).or(screen.getByLabelText('Program')).first().click()
  await screen.getByRole('option', { name: /ccflare/ }).click()
  await expect.element(screen.getByText('its SQLite database')).toBeVisible()
  choose('other', new File(['SQLite format 3\0rest'], 'ccflare.db'))
  const dialog = screen.getByRole('dialog', { name: 'Accounts in ccflare.db' })
  await expect.element(dialog).toMatchTextContent('Codex · ccflare.db')
  expect(paramsOf(backend, 'imports.read')).toEqual({ source: 'ccflare', base64: btoa('SQLite format 3\0rest') })
  await userEvent.keyboard('{Escape}')

  choose('other', new File(['{"Providers":[]}'], 'config.json'))
  await expect.element(screen.getByRole('dialog', { name: 'Accounts in config.json' })).toBeVisible()
  expect(paramsOf(backend, 'imports.read')).toEqual({ source: 'ccflare', text: '{"Providers":[]}' })
  await userEvent.keyboard('{Escape}')

  const made = backend.made.length
  choose('other', new File([new Uint8Array(12 * 1024 * 1024)], 'big.db'))
  await expect.element(screen.getByRole('alert')).toMatchTextContent('big.db is larger than')
  expect(backend.made).toHaveLength(made)
})

test('what can’t be added after all leaves what was found as it is', async () => {
  const { screen } = await openBackup((fake) => {
    fake.answer('imports.scan', () => preview([candidate('0')]))
    fake.fail('imports.apply', 'backup_unwritable', 'the disk is full')
  })
  await screen.getByRole('button', { name: 'Accounts on this machine' }).click()
  await screen.getByRole('button', { name: 'Add channel' }).click()
  await expect.element(screen.getByRole('alert')).toMatchTextContent('The backup could not be written')
  await expect.element(screen.getByRole('checkbox', { name: 'Add Relay 0' })).toBeChecked()
})

test('an export under a passphrase asks for it twice, and for a long one', async () => {
  const { backend, screen } = await openBackup((fake) =>
    fake.answer('config.exportEncrypted', () => ({ text: 'sealed', channels: 1, clientKeys: 1 }))
  )
  await screen.getByRole('button', { name: 'Export with secrets' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Choose a passphrase' })
  const apply = dialog.getByRole('button', { name: 'Export' })
  const first = dialog.getByLabelText('Passphrase', { exact: true })
  await first.fill('short')
  await expect.element(dialog).toMatchTextContent('Takes 8 characters or more.')
  await first.fill('correct horse')
  await dialog.getByLabelText('Passphrase again').fill('correct house')
  await expect.element(dialog).toMatchTextContent('The two are not the same.')
  await expect.element(apply).toBeDisabled()
  await dialog.getByLabelText('Passphrase again').fill('correct horse')
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByText('The configuration was exported')).toBeVisible()
  expect(paramsOf(backend, 'config.exportEncrypted')).toEqual({ passphrase: 'correct horse' })
})

test('an encrypted export asks for its passphrase, shows all that it changes, and replaces only when that is said', async () => {
  const { backend, screen } = await openBackup((fake) => {
    fake.answer('config.previewEncrypted', ({ passphrase }) => {
      if (passphrase !== 'right one') throw new ApiFailure('passphrase_wrong', 'no')
      return {
        ...{ added: ['Main'], changed: [], removed: ['Other'], skipped: [] },
        ...{ settings: ['port', 'startUp.hidden', 'onlyChannel'], clientKeys: { added: ['laptop'], removed: ['desk'] } }
      }
    })
    fake.answer('config.importEncrypted', () => ({ savedAs: backup, restartNeeded: true }))
  })
  const text = `${JSON.stringify({ format: ENCRYPTED_FORMAT, version: 1 })}\nAAAA`
  choose('own', new File([text], 'mine.routex'))
  const asking = screen.getByRole('dialog', { name: 'Open mine.routex' })
  await asking.getByLabelText('Passphrase').fill('wrong one')
  await userEvent.keyboard('{Enter}')
  await expect.element(asking.getByRole('alert')).toMatchTextContent('That is not the passphrase')
  await asking.getByLabelText('Passphrase').fill('right one')
  await userEvent.keyboard('{Enter}')

  const plan = screen.getByRole('dialog', { name: 'Import mine.routex' })
  for (const words of ['Main', 'Other', 'Port', 'The only channel in use', 'laptop', 'desk'])
    await expect.element(plan).toMatchTextContent(words)
  expect(paramsOf(backend, 'config.importEncrypted')).toBeUndefined()
  await plan.getByRole('button', { name: 'Replace' }).click()
  await expect.element(screen.getByText(/The configuration was imported/)).toBeVisible()
  expect(paramsOf(backend, 'config.importEncrypted')).toEqual({ text, passphrase: 'right one' })
})

test('a backup says why it was made, and one that can’t be read can’t be restored', async () => {
  const { screen } = await openBackup((fake) =>
    fake.answer('backups.list', () => ({
      backups: [backup, { ...backup, name: 'b', reason: 'asked', problem: 'the copy is damaged' }]
    }))
  )
  await expect.element(screen.getByText('before an import')).toBeVisible()
  await expect.element(screen.getByText('the copy is damaged')).toBeVisible()
  await expect.element(screen.getByText(/^2 channels, 1 key, /).first()).toBeVisible()
  const restore = screen.getByRole('button', { name: /Restore the backup/ })
  await expect.element(restore.first()).toBeEnabled()
  await expect.element(restore.last()).toBeDisabled()
})
