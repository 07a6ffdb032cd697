import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTempDir } from '../../support/temp-dir'
import { callFromPage, openDesktop } from './open-desktop'

interface Item {
  readonly label?: string
  readonly submenu?: readonly Item[]
}

const SETTINGS = '{"env":{"EDITOR":"vi"}}'

/** Claude Code is on this machine; the question of any dialog is answered with Cancel. */
async function openWithClaude() {
  const home = await makeTempDir()
  await mkdir(join(home, 'bin'))
  await mkdir(join(home, '.claude'))
  const settings = join(home, '.claude', 'settings.json')
  await writeFile(settings, SETTINGS)
  await writeFile(join(home, 'bin', 'claude'), '#!/bin/sh\n', { mode: 0o755 })
  const desktop = await openDesktop({
    env: { HOME: home, PATH: `${join(home, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` },
    answers: { 'dialog.showMessageBox': { response: 1 } }
  })
  const listed = async (): Promise<readonly (string | undefined)[]> => {
    const menu = await desktop.remote<readonly Item[]>('trayMenu')
    return menu.find(({ label }) => label === 'Clients')?.submenu?.map(({ label }) => label) ?? []
  }
  return { desktop, listed, page: await desktop.page(), settings: () => readFile(settings, 'utf8') }
}

/** Within a second of the change that was made before it is called. */
const soon = <T>(probe: () => Promise<T>) => expect.poll(probe, { timeout: 1000, interval: 20 })

test('an assistant’s state is told within a second, connecting shows the change first, and restoring asks', async () => {
  const { desktop, listed, page, settings } = await openWithClaude()
  await expect.poll(listed).toEqual(['Claude Code · not connected'])

  await desktop.remote('clickTray', 'Clients', 'Claude Code', 'Connect…')
  const dialog = page.getByRole('dialog', { name: 'Connect Claude Code' })
  await dialog.getByText('ANTHROPIC_BASE_URL').waitFor()
  expect(await settings()).toBe(SETTINGS)
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect.poll(settings).toContain('ANTHROPIC_BASE_URL')
  await soon(listed).toEqual(['Claude Code · connected'])

  await desktop.remote('clickTray', 'Clients', 'Claude Code', 'Restore…')
  await expect.poll(() => desktop.recorded('dialog.showMessageBox')).toHaveLength(1)
  expect((await desktop.recorded('dialog.showMessageBox'))[0]?.args[0]).toMatchObject({
    message: 'Restore Claude Code?',
    buttons: ['Restore', 'Cancel']
  })
  expect(await settings()).toContain('ANTHROPIC_BASE_URL')
  await desktop.remote('answer', 'dialog.showMessageBox', { response: 0 })
  await desktop.remote('clickTray', 'Clients', 'Claude Code', 'Restore…')
  await expect.poll(settings).toBe(SETTINGS)
  await soon(listed).toEqual(['Claude Code · not connected'])
})

test('a quit that restores the clients says so, and does it', async () => {
  const { desktop, page, settings } = await openWithClaude()
  await callFromPage(page, 'clients.apply', { client: 'claude-code' })
  await callFromPage(page, 'settings.update', { clients: { atQuit: 'restore' } })
  await desktop.remote('clickTray', 'Quit Routex')
  await expect.poll(() => desktop.recorded('dialog.showMessageBox')).toHaveLength(1)
  const [question] = await desktop.recorded('dialog.showMessageBox')
  expect(question?.args[0]).toMatchObject({
    detail: expect.stringMatching(
      /^Connected assistants get their own settings back until Routex runs again\./
    ) as unknown
  })
  await desktop.remote('answer', 'dialog.showMessageBox', { response: 0 })
  await desktop.remote('clickTray', 'Quit Routex')
  expect(await desktop.exited).toBe(0)
  expect(await settings()).toBe(SETTINGS)
})
