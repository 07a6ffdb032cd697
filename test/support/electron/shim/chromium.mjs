// The Chromium behind the windows, and the app's own URL schemes in it.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { userData } from './app.mjs'
import { record, recorder } from './record.mjs'

let browserPromise
export const browser = () =>
  (browserPromise ??= (async () => {
    const profile = path.join(userData, 'chromium')
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      viewport: null,
      headless: true,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--remote-debugging-port=0',
        '--window-size=1280,800'
      ]
    })
    record('shim.cdp', fs.readFileSync(path.join(profile, 'DevToolsActivePort'), 'utf8').split('\n')[0])
    await context.route(/^https:\/\/[^/]+\.app-shim\.invalid\//, async (route) => {
      const [, host, scheme, rest] = /^https:\/\/(.*)\.([^.]+)\.app-shim\.invalid(\/.*)$/.exec(route.request().url())
      const handler = schemes.get(scheme)
      if (!handler) return route.abort()
      const body = route.request().postDataBuffer()
      const request = new Request(`${scheme}://${host}${rest}`, {
        method: route.request().method(),
        ...(body && { body })
      })
      const response = await Promise.resolve(request)
        .then(handler)
        .catch(() => new Response(null, { status: 500 }))
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer())
      })
    })
    return context
  })())
/** app://host/x cannot be intercepted in a stock Chromium, so it becomes an https origin that is. */
export const toPageUrl = (url) => {
  const m = /^(?!https?:|file:|data:|about:)([a-z][a-z0-9+.-]*):\/\/([^/]*)(.*)$/.exec(url)
  return m ? `https://${m[2]}.${m[1]}.app-shim.invalid${m[3] || '/'}` : url
}

export const closeBrowser = async () =>
  browserPromise?.then(
    (context) => context.close(),
    () => {}
  )

const schemes = new Map()
export const protocol = recorder('protocol', {
  handle: (scheme, fn) => void schemes.set(scheme, fn),
  unhandle: (scheme) => void schemes.delete(scheme),
  isProtocolHandled: (s) => schemes.has(s)
})
/** As a request of the page for that URL, percent-encoding as it is. */
export const fetchScheme = async (url) => {
  const { status } = await schemes.get(new URL(url).protocol.slice(0, -1))({ url, method: 'GET' })
  return status
}
const mime = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2'
}
export const net = recorder('net', {
  isOnline: () => true,
  async fetch(input, init) {
    const url = String(input.url ?? input)
    if (!url.startsWith('file:')) return fetch(input, init)
    const file = fileURLToPath(url.split(/[?#]/)[0])
    if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) throw new Error('net::ERR_FILE_NOT_FOUND')
    return new Response(fs.readFileSync(file), {
      headers: { 'content-type': mime[path.extname(file)] ?? 'application/octet-stream' }
    })
  }
})
/** What the app set to decide over the web's permissions. */
export const permissions = {}
const remember = (name) => (handler) => void (permissions[name] = handler)
export const session = {
  defaultSession: recorder('session', {
    protocol,
    webRequest: recorder('webRequest'),
    setPermissionRequestHandler: remember('request'),
    setPermissionCheckHandler: remember('check'),
    setDevicePermissionHandler: remember('device')
  }),
  fromPartition: () => session.defaultSession
}
