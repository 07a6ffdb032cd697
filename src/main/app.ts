import { randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import type { FileConfig } from '../shared/config-file'
import type { Clock, Logger } from '../shared/ports'
import type { Problem } from '../shared/validation'
import { createApi, type Api } from './api/api'
import type { Address, Gateway } from './api/gateway'
import { PendingImports } from './api/imports'
import { pointsAtUs } from './api/loop-check'
import { ModelCatalog } from './api/model-catalog'
import { PriceUpdates } from './api/price-updates'
import { noUpdates, type Updates } from './api/updates'
import { Budgets } from './channels/budgets'
import { demoChannels } from './channels/demo'
import { HealthBoard } from './channels/health-board'
import { HealthHistory } from './channels/health-history'
import { Selector } from './channels/selector'
import { SpendingLedger } from './channels/spending-ledger'
import { SessionAffinity } from './channels/session-affinity'
import { StateHolders } from './channels/state-holders'
import { checkFile } from './check-file'
import { nodeFileSystem } from './clients/file-system'
import { Closing } from './closing'
import { newControlToken, openControl } from './control'
import { createListener } from './http/listener'
import { openTransport } from './http/transport'
import { createHttpSurface } from './http-surface'
import { openClients } from './open-clients'
import { TokenCounter, type TokenCounterOptions } from './protocols/token-counter'
import { Activity } from './proxy/activity'
import { recordUnread } from './proxy/conclude'
import type { ProxyDependencies } from './proxy/dependencies'
import type { ConfigReader } from './proxy/ports'
import { ResponseStore } from './proxy/response-store'
import { Ticker } from './proxy/ticker'
import { RunningGateway } from './running-gateway'
import { ConfigFileError } from './storage/config-file/config-file-error'
import type { Environment } from './storage/config-file/fill-in-variables'
import { loadConfigFile } from './storage/config-file/read-config-file'
import { watchConfigFile } from './storage/config-file/watch-config-file'
import { openConfigStore } from './storage/config/config-store'
import { lockDataFolder } from './storage/data-folder-lock'
import { openLogStore, type LogStoreOptions } from './storage/logs/log-store'
import type { SecretBox } from './storage/ports'
import { restoreSpending } from './restore-spending'
import { restoreStates } from './restore-states'
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
  /** null: no UI is served over HTTP. */
  readonly uiRoot: string | null
  /** null: no management API on the gateway's port; the command line of the same user reaches it on a port of its own. */
  readonly managementToken: string | null
  readonly openSecretBox: (dataDir: string) => Promise<SecretBox>
  /** Where newer prices are fetched; genai-prices' own unless given. */
  readonly pricesUrl?: string
  /** The built log-worker.js. */
  readonly workerUrl: URL
  /** What runs it; a new thread unless given. */
  readonly startLogThread?: LogStoreOptions['startThread']
  /** The built token-worker.js. */
  readonly tokenWorkerUrl: URL
  /** What runs it; a new thread unless given. */
  readonly startTokenThread?: TokenCounterOptions['startThread']
  readonly version: string
  /** The user's own folder, where the settings of clients and the files of other programs are; the system's word for it unless given. */
  readonly home?: string
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
  /**
   * For a program that ends at once, without `stop`: leaves a row for each request under way (B30), by one synchronous
   * write.
   */
  abandon(): void
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
  const lock = await lockDataFolder(dataDir, { kind, since: clock.now() }, { clock, logger })
  closing.add(() => lock.release())
  const secretBox = await options.openSecretBox(dataDir)
  const config = await openConfigStore({ dir: dataDir, secretBox, clock, logger, demoChannels })
  closing.add(() => config.close())
  const wanted = (): Address => {
    const { host, port } = config.settings()
    return { host: overrides.host ?? host, port: overrides.port ?? port }
  }
  const check = (candidate: FileConfig): readonly Problem[] => {
    const saved = config.channels().filter(({ managedBy }) => managedBy === 'user')
    return checkFile(candidate, { saved, settings: config.settings() }, overrides)
  }
  if (configPath !== null && file !== null) {
    const problems = check(file)
    if (problems.length > 0) throw new ConfigFileError(configPath, problems)
    config.applyFile(file)
  }
  const { retention } = config.settings()
  const logs = await openLogStore({
    dir: dataDir,
    workerUrl,
    startThread: options.startLogThread,
    retention,
    clock,
    logger
  })
  closing.add(() => logs.close())
  const stateHolders = new StateHolders()
  await restoreStates({ logs, stateHolders, clock, logger })
  const ledger = new SpendingLedger(clock)
  const budgets = new Budgets({ clock, ledger, config })
  logs.onSpent((entries) => {
    ledger.add(entries)
    budgets.look()
  })
  closing.add(await restoreSpending({ logs, ledger, restored: () => budgets.look(), clock, logger }))

  const transport = await openTransport(env, clock)
  closing.add(() => transport.close())
  const affinity = new SessionAffinity(clock)
  closing.add(() => affinity.destroy())
  const ticker = new Ticker(clock)
  closing.add(() => ticker.destroy())
  const tokens = new TokenCounter({
    workerUrl: options.tokenWorkerUrl,
    startThread: options.startTokenThread,
    clock,
    logger
  })
  closing.add(() => tokens.close())
  const health = new HealthBoard(clock)
  const healthHistory = new HealthHistory(health, clock)
  closing.add(() => healthHistory.stop())
  const activity = new Activity()
  const pointsHere = (channel: { readonly baseUrl: string }): boolean =>
    pointsAtUs(channel.baseUrl, gateway.addresses())
  const selector = new Selector({ clock, board: health, affinity, pointsHere })
  const parts: ProxyDependencies = {
    config,
    selector,
    budgets,
    stateHolders,
    responses: new ResponseStore(),
    countTokens: tokens.count,
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
    unread: (request) => recordUnread(parts, request, request),
    onStopping: () => surface.stop(),
    clock,
    logger
  })
  const gateway = new RunningGateway({
    listener,
    activity,
    wanted,
    overrides,
    version,
    secretStore: secretBox.kind,
    startedAt: clock.now(),
    canTurnOff: kind === 'desktop',
    graceMs: GRACE_MS,
    interrupt: () => ticker.interrupt(),
    clock,
    logger
  })
  const home = options.home ?? homedir()
  const imports = new PendingImports({
    config,
    gateway,
    machine: { home, platform: process.platform, environment: env }
  })
  const clients = openClients({
    dataDir,
    machine: { fs: nodeFileSystem, home, env, platform: process.platform },
    hasDesktop: kind === 'desktop',
    config,
    gateway,
    secretBox,
    endedBadly: lock.endedBadly?.since ?? null,
    clock,
    logger
  })
  await clients.recover()
  const { updates = noUpdates } = options
  const versions = { routex: version, sqlite: config.sqliteVersion() }
  const processMonitor = new ProcessMonitor({ clock, dataDir, versions })
  closing.add(() => processMonitor.stop())
  const prices = new PriceUpdates({ config, logs, transport, url: options.pricesUrl, clock, logger })
  closing.add(() => prices.stop())
  const catalog = new ModelCatalog({ config, transport, gateway, instance: parts.instance, clock, logger })
  const api = createApi({
    config,
    logs,
    budgets,
    health,
    healthHistory,
    affinity,
    transport,
    instance: parts.instance,
    gateway,
    catalog,
    imports,
    readsFiles: kind === 'desktop',
    clients,
    updates,
    prices,
    processStats: () => processMonitor.stats(),
    clock,
    logger
  })
  const token = newControlToken()
  const { managementToken } = options
  const managementTokens = managementToken === null ? [] : [managementToken, token]
  const surface = createHttpSurface({ ...options, managementTokens, parts, api, catalog, gateway })
  const control = openControl({ dataDir, token, onGateway: managementToken !== null, api, gateway, clock, logger })

  gateway.onChange(() => {
    selector.forgetCandidates()
    lock.announce(gateway.url())
  })
  config.onChange(({ kind: changed }) => {
    if (changed === 'channel') {
      health.dropUnknown(config.channels())
      healthHistory.dropUnknown(config.channels())
    }
    budgets.look()
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
      await control.start()
      const { url } = await gateway.setState('on')
      await clients.settled()
      return { gateway: url ?? '', clientKey: config.defaultClientKey() }
    },
    networkChanged: () => transport.dropIdle(),
    abandon: () => logs.appendNow(activity.abandoned(clock.monotonic())),
    stop: async (graceMs = GRACE_MS) => {
      await control.stop()
      await clients.stop()
      await gateway.stop(graceMs)
      await closing.close()
    }
  }
}
