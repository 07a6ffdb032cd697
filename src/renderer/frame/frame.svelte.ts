import { MediaQuery } from 'svelte/reactivity'

const sidebarKey = 'routex.sidebar'

/** What the frame around the pages shows. */
export class FrameState {
  paletteOpen = $state(false)
  shortcutsOpen = $state(false)

  readonly #narrow = new MediaQuery('width < 800px')
  #collapsed = $state(localStorage.getItem(sidebarKey) === 'collapsed')
  /** In a narrow window it is folded away by itself, and opened for a while alone. */
  #openInNarrow = $state(false)

  get sidebarCollapsed(): boolean {
    return this.#narrow.current ? !this.#openInNarrow : this.#collapsed
  }

  toggleSidebar(): void {
    if (this.#narrow.current) {
      this.#openInNarrow = !this.#openInNarrow
      return
    }
    this.#collapsed = !this.#collapsed
    localStorage.setItem(sidebarKey, this.#collapsed ? 'collapsed' : 'open')
  }

  openPalette(): void {
    this.shortcutsOpen = false
    this.paletteOpen = true
  }

  openShortcuts(): void {
    this.paletteOpen = false
    this.shortcutsOpen = true
  }
}
