import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { createApp, type AppOptions } from '../../src/main/app'
import { openKeyFileSecretBox } from '../../src/main/storage/secrets/key-file-secret-box'
import { systemClock } from '../../src/main/telemetry/system-clock'
import type { Clock, LogContext, Logger } from '../../src/shared/ports'
import { placeConfig, withChannels, type ConfigFile } from './config'
import type { Register } from './fake-upstream'
import { startSharedLogThread } from './log-host/shared-log-thread'
import { ManagementClient } from './management-client'
import { RunningGateway } from './running-gateway'
import { makeTempDir } from './temp-dir'
import { startTokensHere } from './tokens-here'

export interface GatewayOptions {
  readonly config?: ConfigFile
  /** The machine's own unless given. */
  readonly clock?: Clock
  /** A fresh one unless given. */
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
  /** Where newer prices are fetched. With the setting on, a test must say where. */
  readonly pricesUrl?: string
  /** A thread of its own counts tokens, from this file; in this process unless given, where the tokenizer is loaded once for all. */
  readonly tokenWorkerUrl?: URL
  /** The user's own folder, where other programs' files are looked for; an empty one unless given. */
  readonly home?: string
  /** `afterAll` for a gateway that a file shares; the test's own clean-up otherwise. */
  readonly register?: Register
}

function recordingLogger(lines: string[]): Logger {
  const write = (level: string) => (message: string, context?: LogContext) =>
    void lines.push(JSON.stringify({ level, message, ...context }, errorsAsText))
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

function errorsAsText(_name: string, value: unknown): unknown {
  return value instanceof Error ? `${value.stack ?? value.message} ${errorsAsText('', value.cause) as string}` : value
}

/** A thread of its own where the log may be damaged or of another version, and where prices are replaced: they are the whole thread's. */
const logThreadFor = ({ dataDir, pricesUrl }: GatewayOptions): AppOptions['startLogThread'] =>
  dataDir === undefined && pricesUrl === undefined ? startSharedLogThread : undefined

const tokenThreadFor = ({ tokenWorkerUrl }: GatewayOptions): Pick<AppOptions, 'tokenWorkerUrl' | 'startTokenThread'> =>
  tokenWorkerUrl === undefined
    ? { tokenWorkerUrl: new URL(inject('tokenWorkerUrl')), startTokenThread: startTokensHere }
    : { tokenWorkerUrl }

/** Starts Routex in this process through its composition root. It is stopped with the test. */
export async function startGateway(options: GatewayOptions = {}): Promise<RunningGateway> {
  const register = options.register ?? onTestFinished
  const dataDir = options.dataDir ?? (await makeTempDir(register))
  const config = options.config ?? withChannels([])
  const configPath = join(dataDir, 'routex.json')
  await placeConfig(configPath, config)
  const logged: string[] = []
  const managementToken = randomBytes(16).toString('hex')
  const app = await createApp({
    kind: 'headless',
    dataDir,
    overrides: { host: '127.0.0.1', port: 0 },
    configPath,
    env: options.env ?? {},
    home: options.home ?? (await makeTempDir(register)),
    uiRoot: null,
    managementToken,
    openSecretBox: (folder) => openKeyFileSecretBox(folder, recordingLogger(logged)),
    ...(options.pricesUrl !== undefined && { pricesUrl: options.pricesUrl }),
    workerUrl: new URL(inject('logWorkerUrl')),
    startLogThread: logThreadFor(options),
    ...tokenThreadFor(options),
    version: '0.0.0-test',
    clock: options.clock ?? systemClock,
    logger: recordingLogger(logged)
  })
  const addresses = await app.start()
  let stopped: Promise<void> | null = null
  const stop = (): Promise<void> => (stopped ??= app.stop())
  register(() => (stopped ??= app.stop(0)))
  const management = new ManagementClient(addresses.gateway, managementToken)
  const key = config.clientKeys?.[0]?.key ?? addresses.clientKey
  return new RunningGateway({ url: addresses.gateway, key, dataDir, configPath, management, logged, stop })
}
