import type { Channel } from '../../shared/channel'
import type { ChannelHealthView } from '../../shared/health'
import type { ChannelId } from '../../shared/ids'
import type { Clock, Stop } from '../../shared/ports'
import { ChannelHealth } from './channel-health'

interface Place {
  readonly health: ChannelHealth
  /** As it was last seen, for its name and credential. */
  channel: Channel
  /** What the listeners were last told. */
  told: string
}

const nothing: Stop = () => undefined

/** The health of all channels, by id, so that it survives their edits. In memory only. */
export class HealthBoard {
  readonly #clock: Clock
  readonly #places = new Map<ChannelId, Place>()
  readonly #listeners = new Set<(view: ChannelHealthView) => void>()
  #stopTimer: Stop = nothing

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The one health object of a channel; made at the first call. */
  of(channel: Channel): ChannelHealth {
    const place = this.#places.get(channel.id)
    if (place) return place.health
    const health = new ChannelHealth(() => this.#tell(channel.id))
    this.#places.set(channel.id, { health, channel, told: summary(health.view(channel, this.#clock.now())) })
    return health
  }

  /** In the order of `channels`. */
  views(channels: readonly Channel[]): ChannelHealthView[] {
    const now = this.#clock.now()
    return channels.map((channel) => this.of(channel).view(channel, now))
  }

  /** *Clear now*: ends cooldown, open breaker, auth failure and missing models of a channel. */
  clear(id: ChannelId): void {
    this.#places.get(id)?.health.clear()
  }

  /**
   * Calls `listener` when a channel's state, its end, its cause or its missing models change, also by time alone; not for
   * mere counts. It is called on the way of a request and must not throw. While there is a listener, one timer waits for
   * the next end of a rest.
   */
  onChange(listener: (view: ChannelHealthView) => void): Stop {
    // A closure of its own, so that the same function added twice is two listeners.
    const own = (view: ChannelHealthView): void => listener(view)
    this.#listeners.add(own)
    this.#waitForNextEnd()
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size === 0) this.#stopTimer()
    }
  }

  /** To be called when channels were changed: forgets the deleted, and tells of those whose state ended with their credential. */
  dropUnknown(channels: readonly Channel[]): void {
    const known = new Map(channels.map((channel) => [channel.id, channel]))
    for (const [id, place] of this.#places) {
      const channel = known.get(id)
      if (channel) {
        place.channel = channel
        this.#tellPlace(place)
      } else this.#places.delete(id)
    }
  }

  /** Tries under way on a channel that was deleted meanwhile still report: nobody is told. */
  #tell(id: ChannelId): void {
    const place = this.#places.get(id)
    if (place && this.#tellPlace(place)) this.#waitForNextEnd()
  }

  /** Whether there was a change to tell. */
  #tellPlace(place: Place): boolean {
    const view = place.health.view(place.channel, this.#clock.now())
    const told = summary(view)
    if (told === place.told) return false
    place.told = told
    for (const listener of this.#listeners) listener(view)
    return true
  }

  #waitForNextEnd(): void {
    this.#stopTimer()
    this.#stopTimer = nothing
    if (this.#listeners.size === 0) return
    const now = this.#clock.now()
    let soonest = Infinity
    for (const { health } of this.#places.values()) {
      const until = health.restsUntil(now)
      if (until > now) soonest = Math.min(soonest, until)
    }
    if (soonest === Infinity) return
    this.#stopTimer = this.#clock.after(soonest - now, () => {
      for (const place of this.#places.values()) this.#tellPlace(place)
      this.#waitForNextEnd()
    })
  }
}

/** What counts as a change for those who listen. */
function summary(view: ChannelHealthView): string {
  const missing = view.missingModels.map(({ model }) => model).join('\n')
  return `${view.state} ${view.until ?? ''} ${view.cause ?? ''}\n${missing}`
}
