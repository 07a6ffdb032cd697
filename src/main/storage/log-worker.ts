import { parentPort } from 'node:worker_threads'
import type { Clock } from '../../shared/ports'
import { LogService } from './logs/log-service'
import { installPrices, loadPrices } from './logs/prices'
import type { ToWorker } from './logs/worker-messages'

/** The thread's own time: the main thread's clock can't be shared. */
const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms).unref()
    return () => clearTimeout(timer)
  },
  every: (ms, call) => {
    const timer = setInterval(call, ms).unref()
    return () => clearInterval(timer)
  }
}

/**
 * Entry of the thread that owns logs.db. `logs/log-worker-link.ts` starts it, and starts it again when it ends by itself:
 * what was not committed then stands in the journal.
 */
function serve(port: NonNullable<typeof parentPort>): void {
  let service: LogService | null = null
  port.on('message', (message: ToWorker) => {
    if (message.kind !== 'start') return service?.handle(message)
    const { dataDir } = message.data
    service = new LogService({
      data: message.data,
      clock,
      post: (answer) => port.postMessage(answer),
      loadPrices: () => loadPrices(dataDir, (reason) => port.postMessage({ kind: 'bad_prices', reason })),
      installPrices: (text, fetchedAt) => installPrices(dataDir, text, fetchedAt),
      onBroken: () => process.exit(1)
    })
  })
}

if (parentPort === null) throw new Error('the log worker is no program of its own')
serve(parentPort)
