import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app, dialog, Menu, powerMonitor, session } from 'electron'
import type { GatewayStatus } from '../shared/gateway-status'
import { createApp, type App } from './app'
import { curlLine } from './cli/curl-line'
import { exitCodeOf } from './cli/exit-code'
import { startText } from './cli/start-text'
import { isOurPage, registerAppScheme, serveAppProtocol } from './electron/app-protocol'
import { serveIpc } from './electron/ipc'
import { readLaunchOptions, type LaunchOptions } from './electron/launch-options'
import { denyPermissions } from './electron/lock-down'
import { MainWindow } from './electron/main-window'
import { offerFreePort } from './electron/port-offer'
import { openDesktopSecretBox } from './electron/secret-box'
import { stringsFor } from './electron/strings'
import { showTray } from './electron/tray'
import { openKeyFileSecretBox } from './storage/secrets/key-file-secret-box'
import { createLogger } from './telemetry/logger'
import { systemClock } from './telemetry/system-clock'

// This file is out/main/index.js when it runs.
const root = join(import.meta.dirname, '..', '..')
const out = join(root, 'out')
const logger = createLogger({ level: 'info', json: false })
/** `npm start` waits for this file to appear, and tells of a failure itself. */
const readyFile = process.env['ROUTEX_READY_FILE']
/** The page of `electron-vite dev`. */
const developmentUrl = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null)

registerAppScheme()
// Not awaited: Electron holds `ready` back until this module has been evaluated to its end.
begin().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  logger.error(`Routex cannot start: ${message}`)
  logger.flush()
  if (readyFile === undefined) dialog.showErrorBox(stringsFor(app.getLocale()).cannotStart, message)
  app.exit(exitCodeOf(error))
})

async function begin(): Promise<void> {
  const launch = readLaunchOptions(process.argv.slice(1))
  if (launch.dataDir !== null) app.setPath('userData', launch.dataDir)
  if (app.requestSingleInstanceLock()) {
    await start(launch)
    return
  }
  // The first one shows its window, which is all that a second start is for.
  markReady()
  app.quit()
}

async function start(launch: LaunchOptions): Promise<void> {
  await app.whenReady()
  const strings = stringsFor(app.getLocale())
  const routex = await openRoutex(launch)
  const { api, gateway } = routex
  const call = offerFreePort({ api, strings, portIsFixed: launch.overrides.port !== undefined })
  const setState = (state: GatewayStatus['state']): void => {
    call('gateway.setState', { state }).catch((error: unknown) => {
      logger.warn('the gateway could not be switched', { state, error })
      dialog.showErrorBox(strings.cannotChange, error instanceof Error ? error.message : String(error))
    })
  }

  serveAppProtocol(join(out, 'renderer'))
  denyPermissions(session.defaultSession)
  Menu.setApplicationMenu(applicationMenu())
  const tieEvents = serveIpc({
    api,
    call,
    isOurPage: (url) => isOurPage(url) || (developmentUrl !== null && url.startsWith(developmentUrl)),
    logger
  })
  const window = new MainWindow({
    preload: join(out, 'preload', 'index.cjs'),
    icon: join(root, 'resources', 'icon.png'),
    boundsFile: join(app.getPath('userData'), 'window.json'),
    developmentUrl,
    strings,
    logger,
    onCreated: tieEvents
  })
  const show = (): void => {
    window.show().catch((error: unknown) => logger.error('the window could not be shown', { error }))
  }
  const removeTray = showTray({
    api,
    gateway,
    clock: systemClock,
    logger,
    strings,
    iconDir: join(root, 'resources', 'tray'),
    templateIcons: process.platform === 'darwin',
    onOpen: show,
    onSetState: setState,
    onQuit: () => app.quit()
  })

  app.on('second-instance', show)
  app.on('activate', show)
  // The gateway lives in the tray; without a listener here, Electron would quit with the last window.
  app.on('window-all-closed', () => undefined)
  powerMonitor.on('resume', () => routex.networkChanged())
  stopBeforeQuit(async () => {
    window.close()
    await routex.stop()
    removeTray()
  })

  const isOn = await turnOn(routex)
  if (!launch.hidden || !isOn) await window.show()
  markReady()
  // Asked for again, now that there is a window: over a taken port this offers the next free one.
  if (!isOn) setState('on')
}

function openRoutex({ configPath, dataDir, overrides }: LaunchOptions): Promise<App> {
  return createApp({
    kind: 'desktop',
    dataDir: dataDir ?? app.getPath('userData'),
    overrides,
    configPath,
    env: process.env,
    uiRoot: null,
    managementToken: null,
    openSecretBox: (folder) => openDesktopSecretBox(() => openKeyFileSecretBox(folder)),
    workerUrl: pathToFileURL(join(out, 'main', 'log-worker.js')),
    version: app.getVersion(),
    clock: systemClock,
    logger
  })
}

async function turnOn(routex: App): Promise<boolean> {
  try {
    const { gateway, clientKey } = await routex.start()
    logger.info('the gateway listens', { url: gateway })
    tellTerminal(routex, gateway, clientKey)
    return true
  } catch (error) {
    logger.warn('the gateway could not be turned on', { error })
    return false
  }
}

/** A first request to paste, for whoever started it from a terminal. It holds a key, so it goes nowhere else. */
function tellTerminal({ config }: App, gateway: string, clientKey: string): void {
  if (readyFile === undefined && !process.stdout.isTTY) return
  const curl = curlLine(gateway, clientKey, config.enabledChannels(), process.platform)
  process.stdout.write(
    startText({ version: app.getVersion(), gateway, ui: null, managementToken: '', clientKey, curl })
  )
}

/** Quitting waits until requests in flight have ended and everything is written; quitting again meanwhile ends at once. */
function stopBeforeQuit(stop: () => Promise<void>): void {
  let phase: 'running' | 'stopping' | 'stopped' = 'running'
  app.on('before-quit', (event) => {
    if (phase === 'stopped') return
    event.preventDefault()
    if (phase === 'stopping') {
      app.exit(0)
      return
    }
    phase = 'stopping'
    stop()
      .catch((error: unknown) => logger.error('stopping failed', { error }))
      .finally(() => {
        phase = 'stopped'
        logger.flush()
        app.quit()
      })
  })
}

/** macOS has its menu bar; elsewhere the window has none, and copying works without. */
function applicationMenu() {
  if (process.platform !== 'darwin') return null
  return Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
}

function markReady(): void {
  if (readyFile !== undefined) writeFileSync(readyFile, '')
}
