import { ChannelsState } from './features/channels/channels.svelte'
import { GatewayState } from './features/gateway/gateway.svelte'
import { RequestsState } from './features/requests/requests.svelte'
import { TodayState } from './features/status/today.svelte'
import type { Backend, Connection } from './lib/backend'

/** All that the page shows, and its tie to the program: loaded whenever a connection comes to live, then kept by events. */
export class PageState {
  readonly backend: Backend
  readonly gateway: GatewayState
  readonly channels: ChannelsState
  readonly requests: RequestsState
  readonly today: TodayState
  connection: Connection = $state.raw({ kind: 'connecting' })
  /** What is on the page may be old. */
  offline = $state(false)

  constructor(backend: Backend) {
    this.backend = backend
    this.gateway = new GatewayState(backend)
    this.channels = new ChannelsState(backend)
    this.requests = new RequestsState(backend)
    this.today = new TodayState(backend)
  }

  /** Returns what ends every subscription. */
  start(): () => void {
    const parts = [this.gateway, this.channels, this.requests, this.today]
    const stops = parts.map((part) => part.listen())
    stops.push(
      this.backend.onConnection((connection) => {
        this.connection = connection
        if (connection.kind === 'lost') this.offline = true
        if (connection.kind !== 'live') return
        this.offline = false
        for (const part of parts) void part.load()
      })
    )
    return () => stops.forEach((stop) => stop())
  }
}
