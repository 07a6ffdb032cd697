import type { InFlightList, InFlightView } from '../../shared/gateway-status'
import type { ChannelId } from '../../shared/ids'
import type { JournaledRecord } from '../../shared/request-log'

/** A request under way, as long as it is. */
export interface UnderWay {
  /** Of the channel that is being tried, or answers; null before the first. */
  readonly channelId: ChannelId | null
  /** As it is now; made only when somebody asks. */
  view(): InFlightView
  /** Its row, when the program ends before it does; null when it has left its row already. */
  abandoned(monotonic: number): JournaledRecord | null
}

/** Of more requests the oldest are shown. */
const MOST_SHOWN = 50

/** What flows now: cheap counters, and the requests under way, which the status, the API and the once-a-second event read. */
export class Activity {
  /** In the order of their arrival. */
  readonly #underWay = new Set<UnderWay>()
  #requests = 0
  #errors = 0
  #tellIdle: (() => void) | null = null
  #idle: Promise<void> | null = null

  begin(request: UnderWay): void {
    this.#underWay.add(request)
  }

  end(request: UnderWay, failed: boolean): void {
    this.#underWay.delete(request)
    this.#requests += 1
    if (failed) this.#errors += 1
    if (this.#underWay.size === 0) this.#tellIdle?.()
  }

  /** Resolves as soon as no request is under way: each has its row then. */
  whenIdle(): Promise<void> {
    if (this.#underWay.size === 0) return Promise.resolve()
    this.#idle ??= new Promise((resolve) => {
      this.#tellIdle = () => {
        this.#tellIdle = null
        this.#idle = null
        resolve()
      }
    })
    return this.#idle
  }

  /** The requests under way, the oldest first, and how many of all each channel has. */
  list(): InFlightList {
    const requests: InFlightView[] = []
    const byChannel = new Map<ChannelId, number>()
    for (const request of this.#underWay) {
      const { channelId } = request
      if (channelId !== null) byChannel.set(channelId, (byChannel.get(channelId) ?? 0) + 1)
      if (requests.length < MOST_SHOWN) requests.push(request.view())
    }
    return {
      requests,
      total: this.#underWay.size,
      byChannel: [...byChannel].map(([channelId, count]) => ({ channelId, requests: count }))
    }
  }

  /** What those under way leave when the program ends at once; the oldest first. */
  abandoned(monotonic: number): readonly JournaledRecord[] {
    return [...this.#underWay].map((request) => request.abandoned(monotonic)).filter((record) => record !== null)
  }

  get inFlight(): number {
    return this.#underWay.size
  }

  /** Since the start; a reader takes differences. */
  get requests(): number {
    return this.#requests
  }

  get errors(): number {
    return this.#errors
  }
}
