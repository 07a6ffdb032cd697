import { expect } from 'vitest'
import type { CallName, CallParams, CallResult } from '../../src/shared/contract'
import type { ChannelHealthView } from '../../src/shared/health'
import type { RequestRow } from '../../src/shared/request-log'
import { placeConfig, type ConfigFile } from './config'
import type { ManagementClient } from './management-client'
import { RawExchange, type RawRequest } from './raw-client'
import type { Vendor } from './vendors/vendors'

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

/** A whole Routex behind its real listener on a free port, in this process or in one of its own. */
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
