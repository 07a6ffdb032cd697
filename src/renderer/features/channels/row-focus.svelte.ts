import { tick } from 'svelte'
import type { ChannelId } from '../../../shared/ids'

/** Of a row: the button that opens its panel, or the handle that moves it. */
type RowPart = 'channel' | 'handle'

/** Frames until a row that comes into the list is measured and can take the focus. */
const mostFrames = 20

const nextFrame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done))

/** The focus in a list whose rows are there only while they are in sight: its row stays, and any other can be given it. */
export class RowFocus {
  /** The channel whose row has the focus, or had it last: that row is kept. */
  kept: ChannelId | null = $state(null)

  #reveal: (id: ChannelId) => void = () => undefined

  /** `reveal` brings a row into sight. Returns what ends it. */
  attach(reveal: (id: ChannelId) => void): () => void {
    this.#reveal = reveal
    return () => (this.#reveal = () => undefined)
  }

  /** Gives a row the focus, wherever it is in the list. */
  async to(id: ChannelId, part: RowPart = 'channel'): Promise<void> {
    this.kept = id
    await tick()
    this.#reveal(id)
    for (let frame = 0; frame < mostFrames; frame++) {
      const element = document.querySelector<HTMLElement>(`[data-row] [data-${part}="${CSS.escape(id)}"]`)
      element?.focus({ preventScroll: true })
      // A menu that closes at the same time gives the focus back once more.
      if (element !== null && document.activeElement === element && frame > 0) return
      await nextFrame()
    }
  }
}
