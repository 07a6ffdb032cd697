import { SvelteMap } from 'svelte/reactivity'
import type { RoutexApi } from '../../../shared/contract'
import { channelId } from '../../../shared/ids'

/** Names that channels had when they were deleted, as their requests in the log still show them. */
export class GoneChannels {
  readonly names = new SvelteMap<string, string>()

  readonly #api: RoutexApi
  readonly #asked = new Set<string>()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Asks the log for each, once. One whose requests are gone too stays without a name. */
  async look(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const gone = channelId.safeParse(id)
      if (!gone.success || this.#asked.has(id)) continue
      this.#asked.add(id)
      try {
        const { rows } = await this.#api.call('logs.query', { limit: 1, filter: { channelId: gone.data } })
        const name = rows[0]?.channelName
        if (name !== undefined && name !== null) this.names.set(id, name)
      } catch {
        this.#asked.delete(id) // the next figures ask again
      }
    }
  }
}
