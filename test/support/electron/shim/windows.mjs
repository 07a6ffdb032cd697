// Windows as pages of Chromium, and IPC between them and the main process.
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { app } from './app.mjs'
import { browser, session, toPageUrl } from './chromium.mjs'
import { colorScheme } from './desktop.mjs'
import { preloadHost } from './preload-host.mjs'
import { cancellable, life, record, recorder } from './record.mjs'

export const windows = new Map()
let nextId = 0
export const handlers = new Map()
export const ipcMain = Object.assign(new EventEmitter(), {
  handle(channel, fn) {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, fn)
  },
  handleOnce: (channel, fn) => handlers.set(channel, (...a) => (handlers.delete(channel), fn(...a))),
  removeHandler: (channel) => handlers.delete(channel)
})
class WebContents extends EventEmitter {
  constructor(window) {
    super()
    this.window = window
    this.id = window.id
    this.session = session.defaultSession
  }
  get mainFrame() {
    return { url: this.getURL(), parent: null }
  }
  getURL = () => this.window.url
  isDestroyed = () => this.window.isDestroyed()
  isLoading = () => !this.window.loaded
  reload() {
    void this.window.page.then((page) => page.reload()).catch(() => {})
  }
  send(channel, ...args) {
    const copy = structuredClone(args)
    void this.window.page
      .then((page) => page.evaluate(([c, a]) => globalThis.__shimEmit?.(c, a), [channel, copy]))
      .catch(() => {})
  }
  executeJavaScript = async (code) => (await this.window.page).evaluate(code)
  setWindowOpenHandler(fn) {
    this.openHandler = fn
  }
}
export class BrowserWindow extends EventEmitter {
  static getAllWindows = () => [...windows.values()]
  static getFocusedWindow = () => [...windows.values()].find((w) => w.visible) ?? null
  static fromWebContents = (contents) => contents.window
  static fromId = (id) => windows.get(id) ?? null
  constructor(options = {}) {
    super()
    this.id = ++nextId
    this.options = options
    this.visible = options.show !== false
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 }
    this.url = ''
    this.webContents = recorder('webContents', new WebContents(this))
    windows.set(this.id, this)
    record('BrowserWindow', options)
    this.page = this.#open(options.webPreferences ?? {})
    this.page.catch((error) => {
      console.error(error)
      process.exitCode = 1
    })
    return recorder('BrowserWindow', this)
  }
  async #open({ preload, additionalArguments = [], sandbox = true, contextIsolation = true, nodeIntegration = false }) {
    if (nodeIntegration || !contextIsolation || !sandbox)
      throw new Error('the stand-in only does sandboxed, isolated windows')
    const context = await browser()
    const page = await context.newPage()
    await page.setViewportSize({ width: this.bounds.width, height: this.bounds.height })
    await page.emulateMedia({ colorScheme: colorScheme() })
    const event = () => ({
      sender: this.webContents,
      senderFrame: this.webContents.mainFrame,
      reply: (c, ...a) => this.webContents.send(c, ...a)
    })
    await page.exposeFunction('__shimSend', (channel, args) => void ipcMain.emit(channel, event(), ...args))
    await page.exposeFunction('__shimInvoke', async (channel, args) => {
      try {
        const handler = handlers.get(channel)
        if (!handler) throw new Error(`No handler registered for '${channel}'`)
        return { value: structuredClone(await handler(event(), ...args)) }
      } catch (error) {
        return { error: `Error invoking remote method '${channel}': ${error}` }
      }
    })
    if (preload)
      await page.addInitScript(
        `(${preloadHost})(function (require, module, exports, process) {\n${fs.readFileSync(preload, 'utf8')}\n}, ${JSON.stringify(additionalArguments)})`
      )
    page.on('console', (message) =>
      this.webContents.emit('console-message', { level: message.type(), message: message.text() })
    )
    page.on('pageerror', (error) => record('shim.pageerror', String(error)))
    page.on('crash', () => this.webContents.emit('render-process-gone', {}, { reason: 'crashed' }))
    page.on('popup', async (popup) => {
      const decision = this.webContents.openHandler?.({ url: popup.url() }) ?? { action: 'allow' }
      if (decision.action === 'deny') await popup.close()
    })
    return page
  }
  async loadURL(url) {
    const page = await this.page
    this.url = url
    await page.goto(toPageUrl(url))
    this.loaded = true
    this.webContents.emit('did-finish-load')
    this.emit('ready-to-show')
  }
  loadFile = (file) => this.loadURL(new URL(`file://${path.resolve(file)}`).href)
  show() {
    this.visible = true
    record('BrowserWindow.show', this.id)
    this.emit('show')
  }
  hide() {
    this.visible = false
    record('BrowserWindow.hide', this.id)
    this.emit('hide')
  }
  focus() {
    this.visible = true
    record('BrowserWindow.focus', this.id)
    this.emit('focus')
  }
  isVisible = () => this.visible
  isMinimized = () => false
  isMaximized = () => false
  isDestroyed = () => !windows.has(this.id)
  getBounds = () => ({ ...this.bounds })
  getNormalBounds = () => ({ ...this.bounds })
  setBounds(bounds) {
    Object.assign(this.bounds, bounds)
    void this.page.then((page) => page.setViewportSize({ width: this.bounds.width, height: this.bounds.height }))
  }
  close() {
    const event = cancellable()
    this.emit('close', event)
    if (event.defaultPrevented) return false
    this.destroy()
    return true
  }
  destroy() {
    if (!windows.delete(this.id)) return
    void this.page.then(
      (page) => page.close(),
      () => {}
    )
    this.emit('closed')
    if (windows.size === 0 && !life.quitting) setImmediate(() => app.emit('window-all-closed') || app.quit())
  }
}
