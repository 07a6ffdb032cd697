import type { ChannelHealthView } from '../../shared/health'
import type { ChannelId } from '../../shared/ids'
import type { Clock, Stop } from '../../shared/ports'

/** Changes within this are told in one, ms. */
const GATHER_MS = 2000
/** The same is not told again of the same channel within this, ms. */
const QUIET_MS = 10 * 60_000
/** A rest of a rate limit is everyday; one that is longer than the longest that Routex takes by itself (B04) is news, ms. */
const LONG_REST_MS = 5 * 60_000

type Kind = 'failing' | 'back'

export interface ChannelNews {
  readonly kind: Kind
  readonly channels: readonly ChannelHealthView[]
}

interface Known {
  /** What the user was last told, or takes for granted. */
  told: Kind
  /** When either was last told, ms of the monotonic clock. */
  readonly toldAt: Map<Kind, number>
  now: ChannelHealthView
}

/** undefined: neither news of failing nor of being back, such as a short rest or a breaker that tries again. */
function kindOf({ state, until }: ChannelHealthView, now: number): Kind | undefined {
  if (state === 'closed') return 'back'
  if (state === 'open' || state === 'auth_failed') return 'failing'
  return state === 'cooling' && (until ?? 0) - now > LONG_REST_MS ? 'failing' : undefined
}

/**
 * What there is to tell of the channels: one that fails, one that is back. Changes of the same moment come as one, a channel
 * that comes and goes is told at most once in ten minutes each way, and after that what still holds is told.
 */
export class ChannelNewsDesk {
  readonly #clock: Clock
  readonly #tell: (news: ChannelNews) => void
  readonly #known = new Map<ChannelId, Known>()
  #pending: Stop | undefined
  #due = Infinity

  constructor(clock: Clock, tell: (news: ChannelNews) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  /** Takes the channels as they are now. One that is disabled or gone is forgotten, and makes no news. */
  update(channels: readonly ChannelHealthView[]): void {
    const enabled = new Map(channels.filter((channel) => channel.enabled).map((channel) => [channel.id, channel]))
    for (const id of this.#known.keys()) if (!enabled.has(id)) this.#known.delete(id)
    for (const [id, channel] of enabled) {
      const known = this.#known.get(id)
      if (known) known.now = channel
      else this.#known.set(id, { told: 'back', toldAt: new Map(), now: channel })
    }
    if (this.#changes().length > 0) this.#lookIn(GATHER_MS)
  }

  stop(): void {
    this.#pending?.()
    this.#known.clear()
  }

  #changes(): { readonly known: Known; readonly kind: Kind }[] {
    const now = this.#clock.now()
    return [...this.#known.values()].flatMap((known) => {
      const kind = kindOf(known.now, now)
      return kind === undefined || kind === known.told ? [] : [{ known, kind }]
    })
  }

  /** Looks in `ms`, unless it is looked sooner. */
  #lookIn(ms: number): void {
    const due = this.#clock.monotonic() + ms
    if (due >= this.#due) return
    this.#pending?.()
    this.#due = due
    this.#pending = this.#clock.after(ms, () => {
      this.#due = Infinity
      this.#look()
    })
  }

  #look(): void {
    const at = this.#clock.monotonic()
    const quietFor = ({ toldAt }: Known, kind: Kind): number => (toldAt.get(kind) ?? -Infinity) + QUIET_MS - at
    const changes = this.#changes()
    for (const kind of ['failing', 'back'] as const) {
      const due = changes.filter((change) => change.kind === kind && quietFor(change.known, kind) <= 0)
      for (const { known } of due) {
        known.told = kind
        known.toldAt.set(kind, at)
      }
      if (due.length > 0) this.#tell({ kind, channels: due.map(({ known }) => known.now) })
    }
    const waits = changes.map(({ known, kind }) => quietFor(known, kind)).filter((ms) => ms > 0)
    if (waits.length > 0) this.#lookIn(Math.min(...waits))
  }
}
