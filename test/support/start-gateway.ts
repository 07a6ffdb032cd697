import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { z } from 'zod'
import { createApp } from '../../src/main/app'
import { systemClock } from '../../src/main/telemetry/system-clock'
import type { channelInput } from '../../src/shared/channel'
import type { fileConfig } from '../../src/shared/config-file'
import type { CallName, CallParams, CallResult, ChannelHealthView } from '../../src/shared/contract'
import type { Clock, LogContext, Logger } from '../../src/shared/ports'
import type { RequestRow } from '../../src/shared/request-log'
import type { FakeUpstream, Register } from './fake-upstream'
import { ManagementClient } from './management-client'
import { RawExchange, type RawRequest } from './raw-client'
import { makeTempDir } from './temp-dir'
import type { Vendor } from './vendors/vendors'

export type ConfigFile = z.input<typeof fileConfig>
export type ChannelConfig = z.input<typeof channelInput>

/** The client key of every config file that names none of its own. */
export const TEST_KEY = 'rtx-test-0123456789abcdef0123456789abcdef'

export interface GatewayOptions {
  readonly config?: ConfigFile
  /** The machine's own unless given. */
  readonly clock?: Clock
  /** A fresh one unless given. */
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
  /** `afterAll` for a gateway that a file shares; the test's own clean-up otherwise. */
  readonly register?: Register
}

/** What a test says of one call, beside the vendor whose shape it has. */
export interface CallOptions {
  readonly stream?: boolean
  readonly model?: string
  readonly prompt?: string
  /** null: none is presented. */
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
  /** Laid over the vendor's smallest body. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly keepBody?: boolean
}

interface GatewayParts {
  readonly url: string
  /** The client key that `ask` presents. */
  readonly key: string
  readonly dataDir: string
  readonly configPath: string
  readonly management: ManagementClient
  /** What the program logged, message and context as one JSON line each. */
  readonly logged: readonly string[]
  readonly stop: () => Promise<void>
}

/** A whole Routex in this process, behind its real listener on a free port. */
export class RunningGateway {
  readonly url: string
  readonly key: string
  readonly dataDir: string
  readonly configPath: string
  readonly management: ManagementClient
  readonly logged: readonly string[]
  readonly stop: () => Promise<void>

  constructor(parts: GatewayParts) {
    this.url = parts.url
    this.key = parts.key
    this.dataDir = parts.dataDir
    this.configPath = parts.configPath
    this.management = parts.management
    this.logged = parts.logged
    this.stop = parts.stop
  }

  /** A call of the management API, over HTTP. */
  call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> {
    return this.management.call(name, params)
  }

  /** Any request on a connection of its own; what its headers say is all that is sent. */
  send(request: RawRequest): RawExchange {
    return new RawExchange(this.url, request)
  }

  /** A generate call in the vendor's shape, with the test's key. */
  ask(vendor: Vendor, options: CallOptions = {}): RawExchange {
    const { stream = false, model = vendor.model, prompt, key = this.key, headers, body, keepBody } = options
    return this.send({
      target: vendor.target({ stream, model }),
      headers: { ...(key !== null && vendor.headers(key)), ...headers },
      body: { ...vendor.request({ stream, model, ...(prompt !== undefined && { prompt }) }), ...body },
      ...(keepBody !== undefined && { keepBody })
    })
  }

  /** Rows of the request log, newest first. */
  async rows(): Promise<readonly RequestRow[]> {
    const { rows } = await this.call('logs.query', { limit: 500 })
    return rows
  }

  /** The only row, once there is one. */
  async onlyRow(): Promise<RequestRow> {
    await expect.poll(() => this.rows()).not.toHaveLength(0)
    const rows = await this.rows()
    const [row] = rows
    if (!row || rows.length > 1) throw new Error(`expected one row, found ${rows.length}`)
    return row
  }

  /** The newest row, once there are `count`. */
  async lastRow(count: number): Promise<RequestRow> {
    await expect.poll(async () => (await this.rows()).length).toBe(count)
    const [row] = await this.rows()
    if (!row) throw new Error('there is no row')
    return row
  }

  async health(name: string): Promise<ChannelHealthView> {
    const { channels } = await this.call('stats.health', {})
    const view = channels.find((channel) => channel.name === name)
    if (!view) throw new Error(`no channel ${name} among ${channels.map((channel) => channel.name).join(', ')}`)
    return view
  }

  /** Puts a new config file in the place of the old one, whole, as an editor does. */
  async writeConfig(config: ConfigFile | string): Promise<void> {
    await placeConfig(this.configPath, config)
  }
}

async function placeConfig(path: string, config: ConfigFile | string): Promise<void> {
  await writeFile(`${path}.new`, typeof config === 'string' ? config : JSON.stringify(config, null, 2))
  await rename(`${path}.new`, path)
}

/** A config with the test's key, for these channels. */
export function withChannels(channels: readonly ChannelConfig[], settings: ConfigFile['settings'] = {}): ConfigFile {
  return { settings, channels: [...channels], clientKeys: [{ name: 'test', key: TEST_KEY }] }
}

/** A channel of the vendor's protocol before this upstream. */
export function channelOf(
  vendor: Vendor,
  upstream: FakeUpstream | string,
  rest: Partial<ChannelConfig> = {}
): ChannelConfig {
  return {
    name: 'main',
    protocol: vendor.protocol,
    baseUrl: typeof upstream === 'string' ? upstream : upstream.url,
    apiKey: 'sk-upstream-secret-main',
    ...rest
  }
}

function recordingLogger(lines: string[]): Logger {
  const write = (level: string) => (message: string, context?: LogContext) =>
    void lines.push(JSON.stringify({ level, message, ...context }, errorsAsText))
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

function errorsAsText(_name: string, value: unknown): unknown {
  return value instanceof Error ? `${value.stack ?? value.message} ${errorsAsText('', value.cause) as string}` : value
}

/** Starts Routex in this process through its composition root. It is stopped with the test. */
export async function startGateway(options: GatewayOptions = {}): Promise<RunningGateway> {
  const register = options.register ?? onTestFinished
  const dataDir = options.dataDir ?? (await makeTempDir(register))
  const config = options.config ?? withChannels([])
  const configPath = join(dataDir, 'routex.json')
  await placeConfig(configPath, config)
  const logged: string[] = []
  const app = await createApp({
    dataDir,
    configPath,
    host: '127.0.0.1',
    port: 0,
    clock: options.clock ?? systemClock,
    env: options.env ?? {},
    logger: recordingLogger(logged)
  })
  const addresses = await app.start()
  let stopped: Promise<void> | null = null
  const stop = (): Promise<void> => (stopped ??= app.stop())
  register(stop)
  const management = new ManagementClient(addresses.gateway, addresses.managementToken)
  const key = config.clientKeys?.[0]?.key ?? addresses.clientKey
  return new RunningGateway({ url: addresses.gateway, key, dataDir, configPath, management, logged, stop })
}
