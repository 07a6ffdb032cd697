import { isAbsolute, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { net, protocol } from 'electron'

/** Where the page comes from: an origin of its own, which `file://` would not be. */
export const pageUrl = 'app://routex/index.html'

/** Nothing from elsewhere, nothing inline, no eval, and not even a fetch: the page's only way out is the preload. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer'
}

/** Must be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }
  ])
}

/** Serves the built page's files, and nothing outside their folder. */
export function serveAppProtocol(rendererDir: string): void {
  protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url)
    const file = join(rendererDir, decodeURIComponent(pathname))
    const inside = relative(rendererDir, file)
    if (host !== 'routex' || inside.startsWith('..') || isAbsolute(inside)) return new Response(null, { status: 404 })
    try {
      const found = await net.fetch(pathToFileURL(file).href)
      const merged = new Headers(found.headers)
      for (const [name, value] of Object.entries(headers)) merged.set(name, value)
      return new Response(found.body, { status: found.status, headers: merged })
    } catch {
      // net.fetch rejects for a file that is not there.
      return new Response(null, { status: 404 })
    }
  })
}

/** Whether a frame shows our page: the only one whose messages are heard. */
export function isOurPage(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed?.protocol === 'app:' && parsed.host === 'routex'
}
