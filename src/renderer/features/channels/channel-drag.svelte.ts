import type { ChannelId } from '../../../shared/ids'
import type { RowSpot, VirtualListHandle } from '../../components/virtual-list'
import { dropAt, placeAt, type Drop } from './drop'
import type { ListRow } from './list-rows'
import type { Place, Tier } from './tiers'

/**
 *   idle ──press──► pressed ──a few px──► dragging ──release──► idle  (and what is dragged is moved)
 *                      └──release──► idle      └──Escape, cancel──► idle
 */
export type DragState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'pressed'; readonly id: ChannelId; readonly y: number; readonly grip: number }
  | {
      readonly kind: 'dragging'
      readonly id: ChannelId
      /** All that go with it. */
      readonly ids: ReadonlySet<ChannelId>
      /** Of the pointer, px of the window. */
      readonly y: number
      /** How far below the row's top it was taken hold of, px. */
      readonly grip: number
      readonly drop: Drop | null
    }

/** The list that is dragged in. */
export interface DragList {
  readonly rows: () => readonly ListRow[]
  readonly tiers: () => readonly Tier[]
  readonly rowAt: (clientY: number) => RowSpot | null
  readonly viewport: VirtualListHandle['viewport']
  readonly scrollBy: (px: number) => void
  /** What goes along when this one is dragged: the selection that it is in, or it alone. */
  readonly companions: (id: ChannelId) => ReadonlySet<ChannelId>
  readonly onmove: (id: ChannelId, place: Place) => void
}

/** px that the pointer moves before it is a drag. */
const slack = 4
/** px from the list's edges in which it scrolls, and the most it does in a second. */
const edge = 36
const fastest = 1_200
/** A frame that took longer counts no more than this, ms. */
const longestFrame = 100

/** Dragging channels by the pointer. Rows come and go while the list scrolls, so it knows nothing of their elements. */
export class ChannelDrag {
  state: DragState = $state.raw({ kind: 'idle' })

  readonly #list: DragList
  #frame: number | undefined
  #lastFrame: number | undefined

  constructor(list: DragList) {
    this.#list = list
  }

  /** The handle was taken hold of. `grip`: how far below the row's top, px. */
  press(id: ChannelId, y: number, grip: number): void {
    this.state = { kind: 'pressed', id, y, grip }
  }

  moveTo(y: number): void {
    const { state } = this
    if (state.kind === 'idle' || (state.kind === 'pressed' && Math.abs(y - state.y) < slack)) return
    const { id, grip } = state
    const ids = state.kind === 'dragging' ? state.ids : this.#list.companions(id)
    this.state = { kind: 'dragging', id, ids, y, grip, drop: this.#dropAt(y, ids) }
    this.#frame ??= requestAnimationFrame((now) => this.#scroll(now))
  }

  release(): void {
    const { state } = this
    this.cancel()
    if (state.kind === 'dragging' && state.drop?.kind === 'moves') this.#list.onmove(state.id, state.drop.place)
  }

  /** Ends it and moves nothing. */
  cancel(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    this.#lastFrame = undefined
    this.state = { kind: 'idle' }
  }

  #dropAt(y: number, ids: ReadonlySet<ChannelId>): Drop | null {
    const spot = this.#list.rowAt(y)
    const place = spot && placeAt(this.#list.rows(), spot)
    return place && dropAt(this.#list.tiers(), ids, place)
  }

  /** Near an edge the list moves on, the nearer the faster, and with it what lies under the pointer. */
  #scroll(now: number): void {
    this.#frame = undefined
    const elapsed = Math.min(longestFrame, now - (this.#lastFrame ?? now))
    this.#lastFrame = undefined
    const { state } = this
    const view = this.#list.viewport()
    if (state.kind !== 'dragging' || !view) return
    const above = view.top + edge - state.y
    const below = state.y - (view.bottom - edge)
    const depth = above > 0 ? -above : Math.max(0, below)
    if (depth === 0) return
    this.#lastFrame = now
    this.#list.scrollBy((Math.max(-1, Math.min(1, depth / edge)) * fastest * elapsed) / 1_000)
    this.moveTo(state.y)
  }
}
