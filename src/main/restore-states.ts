import type { Clock, Logger } from '../shared/ports'
import type { StateHolders } from './channels/state-holders'
import type { LogStore } from './storage/ports'

/** After a crash the log worker may have much of the journal to read first; a start does not wait for all of it. */
const WAIT_MS = 2000

/**
 * Tells `stateHolders` which channel made what, as the log of earlier runs has it (B14). Resolves when that is done, failed
 * (which is logged), or not done within 2 s: then it is told later.
 */
export function restoreStates({
  logs,
  stateHolders,
  clock,
  logger
}: {
  readonly logs: Pick<LogStore, 'storedStates'>
  readonly stateHolders: StateHolders
  readonly clock: Clock
  readonly logger: Logger
}): Promise<void> {
  return new Promise((resolve) => {
    const stopWaiting = clock.after(WAIT_MS, resolve)
    logs
      .storedStates()
      .then((states) => stateHolders.restore(states))
      .catch((error: unknown) => {
        logger.warn('what earlier runs stored is not known: requests that name it go to any channel', { error })
      })
      .finally(() => {
        stopWaiting()
        resolve()
      })
  })
}
