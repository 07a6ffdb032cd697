import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startFakeUpstream } from '../../support/fake-upstream'
import { fileScope } from '../../support/file-scope'
import { json } from '../../support/scripts'
import { makeTempDir } from '../../support/temp-dir'
import { addUpstream, askGateway, callFromPage, gatewayOf, openDesktop, type Desktop } from './open-desktop'

const atTheEnd = fileScope()

describe('one desktop app', () => {
  let desktop: Desktop
  let page: Page
  beforeAll(async () => {
    desktop = await openDesktop({}, atTheEnd)
    page = await desktop.page()
  })

  test('the page shows the gateway that runs beside it, and a request that goes through it is in its log', async () => {
    const { url, clientKey } = await gatewayOf(page)
    await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain(new URL(url).host)
    expect(await askGateway(url, clientKey)).toBe(200)
    const { rows } = await callFromPage(page, 'logs.query', {})
    expect(rows).toMatchObject([{ channelName: 'Demo', status: 200 }])
    expect(await desktop.recorded('shim.pageerror')).toEqual([])
  })

  test("the tray's toggle closes and opens the listener, and the page follows", async () => {
    const { url } = await gatewayOf(page)
    await desktop.remote('clickTray', 'Gateway on')
    await expect.poll(() => fetch(`${url}/health`).catch(() => 'closed')).toBe('closed')
    await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('Off')
    const tip = async () => String((await desktop.recorded('Tray.setToolTip')).at(-1)?.args[0])
    await expect.poll(tip).toMatch(/^Routex: Off$/m)
    await desktop.remote('clickTray', 'Gateway on')
    await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('On')
    const again = await callFromPage(page, 'gateway.status', {})
    expect((await fetch(`${again.url ?? ''}/health`)).status).toBe(200)
  })

  test('closing the window hides it while the gateway goes on, and the tray opens it again', async () => {
    const { url, clientKey } = await gatewayOf(page)
    await desktop.remote('closeWindow')
    expect(await desktop.remote('windows')).toMatchObject([{ visible: false }])
    expect(await askGateway(url, clientKey)).toBe(200)
    await desktop.remote('clickTray', 'Open Routex')
    await expect.poll(() => desktop.remote('windows')).toMatchObject([{ visible: true }])
  })

  test("a second start shows the first's window and ends", async () => {
    const folder = await makeTempDir()
    await desktop.remote('closeWindow')
    const readyFile = join(folder, 'ready')
    const second = fork('out/main/index.js', [], {
      execArgv: ['--import', './test/support/electron/register.mjs'],
      env: { ...process.env, SHIM_USER_DATA: desktop.userData, ROUTEX_READY_FILE: readyFile }
    })
    expect((await once(second, 'exit'))[0]).toBe(0)
    expect(existsSync(readyFile)).toBe(true)
    await expect.poll(() => desktop.remote('windows')).toMatchObject([{ visible: true }])
  })

  test('a second start by the system at a login leaves the window hidden', async () => {
    await desktop.remote('closeWindow')
    await desktop.remote('emit', 'app', 'second-instance', ['routex', '--hidden'])
    expect(await desktop.remote('windows')).toMatchObject([{ visible: false }])
    await desktop.remote('emit', 'app', 'second-instance', ['routex'])
    await expect.poll(() => desktop.remote('windows')).toMatchObject([{ visible: true }])
  })

  test('the window and what is around it follow the theme and the language of the settings', async () => {
    await callFromPage(page, 'settings.update', { appearance: { theme: 'dark', language: 'zh-CN' } })
    expect((await desktop.recorded('nativeTheme.themeSource')).at(-1)?.args).toEqual(['dark'])
    expect((await desktop.recorded('BrowserWindow.setBackgroundColor')).at(-1)?.args).toEqual(['#111316'])
    await expect.poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true)
    await expect.poll(() => desktop.remote('trayMenu')).toContainEqual({ label: '打开 Routex' })
    await callFromPage(page, 'settings.update', { appearance: { theme: 'system', language: 'system' } })
    await expect.poll(() => desktop.remote('trayMenu')).toContainEqual({ label: 'Open Routex' })
  })

  test('a crashed window is told, and the gateway goes on', async () => {
    const { url, clientKey } = await gatewayOf(page)
    await desktop.remote('answer', 'dialog.showMessageBox', { response: 1 })
    await desktop.remote('allows', 'render-process-gone', { reason: 'crashed' })
    await expect.poll(() => desktop.remote('windows')).toEqual([])
    expect((await desktop.recorded('dialog.showMessageBox'))[0]?.args[0]).toMatchObject({
      message: 'The window crashed'
    })
    expect(await askGateway(url, clientKey)).toBe(200)
    await desktop.remote('clickTray', 'Open Routex')
    await expect.poll(() => desktop.remote('windows')).toMatchObject([{ visible: true }])
  })
})

test('the first time that the window is closed, and never again, a note says that Routex goes on', async () => {
  const userData = await makeTempDir()
  const desktop = await openDesktop({ userData })
  await desktop.page()
  await desktop.remote('closeWindow')
  const shown = await desktop.recorded('Notification.show')
  expect(shown).toMatchObject([{ args: [{ title: 'Routex goes on in the tray' }] }])
  await desktop.remote('clickNotification', 0)
  await expect.poll(() => desktop.remote('windows')).toMatchObject([{ visible: true }])
  await desktop.remote('closeWindow')
  expect(await desktop.recorded('Notification.show')).toHaveLength(1)
  expect(JSON.parse(readFileSync(join(userData, 'shell.json'), 'utf8'))).toMatchObject({ closeNoteShown: true })
})

test('quitting says what it means; cancelled, all goes on, and it asks no more when told so', async () => {
  const userData = await makeTempDir()
  const first = await openDesktop({ userData, answers: { 'dialog.showMessageBox': { response: 1 } } })
  const { url } = await gatewayOf(await first.page())
  await first.remote('clickTray', 'Quit Routex')
  await expect.poll(() => first.recorded('dialog.showMessageBox')).toHaveLength(1)
  const [question] = await first.recorded('dialog.showMessageBox')
  expect(question?.args[0]).toMatchObject({
    message: 'Quit Routex?',
    detail: 'Clients that are pointed at Routex can’t connect until it runs again.',
    buttons: ['Quit', 'Cancel'],
    checkboxLabel: 'Don’t ask again'
  })
  expect((await fetch(`${url}/health`)).status).toBe(200)
  await first.remote('answer', 'dialog.showMessageBox', { response: 0, checkboxChecked: true })
  await first.remote('clickTray', 'Quit Routex')
  expect(await first.exited).toBe(0)

  const second = await openDesktop({ userData, answers: { 'dialog.showMessageBox': { response: 1 } } })
  await second.page()
  await second.remote('clickTray', 'Quit Routex')
  expect(await second.exited).toBe(0)
})

test('a gateway that is off is missed by nobody, so quitting does not ask', async () => {
  const desktop = await openDesktop({ answers: { 'dialog.showMessageBox': { response: 1 } } })
  await callFromPage(await desktop.page(), 'gateway.setState', { state: 'off' })
  await desktop.remote('clickTray', 'Quit Routex')
  expect(await desktop.exited).toBe(0)
})

test('a request that is in flight when it quits still gets its answer', async () => {
  const upstream = await startFakeUpstream()
  const body = { id: 'm', type: 'message', role: 'assistant', content: [], stop_reason: 'end_turn' }
  const asked = Promise.withResolvers<undefined>()
  const mayAnswer = Promise.withResolvers<undefined>()
  upstream.always(async (exchange) => {
    asked.resolve(undefined)
    await mayAnswer.promise
    await json(200, body)(exchange)
  })
  const desktop = await openDesktop()
  const page = await desktop.page()
  const { url, clientKey } = await gatewayOf(page)
  await addUpstream(page, upstream.url)
  const answer = askGateway(url, clientKey)
  await asked.promise
  await desktop.remote('clickTray', 'Quit Routex')
  await expect
    .poll(() =>
      fetch(`${url}/health`).then(
        ({ status }) => status,
        () => 'closed'
      )
    )
    .toBe('closed')
  mayAnswer.resolve(undefined)
  expect(await answer).toBe(200)
  expect(await desktop.exited).toBe(0)
})

test('quitting flushes and keeps the place of the window; the next start has both', async () => {
  const userData = await makeTempDir()
  const first = await openDesktop({ userData })
  const page = await first.page()
  const { url, clientKey } = await gatewayOf(page)
  await first.remote('moveWindow', { x: 40, y: 30, width: 1100, height: 700 })
  await askGateway(url, clientKey)
  await first.remote('clickTray', 'Quit Routex')
  expect(await first.exited).toBe(0)

  const second = await openDesktop({ userData })
  const again = await second.page()
  expect((await callFromPage(again, 'logs.query', {})).rows).toMatchObject([{ channelName: 'Demo' }])
  const [created] = await second.recorded('BrowserWindow')
  expect(created?.args[0]).toMatchObject({ x: 40, y: 30, width: 1100, height: 700 })
})

test('a second start that comes while a hidden one is still opening shows the window', async () => {
  const userData = await makeTempDir()
  const desktop = await openDesktop({ userData, args: ['--hidden', '--port', '0'] })
  await expect.poll(() => existsSync(join(userData, 'SingletonLock')), { interval: 5 }).toBe(true)
  expect(await desktop.recorded('Tray.setToolTip')).toEqual([])
  await desktop.remote('emit', 'app', 'second-instance', ['routex'])
  const page = await desktop.page()
  await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('On')
})

test('started hidden it opens no window, and is ready all the same', async () => {
  const readyFile = join(await makeTempDir(), 'ready')
  const desktop = await openDesktop({ args: ['--hidden', '--port', '0'], env: { ROUTEX_READY_FILE: readyFile } })
  await expect.poll(() => existsSync(readyFile)).toBe(true)
  expect(await desktop.remote('windows')).toEqual([])
  await desktop.remote('clickTray', 'Open Routex')
  const page = await desktop.page()
  await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('On')
})

test.each([
  ['--port', 'http'],
  ['--config', '/nowhere/routex.json']
])('what can not be had from the command line ends it with 2: %s %s', async (...args) => {
  const desktop = await openDesktop({ args })
  expect(await desktop.exited).toBe(2)
})

test('B42 over a taken port the next free one is offered; accepted, it is kept', async () => {
  const blocker = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void blocker.close())
  await once(blocker, 'listening')
  const taken = (blocker.address() as AddressInfo).port

  const userData = await makeTempDir()
  const first = await openDesktop({ userData })
  await callFromPage(await first.page(), 'settings.update', { port: taken })
  await first.remote('clickTray', 'Quit Routex')
  await first.exited

  const declined = await openDesktop({ userData, args: [], answers: { 'dialog.showMessageBox': { response: 1 } } })
  const page = await declined.page()
  await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('Off')
  await expect.poll(() => declined.recorded('dialog.showMessageBox')).toHaveLength(1)
  await declined.remote('answer', 'dialog.showMessageBox', { response: 0 })
  await callFromPage(page, 'gateway.setState', { state: 'on' })
  await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('On')
  const { settings } = await callFromPage(page, 'settings.get', {})
  expect(settings.port).toBeGreaterThan(taken)
  expect((await callFromPage(page, 'gateway.status', {})).url).toBe(`http://127.0.0.1:${settings.port}`)
  const [offer] = await declined.recorded('dialog.showMessageBox')
  expect(offer?.args[0]).toMatchObject({ message: `Port ${taken} is taken` })
})

test('B43 waking from sleep and a changed network drop the pooled sockets', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(json(200, { id: 'm', type: 'message', role: 'assistant', content: [], stop_reason: 'end_turn' }))
  const desktop = await openDesktop()
  const page = await desktop.page()
  const { url, clientKey } = await gatewayOf(page)
  await addUpstream(page, upstream.url)
  const connectionsAfterAsking = async (): Promise<number> => {
    expect(await askGateway(url, clientKey)).toBe(200)
    return upstream.connections
  }
  await connectionsAfterAsking()
  expect(await connectionsAfterAsking()).toBe(1)
  await desktop.remote('emit', 'powerMonitor', 'resume')
  expect(await connectionsAfterAsking()).toBe(2)
  expect(await connectionsAfterAsking()).toBe(2)
  await desktop.remote('setNetwork', { wlan0: [{ address: '192.168.77.5', family: 'IPv4', internal: false }] })
  await expect.poll(connectionsAfterAsking, { interval: 500 }).toBe(3)
  const { channels } = await callFromPage(page, 'stats.health', {})
  expect(channels.filter(({ enabled }) => enabled)).toMatchObject([{ state: 'closed', failures: 0 }])
})
