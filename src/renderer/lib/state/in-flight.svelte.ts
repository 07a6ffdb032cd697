import type { RoutexApi } from '../../../shared/contract'
import type { InFlightList } from '../../../shared/gateway-status'

/** The requests under way, told at most 4 times a second. null: not known (yet). */
export class InFlightState {
  list: InFlightList | null = $state.raw(null)

  readonly #api: RoutexApi

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    return this.#api.on('inFlight.changed', (list) => (this.list = list))
  }

  async load(): Promise<void> {
    try {
      this.list = await this.#api.call('gateway.inFlight', {})
    } catch {
      // An old list would pass for the present one; the connection's own notice says why it is gone.
      this.list = null
    }
  }
}
