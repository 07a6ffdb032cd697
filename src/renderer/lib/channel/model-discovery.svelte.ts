import type { CallParams, RoutexApi } from '../../../shared/contract'
import { asFailure } from '../backend'
import type { Loaded } from '../loaded'

/** The models that a channel's upstream lists, asked for when somebody wants them. */
export class ModelDiscovery {
  /** null: not asked for. */
  models: Loaded<readonly string[]> | null = $state.raw(null)

  readonly #api: RoutexApi
  #asked = 0

  constructor(api: RoutexApi) {
    this.#api = api
  }

  async load(of: CallParams<'channels.models'>): Promise<void> {
    const asked = ++this.#asked
    this.models = { kind: 'loading' }
    try {
      const { models } = await this.#api.call('channels.models', of)
      if (asked === this.#asked) this.models = { kind: 'ready', value: models.toSorted() }
    } catch (cause) {
      if (asked === this.#asked) this.models = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  reset(): void {
    this.#asked++
    this.models = null
  }
}
