import { SvelteSet } from 'svelte/reactivity'
import type { ChannelId } from '../../../shared/ids'

/** Which rows are chosen for an action on several. Knows only ids; what is shown, and in which order, it is told. */
export class Selection {
  readonly ids = new SvelteSet<ChannelId>()
  /** Where the next shift-click begins. */
  #anchor: ChannelId | null = null

  has(id: ChannelId): boolean {
    return this.ids.has(id)
  }

  toggle(id: ChannelId): void {
    if (!this.ids.delete(id)) this.ids.add(id)
    this.#anchor = id
  }

  /** From the last one that was touched to this one, in the order shown. */
  extendTo(id: ChannelId, shown: readonly ChannelId[]): void {
    const from = this.#anchor === null ? -1 : shown.indexOf(this.#anchor)
    const to = shown.indexOf(id)
    if (from === -1 || to === -1) {
      this.toggle(id)
      return
    }
    for (const each of shown.slice(Math.min(from, to), Math.max(from, to) + 1)) this.ids.add(each)
  }

  all(shown: readonly ChannelId[]): void {
    for (const id of shown) this.ids.add(id)
  }

  clear(): void {
    this.ids.clear()
    this.#anchor = null
  }

  /** Forgets those that are gone. */
  keepOnly(present: ReadonlySet<ChannelId>): void {
    for (const id of [...this.ids]) if (!present.has(id)) this.ids.delete(id)
  }
}
