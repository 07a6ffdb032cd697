import type { HealthChange, ChannelHealthView } from '../../shared/health'
import type { ChannelId } from '../../shared/ids'
import type { Clock, Stop } from '../../shared/ports'
import type { HealthBoard } from './health-board'

/** Of each channel; what is older is forgotten. */
const MOST_CHANGES = 50

/** What became of each channel's health since the start: the last 50 changes of its state or its cause. In memory only. */
export class HealthHistory {
  readonly #changes = new Map<ChannelId, HealthChange[]>()
  readonly #clock: Clock
  readonly stop: Stop

  constructor(board: Pick<HealthBoard, 'onChange'>, clock: Clock) {
    this.#clock = clock
    this.stop = board.onChange((view) => this.#note(view))
  }

  /** The newest first; empty for a channel that was well all the time. */
  of(id: ChannelId): readonly HealthChange[] {
    return this.#changes.get(id)?.toReversed() ?? []
  }

  /** To be called when channels were changed: forgets the deleted. */
  dropUnknown(channels: readonly { readonly id: ChannelId }[]): void {
    const known = new Set(channels.map(({ id }) => id))
    for (const id of this.#changes.keys()) if (!known.has(id)) this.#changes.delete(id)
  }

  /** Called on the way of a request. */
  #note({ id, state, cause, until }: ChannelHealthView): void {
    const changes = this.#changes.get(id) ?? []
    const last = changes.at(-1)
    const end = until === undefined ? {} : { until }
    if ((last?.state ?? 'closed') === state && last?.cause === cause) {
      // The same rest with another end, or models that are missing: no change of its own.
      if (last) changes[changes.length - 1] = { at: last.at, state, ...(cause !== undefined && { cause }), ...end }
      return
    }
    changes.push({ at: this.#clock.now(), state, ...(cause !== undefined && { cause }), ...end })
    if (changes.length > MOST_CHANGES) changes.shift()
    this.#changes.set(id, changes)
  }
}
