import { ipcMain, type BrowserWindow, type WebContents } from 'electron'
import { events, type EventName } from '../../shared/contract'
import { ipc } from '../../shared/ipc'
import type { Stop } from '../../shared/ports'
import type { Api } from '../api/api'
import { ApiError } from '../api/api-error'
import type { IpcGuard } from './ipc-reply'

export interface IpcOptions {
  readonly api: Pick<Api, 'on'>
  /** Runs a call of the contract; the API validates its arguments. */
  readonly call: (name: string, params: unknown) => Promise<unknown>
  readonly guard: IpcGuard
}

/** Offers the contract to the page over IPC. Returns what ties a window's events to it. */
export function serveIpc({ api, call, guard }: IpcOptions): (window: BrowserWindow) => void {
  const subscriptions = new WeakMap<WebContents, Map<EventName, Stop>>()

  ipcMain.handle(ipc.call, (event, name: unknown, params: unknown) =>
    guard.reply(event, name, () => {
      if (typeof name !== 'string') throw new ApiError('bad_arguments', 'the name of a call must be text')
      return call(name, params)
    })
  )

  ipcMain.on(ipc.subscribe, (event, name: unknown, wanted: unknown) => {
    const open = subscriptions.get(event.sender)
    if (open === undefined || !guard.allows(event) || !isEventName(name)) return
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
