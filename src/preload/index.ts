/**
 * The bridge between the page and the main process, and the page's only way out. Threats: a script that got into the
 * page (it can only make calls of the contract, which are validated again in main), and a page that is not ours (main
 * checks the sender's frame). Nothing of Electron or Node is handed to the page.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type { CallName, EventName } from '../shared/contract'
import { ipc, type Bridge, type ExportProgress } from '../shared/ipc'

// Written out, so that the contract's schemas stay out of this bundle; the types make a missing name a build error.
const callNames: Readonly<Record<CallName, true>> = {
  'gateway.status': true,
  'gateway.setState': true,
  'gateway.inFlight': true,
  'gateway.sendSample': true,
  'channels.list': true,
  'channels.get': true,
  'channels.create': true,
  'channels.update': true,
  'channels.arrange': true,
  'channels.duplicate': true,
  'channels.delete': true,
  'channels.restore': true,
  'channels.deleteMany': true,
  'channels.restoreMany': true,
  'channels.test': true,
  'channels.tryOut': true,
  'channels.stopTest': true,
  'channels.models': true,
  'channels.balance': true,
  'channels.clearHealth': true,
  'budgets.list': true,
  'prices.status': true,
  'prices.update': true,
  'settings.get': true,
  'settings.update': true,
  'clientKeys.list': true,
  'clientKeys.create': true,
  'clientKeys.update': true,
  'clientKeys.reveal': true,
  'clientKeys.rotate': true,
  'clientKeys.revoke': true,
  'clients.list': true,
  'clients.preview': true,
  'clients.apply': true,
  'clients.restore': true,
  'clients.keep': true,
  'clients.verify': true,
  'clients.launch': true,
  'clients.env': true,
  'clients.snippets': true,
  'stats.overview': true,
  'stats.timeseries': true,
  'stats.cache': true,
  'stats.sessions': true,
  'stats.writer': true,
  'stats.process': true,
  'stats.health': true,
  'stats.healthHistory': true,
  'cache.clear': true,
  'storage.vacuum': true,
  'storage.previewRetention': true,
  'sessions.list': true,
  'sessions.clear': true,
  'sessions.move': true,
  'logs.query': true,
  'logs.count': true,
  'logs.get': true,
  'config.export': true,
  'config.preview': true,
  'config.import': true,
  'config.exportEncrypted': true,
  'config.previewEncrypted': true,
  'config.importEncrypted': true,
  'backups.list': true,
  'backups.create': true,
  'backups.preview': true,
  'backups.restore': true,
  'backups.delete': true,
  'imports.pending': true,
  'imports.scan': true,
  'imports.read': true,
  'imports.apply': true,
  'imports.accept': true,
  'imports.dismiss': true,
  'updates.status': true,
  'updates.check': true,
  'updates.install': true
}
const eventNames: Readonly<Record<EventName, true>> = {
  'request.finished': true,
  'inFlight.changed': true,
  'channel.changed': true,
  'health.changed': true,
  'budgets.changed': true,
  'settings.changed': true,
  'test.step': true,
  'stats.tick': true,
  'gateway.changed': true,
  'clients.changed': true,
  'imports.changed': true,
  'updates.changed': true
}

type Listener = (payload: unknown) => void
const listeners = new Map<string, Set<Listener>>()

ipcRenderer.on(ipc.event, (_event: IpcRendererEvent, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload)
})

/** Of the export under way; there is one at most. */
let onExportProgress: ((progress: ExportProgress) => void) | undefined
ipcRenderer.on(ipc.exportProgress, (_event: IpcRendererEvent, progress: ExportProgress) => onExportProgress?.(progress))

function stopListening(name: string, listener: Listener): void {
  const rest = listeners.get(name)
  if (rest?.delete(listener) !== true || rest.size > 0) return
  listeners.delete(name)
  ipcRenderer.send(ipc.subscribe, name, false)
}

const bridge: Bridge = {
  async call(name, params) {
    if (!Object.hasOwn(callNames, name)) throw new Error(`routex: there is no call named ${name}`)
    const reply: unknown = await ipcRenderer.invoke(ipc.call, name, params)
    return reply
  },
  on(name, listener) {
    if (!Object.hasOwn(eventNames, name)) throw new Error(`routex: there is no event named ${name}`)
    // A function of its own for each subscription, so that the same listener given twice is told twice and ended once.
    const own: Listener = (payload) => listener(payload)
    const present = listeners.get(name)
    if (present) present.add(own)
    else {
      listeners.set(name, new Set([own]))
      ipcRenderer.send(ipc.subscribe, name, true)
    }
    return () => stopListening(name, own)
  },
  async saveExport(params, onProgress) {
    onExportProgress ??= onProgress
    try {
      const reply: unknown = await ipcRenderer.invoke(ipc.saveExport, params)
      return reply
    } finally {
      if (onExportProgress === onProgress) onExportProgress = undefined
    }
  },
  cancelExport: () => ipcRenderer.send(ipc.cancelExport)
}

contextBridge.exposeInMainWorld('routex', bridge)
