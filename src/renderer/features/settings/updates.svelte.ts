import type { CallResult, RoutexApi } from '../../../shared/contract'
import { asFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'
import { Newest } from '../../lib/newest'

/** How it stands with a newer Routex. */
export class UpdatesState {
  status: Loaded<CallResult<'updates.status'>> = $state.raw({ kind: 'loading' })

  readonly #api: RoutexApi
  readonly #newest = new Newest()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    return this.#api.on('updates.changed', (status) => {
      this.#newest.told()
      this.status = { kind: 'ready', value: status }
    })
  }

  readonly load = (): Promise<void> => this.#ask('updates.status')
  readonly check = (): Promise<void> => this.#ask('updates.check')
  readonly install = (): Promise<void> => this.#ask('updates.install')

  async #ask(name: 'updates.status' | 'updates.check' | 'updates.install'): Promise<void> {
    const asked = this.#newest.ask()
    try {
      const value = await this.#api.call(name, {})
      if (this.#newest.takes(asked)) this.status = { kind: 'ready', value }
    } catch (cause) {
      if (this.#newest.takes(asked)) this.status = { kind: 'failed', failure: asFailure(cause) }
    }
  }
}
