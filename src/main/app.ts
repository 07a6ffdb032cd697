import { randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import type { FileConfig } from '../shared/config-file'
import type { Clock, Logger } from '../shared/ports'
import type { Problem } from '../shared/validation'
import { createApi, type Api } from './api/api'
import type { Address, Gateway } from './api/gateway'
import { PendingImports } from './api/imports'
import { pointsAtUs } from './api/loop-check'
import { noUpdates, type Updates } from './api/updates'
import { demoChannels } from './channels/demo'
import { HealthBoard } from './channels/health-board'
import { Selector } from './channels/selector'
import { SessionAffinity } from './channels/session-affinity'
import { StateHolders } from './channels/state-holders'
import { checkFile } from './check-file'
import { Closing } from './closing'
import { createListener } from './http/listener'
import { openTransport } from './http/transport'
import { createHttpSurface } from './http-surface'
import { Activity } from './proxy/activity'
import type { ProxyDependencies } from './proxy/dependencies'
import type { ConfigReader } from './proxy/ports'
import { Ticker } from './proxy/ticker'
import { RunningGateway } from './running-gateway'
import { ConfigFileError } from './storage/config-file/config-file-error'
import type { Environment } from './storage/config-file/fill-in-variables'
import { loadConfigFile } from './storage/config-file/read-config-file'
import { watchConfigFile } from './storage/config-file/watch-config-file'
import { openConfigStore } from './storage/config/config-store'
import { lockDataFolder } from './storage/data-folder-lock'
import { openLogStore } from './storage/logs/log-store'
import type { SecretBox } from './storage/ports'
import { ProcessMonitor } from './telemetry/process-monitor'

/** How long requests in flight may go on when the gateway is turned off or the program stops, ms. */
const GRACE_MS = 10_000

export interface AppOptions {
  readonly kind: 'desktop' | 'headless'
  readonly dataDir: string
  /** From the command line; they win over the settings. */
  readonly overrides: { readonly host?: string; readonly port?: number }
  readonly configPath: string | null
  readonly env: Environment
  /** Where other programs' files are looked for; the user's home folder unless given. */
  readonly home?: string
  /** null: no UI is served over HTTP. */
  readonly uiRoot: string | null
  /** null: no management API over HTTP. */
  readonly managementToken: string | null
  readonly openSecretBox: (dataDir: string) => Promise<SecretBox>
  /** The built log-worker.js. */
  readonly workerUrl: URL
  readonly version: string
  /** What updates the program; without it, it doesn't update itself. */
  readonly updates?: Updates
  readonly clock: Clock
  readonly logger: Logger
}

/** Routex as its shells see it. */
export interface App {
  readonly api: Api
  readonly gateway: Gateway
  readonly config: ConfigReader
  readonly imports: {
    /** Takes a `routex://import` link, to be shown to the user. Never throws: what is wrong with it is shown too. */
    request(url: string): void
  }
  /**
   * Turns the gateway on. Rejects with ListenError when the port can't be had; the API answers all the same, and the
   * gateway can be turned on later.
   */
  start(): Promise<{ readonly gateway: string; readonly clientKey: string }>
  /** B43: after sleep or a change of network, sockets that may be dead are dropped. */
  networkChanged(): void
  /** Stops accepting, lets requests in flight end (`graceMs`, 10 s unless given), flushes, and gives the data folder free. */
  stop(graceMs?: number): Promise<void>
}

/**
 * Builds Routex from its parts; nothing listens yet.
 * @throws StorageError (`data_folder_owned`, `config_damaged`…), ConfigFileError
 */
export async function createApp(options: AppOptions): Promise<App> {
  const closing = new Closing()
  try {
    return await compose(options, closing)
  } catch (error) {
    await closing.close()
    throw error
  }
}

async function compose(options: AppOptions, closing: Closing): Promise<App> {
  const { clock, configPath, dataDir, env, kind, logger, overrides, version, workerUrl } = options
  const file = configPath === null ? null : await loadConfigFile(configPath, env)
  const lock = await lockDataFolder(dataDir, { kind, since: clock.now() })
  closing.add(() => lock.release())
  const secretBox = await options.openSecretBox(dataDir)
  const config = await openConfigStore({ dir: dataDir, secretBox, clock, logger, demoChannels })
  closing.add(() => config.close())
  const wanted = (): Address => {
    const { host, port } = config.settings()
    return { host: overrides.host ?? host, port: overrides.port ?? port }
  }
  const check = (candidate: FileConfig): readonly Problem[] => checkFile(candidate, config.settings(), overrides)
  if (configPath !== null && file !== null) {
    const problems = check(file)
    if (problems.length > 0) throw new ConfigFileError(configPath, problems)
    config.applyFile(file)
  }
  const { retention } = config.settings()
  const logs = await openLogStore({ dir: dataDir, workerUrl, retention, clock, logger })
  closing.add(() => logs.close())

  const transport = await openTransport(env)
  closing.add(() => transport.close())
  const affinity = new SessionAffinity(clock)
  closing.add(() => affinity.destroy())
  const ticker = new Ticker(clock)
  closing.add(() => ticker.destroy())
  const health = new HealthBoard(clock)
  const activity = new Activity()
  const pointsHere = (channel: { readonly baseUrl: string }): boolean =>
    pointsAtUs(channel.baseUrl, gateway.addresses())
  const selector = new Selector({ clock, board: health, affinity, pointsHere })
  const parts: ProxyDependencies = {
    config,
    selector,
    stateHolders: new StateHolders(),
    transport,
    log: logs,
    activity,
    ticker,
    clock,
    logger,
    instance: `1.1 routex-${randomBytes(6).toString('hex')}`,
    isPaused: () => gateway.isPaused,
    pausedUntil: () => gateway.status().pausedUntil
  }

  const listener = createListener({
    handle: (request, response, host) => surface.handle(request, response, host),
    onStopping: () => surface.stop(),
    clock,
    logger
  })
  const gateway = new RunningGateway({
    listener,
    activity,
    wanted,
    version,
    secretStore: secretBox.kind,
    startedAt: clock.now(),
    canTurnOff: kind === 'desktop',
    graceMs: GRACE_MS,
    interrupt: () => ticker.interrupt(),
    clock
  })
  const machine = { home: options.home ?? homedir(), platform: process.platform, environment: env }
  const imports = new PendingImports({ config, gateway, machine })
  const { updates = noUpdates } = options
  const versions = { routex: version, sqlite: config.sqliteVersion() }
  const processMonitor = new ProcessMonitor({ clock, dataDir, versions })
  closing.add(() => processMonitor.stop())
  const api = createApi({
    config,
    logs,
    health,
    affinity,
    transport,
    instance: parts.instance,
    gateway,
    imports,
    readsFiles: kind === 'desktop',
    updates,
    processStats: () => processMonitor.stats(),
    clock,
    logger
  })
  const surface = createHttpSurface({ ...options, config, parts, api, gateway })

  gateway.onChange(() => {
    selector.forgetCandidates()
    lock.announce(gateway.url())
  })
  config.onChange(({ kind: changed }) => {
    if (changed === 'channel') health.dropUnknown(config.channels())
    if (changed === 'settings') logs.setRetention(config.settings().retention)
  })
  if (configPath !== null && file !== null) {
    const watcher = watchConfigFile({
      path: configPath,
      env,
      clock,
      logger,
      applied: file,
      check,
      onGood: (good) => {
        config.applyFile(good)
        gateway.setConfigError(null)
      },
      onBad: (error) => gateway.setConfigError(error.message)
    })
    closing.add(() => watcher.stop())
  }

  return {
    api,
    gateway,
    config,
    imports,
    start: async () => {
      const { url } = await gateway.setState('on')
      return { gateway: url ?? '', clientKey: config.defaultClientKey() }
    },
    networkChanged: () => transport.dropIdle(),
    stop: async (graceMs = GRACE_MS) => {
      await gateway.stop(graceMs)
      await closing.close()
    }
  }
}
