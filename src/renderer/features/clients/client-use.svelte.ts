import type { RoutexApi } from '../../../shared/contract'
import { Newest } from '../../lib/newest'
import { Refresher } from '../../lib/refresher'

/** What came with one client key so far. */
export interface KeyUse {
  readonly requests: number
  /** ms since 1970; null: never. */
  readonly lastUsedAt: number | null
}

const PAUSE_MS = 2_000

/** How much each client key was used: of every request that the log still counts, the Demo's left out. */
export class ClientUse {
  /** null until it is known, and while it can't be. */
  uses: ReadonlyMap<string, KeyUse> | null = $state.raw(null)

  readonly #api: RoutexApi
  readonly #refresher: Refresher
  readonly #newest = new Newest()

  constructor(api: RoutexApi) {
    this.#api = api
    this.#refresher = new Refresher(api, { load: () => this.load(), pauseMs: PAUSE_MS })
  }

  listen(): () => void {
    return this.#refresher.listen()
  }

  async load(): Promise<void> {
    this.#refresher.noteLoad()
    const asked = this.#newest.ask()
    try {
      const [{ keys }, { buckets }] = await Promise.all([
        this.#api.call('clientKeys.list', {}),
        this.#api.call('stats.timeseries', { from: 0, to: Date.now(), bucket: 'period', groupBy: 'clientKey' })
      ])
      if (!this.#newest.takes(asked)) return
      const counted = new Map(buckets.map(({ group, requests }) => [group, requests]))
      this.uses = new Map(keys.map(({ id, lastUsedAt }) => [id, { requests: counted.get(id) ?? 0, lastUsedAt }]))
    } catch {
      if (this.#newest.takes(asked)) this.uses = null // shown as unknown: the page stands without it
    }
  }
}
