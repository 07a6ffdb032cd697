import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTempDir } from '../../support/temp-dir'
import { callFromPage, openDesktop } from './open-desktop'

/** As an installer of a release leaves it, with the address of the feed beside it. */
async function openPackaged(answers: Record<string, unknown> = {}) {
  const userData = await makeTempDir()
  const config = join(userData, 'config')
  writeFileSync(join(userData, 'app-update.yml'), 'provider: github\n')
  const desktop = await openDesktop({
    userData,
    env: { SHIM_PACKAGED: '1', XDG_CONFIG_HOME: config, APPIMAGE: '/opt/my $apps/Routex.AppImage' },
    answers
  })
  return { desktop, page: await desktop.page(), autostart: join(config, 'autostart', 'routex.desktop') }
}

const found = { isUpdateAvailable: true, updateInfo: { version: '9.9.9' } }

test('out of its sources it neither updates itself nor takes links nor starts at login', async () => {
  const desktop = await openDesktop({ env: { XDG_CONFIG_HOME: await makeTempDir() } })
  const page = await desktop.page()
  await callFromPage(page, 'settings.update', { startUp: { atLogin: true } })
  expect(await callFromPage(page, 'updates.check', {})).toEqual({ kind: 'unsupported' })
  expect(await desktop.recorded('app.setAsDefaultProtocolClient')).toEqual([])
  expect(await desktop.recorded('app.setLoginItemSettings')).toEqual([])
})

test.runIf(process.platform === 'linux')('start at login is what the settings say, hidden or not', async () => {
  const { desktop, page, autostart } = await openPackaged()
  expect(await desktop.recorded('app.setAsDefaultProtocolClient')).toMatchObject([{ args: ['routex'] }])
  expect(existsSync(autostart)).toBe(false)
  await callFromPage(page, 'settings.update', { startUp: { atLogin: true } })
  // It is there before what it says is.
  const entry = '\nExec="/opt/my \\\\$apps/Routex.AppImage" --hidden\n'
  await expect.poll(() => existsSync(autostart) && readFileSync(autostart, 'utf8')).toContain(entry)
  await callFromPage(page, 'settings.update', { startUp: { hidden: false } })
  await expect.poll(() => readFileSync(autostart, 'utf8')).toContain('\nExec="/opt/my \\\\$apps/Routex.AppImage"\n')
  await callFromPage(page, 'settings.update', { startUp: { atLogin: false } })
  await expect.poll(() => existsSync(autostart)).toBe(false)
})

test('a newer release is loaded, told, and installed after everything has stopped', async () => {
  const { desktop, page } = await openPackaged({ 'autoUpdater.checkForUpdates': found })
  expect(await callFromPage(page, 'updates.status', {})).toEqual({ kind: 'idle', checkedAt: null })
  expect(await callFromPage(page, 'updates.check', {})).toMatchObject({ kind: 'downloading', version: '9.9.9' })
  expect(await desktop.recorded('autoUpdater.checkForUpdates')).toMatchObject([{ args: [{ autoDownload: true }] }])
  const { url } = await callFromPage(page, 'gateway.status', {})
  await desktop.remote('emitUpdate', 'download-progress', { percent: 41.7 })
  expect(await callFromPage(page, 'updates.status', {})).toMatchObject({ percent: 41 })
  expect(await callFromPage(page, 'updates.install', {})).toMatchObject({ kind: 'downloading' })
  await desktop.remote('emitUpdate', 'update-downloaded', { version: '9.9.9' })
  expect(await callFromPage(page, 'updates.status', {})).toEqual({ kind: 'ready', version: '9.9.9' })
  expect(await desktop.recorded('Notification.show')).toMatchObject([{ args: [{ title: 'Routex 9.9.9 is ready' }] }])
  // The window may be gone before the answer comes.
  await callFromPage(page, 'updates.install', {}).catch(() => undefined)
  expect(await desktop.exited).toBe(0)
  const installed: unknown = JSON.parse(readFileSync(join(desktop.userData, 'installed.json'), 'utf8'))
  expect(installed).toEqual({ args: [true, true], isLocked: false })
  expect(await fetch(`${url ?? ''}/health`).catch(() => 'closed')).toBe('closed')
})

test('none is no news, and one that fails says why and can be tried again', async () => {
  const { desktop, page } = await openPackaged({
    'autoUpdater.checkForUpdates': { isUpdateAvailable: false, updateInfo: { version: '0.0.1' } }
  })
  expect(await callFromPage(page, 'updates.check', {})).toMatchObject({ kind: 'idle' })
  await desktop.remote('answer', 'autoUpdater.checkForUpdates', { error: 'net::ERR_INTERNET_DISCONNECTED' })
  expect(await callFromPage(page, 'updates.check', {})).toMatchObject({
    kind: 'failed',
    message: 'net::ERR_INTERNET_DISCONNECTED'
  })
  await desktop.remote('answer', 'autoUpdater.checkForUpdates', found)
  expect(await callFromPage(page, 'updates.check', {})).toMatchObject({ kind: 'downloading' })
})

test('one that is ready is told of only when the settings want it', async () => {
  const { desktop, page } = await openPackaged({ 'autoUpdater.checkForUpdates': found })
  await callFromPage(page, 'settings.update', { notifications: { updateReady: false } })
  await callFromPage(page, 'updates.check', {})
  await desktop.remote('emitUpdate', 'update-downloaded', { version: '9.9.9' })
  expect(await callFromPage(page, 'updates.status', {})).toMatchObject({ kind: 'ready' })
  expect(await desktop.recorded('Notification.show')).toEqual([])
})
