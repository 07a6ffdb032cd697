import type { CallResult, RoutexApi } from '../../../shared/contract'
import { asFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

/** Which prices count, and how it stands with newer ones. */
export class PricesState {
  status: Loaded<CallResult<'prices.status'>> = $state.raw({ kind: 'loading' })
  fetching = $state(false)

  readonly #api: RoutexApi

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
    try {
      this.status = { kind: 'ready', value: await this.#api.call(name, {}) }
    } catch (cause) {
      this.status = { kind: 'failed', failure: asFailure(cause) }
    }
  }
}
