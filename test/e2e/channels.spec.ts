import { mkdirSync, writeFileSync } from 'node:fs'
import type { Locator } from '@playwright/test'
import { channelId } from '../../src/shared/ids'
import { channelNamed, channelsOf, panel, row } from './support/channels'
import { expect, openPage, sampleTraffic, test } from './support/fixtures'
import { expectAccessible } from './support/looks'
import { shoot } from './support/shoot'

test('settings are changed and kept; what is refused stands at its field, and nothing typed is lost', async ({
  page,
  routex,
  upstream
}) => {
  await sampleTraffic(routex, upstream, 1)
  await openPage(page, routex, 'channels')
  await row(page, 'Anthropic main').locator('[data-channel]').click()
  const open = panel(page, 'Anthropic main')
  await open.getByLabel('Name', { exact: true }).fill('Backup')
  await page.keyboard.press('Control+s')
  await expect(open.getByRole('alert')).toContainText(/Backup|name/i)
  await page.keyboard.press('Escape')
  await expect(row(page, 'Anthropic main')).toContainText('edited')
  await row(page, 'Anthropic main').locator('[data-channel]').click()
  await expect(open.getByLabel('Name', { exact: true })).toHaveValue('Backup')
  await open.getByLabel('Name', { exact: true }).fill('Main account')
  await open.getByRole('button', { name: 'Find models' }).click()
  await open.getByRole('checkbox', { name: 'claude-opus-4-5' }).click()
  await open.getByRole('button', { name: 'Advanced' }).click()
  await open.getByRole('button', { name: 'Add a header' }).click()
  await open.getByLabel('Header 1').fill('x-team')
  await open.getByLabel('Value 1').fill('blue')
  await open.getByLabel('First byte').fill('12.5')
  await page.keyboard.press('Control+s')
  await expect(panel(page, 'Main account')).toContainText('All changes are saved')
  expect(await channelNamed(routex, 'Main account')).toMatchObject({
    models: ['claude-opus-4-5'],
    headers: { 'x-team': '****' },
    timeouts: { firstByteMs: 12_500 }
  })
  await panel(page, 'Main account').getByLabel('Base URL').fill('http://127.0.0.1:9')
  await expect(panel(page, 'Main account').getByRole('alert')).toContainText('enter the key again')
})

test('priority follows the arrow keys and the mouse', async ({ page, routex, upstream }) => {
  await sampleTraffic(routex, upstream, 0)
  const priorities = async () =>
    Object.fromEntries((await channelsOf(routex)).map(({ name, priority }) => [name, priority]))
  await openPage(page, routex, 'channels')
  const handle = (name: string) => row(page, name).locator('[data-handle]')
  await handle('Team key').focus()
  await page.keyboard.press('ArrowUp')
  await expect.poll(priorities).toEqual({ Backup: 1, 'Anthropic main': 2, 'Team key': 2 })
  await expect(handle('Team key')).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect.poll(priorities).toEqual({ Backup: 1, 'Team key': 2, 'Anthropic main': 3 })

  const drag = async (name: string, to: { readonly onto: string; readonly below: number }) => {
    const [from, target] = [await handle(name).boundingBox(), await row(page, to.onto).boundingBox()]
    if (!from || !target) throw new Error('the rows are not shown')
    await page.mouse.move(from.x + 8, from.y + 8)
    await page.mouse.down()
    await page.mouse.move(from.x + 40, target.y + to.below, { steps: 6 })
  }
  const dragged = page.locator('.ghost')
  const columns = async (of: Locator) => (await of.locator('[role=cell], [role=rowheader]').allTextContents()).join('|')
  await drag('Anthropic main', { onto: 'Backup', below: 12 })
  await expect(dragged).toContainText('Joins priority 1')
  expect(await columns(dragged)).toBe(await columns(row(page, 'Anthropic main').first()))
  await shoot(page, 'channels-drag-into')
  await page.mouse.up()
  await expect.poll(priorities).toEqual({ Backup: 1, 'Team key': 2, 'Anthropic main': 1 })
  await expect(dragged).toHaveCount(0)

  // Inside its own tier nothing would move, and it says so.
  await drag('Anthropic main', { onto: 'Backup', below: 12 })
  await expect(dragged).toContainText('Stays in priority 1: inside a tier nothing is reordered')
  await shoot(page, 'channels-drag-stays')
  await page.mouse.up()
  await drag('Anthropic main', { onto: 'Team key', below: 31 })
  await expect(dragged).toContainText('A tier of its own, priority 12')
  await shoot(page, 'channels-drag-own')
  await page.keyboard.press('Escape')
  await expect(dragged).toHaveCount(0)
  await page.mouse.up()
  expect(await priorities()).toEqual({ Backup: 1, 'Team key': 2, 'Anthropic main': 1 })
})

test('a thousand channels open within a second, and one is dragged through all of them', async ({ page, start }) => {
  const routex = await start()
  const channels = Array.from({ length: 1_000 }, (_, index) => ({
    name: `Channel ${String(index).padStart(4, '0')}`,
    protocol: 'anthropic',
    baseUrl: 'http://127.0.0.1:9',
    priority: Math.floor(index / 100) * 10
  }))
  await routex.call('config.import', { config: { channels } })
  await openPage(page, routex, 'settings')
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
  await expect(page.getByRole('contentinfo')).toContainText('1,000 of 1,000 channels healthy')
  const open = () =>
    page.evaluate(async () => {
      const started = performance.now()
      location.hash = '#/channels'
      while (!document.querySelector('[data-channel]')) await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
      const ms = performance.now() - started
      location.hash = '#/settings'
      while (document.querySelector('[data-channel]')) await new Promise(requestAnimationFrame)
      return ms
    })
  const times: number[] = []
  for (let round = 0; round < 3; round++) times.push(await open())
  console.log(`1,000 channels open in ${times.map(Math.round).join(', ')} ms`)
  // The best of three: the machine that tests has other work too.
  expect(Math.min(...times)).toBeLessThan(1_000)

  await page.evaluate(() => void (location.hash = '#/channels'))
  const first = row(page, 'Channel 0000')
  await expect(first).toBeVisible()
  expect(await page.locator('[data-channel]').count()).toBeLessThan(60)
  const list = page.getByRole('rowgroup', { name: 'List of channels' })
  const [from, frame] = [await first.locator('[data-handle]').boundingBox(), await list.boundingBox()]
  if (!from || !frame) throw new Error('the list is not shown')
  await page.mouse.move(from.x + 8, from.y + 8)
  await page.mouse.down()
  await page.mouse.move(from.x + 8, frame.y + frame.height - 4, { steps: 4 })
  // At its edge the list scrolls on by itself.
  await expect.poll(() => list.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(1_500)
  await expect(page.locator('.ghost')).toContainText(/Joins priority \d0/)
  await page.mouse.up()
  await expect
    .poll(async () => (await channelNamed(routex, 'Channel 0000')).priority, { timeout: 5_000 })
    .toBeGreaterThan(0)
})

test('several are selected by shift and keys, changed at once, deleted and brought back', async ({
  page,
  routex,
  upstream
}) => {
  await sampleTraffic(routex, upstream, 0)
  await openPage(page, routex, 'channels')
  await page.getByRole('checkbox', { name: 'Select Backup' }).click()
  await page.getByRole('checkbox', { name: 'Select Team key' }).click({ modifiers: ['Shift'] })
  await expect(page.getByRole('toolbar')).toContainText('3 selected')
  await page.getByRole('toolbar').getByRole('button', { name: 'Disable' }).click()
  await expect.poll(async () => (await channelsOf(routex)).map(({ enabled }) => enabled)).toEqual([false, false, false])
  await page.getByRole('toolbar').getByRole('button', { name: 'Set priority' }).click()
  await page.getByRole('dialog').getByRole('spinbutton').fill('20')
  await page.getByRole('dialog').getByRole('spinbutton').press('Enter')
  await expect.poll(async () => (await channelsOf(routex)).map(({ priority }) => priority)).toEqual([20, 20, 20])
  await page
    .getByRole('toolbar')
    .getByRole('button', { name: /^Delete/ })
    .click()
  await expect(page.getByText('3 channels were deleted')).toBeVisible()
  await expect.poll(async () => (await channelsOf(routex)).length).toBe(0)
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(page.getByRole('button', { name: 'Team key', exact: true })).toBeVisible()
  expect((await channelNamed(routex, 'Team key')).credentialLast4).toBe('1234')
  await page.getByRole('button', { name: 'Backup', exact: true }).focus()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('Delete')
  await expect.poll(async () => (await channelsOf(routex)).length).toBe(2)
  await expect(page.getByRole('button', { name: /^Undo/ })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await channelsOf(routex)).length).toBe(3)
})

test('a copy is made, and one channel is used alone until all are used again', async ({ page, routex, upstream }) => {
  await sampleTraffic(routex, upstream, 0)
  await openPage(page, routex, 'channels')
  const choose = async (item: string) => {
    await row(page, 'Anthropic main').getByRole('button', { name: 'Actions on Anthropic main' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await choose('Duplicate')
  await expect(page.getByRole('complementary')).toContainText('Anthropic main')
  expect((await channelsOf(routex)).length).toBe(4)
  await page.keyboard.press('Escape')
  await choose('Use only this one')
  await expect(page.getByText('Only Anthropic main is in use')).toBeVisible()
  expect((await routex.call('settings.get', {})).settings.onlyChannel).toBe(
    (await channelNamed(routex, 'Anthropic main')).id
  )
  await page.getByRole('button', { name: 'Use all channels' }).click()
  await expect(page.getByText('Only Anthropic main is in use')).toBeHidden()
})

test('a troubled channel says why and until when, and is cleared', async ({ page, routex, upstream }) => {
  const { busy } = await sampleTraffic(routex, upstream, 1)
  await openPage(page, routex, 'channels')
  await expect(row(page, 'Backup')).toContainText('Cooling down')
  await expect(row(page, 'Backup')).toContainText(/\d:\d\d left, until \d\d:\d\d:\d\d/)
  busy.status = 200
  await row(page, 'Backup').getByRole('button', { name: 'Clear the health of Backup now' }).click()
  await expect(row(page, 'Backup')).not.toContainText('Cooling down')
  await expect(row(page, 'Anthropic main')).toContainText(/\d ms/)
})

test('what the config file manages can be read and tested, not changed', async ({ page, start, upstream }, info) => {
  const well = await upstream()
  const channel = { name: 'From the file', protocol: 'anthropic', baseUrl: well.url, apiKey: 'sk-file-9999' }
  const configPath = info.outputPath('routex.json')
  mkdirSync(info.outputPath(), { recursive: true })
  writeFileSync(configPath, JSON.stringify({ channels: [channel] }), { mode: 0o600 })
  const routex = await start({ configPath })
  const id = channelId.parse((await channelNamed(routex, 'From the file')).id)
  await openPage(page, routex, `channels?id=${encodeURIComponent(id)}`)
  const open = panel(page, 'From the file')
  await expect(open).toContainText('This channel stands in the config file')
  await expect(open.getByLabel('Name', { exact: true })).toBeDisabled()
  await expect(open.getByRole('switch', { name: 'From the file enabled' })).toHaveAttribute('aria-disabled', 'true')
  await expectAccessible(page)
  await open.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(open).toContainText('It works')
  await page.keyboard.press('Escape')
  await row(page, 'From the file')
    .getByRole('button', { name: /^Actions/ })
    .click()
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toHaveAttribute('data-disabled', '')
})

test('a search that finds nothing says so, and is cleared', async ({ page, routex, upstream }) => {
  await sampleTraffic(routex, upstream, 0)
  await openPage(page, routex, 'channels')
  await expect(row(page, 'Backup')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('team')
  await expect(page.getByRole('row').filter({ has: page.locator('[data-channel]') })).toHaveCount(1)
  await page.keyboard.type(' nobody')
  await expect(page.getByText('Nothing matches')).toBeVisible()
  await page.getByRole('button', { name: 'Show all channels' }).click()
  await expect(page.getByRole('row').filter({ has: page.locator('[data-channel]') })).toHaveCount(3)
})
