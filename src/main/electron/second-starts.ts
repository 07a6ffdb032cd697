import { app } from 'electron'

/**
 * Second starts of this program, which show the first one's window. One that comes before there is a window to show waits.
 * One by the system at a login is no wish to see it.
 */
export class SecondStarts {
  #isWaiting = false
  #taker: (() => void) | undefined

  constructor() {
    app.on('second-instance', (_event, argv) => {
      if (argv.includes('--hidden')) return
      if (this.#taker) this.#taker()
      else this.#isWaiting = true
    })
  }

  take(taker: () => void): void {
    this.#taker = taker
    if (this.#isWaiting) taker()
    this.#isWaiting = false
  }
}
