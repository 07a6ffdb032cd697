import type { ClientOptions, ClientPreview, ClientView, DriftedKey } from '../../../shared/clients'
import type { RoutexApi } from '../../../shared/contract'
import { asFailure, type ApiFailure } from '../backend'
import type { Loaded } from '../loaded'
import type { ClientsState } from '../state/clients.svelte'

export type ClientAction = ClientPreview['action']

/** What is asked about: to connect a client, or to restore it. It is shown first, and done only as it was shown. */
export class ClientChange {
  preview: Loaded<ClientPreview> = $state.raw({ kind: 'loading' })
  options: ClientOptions = $state.raw({})
  busy = $state(false)
  /** Why it could not be done. */
  failure: ApiFailure | null = $state.raw(null)
  readonly shown: ClientPreview | null = $derived(this.preview.kind === 'ready' ? this.preview.value : null)
  /** As it is shown it can be done. */
  readonly possible: boolean = $derived(this.shown !== null && this.shown.problems.length === 0)
  /** It is taken from another Routex, which was shown: who goes on has agreed. */
  readonly overOther: boolean = $derived(this.shown?.conflicts.some(({ code }) => code === 'other_routex') ?? false)
  readonly client: ClientView
  readonly action: ClientAction

  readonly #api: RoutexApi
  readonly #clients: ClientsState
  #asked = 0

  constructor(api: RoutexApi, clients: ClientsState, client: ClientView, action: ClientAction) {
    this.#api = api
    this.#clients = clients
    this.client = client
    this.action = action
    this.options = client.options
  }

  /** Asks what would change. What is shown stays until the answer is there. */
  async load(): Promise<void> {
    const asked = ++this.#asked
    const { action } = this
    const question = { client: this.client.id, action }
    try {
      const value = await this.#api.call(
        'clients.preview',
        action === 'apply' ? { ...question, options: this.options } : question
      )
      if (asked === this.#asked) this.preview = { kind: 'ready', value }
    } catch (cause) {
      if (asked === this.#asked) this.preview = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  choose(options: ClientOptions): void {
    this.options = options
    this.failure = null
    void this.load()
  }

  /** Does what is shown. Resolves with the keys that were left as somebody changed them; null: it could not be done. */
  async carryOut(): Promise<readonly DriftedKey[] | null> {
    const { shown } = this
    if (shown === null) return null
    this.busy = true
    this.failure = null
    const asked = this.#clients.ask()
    try {
      const { client, left } = await (shown.action === 'apply' ? this.#apply(shown) : this.#restore())
      await this.#clients.take(client, asked)
      return left
    } catch (cause) {
      this.failure = asFailure(cause)
      // It may be that what is shown is no longer so.
      await this.load()
      return null
    } finally {
      this.busy = false
    }
  }

  async #apply({ basis, missingFolders }: ClientPreview) {
    const { client } = await this.#api.call('clients.apply', {
      client: this.client.id,
      options: this.options,
      basis,
      createFolders: missingFolders.length > 0,
      ...(this.overOther && { overOther: true })
    })
    return { client, left: [] }
  }

  async #restore() {
    return await this.#api.call('clients.restore', {
      client: this.client.id,
      ...(this.overOther && { overOther: true })
    })
  }
}
