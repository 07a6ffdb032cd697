import type { CallResult, RoutexApi } from '../../../shared/contract'
import { asFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'
import { Newest } from '../../lib/newest'

/** Which prices count, and how it stands with newer ones. */
export class PricesState {
  status: Loaded<CallResult<'prices.status'>> = $state.raw({ kind: 'loading' })
  fetching = $state(false)

  readonly #api: RoutexApi
  readonly #newest = new Newest()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  readonly load = (): Promise<void> => this.#ask('prices.status')

  async fetch(): Promise<void> {
    this.fetching = true
    await this.#ask('prices.update')
    this.fetching = false
  }

  async #ask(name: 'prices.status' | 'prices.update'): Promise<void> {
    const asked = this.#newest.ask()
    try {
      const value = await this.#api.call(name, {})
      if (this.#newest.takes(asked)) this.status = { kind: 'ready', value }
    } catch (cause) {
      if (this.#newest.takes(asked)) this.status = { kind: 'failed', failure: asFailure(cause) }
    }
  }
}
