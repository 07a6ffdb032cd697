import { z } from 'zod'
import { chartSlots, PALETTE_SIZE } from './chart-colors'

const storageKey = 'routex.channelColors'
const stored = z.record(z.string(), z.int().nonnegative().lt(PALETTE_SIZE))

function remembered(): ReadonlyMap<string, number> {
  try {
    return new Map(Object.entries(stored.parse(JSON.parse(localStorage.getItem(storageKey) ?? '{}'))))
  } catch {
    // Written by somebody else; the colours are handed out anew, which is all that hangs on it.
    return new Map()
  }
}

/**
 * The channels' places in the chart palette. A channel keeps the one that it got first, whichever channels come and go
 * after it and on every page, for as long as it is there; the browser remembers it. (By its id alone two of five channels
 * would share one, four times in five; by all ids in turn each new channel would push others along.)
 */
export class ChannelSlots {
  /** Those of deleted channels too: a deletion that is undone brings the colour back. */
  #slots = remembered()

  /** For the channels that are there now. */
  assign(ids: readonly string[]): ReadonlyMap<string, number> {
    const slots = chartSlots(ids, this.#slots)
    const text = JSON.stringify(Object.fromEntries(slots))
    if (text !== localStorage.getItem(storageKey)) localStorage.setItem(storageKey, text)
    this.#slots = new Map([...this.#slots, ...slots])
    return slots
  }
}
