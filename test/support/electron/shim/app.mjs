// app: start, single instance, quit.
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { answers, cancellable, life, record, recorder } from './record.mjs'
import { closeBrowser } from './chromium.mjs'
import { BrowserWindow } from './windows.mjs'

export const userData = process.env.SHIM_USER_DATA ?? fs.mkdtempSync(path.join(os.tmpdir(), 'electron-shim-'))
fs.mkdirSync(userData, { recursive: true })
// Where electron-builder puts app-update.yml.
process.resourcesPath = userData
const lockFile = path.join(userData, 'SingletonLock')
class App extends EventEmitter {
  isPackaged = process.env.SHIM_PACKAGED === '1'
  name = 'routex'
  isReady = () => life.ready
  whenReady = () => (life.ready ? Promise.resolve() : new Promise((resolve) => this.once('ready', () => resolve())))
  getName = () => this.name
  getVersion = () => JSON.parse(fs.readFileSync('package.json', 'utf8')).version
  getAppPath = () => process.cwd()
  getLocale = () => answers['app.getLocale'] ?? 'en-US'
  getPath = (name) => (name === 'userData' ? userData : name === 'exe' ? process.execPath : path.join(userData, name))
  setPath = (...args) => record('app.setPath', ...args)
  getLoginItemSettings = () => ({ openAtLogin: false, ...answers['app.getLoginItemSettings'] })
  requestSingleInstanceLock(data) {
    try {
      const holder = Number(fs.readFileSync(lockFile, 'utf8'))
      process.kill(holder, 0) // throws when the holder is gone
      const note = path.join(userData, `second-${process.pid}.json`)
      fs.writeFileSync(`${note}.tmp`, JSON.stringify({ argv: process.argv, cwd: process.cwd(), data }))
      fs.renameSync(`${note}.tmp`, note)
      return false
    } catch {
      /* no live holder */
    }
    fs.writeFileSync(lockFile, String(process.pid))
    fs.watch(userData, (_type, file) => {
      const note = path.join(userData, file ?? '')
      if (!/^second-\d+\.json$/.test(file ?? '')) return
      try {
        const { argv, cwd, data: extra } = JSON.parse(fs.readFileSync(note, 'utf8'))
        fs.rmSync(note)
        this.emit('second-instance', {}, argv, cwd, extra)
      } catch {
        /* half written: another event follows */
      }
    }).unref()
    return true
  }
  hasSingleInstanceLock = () => fs.existsSync(lockFile)
  releaseSingleInstanceLock = () => fs.rmSync(lockFile, { force: true })
  quit() {
    if (life.quitting) return
    const event = cancellable()
    this.emit('before-quit', event)
    if (event.defaultPrevented) return
    life.quitting = true
    setImmediate(async () => {
      for (const window of BrowserWindow.getAllWindows()) if (!window.close()) return void (life.quitting = false)
      const will = cancellable()
      this.emit('will-quit', will)
      if (will.defaultPrevented) return void (life.quitting = false)
      this.emit('quit', {}, 0)
      await this.exit(0)
    })
  }
  async exit(code = 0) {
    if (fs.existsSync(lockFile) && fs.readFileSync(lockFile, 'utf8') === String(process.pid))
      this.releaseSingleInstanceLock()
    await closeBrowser()
    process.exit(code)
  }
}
export const app = recorder('app', new App())
