import { LRUCache } from 'lru-cache'
import type { ChannelId } from '../../shared/ids'

const MOST_IDS = 20_000
/** Vendors' ids have 30 to 60 characters. Longer ones are not kept. */
const LONGEST_ID = 256

/**
 * Which channel made a state that later requests may name (`resp_…`): only it can go on from there (B14). Kept in memory,
 * the 20,000 last used; what earlier runs made comes from the request log.
 */
export class StateHolders {
  /** By size, each id counting one: with `max` the room for all of them would be laid out at the start, in 3 ms. */
  readonly #channelOf = new LRUCache<string, ChannelId>({ maxSize: MOST_IDS, sizeCalculation: () => 1 })

  remember(id: string, channelId: ChannelId): void {
    if (id.length <= LONGEST_ID) this.#channelOf.set(id, channelId)
  }

  /** Takes in what earlier runs made, the newest last. What this run knows already is newer. */
  restore(states: Iterable<readonly [id: string, channelId: ChannelId]>): void {
    for (const [id, channelId] of states) if (!this.#channelOf.has(id)) this.remember(id, channelId)
  }

  /** null: not known. */
  holderOf(id: string): ChannelId | null {
    return this.#channelOf.get(id) ?? null
  }
}
