// Menus, tray, theme, keychain, notifications, dialogs: recorded, and answered as the test says.
import { EventEmitter } from 'node:events'
import { answers, later, record, recorder } from './record.mjs'
import { windows } from './windows.mjs'

class MenuStub {
  constructor(items = []) {
    this.items = items
  }
  popup() {
    record('Menu.popup')
  }
  append(item) {
    this.items.push(item)
  }
}
let applicationMenu = null
export const Menu = Object.assign(MenuStub, {
  buildFromTemplate: (template) =>
    new MenuStub(
      template.map((item) =>
        item.submenu && Array.isArray(item.submenu)
          ? { ...item, submenu: Menu.buildFromTemplate(item.submenu) }
          : { ...item }
      )
    ),
  setApplicationMenu: (menu) => void (applicationMenu = menu),
  getApplicationMenu: () => applicationMenu
})
export class MenuItem {
  constructor(options) {
    Object.assign(this, options)
  }
}
export const trays = []
export class Tray extends EventEmitter {
  constructor(image) {
    super()
    trays.push(this)
    record('Tray', image)
    return recorder('Tray', this)
  }
  setContextMenu(menu) {
    this.menu = menu
    record(
      'Tray.setContextMenu',
      menu?.items.map(({ label, type, enabled, checked }) => ({ label, type, enabled, checked }))
    )
  }
  destroy() {
    trays.splice(trays.indexOf(this), 1)
  }
}
const image = recorder('nativeImage', {
  isEmpty: () => true,
  getSize: () => ({ width: 0, height: 0 }),
  toPNG: () => Buffer.alloc(0)
})
Object.assign(image, { resize: () => image })
export const nativeImage = {
  createEmpty: () => image,
  createFromPath: (file) => (record('nativeImage.createFromPath', file), image),
  createFromBuffer: () => image,
  createFromDataURL: () => image
}
export const colorScheme = () => (nativeTheme.shouldUseDarkColors ? 'dark' : 'light')
export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false })
Object.defineProperty(nativeTheme, 'themeSource', {
  get: () => answers.themeSource ?? 'system',
  set(value) {
    answers.themeSource = value
    nativeTheme.shouldUseDarkColors = value === 'dark'
    record('nativeTheme.themeSource', value)
    for (const window of windows.values())
      void window.page.then((page) => page.emulateMedia({ colorScheme: colorScheme() }))
    nativeTheme.emit('updated')
  }
})
const encrypt = (text) => Buffer.from(`v10${Buffer.from(text).toString('base64')}`)
const decrypt = (buffer) => {
  if (!String(buffer).startsWith('v10')) throw new Error('Error while decrypting the ciphertext')
  return Buffer.from(String(buffer).slice(3), 'base64').toString()
}
export const safeStorage = {
  isEncryptionAvailable: () => answers['safeStorage.isEncryptionAvailable'] ?? true,
  isAsyncEncryptionAvailable: async () => safeStorage.isEncryptionAvailable(),
  getSelectedStorageBackend: () => answers['safeStorage.getSelectedStorageBackend'] ?? 'gnome_libsecret',
  encryptString: encrypt,
  decryptString: decrypt,
  encryptStringAsync: async (text) => encrypt(text),
  decryptStringAsync: async (buffer) => ({ result: decrypt(buffer), shouldReEncrypt: false })
}
export class Notification extends EventEmitter {
  static isSupported = () => true
  constructor(options) {
    super()
    this.options = options
  }
  show() {
    record('Notification.show', this.options)
  }
  close() {}
}
export const dialog = recorder(
  'dialog',
  Object.fromEntries(
    ['showMessageBox', 'showOpenDialog', 'showSaveDialog'].map((name) => [
      name,
      (...args) => later(record(`dialog.${name}`, args.at(-1)) ?? { canceled: true })
    ])
  )
)
export const shell = recorder('shell', {
  openExternal: (url) => later(void record('shell.openExternal', url)),
  openPath: (p) => later((record('shell.openPath', p), ''))
})
export const clipboard = recorder('clipboard')
export const screen = recorder('screen', {
  getPrimaryDisplay: () => ({ workArea: { x: 0, y: 0, width: 1280, height: 800 }, scaleFactor: 1 }),
  getAllDisplays: () => [screen.getPrimaryDisplay()]
})
export const powerMonitor = new EventEmitter()
export const globalShortcut = recorder('globalShortcut')
export const crashReporter = recorder('crashReporter')
export const autoUpdater = recorder('autoUpdater', new EventEmitter())
