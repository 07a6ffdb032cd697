import type { ClientId, ClientView, DriftedKey } from '../../../shared/clients'
import type { CallResult, RoutexApi } from '../../../shared/contract'
import { asFailure, type ApiFailure } from '../backend'
import { isTakenOver } from '../client/client-standing'
import type { Loaded } from '../loaded'
import { Newest } from '../newest'

type ClientList = CallResult<'clients.list'>

export interface RestoredAll {
  readonly restored: number
  readonly left: readonly DriftedKey[]
  readonly failed: readonly { readonly client: ClientView; readonly failure: ApiFailure }[]
}

/** The assistants whose settings Routex can change, as they are on its machine. */
export class ClientsState {
  loaded: Loaded<ClientList> = $state.raw({ kind: 'loading' })
  readonly all: readonly ClientView[] = $derived(this.loaded.kind === 'ready' ? this.loaded.value.clients : [])
  /** Routex ended without stopping last time, and these are still connected. */
  readonly afterCrash: ClientList['afterCrash'] = $derived(
    this.loaded.kind === 'ready' ? this.loaded.value.afterCrash : null
  )

  readonly #api: RoutexApi
  readonly #newest = new Newest()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Follows what Routex does to their files, and where the gateway is. Returns what ends it. */
  listen(): () => void {
    let url: string | null | undefined
    const stops = [
      this.#api.on('clients.changed', () => void this.load()),
      this.#api.on('gateway.changed', (status) => {
        if (status.url !== url) void this.load()
        url = status.url
      })
    ]
    return () => stops.forEach((stop) => stop())
  }

  /** Looks at their files anew. */
  async load(): Promise<void> {
    const asked = this.#newest.ask()
    try {
      const value = await this.#api.call('clients.list', {})
      if (this.#newest.takes(asked)) this.loaded = { kind: 'ready', value }
    } catch (cause) {
      const failure = asFailure(cause)
      // What is known stays while Routex is away.
      const keeps = failure.code === 'unreachable' && this.loaded.kind === 'ready'
      if (!keeps && this.#newest.takes(asked)) this.loaded = { kind: 'failed', failure }
    }
  }

  get(id: string): ClientView | undefined {
    return this.all.find((client) => client.id === id)
  }

  /** The moment before a change of one, for `take`. */
  ask(): number {
    return this.#newest.ask()
  }

  /** One that was just changed, as the answer told it. If a newer one is known, all are looked at anew instead. */
  async take(changed: ClientView, asked: number): Promise<void> {
    if (this.loaded.kind !== 'ready' || !this.#newest.takes(asked)) {
      await this.load()
      return
    }
    const { clients, afterCrash } = this.loaded.value
    const value = { clients: clients.map((client) => (client.id === changed.id ? changed : client)), afterCrash }
    this.loaded = { kind: 'ready', value }
  }

  /** Leaves them connected after a crash. Resolves with why that could not be kept, or null. */
  async keep(): Promise<ApiFailure | null> {
    try {
      await this.#api.call('clients.keep', {})
      await this.load()
      return null
    } catch (cause) {
      return asFailure(cause)
    }
  }

  /** Restores every client that Routex connected, one after the other. */
  async restoreAll(): Promise<RestoredAll> {
    const left: DriftedKey[] = []
    const failed: RestoredAll['failed'][number][] = []
    const clients = this.all.filter(isTakenOver)
    for (const client of clients) {
      const failure = await this.#restore(client.id, left)
      if (failure !== null) failed.push({ client, failure })
    }
    await this.load()
    return { restored: clients.length - failed.length, left, failed }
  }

  async #restore(client: ClientId, left: DriftedKey[]): Promise<ApiFailure | null> {
    try {
      left.push(...(await this.#api.call('clients.restore', { client })).left)
      return null
    } catch (cause) {
      return asFailure(cause)
    }
  }
}
