import { BrowserWindow, dialog, nativeTheme, screen, type Event, type RenderProcessGoneDetails } from 'electron'
import type { Logger } from '../../shared/ports'
import { surfaceColor } from './appearance'
import { pageUrl } from './app-protocol'
import { lockDown } from './lock-down'
import type { ShellStrings } from './strings'
import { placeOf, readBounds, writeBounds } from './window-bounds'

export interface MainWindowOptions {
  readonly preload: string
  readonly icon: string
  /** Where the window's place is kept. */
  readonly boundsFile: string
  /** The page of a development server instead of the built one; null in the product. */
  readonly developmentUrl: string | null
  /** In the language that is chosen now. */
  readonly strings: () => ShellStrings
  readonly logger: Logger
  readonly devTools: boolean
  /** Called with each new window before its page loads. */
  readonly onCreated: (window: BrowserWindow) => void
  /** Called whenever the user closes it, which leaves it hidden. */
  readonly onHidden: () => void
}

/**
 * The one window. It is made when it is first shown, so that a start into the tray costs no renderer, and closing it
 * only hides it: the gateway lives in the tray.
 */
export class MainWindow {
  readonly #options: MainWindowOptions
  #window: BrowserWindow | undefined
  #mayClose = false

  constructor(options: MainWindowOptions) {
    this.#options = options
  }

  /**
   * Shows it and brings it to the front, at `place` (a hash of the page's router, `#/channels`) when it is given. Resolves
   * when its page has loaded, or the window was closed meanwhile.
   */
  async show(place = ''): Promise<void> {
    const url = `${this.#options.developmentUrl ?? pageUrl}${place}`
    if (this.#window === undefined) {
      await this.#create(url)
      return
    }
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
    // Only the hash differs, so the page stays and its router follows.
    if (place !== '') await this.#load(this.#window, url)
  }

  /** Ends it for good, with its place kept. */
  close(): void {
    this.#mayClose = true
    this.#window?.close()
  }

  async #create(url: string): Promise<void> {
    const { boundsFile, preload, icon, devTools, onCreated, logger } = this.#options
    const kept = readBounds(boundsFile)
    const displays = screen.getAllDisplays().map(({ workArea }) => workArea)
    const window = new BrowserWindow({
      ...placeOf(kept, displays),
      minWidth: 960,
      minHeight: 640,
      show: false,
      title: 'Routex',
      icon,
      backgroundColor: surfaceColor(),
      webPreferences: {
        preload,
        devTools,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        spellcheck: false
      }
    })
    this.#window = window
    if (kept?.maximized === true) window.maximize()
    lockDown(window.webContents, logger)
    window.once('ready-to-show', () => window.show())
    window.on('close', (event) => this.#onClose(event, window))
    const repaint = (): void => window.setBackgroundColor(surfaceColor())
    nativeTheme.on('updated', repaint)
    window.on('closed', () => {
      nativeTheme.off('updated', repaint)
      this.#window = undefined
    })
    window.webContents.on('render-process-gone', (_event, details) => void this.#onCrash(window, details))
    onCreated(window)
    await this.#load(window, url)
  }

  async #load(window: BrowserWindow, url: string): Promise<void> {
    try {
      await window.loadURL(url)
    } catch (error) {
      if (!window.isDestroyed()) this.#options.logger.error('the page could not be loaded', { error })
    }
  }

  #onClose(event: Event, window: BrowserWindow): void {
    try {
      writeBounds(this.#options.boundsFile, { ...window.getNormalBounds(), maximized: window.isMaximized() })
    } catch (error) {
      this.#options.logger.warn('could not keep the place of the window', { error })
    }
    if (this.#mayClose) return
    event.preventDefault()
    window.hide()
    this.#options.onHidden()
  }

  async #onCrash(window: BrowserWindow, { reason }: RenderProcessGoneDetails): Promise<void> {
    if (reason === 'clean-exit' || this.#mayClose) return
    const { logger } = this.#options
    const strings = this.#options.strings()
    logger.error('the window crashed; the gateway goes on', { reason })
    const { response } = await dialog.showMessageBox({
      type: 'error',
      message: strings.crashed,
      detail: strings.crashedHint(reason),
      buttons: [strings.reload, strings.closeWindow],
      defaultId: 0,
      cancelId: 1
    })
    if (window.isDestroyed()) return
    if (response === 0) window.webContents.reload()
    else window.destroy()
  }
}
