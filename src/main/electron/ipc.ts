import { ipcMain, type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron'
import { events, type EventName } from '../../shared/contract'
import { ipc, type Reply } from '../../shared/ipc'
import type { Logger, Stop } from '../../shared/ports'
import type { Api } from '../api/api'
import { ApiError } from '../api/api-error'

export interface IpcOptions {
  readonly api: Pick<Api, 'on'>
  /** Runs a call of the contract; the API validates its arguments. */
  readonly call: (name: string, params: unknown) => Promise<unknown>
  readonly isOurPage: (url: string) => boolean
  readonly logger: Logger
}

/**
 * Offers the contract to the page over IPC. Only the main frame of our own page is heard: a frame that came in some other
 * way is refused, whatever it asks. Returns what ties a window's events to it.
 */
export function serveIpc({ api, call, isOurPage, logger }: IpcOptions): (window: BrowserWindow) => void {
  const isAllowed = ({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean =>
    senderFrame !== null && senderFrame.parent === null && isOurPage(senderFrame.url)

  const subscriptions = new WeakMap<WebContents, Map<EventName, Stop>>()

  ipcMain.handle(ipc.call, async (event, name: unknown, params: unknown): Promise<Reply> => {
    if (!isAllowed(event)) {
      logger.warn('refused a call from a foreign frame', { url: event.senderFrame?.url })
      return { ok: false, error: { code: 'forbidden', message: 'This page may not call Routex' } }
    }
    try {
      if (typeof name !== 'string') throw new ApiError('bad_arguments', 'the name of a call must be text')
      return { ok: true, result: await call(name, params) }
    } catch (error) {
      if (error instanceof ApiError) return { ok: false, error: error.toBody() }
      logger.error('a call failed', { name, error })
      return { ok: false, error: { code: 'internal', message: 'Routex failed at this; its log says why' } }
    }
  })

  ipcMain.on(ipc.subscribe, (event, name: unknown, wanted: unknown) => {
    const open = subscriptions.get(event.sender)
    if (open === undefined || !isAllowed(event) || !isEventName(name)) return
    open.get(name)?.()
    open.delete(name)
    if (wanted !== true) return
    open.set(
      name,
      api.on(name, (payload) => event.sender.send(ipc.event, name, payload))
    )
  })

  return ({ webContents }) => {
    const open = new Map<EventName, Stop>()
    subscriptions.set(webContents, open)
    const stopAll = (): void => {
      for (const stop of open.values()) stop()
      open.clear()
    }
    // A page that is gone or loaded anew subscribes again by itself.
    webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) stopAll()
    })
    webContents.on('render-process-gone', stopAll)
    webContents.on('destroyed', stopAll)
  }
}

function isEventName(name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(events, name)
}
