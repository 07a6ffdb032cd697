import { SvelteMap } from 'svelte/reactivity'
import type { ClientConflict, ClientId, ClientVerification } from '../../../shared/clients'
import type { RoutexApi } from '../../../shared/contract'
import { asFailure, type ApiFailure } from '../../lib/backend'

/** What came of the last test or launch of a client, shown on its card until the next one. */
export type ClientRun =
  | { readonly kind: 'testing' }
  | { readonly kind: 'tested'; readonly result: ClientVerification }
  | { readonly kind: 'test_failed'; readonly failure: ApiFailure }
  | { readonly kind: 'launching' }
  | { readonly kind: 'launched'; readonly terminal: string; readonly conflicts: readonly ClientConflict[] }
  | { readonly kind: 'launch_failed'; readonly failure: ApiFailure }

export class ClientRuns {
  readonly #api: RoutexApi
  readonly #runs = new SvelteMap<ClientId, ClientRun>()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  of(client: ClientId): ClientRun | null {
    return this.#runs.get(client) ?? null
  }

  forget(client: ClientId): void {
    this.#runs.delete(client)
  }

  /** Sends one small request as the client would. */
  async test(client: ClientId): Promise<void> {
    this.#runs.set(client, { kind: 'testing' })
    try {
      const result = await this.#api.call('clients.verify', { client })
      this.#runs.set(client, { kind: 'tested', result })
    } catch (cause) {
      this.#runs.set(client, { kind: 'test_failed', failure: asFailure(cause) })
    }
  }

  /** Opens it in a terminal, with its environment set. */
  async launch(client: ClientId): Promise<void> {
    this.#runs.set(client, { kind: 'launching' })
    try {
      this.#runs.set(client, { kind: 'launched', ...(await this.#api.call('clients.launch', { client })) })
    } catch (cause) {
      this.#runs.set(client, { kind: 'launch_failed', failure: asFailure(cause) })
    }
  }
}
