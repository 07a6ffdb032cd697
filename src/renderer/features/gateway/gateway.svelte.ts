import type { EventPayload, RoutexApi } from '../../../shared/contract'
import type { GatewayStatus } from '../../../shared/gateway-status'
import { asFailure, type ApiFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

export type GatewayStateName = GatewayStatus['state']

/** What the gateway does, and the switch that changes it. */
export class GatewayState {
  status: Loaded<GatewayStatus> = $state.raw({ kind: 'loading' })
  /** The state that was asked for and has not come yet. */
  asked: GatewayStateName | null = $state(null)
  /** Why the last change failed, until it is dismissed or one succeeds. */
  failure: ApiFailure | null = $state.raw(null)
  tick: EventPayload<'stats.tick'> | null = $state.raw(null)

  readonly #api: RoutexApi

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    const stops = [
      this.#api.on('gateway.changed', (status) => (this.status = { kind: 'ready', value: status })),
      this.#api.on('stats.tick', (tick) => (this.tick = tick))
    ]
    return () => stops.forEach((stop) => stop())
  }

  async load(): Promise<void> {
    try {
      this.status = { kind: 'ready', value: await this.#api.call('gateway.status', {}) }
    } catch (cause) {
      this.status = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  async setState(state: GatewayStateName): Promise<void> {
    this.asked = state
    try {
      this.status = { kind: 'ready', value: await this.#api.call('gateway.setState', { state }) }
      this.failure = null
    } catch (cause) {
      this.failure = asFailure(cause)
    } finally {
      this.asked = null
    }
  }
}
