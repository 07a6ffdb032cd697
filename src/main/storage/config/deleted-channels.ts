import { RESTORABLE_MS, type Channel } from '../../../shared/channel'
import type { ChannelId } from '../../../shared/ids'
import type { Clock, Stop } from '../../../shared/ports'
import type { ChannelSecrets } from './channel-table'

export interface DeletedChannel {
  readonly channel: Channel
  readonly secrets: ChannelSecrets
  /** ms since 1970: gives it its old place among the others. */
  readonly createdAt: number
  /** Nothing else was to be used: with it that comes back. */
  readonly wasOnly: boolean
}

/** Channels that were just deleted, in memory alone: with the minute, or the program, their credentials are gone for good. */
export class DeletedChannels {
  readonly #clock: Clock
  readonly #kept = new Map<ChannelId, DeletedChannel>()
  readonly #stops = new Map<ChannelId, Stop>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Answers until when they are kept, ms since 1970. */
  keep(deleted: readonly DeletedChannel[]): number {
    for (const one of deleted) {
      const { id } = one.channel
      this.#kept.set(id, one)
      this.#stops.set(
        id,
        this.#clock.after(RESTORABLE_MS, () => this.forget(id))
      )
    }
    return this.#clock.now() + RESTORABLE_MS
  }

  get(id: ChannelId): DeletedChannel | undefined {
    return this.#kept.get(id)
  }

  forget(id: ChannelId): void {
    this.#stops.get(id)?.()
    this.#stops.delete(id)
    this.#kept.delete(id)
  }

  forgetAll(): void {
    for (const id of [...this.#kept.keys()]) this.forget(id)
  }
}
