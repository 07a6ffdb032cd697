import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import type { ShellStrings } from './strings'

/**
 * macOS has its menu bar, whose *Quit* asks as the tray's does; elsewhere the window has no menu, and copying works
 * without.
 */
export function setApplicationMenu(strings: ShellStrings, onQuit: () => void): void {
  if (process.platform !== 'darwin') {
    Menu.setApplicationMenu(null)
    return
  }
  const appMenu: MenuItemConstructorOptions[] = [
    { role: 'about' },
    { type: 'separator' },
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    { type: 'separator' },
    { label: strings.quit, accelerator: 'Cmd+Q', click: onQuit }
  ]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([{ label: app.name, submenu: appMenu }, { role: 'editMenu' }, { role: 'windowMenu' }])
  )
}
