import type { Clock, Logger, Stop } from '../../shared/ports'

/** How long after a write that failed it is tried again, ms. */
const RETRY_MS = 5000

export interface AnnouncementOptions {
  /** Writes the address into the data folder, or that there is none. May throw. */
  readonly write: (url: string | null) => void
  /** What is logged when it can't be written: what that costs. */
  readonly whenFailed: string
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Where Routex listens, told in a file of the data folder for other programs. Best effort: a folder that takes nothing (a
 * full disk, no file descriptor left) costs what the file is for, never the gateway.
 */
export class Announcement {
  readonly #options: AnnouncementOptions
  /** What stands in the file; undefined when that isn't known. */
  #written: string | null | undefined
  #stopWaiting: Stop | null = null

  constructor(options: AnnouncementOptions) {
    this.#options = options
  }

  /** Never throws. What can't be written now is logged, and tried again until it is written or something else is told. */
  tell(url: string | null): void {
    const failedBefore = this.#stopWaiting !== null
    this.stop()
    if (url === this.#written) return
    const { write, whenFailed, clock, logger } = this.#options
    try {
      write(url)
      this.#written = url
    } catch (error) {
      this.#written = undefined
      this.#stopWaiting = clock.after(RETRY_MS, () => this.tell(url))
      if (!failedBefore) logger.warn(whenFailed, { error })
    }
  }

  /** Ends the waiting for the next try. */
  stop(): void {
    this.#stopWaiting?.()
    this.#stopWaiting = null
  }
}
