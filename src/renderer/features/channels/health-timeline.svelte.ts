import type { RoutexApi } from '../../../shared/contract'
import type { HealthChange } from '../../../shared/health'
import type { ChannelId } from '../../../shared/ids'
import { asFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'
import { Newest } from '../../lib/newest'

/** A change with what came of it. */
export interface TimelineEntry extends HealthChange {
  /** When the next change ended it, ms since 1970; null while it lasts. */
  readonly endedAt: number | null
}

/** What became of one channel's health, followed as it changes. */
export class HealthTimeline {
  /** The newest first. */
  entries: Loaded<readonly TimelineEntry[]> = $state.raw({ kind: 'loading' })

  readonly #api: RoutexApi
  readonly #id: ChannelId
  readonly #newest = new Newest()

  constructor(api: RoutexApi, id: ChannelId) {
    this.#api = api
    this.#id = id
  }

  /** Returns what ends it. */
  listen(): () => void {
    return this.#api.on('health.changed', ({ id }) => {
      if (id === this.#id) void this.load()
    })
  }

  async load(): Promise<void> {
    const asked = this.#newest.ask()
    try {
      const { changes } = await this.#api.call('stats.healthHistory', { id: this.#id })
      const entries = changes.map((change, index) => ({ ...change, endedAt: changes[index - 1]?.at ?? null }))
      if (this.#newest.takes(asked)) this.entries = { kind: 'ready', value: entries }
    } catch (cause) {
      if (this.#newest.takes(asked)) this.entries = { kind: 'failed', failure: asFailure(cause) }
    }
  }
}
