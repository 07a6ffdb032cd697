import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { fileScope } from '../../support/file-scope'
import { addUpstream, callFromPage, openDesktop, type Desktop } from './open-desktop'

const atTheEnd = fileScope()
const ours = 'app://routex/index.html'

let desktop: Desktop
let page: Page
beforeAll(async () => {
  desktop = await openDesktop({}, atTheEnd)
  page = await desktop.page()
})

test('the page is isolated and sandboxed, without Node', async () => {
  const [created] = await desktop.recorded('BrowserWindow')
  expect(created?.args[0]).toMatchObject({
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true }
  })
  const present = await page.evaluate(() => ['require', 'process', 'module', 'Buffer'].filter((name) => name in window))
  expect(present).toEqual([])
  expect(await page.evaluate(() => Object.keys(window.routex ?? {}).sort())).toEqual([
    'call',
    'cancelExport',
    'on',
    'saveExport'
  ])
})

test('under its policy no inline script, no eval, no frame, no request and no script of another origin runs', async () => {
  const policy = await page.evaluate(async () => {
    const violated: string[] = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violated.push(effectiveDirective))
    const inline = document.createElement('script')
    inline.textContent = 'window.inlineRan = 1'
    const remote = document.createElement('script')
    remote.src = 'https://evil.example/x.js'
    const frame = document.createElement('iframe')
    frame.src = 'https://evil.example/'
    document.head.append(inline, remote)
    document.body.append(frame)
    // In a turn of its own: what the debugger runs itself is exempt.
    const evalRan = await new Promise((resolve) => {
      setTimeout(() => {
        try {
          resolve(eval('true'))
        } catch {
          resolve(false)
        }
      })
    })
    const fetched = await fetch('https://evil.example/').then(
      () => true,
      () => false
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    return { inlineRan: 'inlineRan' in window, evalRan, fetched, violated: [...new Set(violated)].sort() }
  })
  expect(policy).toEqual({
    inlineRan: false,
    evalRan: false,
    fetched: false,
    violated: ['connect-src', 'frame-src', 'script-src', 'script-src-elem']
  })
})

test('its protocol serves the files of the page, and nothing else', async () => {
  const statusOf = (url: string): Promise<number> => desktop.remote('fetchScheme', url)
  expect(await statusOf(ours)).toBe(200)
  expect(await statusOf('app://other/index.html')).toBe(404)
  expect(await statusOf('app://routex/..%2f..%2fpackage.json')).toBe(404)
  expect(await statusOf('app://routex/%2e%2e/main/index.js')).toBe(404)
  expect(await statusOf('app://routex/nothing.js')).toBe(404)
})

test('only the main frame of our page is heard, whatever it asks', async () => {
  const forbidden = { ok: false, error: { code: 'forbidden' } }
  const strangers = [
    { url: 'https://evil.example/', parent: null },
    { url: 'app://other/index.html', parent: null },
    { url: ours, parent: { url: ours } },
    null
  ]
  for (const frame of strangers) {
    expect(await desktop.remote('invokeFrom', frame, 'routex:call', 'gateway.status', {})).toMatchObject(forbidden)
    expect(await desktop.remote('invokeFrom', frame, 'routex:save-export', { format: 'csv' })).toMatchObject(forbidden)
  }
  expect(await desktop.recorded('dialog.showSaveDialog')).toEqual([])
  const mine = { url: ours, parent: null }
  expect(await desktop.remote('invokeFrom', mine, 'routex:call', 'gateway.status', {})).toMatchObject({ ok: true })
})

test('only the calls and events of the contract are let through, with arguments that are checked', async () => {
  const noSuchCall = 'window.routex.call("process.exit", {}).catch((error) => error.message)'
  expect(await page.evaluate(noSuchCall)).toContain('there is no call named process.exit')
  const noSuchEvent =
    '(() => { try { window.routex.on("secrets", () => {}) } catch (error) { return error.message } })()'
  expect(await page.evaluate(noSuchEvent)).toContain('there is no event named secrets')
  await expect(callFromPage(page, 'gateway.setState', { state: 'away' as 'off' })).rejects.toThrow('bad_arguments')
  const mine = { url: ours, parent: null }
  expect(await desktop.remote('invokeFrom', mine, 'routex:call', 'process.exit', {})).toMatchObject({
    ok: false,
    error: { code: 'not_found' }
  })
  expect(await desktop.remote('invokeFrom', mine, 'routex:call', { name: 'x' }, {})).toMatchObject({
    ok: false,
    error: { code: 'bad_arguments' }
  })
  expect(await desktop.remote('invokeFrom', mine, 'routex:save-export', { format: 'exe' })).toMatchObject({
    ok: false,
    error: { code: 'bad_arguments' }
  })
})

test('the window goes nowhere else and opens nothing but links of the list, outside', async () => {
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])
    expect(await desktop.remote('allows', event, 'https://evil.example/')).toBe(false)
  for (const url of [
    'https://evil.example/',
    'http://github.com/',
    'https://github.com.evil.example/',
    'file:///etc/passwd'
  ])
    expect(await desktop.remote('openFromPage', url)).toEqual({ action: 'deny' })
  expect(await desktop.recorded('shell.openExternal')).toEqual([])
  expect(await desktop.remote('openFromPage', 'https://github.com/')).toEqual({ action: 'deny' })
  expect(await desktop.recorded('shell.openExternal')).toMatchObject([{ args: ['https://github.com/'] }])
})

test('every permission of the web is denied but to write what the user copies', async () => {
  const denied = { request: false, check: false, device: false }
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'hid', 'usb'])
    expect(await desktop.remote('askPermission', permission)).toEqual(denied)
  expect(await desktop.remote('askPermission', 'clipboard-sanitized-write')).toMatchObject({
    request: true,
    check: true
  })
})

test('secrets rest in the keychain, and nowhere as they are', async () => {
  expect(await callFromPage(page, 'gateway.status', {})).toMatchObject({ secretStore: 'keychain' })
  expect(existsSync(join(desktop.userData, 'secret.key'))).toBe(false)
  await addUpstream(page, 'https://api.example')
  const files = readdirSync(desktop.userData).filter((name) => name.startsWith('routex.db'))
  expect(files).toContain('routex.db')
  for (const file of files) expect(readFileSync(join(desktop.userData, file)).includes('sk-test')).toBe(false)
})

test('where Linux has only its fixed password they rest in a key file', async () => {
  const without = await openDesktop({ answers: { 'safeStorage.getSelectedStorageBackend': 'basic_text' } })
  expect(await callFromPage(await without.page(), 'gateway.status', {})).toMatchObject({ secretStore: 'key-file' })
  expect(existsSync(join(without.userData, 'secret.key'))).toBe(true)
})
