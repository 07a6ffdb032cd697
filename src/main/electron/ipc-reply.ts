import type { IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import type { Reply } from '../../shared/ipc'
import type { Logger } from '../../shared/ports'
import { ApiError, INTERNAL_MESSAGE } from '../api/api-error'

export interface IpcGuardOptions {
  readonly isOurPage: (url: string) => boolean
  readonly logger: Logger
}

/** Hears only the main frame of our own page: a frame that came in some other way is refused, whatever it asks. */
export class IpcGuard {
  readonly #options: IpcGuardOptions

  constructor(options: IpcGuardOptions) {
    this.#options = options
  }

  allows({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
    return senderFrame !== null && senderFrame.parent === null && this.#options.isOurPage(senderFrame.url)
  }

  /** What `run` resolves with, or why not, as data. `what` is for the log. Never rejects. */
  async reply(event: IpcMainInvokeEvent, what: unknown, run: () => Promise<unknown>): Promise<Reply> {
    const { logger } = this.#options
    if (!this.allows(event)) {
      logger.warn('refused a call from a foreign frame', { url: event.senderFrame?.url })
      return { ok: false, error: { code: 'forbidden', message: 'This page may not call Routex' } }
    }
    try {
      return { ok: true, result: await run() }
    } catch (error) {
      if (error instanceof ApiError) return { ok: false, error: error.toBody() }
      logger.error('a call failed', { name: what, error })
      return { ok: false, error: { code: 'internal', message: INTERNAL_MESSAGE } }
    }
  }
}
