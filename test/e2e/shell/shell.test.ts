import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startFakeUpstream } from '../../support/fake-upstream'
import { fileScope } from '../../support/file-scope'
import { json } from '../../support/scripts'
import { makeTempDir } from '../../support/temp-dir'
import { askGateway, callFromPage, gatewayOf, openDesktop, type Desktop } from './open-desktop'

const atTheEnd = fileScope()

describe('one desktop app', () => {
  let desktop: Desktop
  let page: Page
  beforeAll(async () => {
    desktop = await openDesktop({}, atTheEnd)
    page = await desktop.page()
  })

  test('the page runs sandboxed under a strict policy, and shows the gateway that runs beside it', async () => {
    await expect
      .poll(() => page.getByRole('button', { name: 'On', exact: true }).getAttribute('aria-pressed'))
      .toBe('true')
    const { url } = await callFromPage(page, 'gateway.status', {})
    await expect.poll(() => page.getByRole('group', { name: 'Endpoint' }).textContent()).toContain(url)
    expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined')
    const inlineRan = await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.inlineRan = 1'
      document.head.append(script)
      return 'inlineRan' in window
    })
    expect(inlineRan).toBe(false)
    expect(await desktop.recorded('shim.pageerror')).toEqual([])
  })

  test('a request through the gateway appears on the page', async () => {
    const { url, clientKey } = await gatewayOf(page)
    await page.getByText('No requests yet').waitFor()
    expect(await askGateway(url, clientKey)).toBe(200)
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toContain('Demo')
  })

  test("the tray's toggle closes and opens the listener, and the page follows", async () => {
    const { url } = await gatewayOf(page)
    await desktop.remote('clickTray', 'Gateway on')
    await expect.poll(() => fetch(`${url}/health`).catch(() => 'closed')).toBe('closed')
    await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('Off')
    await expect.poll(async () => (await desktop.recorded('Tray.setToolTip')).at(-1)?.args).toEqual(['Routex: Off'])
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

  test('only the main frame of our page is heard, and only with the calls and arguments of the contract', async () => {
    const ours = 'app://routex/index.html'
    const forbidden = { ok: false, error: { code: 'forbidden' } }
    const ask = (frame: unknown) => desktop.remote('invokeFrom', frame, 'routex:call', 'gateway.status', {})
    expect(await ask({ url: 'https://evil.example/', parent: null })).toMatchObject(forbidden)
    expect(await ask({ url: 'app://other/index.html', parent: null })).toMatchObject(forbidden)
    expect(await ask({ url: ours, parent: { url: ours } })).toMatchObject(forbidden)
    expect(await ask(null)).toMatchObject(forbidden)
    expect(await ask({ url: ours, parent: null })).toMatchObject({ ok: true, result: { state: 'on' } })

    const noSuchCall = 'window.routex.call("process.exit", {}).catch((error) => error.message)'
    expect(await page.evaluate(noSuchCall)).toContain('there is no call named process.exit')
    await expect(callFromPage(page, 'gateway.setState', { state: 'away' as 'off' })).rejects.toThrow('bad_arguments')
  })

  test('the window goes nowhere else and opens nothing but links of the list, outside', async () => {
    expect(await desktop.remote('allows', 'will-navigate', 'https://evil.example/')).toBe(false)
    expect(await desktop.remote('allows', 'will-attach-webview')).toBe(false)
    expect(await desktop.remote('openFromPage', 'https://evil.example/')).toEqual({ action: 'deny' })
    expect(await desktop.remote('openFromPage', 'file:///etc/passwd')).toEqual({ action: 'deny' })
    expect(await desktop.recorded('shell.openExternal')).toEqual([])
    expect(await desktop.remote('openFromPage', 'https://github.com/')).toEqual({ action: 'deny' })
    expect(await desktop.recorded('shell.openExternal')).toMatchObject([{ args: ['https://github.com/'] }])
  })

  test('secrets rest in the keychain', async () => {
    expect(await callFromPage(page, 'gateway.status', {})).toMatchObject({ secretStore: 'keychain' })
    expect(existsSync(join(desktop.userData, 'secret.key'))).toBe(false)
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
  await expect.poll(() => again.getByRole('row').nth(1).textContent()).toContain('Demo')
  const [created] = await second.recorded('BrowserWindow')
  expect(created?.args[0]).toMatchObject({ x: 40, y: 30, width: 1100, height: 700 })
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
  await page.getByRole('button', { name: 'On', exact: true }).click()
  await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('On')
  const { settings } = await callFromPage(page, 'settings.get', {})
  expect(settings.port).toBeGreaterThan(taken)
  expect((await callFromPage(page, 'gateway.status', {})).url).toBe(`http://127.0.0.1:${settings.port}`)
  const [offer] = await declined.recorded('dialog.showMessageBox')
  expect(offer?.args[0]).toMatchObject({ message: `Port ${taken} is taken` })
})

test('secrets rest in a key file where Linux has only its fixed password', async () => {
  const without = await openDesktop({ answers: { 'safeStorage.getSelectedStorageBackend': 'basic_text' } })
  expect(await callFromPage(await without.page(), 'gateway.status', {})).toMatchObject({ secretStore: 'key-file' })
  expect(existsSync(join(without.userData, 'secret.key'))).toBe(true)
})

test('B43 waking from sleep drops the pooled sockets', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(json(200, { id: 'm', type: 'message', role: 'assistant', content: [], stop_reason: 'end_turn' }))
  const desktop = await openDesktop()
  const page = await desktop.page()
  const { url, clientKey } = await gatewayOf(page)
  await callFromPage(page, 'channels.create', {
    name: 'upstream',
    protocol: 'anthropic',
    baseUrl: upstream.url,
    apiKey: 'sk-test'
  })
  await askGateway(url, clientKey)
  await askGateway(url, clientKey)
  expect(upstream.connections).toBe(1)
  await desktop.remote('emit', 'powerMonitor', 'resume')
  expect(await askGateway(url, clientKey)).toBe(200)
  expect(upstream.connections).toBe(2)
})
