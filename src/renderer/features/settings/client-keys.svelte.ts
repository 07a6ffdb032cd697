import { SvelteMap } from 'svelte/reactivity'
import type { ClientKeyPatch, ClientKeyView } from '../../../shared/client-key'
import type { CallParams, RoutexApi } from '../../../shared/contract'
import type { ClientKeyId } from '../../../shared/ids'
import { asFailure, type ApiFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'
import { Newest } from '../../lib/newest'

/** The client keys. Texts that were revealed are kept only as long as the page is open. */
export class ClientKeysState {
  list: Loaded<readonly ClientKeyView[]> = $state.raw({ kind: 'loading' })
  /** Texts that are shown at the moment. */
  readonly shown = new SvelteMap<ClientKeyId, string>()
  /** Why the last thing that was asked of a key failed, beside it until the next. */
  readonly failures = new SvelteMap<ClientKeyId, ApiFailure>()

  readonly #api: RoutexApi
  readonly #newest = new Newest()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  async load(): Promise<void> {
    const asked = this.#newest.ask()
    try {
      const { keys } = await this.#api.call('clientKeys.list', {})
      if (this.#newest.takes(asked)) this.list = { kind: 'ready', value: keys }
    } catch (cause) {
      if (this.list.kind !== 'ready') this.list = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  /** Makes a key and shows its text in the list. Resolves with why it could not, or null. */
  async create(input: CallParams<'clientKeys.create'>): Promise<ApiFailure | null> {
    try {
      const { key, secret } = await this.#api.call('clientKeys.create', input)
      this.shown.set(key.id, secret)
      await this.#show([...this.#keys(), key])
      return null
    } catch (cause) {
      return asFailure(cause)
    }
  }

  /** Resolves with why it could not, or null. */
  async update(id: ClientKeyId, change: ClientKeyPatch): Promise<ApiFailure | null> {
    try {
      const key = await this.#api.call('clientKeys.update', { id, change })
      await this.#show(this.#keys().map((present) => (present.id === id ? key : present)))
      return null
    } catch (cause) {
      return asFailure(cause)
    }
  }

  /** Its text; rejects with ApiFailure. */
  async reveal(id: ClientKeyId): Promise<string> {
    return this.shown.get(id) ?? (await this.#api.call('clientKeys.reveal', { id })).secret
  }

  async toggleShown(id: ClientKeyId): Promise<void> {
    if (this.shown.delete(id)) return
    this.failures.delete(id)
    try {
      this.shown.set(id, await this.reveal(id))
    } catch (cause) {
      this.failures.set(id, asFailure(cause))
    }
  }

  async revoke(id: ClientKeyId): Promise<ApiFailure | null> {
    try {
      await this.#api.call('clientKeys.revoke', { id })
      this.shown.delete(id)
      await this.#show(this.#keys().filter((key) => key.id !== id))
      return null
    } catch (cause) {
      return asFailure(cause)
    }
  }

  #keys(): readonly ClientKeyView[] {
    return this.list.kind === 'ready' ? this.list.value : []
  }

  /** What the page changed itself. Of what others changed no event tells, so an older list must not come over it, nor stay. */
  async #show(keys: readonly ClientKeyView[]): Promise<void> {
    this.#newest.told()
    this.list = { kind: 'ready', value: keys }
    await this.load()
  }
}
