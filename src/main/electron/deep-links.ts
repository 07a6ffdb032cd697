import { app } from 'electron'

const SCHEME = 'routex'

/** The `routex://` link among a start's arguments; undefined when there is none. Windows and Linux hand a link over so. */
function linkAmong(args: readonly string[]): string | undefined {
  return args.find((argument) => argument.toLowerCase().startsWith(`${SCHEME}://`))
}

/**
 * The links that this program is asked to open: by its own arguments, by those of a second start, and on macOS by an event,
 * which may come before anything is ready. Those that come before somebody takes them wait, and the last one counts.
 */
export class DeepLinks {
  #waiting: string | undefined
  #taker: ((link: string) => void) | undefined

  /** @param args of this start */
  constructor(args: readonly string[]) {
    this.#waiting = linkAmong(args)
    app.on('open-url', (event, link) => {
      event.preventDefault()
      this.#arrived(link)
    })
    app.on('second-instance', (_event, argv) => {
      const link = linkAmong(argv)
      if (link !== undefined) this.#arrived(link)
    })
    // Out of the sources the links would start Electron itself.
    if (app.isPackaged) app.setAsDefaultProtocolClient(SCHEME)
  }

  take(taker: (link: string) => void): void {
    this.#taker = taker
    if (this.#waiting !== undefined) taker(this.#waiting)
    this.#waiting = undefined
  }

  #arrived(link: string): void {
    if (this.#taker) this.#taker(link)
    else this.#waiting = link
  }
}
