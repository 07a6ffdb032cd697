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
/** Radio items between two separators are one group, as in Electron. */
const groupOf = (items, item) => {
  const at = items.indexOf(item)
  const from = items.findLastIndex((other, index) => index < at && other.type === 'separator') + 1
  const end = items.findIndex((other, index) => index > at && other.type === 'separator')
  return items.slice(from, end === -1 ? undefined : end).filter(({ type }) => type === 'radio')
}
/** What Electron does with a click before the app hears of it. */
export const clickItem = (menu, item, window) => {
  if (item.enabled === false) throw new Error(`the item ${item.label} is disabled`)
  if (item.type === 'checkbox') item.checked = !item.checked
  if (item.type === 'radio') for (const other of groupOf(menu.items, item)) other.checked = other === item
  return item.click?.(item, window)
}
/** The menu as the user sees it: a radio group without a checked item shows its first one checked. */
export const shownMenu = (menu) =>
  menu.items.map(({ label, type = 'normal', enabled = true, checked, submenu }, index) => ({
    ...(label !== undefined && { label }),
    ...(type !== 'normal' && { type }),
    ...(!enabled && { enabled }),
    ...(type === 'checkbox' && { checked: checked === true }),
    ...(type === 'radio' && {
      checked:
        checked === true ||
        groupOf(menu.items, menu.items[index]).every(
          (item, at) => !item.checked && (at > 0 || item === menu.items[index])
        )
    }),
    ...(submenu && { submenu: shownMenu(submenu) })
  }))
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
    record('Tray.setContextMenu', shownMenu(menu))
  }
  destroy() {
    trays.splice(trays.indexOf(this), 1)
  }
}
const imageOf = (source) => {
  const image = recorder('nativeImage', {
    isEmpty: () => source === '',
    getSize: () => ({ width: 0, height: 0 }),
    toPNG: () => Buffer.alloc(0),
    resize: () => image,
    /** How it is recorded where it is handed over. */
    toJSON: () => source
  })
  return image
}
export const nativeImage = {
  createEmpty: () => imageOf(''),
  createFromPath: (file) => imageOf(file),
  createFromBuffer: () => imageOf('buffer'),
  createFromDataURL: (url) => imageOf(url)
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
export const notifications = []
export class Notification extends EventEmitter {
  static isSupported = () => answers['Notification.isSupported'] ?? true
  constructor(options) {
    super()
    this.options = options
  }
  show() {
    notifications.push(this)
    record('Notification.show', this.options)
  }
  close() {
    this.emit('close')
  }
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
export const clipboard = recorder('clipboard', {
  writeText: (text) => later(void record('clipboard.writeText', text))
})
export const screen = recorder('screen', {
  getPrimaryDisplay: () => ({ workArea: { x: 0, y: 0, width: 1280, height: 800 }, scaleFactor: 1 }),
  getAllDisplays: () => [screen.getPrimaryDisplay()]
})
export const powerMonitor = new EventEmitter()
export const globalShortcut = recorder('globalShortcut')
export const crashReporter = recorder('crashReporter')
export const autoUpdater = recorder('autoUpdater', new EventEmitter())
