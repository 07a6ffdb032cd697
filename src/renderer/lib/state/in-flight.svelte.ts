import type { RoutexApi } from '../../../shared/contract'
import type { InFlightList } from '../../../shared/gateway-status'
import type { ChannelId } from '../../../shared/ids'
import { Newest } from '../newest'

/** The requests under way, told at most 4 times a second. null: not known (yet). */
export class InFlightState {
  list: InFlightList | null = $state.raw(null)
  readonly #byChannel = $derived(this.list && new Map(this.list.byChannel.map((one) => [one.channelId, one.requests])))

  readonly #api: RoutexApi
  readonly #newest = new Newest()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    return this.#api.on('inFlight.changed', (list) => {
      this.#newest.told()
      this.list = list
    })
  }

  /** How many of them a channel has; null: not known. */
  of(id: ChannelId): number | null {
    return this.#byChannel && (this.#byChannel.get(id) ?? 0)
  }

  async load(): Promise<void> {
    const asked = this.#newest.ask()
    try {
      const list = await this.#api.call('gateway.inFlight', {})
      if (this.#newest.takes(asked)) this.list = list
    } catch {
      // An old list would pass for the present one; the connection's own notice says why it is gone.
      if (this.#newest.takes(asked)) this.list = null
    }
  }
}
