import { app, dialog, powerMonitor } from 'electron'
import type { Logger } from '../../shared/ports'
import type { Settings } from '../../shared/settings'
import type { Gateway } from '../api/gateway'
import type { ShellMemory } from './shell-memory'
import type { ShellStrings } from './strings'

export interface QuittingOptions {
  readonly gateway: Gateway
  readonly memory: ShellMemory
  readonly strings: () => ShellStrings
  /** What becomes of connected clients. */
  readonly atQuit: () => Settings['clients']['atQuit']
  /** Lets requests in flight end and writes everything. */
  readonly stop: () => Promise<void>
  /** The same without waiting: leaves a row for each request in flight. */
  readonly abandon: () => void
  readonly logger: Logger & { flush(): void }
}

/**
 * How the program ends. Whoever asks for it by hand is told first what becomes of clients meanwhile; a system that
 * shuts down, a signal and an update are not kept waiting.
 *
 *   running ──► asked ──► stopping ──► stopped: Electron may go
 *      ▲  └───────┼──────────▲
 *      └──────────┘
 *
 * Quitting again while it stops ends it at once.
 */
export class Quitting {
  readonly #options: QuittingOptions
  #phase: 'running' | 'asked' | 'stopping' | 'stopped' = 'running'
  #finish: () => void = () => app.quit()

  constructor(options: QuittingOptions) {
    this.#options = options
    let isShuttingDown = false
    powerMonitor.on('shutdown', () => (isShuttingDown = true))
    app.on('before-quit', (event) => {
      if (this.#phase === 'stopped') return
      event.preventDefault()
      // On macOS it can also be asked for by hand in the Dock; elsewhere only a signal or the session's end comes here.
      if (process.platform === 'darwin' && !isShuttingDown && this.#phase === 'running') this.ask()
      else this.#stop()
    })
  }

  /** Asks, where somebody would miss it, and quits. */
  ask(): void {
    const { logger } = this.#options
    if (this.#phase === 'stopping') this.#stop()
    if (this.#phase !== 'running') return
    this.#phase = 'asked'
    this.#mayQuit()
      .then((may) => {
        if (this.#phase !== 'asked') return
        this.#phase = 'running'
        if (may) this.#stop()
      })
      .catch((error: unknown) => {
        logger.error('the question before quitting could not be shown', { error })
        this.#stop()
      })
  }

  /** Stops everything, then lets `install` quit the program: what it starts must not find this one's locks. */
  forUpdate(install: () => void): void {
    this.#finish = () => {
      app.releaseSingleInstanceLock()
      install()
    }
    this.#stop()
  }

  async #mayQuit(): Promise<boolean> {
    const { atQuit, gateway, memory, strings, logger } = this.#options
    const status = gateway.status()
    if (status.state === 'off' || memory.value.quitWithoutAsking) return true
    const { quitTitle, quitHint, quitNow, cancel, dontAskAgain } = strings()
    const { response, checkboxChecked } = await dialog.showMessageBox({
      type: 'question',
      message: quitTitle,
      detail: quitHint(status.inFlight, atQuit()),
      buttons: [quitNow, cancel],
      defaultId: 0,
      cancelId: 1,
      checkboxLabel: dontAskAgain
    })
    if (response !== 0) return false
    if (checkboxChecked) {
      try {
        memory.remember({ quitWithoutAsking: true })
      } catch (error) {
        logger.warn('could not keep that it should not be asked again', { error })
      }
    }
    return true
  }

  #stop(): void {
    const { abandon, stop, logger } = this.#options
    if (this.#phase === 'stopping') {
      abandon()
      app.exit(0)
      return
    }
    this.#phase = 'stopping'
    stop()
      .catch((error: unknown) => logger.error('stopping failed', { error }))
      .finally(() => {
        this.#phase = 'stopped'
        logger.flush()
        this.#finish()
      })
  }
}
