import type { MessagePort } from 'node:worker_threads'
import type { Clock } from '../../../shared/ports'
import { LogService } from './log-service'
import { installPrices, loadPrices } from './prices'
import type { ToWorker } from './worker-messages'

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

/** Opens logs.db when it is told to start, and answers what comes after; `onBroken`: as of `LogService`. */
export function serveLog(port: MessagePort, onBroken: () => void): void {
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
      onBroken
    })
  })
}
