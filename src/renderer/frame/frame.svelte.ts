const sidebarKey = 'routex.sidebar'

/** What the frame around the pages shows. */
export class FrameState {
  sidebarCollapsed = $state(localStorage.getItem(sidebarKey) === 'collapsed')
  paletteOpen = $state(false)
  shortcutsOpen = $state(false)

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
}
