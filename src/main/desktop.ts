import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { app, dialog, powerMonitor } from 'electron'
import type { GatewayStatus } from '../shared/gateway-status'
import type { Clock, Logger } from '../shared/ports'
import type { App } from './app'
import { isOurPage } from './electron/app-protocol'
import { followTheme } from './electron/appearance'
import { setApplicationMenu } from './electron/application-menu'
import { ClientWatch } from './electron/client-watch'
import { ChannelWatch } from './electron/channel-watch'
import type { DeepLinks } from './electron/deep-links'
import { serveIpc } from './electron/ipc'
import { IpcGuard } from './electron/ipc-reply'
import { LiveSettings } from './electron/live-settings'
import { applyStartUp, wasStartedHidden } from './electron/login-item'
import { MainWindow } from './electron/main-window'
import { watchNetwork } from './electron/network-watch'
import { notify, startNotifications } from './electron/notifications'
import { offerFreePort } from './electron/port-offer'
import { Quitting } from './electron/quitting'
import { serveExports } from './electron/save-export'
import type { SecondStarts } from './electron/second-starts'
import { ShellMemory } from './electron/shell-memory'
import { stringsFor, type ShellStrings } from './electron/strings'
import { AppTray } from './electron/tray'
import type { ReleaseUpdates } from './electron/updates'

export interface DesktopOptions {
  readonly routex: App
  /** null: this program doesn't update itself. */
  readonly updates: ReleaseUpdates | null
  readonly links: DeepLinks
  readonly secondStarts: SecondStarts
  /** The folder that holds `out` and `resources`. */
  readonly root: string
  /** The page of `electron-vite dev`; null in the product. */
  readonly developmentUrl: string | null
  /** The command line set the port for this run. */
  readonly portIsFixed: boolean
  readonly clock: Clock
  readonly logger: Logger & { flush(): void }
}

export interface Desktop {
  show(): Promise<void>
  setState(state: GatewayStatus['state']): void
  /** Started at a login by a system that passes no arguments. */
  readonly isStartedHidden: boolean
}

/** Builds the desktop around the core: window, tray, notifications, and what ties them to it. It ends with the program. */
export async function openDesktop(options: DesktopOptions): Promise<Desktop> {
  const { routex, updates, links, secondStarts, root, developmentUrl, portIsFixed, clock, logger } = options
  const { api, gateway } = routex
  const settings = await LiveSettings.open(api)
  const strings = (): ShellStrings => stringsFor(settings.settings.appearance.language, app.getLocale())
  const memory = new ShellMemory(join(app.getPath('userData'), 'shell.json'))
  const call = offerFreePort({ api, strings, portIsFixed })
  const channels = new ChannelWatch({ api, clock, logger })
  const clients = new ClientWatch({ api, clock, logger })

  const guard = new IpcGuard({
    isOurPage: (url) => isOurPage(url) || (developmentUrl !== null && url.startsWith(developmentUrl)),
    logger
  })
  const tieEvents = serveIpc({ api, call, guard })
  serveExports({ api, guard, strings, clock })
  followTheme(settings)
  const window = new MainWindow({
    preload: join(root, 'out', 'preload', 'index.cjs'),
    icon: join(root, 'resources', 'icon.png'),
    boundsFile: join(app.getPath('userData'), 'window.json'),
    developmentUrl,
    devTools: !app.isPackaged,
    strings,
    logger,
    onCreated: tieEvents,
    onHidden: () => tellThatItGoesOn()
  })
  const show = (place?: string): void => {
    window.show(place).catch((error: unknown) => logger.error('the window could not be shown', { error }))
  }
  const tellThatItGoesOn = (): void => {
    const { goesOn, goesOnHint } = strings()
    if (memory.value.closeNoteShown || !notify(goesOn, goesOnHint, () => show())) return
    try {
      memory.remember({ closeNoteShown: true })
    } catch (error) {
      logger.warn('could not keep that the note was shown', { error })
    }
  }

  const quitting = new Quitting({
    gateway,
    memory,
    strings,
    atQuit: () => settings.settings.clients.atQuit,
    logger,
    stop: () => stop(),
    abandon: () => routex.abandon()
  })
  const tray = new AppTray({
    api,
    gateway,
    channels,
    clients,
    settings,
    clock,
    logger,
    strings,
    iconDir: join(root, 'resources', 'tray'),
    templateIcons: process.platform === 'darwin',
    newMenuCloses: process.platform === 'linux',
    call,
    onOpen: show,
    onQuit: () => quitting.ask()
  })
  settings.follow(() => setApplicationMenu(strings(), () => quitting.ask()))
  settings.follow(({ startUp }) => {
    applyStartUp(startUp).catch((error: unknown) => logger.warn('the start at login could not be set', { error }))
  })
  const stops = [
    startNotifications({
      api,
      channels,
      settings,
      strings,
      clock,
      logger,
      onOpen: show
    }),
    watchNetwork({ clock, interfaces: () => networkInterfaces(), onChange: () => routex.networkChanged() }),
    updates?.start(
      () => settings.settings.updates.automatic,
      (install) => quitting.forUpdate(install)
    )
  ]
  const stop = async (): Promise<void> => {
    window.close()
    clients.stop()
    await routex.stop()
    for (const stopIt of stops) stopIt?.()
    channels.stop()
    settings.stop()
    tray.remove()
  }

  powerMonitor.on('resume', () => {
    routex.networkChanged()
    channels.read()
    clients.read()
    tray.refresh()
  })
  secondStarts.take(() => show())
  app.on('activate', () => show())
  // The gateway lives in the tray; without a listener here, Electron would quit with the last window.
  app.on('window-all-closed', () => undefined)
  links.take((link) => {
    routex.imports.request(link)
    show()
  })

  return {
    show: () => window.show(),
    setState: (state) => {
      call('gateway.setState', { state }).catch((error: unknown) => {
        logger.warn('the gateway could not be switched', { state, error })
        dialog.showErrorBox(strings().cannotChange, error instanceof Error ? error.message : String(error))
      })
    },
    isStartedHidden: wasStartedHidden(settings.settings.startUp)
  }
}
