import { readFile } from 'node:fs/promises'
import { expect, openPage, sampleTraffic, test } from './support/fixtures'
import { expectAccessible } from './support/looks'
import { shoot } from './support/shoot'

const router = {
  Providers: [
    {
      name: 'relay',
      api_base_url: 'https://relay.example/v1/chat/completions',
      api_key: 'sk-relay-0123456789',
      models: ['glm-4.6', 'glm-4.5-air']
    },
    {
      name: 'relay again',
      api_base_url: 'https://relay.example/v1/chat/completions',
      api_key: 'sk-relay-0123456789',
      models: ['glm-4.6']
    },
    {
      name: 'other',
      api_base_url: 'https://other.example/v1/chat/completions',
      api_key: 'sk-other-0123456789',
      models: ['m']
    }
  ],
  Router: { default: 'relay,glm-4.6' }
}

test('accounts of another program are seen, picked and added, and no other one', async ({
  page,
  routex,
  complaints
}) => {
  await openPage(page, routex, 'settings?section=backup')
  await page
    .getByRole('button', { name: 'Program' })
    .or(page.getByLabel('Program', { exact: true }))
    .first()
    .click()
  await page.getByRole('option', { name: /claude-code-router/ }).click()
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'A file of another program' }).click()
  ])
  const buffer = Buffer.from(JSON.stringify(router))
  await chooser.setFiles({ name: 'config.json', mimeType: 'application/json', buffer })
  const dialog = page.getByRole('dialog', { name: 'Accounts in config.json' })
  await expect(dialog).toContainText('key ending in 6789')
  await expect(dialog).toContainText('The same account as relay above.')
  await expect(dialog).not.toContainText('0123456789')
  await dialog.getByRole('checkbox', { name: 'Add other' }).press('Space')
  await expectAccessible(page)
  await shoot(page, 'settings-found-accounts')
  await dialog.getByRole('button', { name: 'Add channel' }).click()
  await expect(page.getByText('1 channel was added')).toBeVisible()
  const { channels } = await routex.call('channels.list', {})
  expect(channels.map(({ name, baseUrl }) => [name, baseUrl])).toEqual([['relay', 'https://relay.example/v1']])
  await expect(page.getByText('before an import')).toBeVisible()
  expect(complaints).toEqual([])
})

test('the whole configuration travels under a passphrase', async ({ page, start, upstream }, info) => {
  const routex = await start()
  await sampleTraffic(routex, upstream, 0)
  await openPage(page, routex, 'settings?section=backup')
  await page.getByRole('button', { name: 'Export with secrets' }).click()
  const choosing = page.getByRole('dialog', { name: 'Choose a passphrase' })
  await choosing.getByLabel('Passphrase', { exact: true }).fill('correct horse')
  await choosing.getByLabel('Passphrase again').fill('correct horse')
  await expectAccessible(page)
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
  const file = info.outputPath('mine.routex')
  await download.saveAs(file)
  expect(await readFile(file, 'utf8')).not.toMatch(/sk-test-1234|Anthropic main/)
  const { channels } = await routex.call('channels.list', {})
  for (const { id } of channels) await routex.call('channels.delete', { id })

  await page.locator('input[type=file]').first().setInputFiles(file)
  const asking = page.getByRole('dialog', { name: 'Open mine.routex' })
  await asking.getByLabel('Passphrase').fill('wrong horse')
  await page.keyboard.press('Enter')
  await expect(asking.getByRole('alert')).toContainText('That is not the passphrase')
  await asking.getByLabel('Passphrase').fill('correct horse')
  await page.keyboard.press('Enter')
  const plan = page.getByRole('dialog', { name: 'Import mine.routex' })
  await expect(plan).toContainText('Anthropic main')
  await expectAccessible(page)
  await plan.getByRole('button', { name: 'Replace' }).click()
  await expect(page.getByText('The configuration was imported')).toBeVisible()
  const back = (await routex.call('channels.list', {})).channels.filter(({ managedBy }) => managedBy === 'user')
  expect(back.map(({ hasCredential }) => hasCredential)).toContain(true)
  expect(back).toHaveLength(3)
})
