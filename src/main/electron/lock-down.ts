import { shell, type Session, type WebContents } from 'electron'
import type { Logger } from '../../shared/ports'
import { presets } from '../../shared/presets'

/** Where the vendors that are offered let keys be made. */
const keyPages = presets
  .flatMap(({ keyPages: { global, china } }) => [global, china])
  .filter((page) => page !== undefined)
/** Origins that a link of ours may open in the user's browser. */
const externalOrigins: ReadonlySet<string> = new Set([
  'https://github.com',
  ...keyPages.map((page) => new URL(page).origin)
])

/** Keeps a window on our page: it goes nowhere else, opens no other, and embeds nothing. */
export function lockDown(contents: WebContents, logger: Logger): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowed(url)) {
      shell.openExternal(url).catch((error: unknown) => logger.warn('could not open a link', { error }))
    } else logger.warn('refused to open a link that is not on the list', { origin: URL.parse(url)?.origin })
    return { action: 'deny' }
  })
}

/** The page needs none of the web's permissions but to write what the user copies. */
export function denyPermissions(session: Session): void {
  const granted = (permission: string): boolean => permission === 'clipboard-sanitized-write'
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(granted(permission)))
  session.setPermissionCheckHandler((_contents, permission) => granted(permission))
  session.setDevicePermissionHandler(() => false)
}

function isAllowed(url: string): boolean {
  const origin = URL.parse(url)?.origin
  return origin !== undefined && externalOrigins.has(origin)
}
