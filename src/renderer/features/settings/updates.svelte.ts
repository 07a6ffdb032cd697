import type { CallResult, RoutexApi } from '../../../shared/contract'
import { asFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

/** How it stands with a newer Routex. */
export class UpdatesState {
  status: Loaded<CallResult<'updates.status'>> = $state.raw({ kind: 'loading' })

  readonly #api: RoutexApi

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    return this.#api.on('updates.changed', (status) => (this.status = { kind: 'ready', value: status }))
  }

  readonly load = (): Promise<void> => this.#ask('updates.status')
  readonly check = (): Promise<void> => this.#ask('updates.check')
  readonly install = (): Promise<void> => this.#ask('updates.install')

  async #ask(name: 'updates.status' | 'updates.check' | 'updates.install'): Promise<void> {
    try {
      this.status = { kind: 'ready', value: await this.#api.call(name, {}) }
    } catch (cause) {
      this.status = { kind: 'failed', failure: asFailure(cause) }
    }
  }
}
