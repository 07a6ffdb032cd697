// Test-only stand-in for `electron-updater`: it finds what the test lets it find.
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { app, userData } from './app.mjs'
import { answers, record } from './record.mjs'

class Updater extends EventEmitter {
  async checkForUpdates() {
    record('autoUpdater.checkForUpdates', { autoDownload: this.autoDownload })
    const found = answers['autoUpdater.checkForUpdates'] ?? null
    if (found === null) return null
    if (found.error) {
      const error = new Error(found.error)
      this.emit('error', error)
      throw error
    }
    this.emit(found.isUpdateAvailable ? 'update-available' : 'update-not-available', found.updateInfo)
    return found
  }
  quitAndInstall(...args) {
    // For the test to read after the end: what the installer would have met.
    const met = { args, isLocked: app.hasSingleInstanceLock() }
    fs.writeFileSync(path.join(userData, 'installed.json'), JSON.stringify(met))
    app.quit()
  }
}
export const autoUpdater = new Updater()
export default { autoUpdater }
