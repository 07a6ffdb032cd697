import { readFile, writeFile } from 'node:fs/promises'
import { expect, openPage, sampleTraffic, test } from './support/fixtures'
import { expectAccessible, lookAt } from './support/looks'
import { shoot } from './support/shoot'

const sections = ['gateway', 'security', 'retention', 'appearance', 'backup', 'about']

test('every section is accessible and fits', async ({ page, routex, complaints }) => {
  test.slow()
  await routex.call('clientKeys.create', { name: 'Laptop' })
  await routex.call('backups.create', {})
  await openPage(page, routex, 'settings')
  for (const section of sections) {
    await page.evaluate((wanted) => void (location.hash = `#/settings?section=${wanted}`), section)
    await page.locator(`nav [aria-current=true][href$=${section}]`).waitFor()
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    await lookAt(page, routex, `settings-${section}`)
  }
  expect(complaints).toEqual([])
})

test('a setting is saved as it is changed, and goes back to its default', async ({ page, routex }) => {
  await openPage(page, routex, 'settings?section=gateway')
  const limit = page.getByRole('spinbutton', { name: 'Largest request' })
  await limit.fill('128')
  await limit.press('Enter')
  await expect.poll(async () => (await routex.call('settings.get', {})).settings.bodyLimitMiB).toBe(128)
  await page.getByRole('combobox', { name: 'Strategy' }).or(page.getByLabel('Strategy')).first().click()
  await page.getByRole('option', { name: /Weighted/ }).click()
  await expect.poll(async () => (await routex.call('settings.get', {})).settings.strategy).toBe('weighted')
  await page.getByPlaceholder('gateway.lan').fill('gateway.lan\nrouter.lan')
  await page.getByPlaceholder('gateway.lan').blur()
  await expect
    .poll(async () => (await routex.call('settings.get', {})).settings.allowedHosts)
    .toEqual(['gateway.lan', 'router.lan'])
  await page.getByRole('button', { name: 'Reset to 64 MiB' }).click()
  await expect(limit).toHaveValue('64')
  await expect(page.getByRole('button', { name: 'Reset to 64 MiB' })).toBeHidden()
  expect((await routex.call('settings.get', {})).settings.bodyLimitMiB).toBe(64)
})

test('a value out of its limits is refused beside its field, and what is in force stays', async ({ page, routex }) => {
  await openPage(page, routex, 'settings?section=gateway')
  const limit = page.getByRole('spinbutton', { name: 'Largest request' })
  await limit.fill('5000')
  await expect(limit).toHaveAttribute('aria-invalid', 'true')
  await limit.press('Enter')
  // It stays as it was typed, with what is allowed beside it.
  await expect(limit).toHaveValue('5000')
  await expect(page.getByText(/from 1 to 1,024/)).toBeVisible()
  expect((await routex.call('settings.get', {})).settings.bodyLimitMiB).toBe(64)
  await limit.press('Escape')
  await expect(limit).toHaveValue('64')
  const origins = page.getByPlaceholder('https://app.example')
  await origins.fill('https://app.example\n*\nhttp://x y')
  await origins.blur()
  await expect(page.getByRole('alert').filter({ hasText: /Line 2: .*\nLine 3: / })).toBeVisible()
  // It stays, to be mended where it was typed.
  await expect(origins).toHaveValue('https://app.example\n*\nhttp://x y')
  await origins.fill('https://app.example')
  await origins.blur()
  await expect
    .poll(async () => (await routex.call('settings.get', {})).settings.allowedOrigins)
    .toEqual(['https://app.example'])
  await page.getByRole('combobox', { name: 'Listens on' }).fill('no such host')
  await page.getByRole('combobox', { name: 'Listens on' }).blur()
  await expect(page.getByRole('alert').filter({ hasText: 'host name' })).toBeVisible()
  expect((await routex.call('settings.get', {})).settings.host).toBe('127.0.0.1')
})

test('another address asks for a restart, but not where the start gave one over it', async ({ page, routex }) => {
  await openPage(page, routex, 'settings?section=gateway')
  await expect(page.getByText('Given at the start: 0.')).toBeVisible()
  const port = page.getByRole('spinbutton', { name: 'Port' })
  await port.fill('18080')
  await port.press('Enter')
  await expect.poll(async () => (await routex.call('settings.get', {})).settings.port).toBe(18_080)
  const notice = page.getByText('The new address takes effect with the next start')
  await expect(notice).toBeHidden()
  const host = page.getByRole('combobox', { name: 'Listens on' })
  await host.fill('127.0.0.2')
  await host.press('Enter')
  await host.blur()
  await expect(notice).toBeVisible()
  expect((await routex.call('settings.get', {})).settings.host).toBe('127.0.0.2')
})

test('language and theme switch at once, and stay after a reload', async ({ page, routex }) => {
  await openPage(page, routex, 'settings?section=appearance')
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByLabel('Language').click()
  await page.getByRole('option', { name: '简体中文' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '设置' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: '设置' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('a language whose texts can not be loaded is told, in the one that is spoken, with the way on', async ({
  page,
  routex
}) => {
  await openPage(page, routex, 'settings?section=appearance')
  await page.route('**/zh-CN-*.js', (route) => route.abort())
  await page.getByLabel('Language').click()
  await page.getByRole('option', { name: '简体中文' }).click()
  await expect(page.getByText('简体中文 could not be loaded')).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  // Chosen and remembered, it is missed from the start on.
  await page.getByRole('button', { name: 'Load again' }).click()
  await page.waitForLoadState()
  await expect(page.getByText('简体中文 could not be loaded')).toBeVisible()
  await page.unroute('**/zh-CN-*.js')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: '设置' })).toBeVisible()
})

test('a client key is made, shown, limited to a channel, and revoked', async ({ page, routex, upstream }) => {
  const { url } = await upstream()
  const main = await routex.call('channels.create', {
    name: 'Main',
    protocol: 'anthropic',
    baseUrl: url,
    apiKey: 'sk-1'
  })
  await openPage(page, routex, 'settings?section=security')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name').fill('Laptop')
  await page.keyboard.press('Enter')
  const row = page.getByRole('listitem').filter({ hasText: 'Laptop' })
  await expect(row).toContainText('All channels')
  const secret = (await row.locator('pre').textContent()) ?? ''
  expect(secret.length).toBeGreaterThan(20)
  await row.getByRole('button', { name: 'Hide key' }).click()
  await expect(row.locator('pre')).toBeHidden()
  await row.getByRole('button', { name: 'Show key' }).click()
  await expect(row.locator('pre')).toHaveText(secret)

  await row.getByRole('button', { name: 'Actions for Laptop' }).click()
  await page.getByRole('menuitem', { name: 'Rename or limit' }).click()
  await page.getByLabel('Name').fill('My laptop')
  await page.getByRole('radio', { name: 'Only these' }).click()
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
  await page.getByRole('checkbox', { name: 'Main' }).click()
  await shoot(page, 'settings-key-dialog')
  await page.getByRole('button', { name: 'Save' }).click()
  const renamed = page.getByRole('listitem').filter({ hasText: 'My laptop' })
  await expect(renamed).toContainText('Main')
  const { keys } = await routex.call('clientKeys.list', {})
  expect(keys.find(({ name }) => name === 'My laptop')?.allowedChannels).toEqual([main.id])

  await renamed.getByRole('button', { name: 'Actions for My laptop' }).click()
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(renamed).toBeHidden()
  expect((await routex.call('clientKeys.list', {})).keys.map(({ name }) => name)).not.toContain('My laptop')
})

test('what the config file sets is marked and locked', async ({ page, start }, info) => {
  const file = info.outputPath('routex.json')
  await writeFile(file, JSON.stringify({ settings: { bodyLimitMiB: 32, appearance: { theme: 'dark' } } }))
  const routex = await start({ configPath: file })
  await openPage(page, routex, 'settings?section=gateway')
  const limit = page.getByRole('spinbutton', { name: 'Largest request' })
  await expect(limit).toBeDisabled()
  await expect(limit).toHaveValue('32')
  await expect(page.getByText('Set in the config file')).toBeVisible()
  await page.getByRole('link', { name: 'Appearance' }).click()
  await expect(page.getByRole('radio', { name: 'Light' })).toBeDisabled()
  await expectAccessible(page)
})

test('a longer retention, which deletes nothing, is saved at once', async ({ page, routex, upstream }) => {
  await sampleTraffic(routex, upstream, 2)
  await openPage(page, routex, 'settings?section=retention')
  const days = page.getByRole('spinbutton', { name: 'Keep requests for' })
  await days.fill('120')
  await days.press('Enter')
  await expect.poll(async () => (await routex.call('settings.get', {})).settings.retention.days).toBe(120)
})

test('channels travel: exported from one, seen and added on another', async ({ page, start, upstream }, info) => {
  const routex = await start()
  await sampleTraffic(routex, upstream, 0)
  await openPage(page, routex, 'settings?section=backup')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export', exact: true }).click()
  ])
  const file = info.outputPath('routex-config.json')
  await download.saveAs(file)
  expect(await readFile(file, 'utf8')).not.toContain('sk-test-1234')
  const { channels } = await routex.call('channels.list', {})
  for (const { id } of channels) await routex.call('channels.delete', { id })

  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Import', exact: true }).click()
  ])
  await chooser.setFiles(file)
  const dialog = page.getByRole('dialog', { name: 'Import routex-config.json' })
  await expect(dialog).toContainText('Anthropic main')
  await expectAccessible(page)
  await shoot(page, 'settings-import')
  expect((await routex.call('channels.list', {})).channels.some(({ name }) => name === 'Anthropic main')).toBe(false)
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByText('3 channels were added')).toBeVisible()
  expect((await routex.call('channels.list', {})).channels.some(({ name }) => name === 'Anthropic main')).toBe(true)
})

test('a file that is no exported config is refused in two lines', async ({ page, routex }) => {
  await openPage(page, routex, 'settings?section=backup')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({
      name: 'notes.json',
      mimeType: 'application/json',
      buffer: Buffer.from('[1, 2')
    })
  await expect(page.getByRole('alert')).toContainText('notes.json is no exported config')
})

test('a backup is made, shown before it is restored, and deleted', async ({ page, routex, upstream }) => {
  await sampleTraffic(routex, upstream, 0)
  await openPage(page, routex, 'settings?section=backup')
  await page.getByRole('button', { name: 'Back up now' }).click()
  const rows = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /Restore/ }) })
  await expect(rows).toHaveCount(1)
  await expect(rows.first()).toContainText('3 channels')
  const { channels } = await routex.call('channels.list', {})
  for (const { id } of channels) await routex.call('channels.delete', { id })

  await rows
    .first()
    .getByRole('button', { name: /Restore/ })
    .click()
  const dialog = page.getByRole('dialog', { name: /Restore the backup/ })
  await expect(dialog).toContainText('Backup')
  await dialog.getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByText('The backup was restored')).toBeVisible()
  expect(
    (await routex.call('channels.list', {})).channels.filter(({ managedBy }) => managedBy === 'user')
  ).toHaveLength(3)
  // The present configuration was backed up first.
  await expect(rows).toHaveCount(2)
  await rows
    .first()
    .getByRole('button', { name: /Delete the backup/ })
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(rows).toHaveCount(1)
})

test('about tells the versions, and the first steps can be gone through again', async ({ page, routex }) => {
  await openPage(page, routex, 'settings?section=about')
  await expect(page.getByText('24.', { exact: false }).first()).toBeVisible()
  await page
    .getByRole('button', { name: 'First steps' })
    .or(page.getByRole('button', { name: 'Run again' }))
    .click()
  await expect(page).toHaveURL(/#\/first-run/)
})

test('what the desktop app alone does is not shown in a browser', async ({ page, routex }) => {
  await openPage(page, routex, 'settings?section=start-up')
  const sections = page.getByRole('navigation', { name: 'Sections' })
  await expect(sections.getByRole('link')).toHaveText([
    'Gateway',
    'Security',
    'Retention',
    'Prices',
    'Appearance',
    'Import and backup',
    'About'
  ])
  await expect(page.getByRole('heading', { level: 2, name: 'Gateway' })).toBeVisible()
})
