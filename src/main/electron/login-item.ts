import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { app } from 'electron'
import type { Settings } from '../../shared/settings'

type StartUp = Settings['startUp']

/**
 * What the freedesktop autostart specification reads at a login. Inside quotes a backslash, a quote, a dollar and a
 * backtick are escaped, and that backslash once more as the file's own rule wants it; a percent is doubled.
 */
function autostartEntry(program: string, { hidden }: StartUp): string {
  const quoted = program
    .replace(/["\\$`]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
  const lines = ['[Desktop Entry]', 'Type=Application', 'Name=Routex', `Exec="${quoted}"${hidden ? ' --hidden' : ''}`]
  return `${[...lines, 'X-GNOME-Autostart-enabled=true'].join('\n')}\n`
}

function autostartFile(): string {
  const folder = process.env['XDG_CONFIG_HOME'] ?? join(app.getPath('home'), '.config')
  return join(folder, 'autostart', 'routex.desktop')
}

/**
 * Has the system start Routex at a login, or no more. Only when it is packaged: out of the sources it would start Electron
 * itself. Electron knows no way on Linux, so the autostart file is written here. Rejects when it can't be.
 */
export async function applyStartUp(startUp: StartUp): Promise<void> {
  if (!app.isPackaged) return
  if (process.platform !== 'linux') {
    // macOS passes no arguments; there `wasStartedHidden` asks how it was started.
    app.setLoginItemSettings({ openAtLogin: startUp.atLogin, args: startUp.hidden ? ['--hidden'] : [] })
    return
  }
  const file = autostartFile()
  if (!startUp.atLogin) {
    await rm(file, { force: true })
    return
  }
  await mkdir(dirname(file), { recursive: true })
  // An AppImage runs from a folder that is gone after it.
  await writeFile(file, autostartEntry(process.env['APPIMAGE'] ?? process.execPath, startUp))
}

/** Whether macOS started it at a login and the user wants the tray alone then. */
export function wasStartedHidden({ hidden }: StartUp): boolean {
  return process.platform === 'darwin' && hidden && app.getLoginItemSettings().wasOpenedAtLogin
}
