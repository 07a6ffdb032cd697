import type { EventPayload, RoutexApi } from '../../../shared/contract'
import type { GatewayStatus } from '../../../shared/gateway-status'
import { asFailure, type ApiFailure } from '../backend'
import type { Loaded } from '../loaded'
import { Newest } from '../newest'

export type GatewayStateName = GatewayStatus['state']

/** What the gateway does, and the switch that changes it. */
export class GatewayState {
  status: Loaded<GatewayStatus> = $state.raw({ kind: 'loading' })
  /** The state that was asked for and has not come yet. */
  asked: GatewayStateName | null = $state(null)
  /** Why the last change failed, until it is dismissed or one succeeds. */
  failure: ApiFailure | null = $state.raw(null)
  /** Rates of the last second; null while nothing is told of them. */
  tick: EventPayload<'stats.tick'> | null = $state.raw(null)

  /** null while it is not known. */
  readonly current: GatewayStatus | null = $derived(this.status.kind === 'ready' ? this.status.value : null)

  readonly #api: RoutexApi
  readonly #newest = new Newest()
  /** The last toggle: the next one goes by what it came to. */
  #toggling: Promise<unknown> = Promise.resolve()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    const stops = [
      this.#api.on('gateway.changed', (status) => {
        this.#newest.told()
        this.status = { kind: 'ready', value: status }
      }),
      this.#api.on('stats.tick', (tick) => (this.tick = tick))
    ]
    return () => stops.forEach((stop) => stop())
  }

  async load(): Promise<void> {
    // A program that was started anew and is idle tells no rates: those that it told last time are over.
    this.tick = null
    const asked = this.#newest.ask()
    try {
      this.#take(await this.#api.call('gateway.status', {}), asked)
    } catch (cause) {
      if (this.#newest.takes(asked)) this.status = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  /** `minutes`: of a pause, after which it ends by itself. */
  async setState(state: GatewayStateName, minutes?: number): Promise<void> {
    this.asked = state
    const params = minutes === undefined ? { state } : { state, minutes }
    const asked = this.#newest.ask()
    try {
      this.#take(await this.#api.call('gateway.setState', params), asked)
      this.failure = null
    } catch (cause) {
      this.failure = asFailure(cause)
    } finally {
      this.asked = null
    }
  }

  /** Pauses what is on, and turns on what is not, one after the other. Answers what it was before; null when nothing was changed. */
  toggle(): Promise<GatewayStatus | null> {
    const toggled = this.#toggling.then(() => this.#toggleNow())
    this.#toggling = toggled
    return toggled
  }

  #take(status: GatewayStatus, asked: number): void {
    if (this.#newest.takes(asked)) this.status = { kind: 'ready', value: status }
  }

  async #toggleNow(): Promise<GatewayStatus | null> {
    const before = this.current
    if (before === null) return null
    await this.setState(before.state === 'on' ? 'paused' : 'on')
    return this.failure === null ? before : null
  }
}
