import { untrack } from 'svelte'
import type { AppState } from '../lib/app.svelte'
import { router } from '../lib/router.svelte'

const sidebarKey = 'routex.sidebar'

/** What the frame around the pages shows. */
export class FrameState {
  sidebarCollapsed = $state(localStorage.getItem(sidebarKey) === 'collapsed')
  paletteOpen = $state(false)
  shortcutsOpen = $state(false)

  readonly #app: AppState
  #offered = false

  constructor(app: AppState) {
    this.#app = app
  }

  toggleSidebar(): void {
    this.sidebarCollapsed = !this.sidebarCollapsed
    localStorage.setItem(sidebarKey, this.sidebarCollapsed ? 'collapsed' : 'open')
  }

  openPalette(): void {
    this.shortcutsOpen = false
    this.paletteOpen = true
  }

  openShortcuts(): void {
    this.paletteOpen = false
    this.shortcutsOpen = true
  }

  /** Once, as soon as it is known that nothing was set up yet: the first steps, in place of an empty overview. */
  offerFirstRun(): void {
    const { settings, channels } = this.#app
    if (this.#offered || settings.current === null || channels.list.kind !== 'ready') return
    this.#offered = true
    const fresh = !settings.current.firstRunDone && channels.own.length === 0
    if (fresh && untrack(() => router.page) === 'overview') router.go('first-run', {}, { replace: true })
  }
}
