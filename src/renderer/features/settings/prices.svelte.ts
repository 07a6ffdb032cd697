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

  readonly load = async (): Promise<void> => {
    const asked = this.#newest.ask()
    try {
      const value = await this.#api.call('prices.status', {})
      if (this.#newest.takes(asked)) this.status = { kind: 'ready', value }
    } catch (cause) {
      if (this.#newest.takes(asked)) this.status = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  /** Its answer is the newest whenever it comes: it may take a minute, and no event tells of it. */
  async fetch(): Promise<void> {
    this.fetching = true
    try {
      this.status = { kind: 'ready', value: await this.#api.call('prices.update', {}) }
    } catch (cause) {
      this.status = { kind: 'failed', failure: asFailure(cause) }
    }
    this.#newest.told()
    this.fetching = false
  }
}
