import type { Clock, Stop } from '../../shared/ports'

export interface MenuPaceOptions {
  readonly clock: Clock
  /** How long a menu stands at least when nothing but its figures is other, ms; 0: not at all. */
  readonly figuresMs: number
  /** Called when figures that had to wait are due. */
  readonly onDue: () => void
}

/**
 * Says when the tray's menu is to be set anew: at once when what it offers is other, and no more often than every
 * `figuresMs` when only its figures are. On Linux that is the difference between a menu that can be used and one that closes
 * each second while requests flow: there a changed label takes a new menu (Electron's documentation of Tray, "Platform
 * considerations"), and a new menu closes the one that is open.
 */
export class MenuPace {
  readonly #options: MenuPaceOptions
  #items = ''
  #figures = ''
  #setAt = 0
  #stopTimer: Stop | null = null

  constructor(options: MenuPaceOptions) {
    this.#options = options
  }

  /** Whether the menu of these items and figures is to be set now; if so, it counts as set. */
  isDue(items: string, figures: string): boolean {
    if (items === this.#items && figures === this.#figures) return false
    const { clock, figuresMs, onDue } = this.#options
    const wait = items === this.#items ? this.#setAt + figuresMs - clock.monotonic() : 0
    if (wait > 0) {
      this.#stopTimer ??= clock.after(wait, onDue)
      return false
    }
    this.stop()
    this.#items = items
    this.#figures = figures
    this.#setAt = clock.monotonic()
    return true
  }

  /** The next menu is due, also when it is the same. */
  forget(): void {
    this.#items = ''
  }

  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = null
  }
}
