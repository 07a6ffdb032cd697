import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Headless } from './support/headless'
import { expect, openPage, test } from './support/fixtures'
import { lookAt } from './support/looks'

/** The user's own, with what an editor leaves: comments of another kind would be refused by the client itself. */
const SETTINGS = `{
  "permissions": {"allow": ["Bash(ls:*)"]},
    "env": { "EDITOR": "vi", "ANTHROPIC_API_KEY": "sk-ant-of-the-user-1234" }
}
`

function place({ home }: Headless, path: string, text: string, mode?: number): string {
  const full = join(home, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text, { mode })
  return full
}

const card = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true })

test('Claude Code is connected after a look at the change, sends a test request, and is restored to the same bytes', async ({
  page,
  start,
  upstream,
  complaints
}) => {
  const routex = await start()
  const settings = place(routex, '.claude/settings.json', SETTINGS)
  place(routex, 'bin/claude', '#!/bin/sh\n', 0o755)
  const state = place(routex, '.claude.json', '{"hasCompletedOnboarding":true}')
  const { url } = await upstream()
  await routex.call('channels.create', { name: 'Main', protocol: 'anthropic', baseUrl: url, apiKey: 'sk-test-1234' })
  await openPage(page, routex, 'overview')
  await page.keyboard.press('5')
  const claude = card(page, 'Claude Code')
  await expect(claude).toContainText('Not connected')

  await claude.getByRole('button', { name: 'Connect…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Connect Claude Code' })
  const diff = dialog.getByRole('region', { name: /settings\.json/ })
  await expect(diff).toContainText(`"ANTHROPIC_BASE_URL": "${routex.gateway}"`)
  await expect(dialog).not.toContainText('sk-ant-of-the-user')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(readFileSync(settings, 'utf8')).toBe(SETTINGS)

  await claude.getByRole('button', { name: 'Connect…' }).click()
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(claude).toContainText('Connected')
  await expect(page.getByText('1 of 1 connected')).toBeVisible()
  expect(JSON.parse(readFileSync(settings, 'utf8'))).toMatchObject({
    permissions: { allow: ['Bash(ls:*)'] },
    env: { EDITOR: 'vi', ANTHROPIC_BASE_URL: routex.gateway, ANTHROPIC_API_KEY: '' }
  })

  await claude.getByRole('button', { name: 'Test' }).click()
  await expect(claude).toContainText('Main answered with 200')
  await expect(claude.getByRole('link', { name: '1 request' })).toBeVisible()
  await claude.getByRole('link', { name: 'See it in the log' }).click()
  await expect(page).toHaveURL(/#\/logs\?id=/)
  await expect(page.getByRole('listbox', { name: 'Requests' }).getByRole('option', { selected: true })).toHaveCount(1)
  await page.goBack()

  await claude.getByRole('button', { name: 'Restore…' }).click()
  const restore = page.getByRole('dialog', { name: 'Restore Claude Code' })
  await expect(restore.getByRole('region', { name: /settings\.json/ })).toContainText('ANTHROPIC_BASE_URL')
  await restore.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(claude).toContainText('Not connected')
  expect(readFileSync(settings, 'utf8')).toBe(SETTINGS)
  expect(readFileSync(state, 'utf8')).toBe('{"hasCompletedOnboarding":true}')
  expect(complaints).toEqual([])
})

test('every state is accessible and fits: connected, changed since, in the way, unparsable, not found', async ({
  page,
  start,
  complaints
}) => {
  test.slow()
  const routex = await start()
  const settings = place(routex, '.claude/settings.json', SETTINGS)
  for (const program of ['claude', 'codex', 'gemini']) place(routex, `bin/${program}`, '#!/bin/sh\n', 0o755)
  place(routex, '.codex/config.toml', 'model = "gpt-5\n')
  place(routex, '.gemini/settings.json', '{}')
  place(routex, '.bashrc', 'export GEMINI_API_KEY=of-the-shell\n')
  await routex.call('clients.apply', { client: 'claude-code' })
  await openPage(page, routex, 'clients')
  await expect(card(page, 'Claude Code')).toContainText('Connected')
  await expect(card(page, 'Codex')).toContainText('can’t be understood')
  await expect(card(page, 'Gemini CLI')).toContainText('GEMINI_API_KEY')
  await expect(card(page, 'OpenCode')).toContainText('Not found here')
  await expect(card(page, 'Claude Code')).toContainText('routex run claude-code')

  // Somebody changes it by hand, and comes back to the page.
  const changed = readFileSync(settings, 'utf8').replace(routex.gateway, 'https://elsewhere.example.test')
  writeFileSync(settings, changed)
  await page.evaluate(() => dispatchEvent(new Event('focus')))
  await expect(card(page, 'Claude Code')).toContainText('env.ANTHROPIC_BASE_URL is https://elsewhere.example.test')
  await lookAt(page, routex, 'clients')
  await page.getByRole('region', { name: 'Clients' }).evaluate((region) => region.scrollTo(0, region.scrollHeight))
  await lookAt(page, routex, 'clients-snippets')

  await card(page, 'Gemini CLI').getByRole('button', { name: 'Connect…' }).click()
  await expect(page.getByRole('dialog').getByRole('region', { name: /\.env/ })).toBeVisible()
  await page.getByRole('dialog').getByText('Models and protocol').click()
  await lookAt(page, routex, 'clients-connect')
  await page.keyboard.press('Escape')
  await card(page, 'Codex').getByRole('button', { name: 'Connect…' }).click()
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('config.toml')
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Connect', exact: true })).toBeDisabled()
  await lookAt(page, routex, 'clients-refused')
  await page.keyboard.press('Escape')

  await card(page, 'Claude Code').getByRole('button', { name: 'Restore…' }).click()
  const restore = page.getByRole('dialog', { name: 'Restore Claude Code' })
  await expect(restore).toContainText('Stays as it was changed: env.ANTHROPIC_BASE_URL')
  await lookAt(page, routex, 'clients-restore')
  await restore.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(page.getByText('Left as it was changed: env.ANTHROPIC_BASE_URL')).toBeVisible()
  expect(readFileSync(settings, 'utf8')).toContain('https://elsewhere.example.test')
  expect(complaints).toEqual([])
})

test('a client that was never started here gets its folder made, once that is asked for', async ({ page, start }) => {
  const routex = await start()
  await openPage(page, routex, 'clients?connect=gemini-cli')
  const dialog = page.getByRole('dialog', { name: 'Connect Gemini CLI' })
  await expect(dialog).toContainText(`${join(routex.home, '.gemini')} is not there`)
  await dialog.getByRole('button', { name: 'Make the folder and connect' }).click()
  await expect(card(page, 'Gemini CLI')).toContainText('Connected')
  expect(readFileSync(join(routex.home, '.gemini/.env'), 'utf8')).toContain(routex.gateway)
})

test('what is connected by hand is copied with its key, in the shell and protocol that are chosen', async ({
  page,
  context,
  start
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const routex = await start()
  await openPage(page, routex, 'clients')
  for (const name of ['Qwen Code', 'Crush', 'Continue', 'Cline, Roo Code', 'Aider', 'Shell', 'Python', 'TypeScript']) {
    await page.getByRole('tab', { name, exact: true }).click()
    await expect(page.getByRole('tabpanel')).toContainText(routex.gateway)
  }
  await page.getByRole('tab', { name: 'curl' }).click()
  await page.getByRole('radio', { name: 'PowerShell' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Invoke-RestMethod')
  await page.getByLabel('Protocol').click()
  await page.getByRole('option', { name: 'Gemini' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('/v1beta/models/')
  expect(await page.getByRole('tabpanel').textContent()).not.toContain(routex.clientKey)
  await page.getByRole('tabpanel').getByRole('button', { name: 'Copy' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(routex.clientKey)
})
