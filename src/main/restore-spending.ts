import type { Clock, Logger, Stop } from '../shared/ports'
import { periodsAt } from './channels/budget-period'
import type { SpendingLedger } from './channels/spending-ledger'
import type { LogStore } from './storage/ports'

/** After a crash the log worker may have much of the journal to read first; a start does not wait for all of it. */
const WAIT_MS = 2000
const AGAIN_MS = 30_000

export interface RestoreSpendingParts {
  readonly logs: Pick<LogStore, 'spending'>
  readonly ledger: SpendingLedger
  /** Called when the ledger was filled. */
  readonly restored: () => void
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Fills the ledger with what the log knows. Resolves when that is done or failed, or after 2 s: it goes on then, and what
 * failed is tried again every 30 s, until the returned function is called. Asked anew when the clock was set back.
 */
export function restoreSpending({ logs, ledger, restored, clock, logger }: RestoreSpendingParts): Promise<Stop> {
  return new Promise((resolve) => {
    let stopTimer: Stop = () => undefined
    let stopped = false
    const stop = (): void => {
      stopped = true
      stopTimer()
    }
    const stopWaiting = clock.after(WAIT_MS, () => resolve(stop))
    const ask = async (): Promise<void> => {
      const periods = periodsAt(clock.now())
      try {
        ledger.restore(periods, await logs.spending(periods))
        restored()
      } catch (error) {
        logger.warn('what was spent is not known, so no budget counts yet; it is asked again in 30 s', { error })
        if (!stopped) stopTimer = clock.after(AGAIN_MS, () => void ask())
      } finally {
        stopWaiting()
        resolve(stop)
      }
    }
    ledger.onTurnedBack(() => void ask())
    void ask()
  })
}
