import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app, dialog, session } from 'electron'
import { createApp, type App } from './app'
import { clientCommands } from './cli/client-commands'
import { isClientCommand } from './cli/commands'
import { curlLine } from './cli/curl-line'
import { EXIT, exitCodeOf } from './cli/exit-code'
import { startText } from './cli/start-text'
import { openDesktop } from './desktop'
import { registerAppScheme, serveAppProtocol } from './electron/app-protocol'
import { DeepLinks } from './electron/deep-links'
import { readLaunchOptions, type LaunchOptions } from './electron/launch-options'
import { denyPermissions } from './electron/lock-down'
import { SecondStarts } from './electron/second-starts'
import { openDesktopSecretBox } from './electron/secret-box'
import { stringsFor } from './electron/strings'
import { canUpdate, loadUpdater, ReleaseUpdates } from './electron/updates'
import { openKeyFileSecretBox } from './storage/secrets/key-file-secret-box'
import { createLogger } from './telemetry/logger'
import { systemClock } from './telemetry/system-clock'

// This file is out/main/index.js when it runs.
const root = join(import.meta.dirname, '..', '..')
const logger = createLogger({ level: 'info', json: false })
/** `npm start` waits for this file to appear, and tells of a failure itself. */
const readyFile = process.env['ROUTEX_READY_FILE']

/** Without the program's own name, and the switch that some systems need to start it at all. */
const words = process.argv.slice(app.isPackaged ? 1 : 2).filter((word) => word !== '--no-sandbox')

registerAppScheme()
// Not awaited: Electron holds `ready` back until this module has been evaluated to its end.
const begun = isClientCommand(words) ? askRunningApp() : begin()
begun.catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  logger.error(`Routex cannot start: ${message}`)
  logger.flush()
  if (readyFile === undefined) dialog.showErrorBox(stringsFor('system', app.getLocale()).cannotStart, message)
  app.exit(exitCodeOf(error))
})

/** The command line of the app that runs: this process shows nothing and takes no lock. */
async function askRunningApp(): Promise<void> {
  if (process.platform === 'darwin') app.dock?.hide()
  try {
    app.exit(await clientCommands(words))
  } catch (error) {
    logger.error('the command failed', { error })
    logger.flush()
    app.exit(EXIT.failed)
  }
}

async function begin(): Promise<void> {
  const launch = readLaunchOptions(process.argv.slice(1))
  if (launch.dataDir !== null) app.setPath('userData', launch.dataDir)
  // Windows shows notifications only of a program that says who it is.
  app.setAppUserModelId('app.routex.desktop')
  if (app.requestSingleInstanceLock()) {
    await start(launch, new DeepLinks(process.argv.slice(1)), new SecondStarts())
    return
  }
  // The first one shows its window and takes the link, which is all that a second start is for.
  markReady()
  app.quit()
}

async function start(launch: LaunchOptions, links: DeepLinks, secondStarts: SecondStarts): Promise<void> {
  await app.whenReady()
  serveAppProtocol(join(root, 'out', 'renderer'))
  denyPermissions(session.defaultSession)
  const updates = canUpdate() ? new ReleaseUpdates({ clock: systemClock, logger, load: loadUpdater }) : null
  const routex = await openRoutex(launch, updates)
  const desktop = await openDesktop({
    routex,
    updates,
    links,
    secondStarts,
    root,
    developmentUrl: app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null),
    portIsFixed: launch.overrides.port !== undefined,
    clock: systemClock,
    logger
  })
  const isOn = await turnOn(routex)
  const isHidden = launch.hidden || desktop.isStartedHidden
  if (!isHidden || !isOn) await desktop.show()
  markReady()
  // Asked for again, now that there is a window: over a taken port this offers the next free one.
  if (!isOn) desktop.setState('on')
}

function openRoutex({ configPath, dataDir, overrides }: LaunchOptions, updates: ReleaseUpdates | null): Promise<App> {
  return createApp({
    kind: 'desktop',
    dataDir: dataDir ?? app.getPath('userData'),
    overrides,
    configPath,
    env: process.env,
    uiRoot: null,
    managementToken: null,
    openSecretBox: (folder) => openDesktopSecretBox(() => openKeyFileSecretBox(folder, logger)),
    workerUrl: pathToFileURL(join(root, 'out', 'main', 'log-worker.js')),
    tokenWorkerUrl: pathToFileURL(join(root, 'out', 'main', 'token-worker.js')),
    version: app.getVersion(),
    clock: systemClock,
    logger,
    ...(updates && { updates })
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

function markReady(): void {
  if (readyFile !== undefined) writeFileSync(readyFile, '')
}
