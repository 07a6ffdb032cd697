import { onTestFinished } from 'vitest'
import { createApi } from '../../src/main/api/api'
import type { Gateway, Traffic } from '../../src/main/api/gateway'
import { ModelCatalog } from '../../src/main/api/model-catalog'
import { PendingImports } from '../../src/main/api/imports'
import { noUpdates } from '../../src/main/api/updates'
import { Budgets } from '../../src/main/channels/budgets'
import { SpendingLedger } from '../../src/main/channels/spending-ledger'
import { demoChannels } from '../../src/main/channels/demo'
import { HealthBoard } from '../../src/main/channels/health-board'
import { HealthHistory } from '../../src/main/channels/health-history'
import { SessionAffinity } from '../../src/main/channels/session-affinity'
import { openTransport } from '../../src/main/http/transport'
import type { Environment } from '../../src/main/imports/importer'
import { openClients } from '../../src/main/open-clients'
import { openConfigStore } from '../../src/main/storage/config/config-store'
import type { LogStore, TimeseriesBucket } from '../../src/main/storage/ports'
import { openKeyFileSecretBox } from '../../src/main/storage/secrets/key-file-secret-box'
import { ProcessMonitor } from '../../src/main/telemetry/process-monitor'
import { calls, type CallName, type CallParams, type CallResult } from '../../src/shared/contract'
import type { GatewayStatus, InFlightList } from '../../src/shared/gateway-status'
import type { PriceStatus } from '../../src/shared/price-table'
import type { RequestRow } from '../../src/shared/request-log'
import { FakeClock } from './fake-clock'
import { quickFileSystem } from './faulty-file-system'
import { cheapPassphraseBox } from './open-config'
import { silentLogger } from './silent-logger'
import { makeTempDir } from './temp-dir'

/** Rows in memory, newest first, and a way to tell of new ones. The real one is a worker thread with its own tests. */
class RowsInMemory implements Omit<
  LogStore,
  | 'append'
  | 'appendNow'
  | 'setRetention'
  | 'flush'
  | 'close'
  | 'storedStates'
  | 'spending'
  | 'onSpent'
  | 'priceTable'
  | 'installPrices'
> {
  rows: RequestRow[] = []
  readonly listeners = new Set<(rows: readonly RequestRow[]) => void>()
  readonly queries: unknown[] = []

  async query(query: { readonly limit: number; readonly cursor?: string | undefined }) {
    this.queries.push(query)
    const from = Number(query.cursor ?? 0)
    const next = from + query.limit
    return { rows: this.rows.slice(from, next), nextCursor: next < this.rows.length ? String(next) : null }
  }

  async count() {
    return { rows: this.rows.length, more: false }
  }

  async previewRetention() {
    return { rows: 0, kept: this.rows.length, oldestKept: this.rows.at(-1)?.at ?? null }
  }

  async vacuum() {
    return { beforeBytes: 0, afterBytes: 0, ms: 0 }
  }

  async get(id: string) {
    return this.rows.find((row) => row.id === id)
  }

  onCommitted(listener: (rows: readonly RequestRow[]) => void) {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  async overview() {
    const latency = { p50: null, p95: null, p99: null }
    return {
      requests: 0,
      errors: 0,
      tokens: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
      usageUnknown: 0,
      costUsd: null,
      costUnknown: 0,
      cacheHitRate: null,
      totalMs: latency,
      firstByteMs: latency
    }
  }

  async timeseries(): Promise<readonly TimeseriesBucket[]> {
    return [{ ...(await this.overview()), at: 0, group: null }]
  }

  async stats(configBytes: number) {
    return {
      queued: 0,
      waitingInMemory: 0,
      dropped: 0,
      rowsWritten: 0,
      flushes: 0,
      lastBatchRows: 0,
      lastFlushMs: null,
      rowsPerSecond: 0,
      badRecords: 0,
      journalBytes: 0,
      statements: 0,
      transactions: 0,
      databaseBytes: { config: configBytes, logs: 0 },
      lastError: null,
      setAside: null
    }
  }
}

const NONE = { channels: [], clientKeys: [] }
const NOTHING_BEFORE = { day: NONE, week: NONE, month: NONE }

/** The price table is the log worker's. */
const noPrices = (): Promise<PriceStatus> =>
  Promise.resolve({
    ...{ source: 'built-in', version: '0', fetchedAt: null },
    ...{ updates: false, url: 'http://127.0.0.1/', triedAt: null, error: null }
  })

/** A gateway that only says what a test lets it say. */
class StubGateway implements Gateway {
  state: GatewayStatus['state'] = 'on'
  canTurnOff = false
  counters: Traffic = { inFlight: 0, finished: 0, errors: 0 }
  requests: InFlightList['requests'] = []
  byChannel: InFlightList['byChannel'] = []
  own = [{ host: '127.0.0.1', port: 8080 }]
  pausedUntil: number | null = null
  givenAtStart: GatewayStatus['givenAtStart'] = { host: null, port: null }
  readonly listeners = new Set<(status: GatewayStatus) => void>()

  status(): GatewayStatus {
    const { state, pausedUntil, givenAtStart } = this
    return {
      state,
      pausedUntil,
      url: state === 'off' ? null : 'http://127.0.0.1:8080',
      version: '1.2.3',
      startedAt: 0,
      configError: null,
      givenAtStart,
      turnedOnAt: state === 'off' ? null : { host: '127.0.0.1', port: 8080 },
      secretStore: 'key-file',
      inFlight: this.counters.inFlight
    }
  }

  async setState(state: GatewayStatus['state'], pauseMinutes?: number) {
    this.state = state
    this.pausedUntil = pauseMinutes === undefined ? null : pauseMinutes * 60_000
    for (const listener of this.listeners) listener(this.status())
    return this.status()
  }

  onChange(listener: (status: GatewayStatus) => void) {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  addresses() {
    return this.own
  }

  traffic() {
    return this.counters
  }

  inFlight() {
    return { requests: this.requests, total: this.counters.inFlight, byChannel: this.byChannel }
  }
}

/** A call whose result was held against the contract. */
export type ApiCall = <N extends CallName>(name: N, params: CallParams<N>) => Promise<CallResult<N>>

/** The API over the real configuration, health and transport, without a listener. Its clock stands still. */
export async function makeApiWorld(given: { readonly environment?: Environment; readonly readsFiles?: boolean } = {}) {
  const clock = new FakeClock()
  const logger = silentLogger()
  const dir = await makeTempDir()
  const home = await makeTempDir()
  const secretBox = await openKeyFileSecretBox(dir, logger)
  const config = await openConfigStore({
    ...{ dir, secretBox, clock, logger, demoChannels },
    passphraseBox: cheapPassphraseBox()
  })
  const transport = await openTransport({}, clock)
  const affinity = new SessionAffinity(clock)
  const health = new HealthBoard(clock)
  const healthHistory = new HealthHistory(health, clock)
  const rows = new RowsInMemory()
  const gateway = new StubGateway()
  const { environment = {} } = given
  const imports = new PendingImports({ config, gateway, machine: { home, platform: 'linux', environment } })
  const clients = openClients({
    dataDir: dir,
    machine: { fs: quickFileSystem, home, env: {}, platform: process.platform },
    hasDesktop: false,
    config,
    gateway,
    secretBox,
    endedBadly: null,
    clock,
    logger
  })
  const instance = '1.1 routex-test'
  const catalog = new ModelCatalog({ config, transport, gateway, instance, clock, logger })
  const ledger = new SpendingLedger(clock)
  ledger.restore(ledger.periods, NOTHING_BEFORE)
  const budgets = new Budgets({ clock, ledger, config })
  const parts = { config, logs: rows, budgets, health, healthHistory, affinity, transport, gateway, catalog }
  const monitor = new ProcessMonitor({ clock, dataDir: dir, versions: { routex: '1.2.3' } })
  const dependencies = {
    ...parts,
    imports,
    clients,
    readsFiles: given.readsFiles ?? true,
    updates: noUpdates,
    prices: { status: noPrices, update: noPrices },
    instance,
    processStats: () => monitor.stats(),
    clock,
    logger
  }
  const api = createApi(dependencies)
  onTestFinished(async () => {
    api.stop()
    healthHistory.stop()
    monitor.stop()
    affinity.destroy()
    await transport.close()
    await config.close()
  })

  /** A call whose result is held against the contract, unknown fields included. */
  const call: ApiCall = async <N extends CallName>(name: N, params: CallParams<N>) => {
    const result = await api.call(name, params)
    return calls[name].result.parse(result) as CallResult<N>
  }
  return {
    api,
    call,
    clock,
    config,
    ledger,
    budgets,
    dir,
    home,
    health,
    affinity,
    imports,
    rows,
    gateway,
    dependencies,
    logger
  }
}
