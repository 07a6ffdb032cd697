import { Worker } from 'node:worker_threads'
import type { Clock, Logger, Stop } from '../../../shared/ports'
import { StorageError } from '../errors'
import type { FromWorker, LogCallName, LogCalls, LogWorkerData, ToWorker } from './worker-messages'

/** What is used of a thread that runs the log worker, as Node's `Worker` has it. */
export interface LogThread {
  on(event: 'message', listener: (message: FromWorker) => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  once(event: 'exit', listener: () => void): unknown
  postMessage(message: unknown): void
  terminate(): Promise<unknown>
}

export interface LogWorkerLinkOptions {
  /** Where the worker's built file is. */
  readonly workerUrl: URL
  /** A new thread for each start unless given: for tests, which start many. */
  readonly startThread?: ((workerUrl: URL) => LogThread) | undefined
  readonly clock: Clock
  readonly logger: Logger
  /** Asked for at each start: settings may have changed meanwhile. */
  readonly data: () => LogWorkerData
  /** Everything the worker tells but the answers to calls. */
  readonly onMessage: (message: Exclude<FromWorker, { readonly kind: 'result' | 'failed' }>) => void
  /** It ended by itself; it will be started again. */
  readonly onEnded: () => void
}

/** A batch of 500 rows and a page of a query are all it holds; the young generation alone would else grow to 48 MB. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 192 }
const FIRST_RESTART_MS = 100
const MAX_RESTART_MS = 30_000

/** A call under way. `resolve` is a method, so that each call's own result type fits. */
interface Pending {
  resolve(value: unknown): void
  reject(error: StorageError): void
}

const stopped = (): StorageError =>
  new StorageError('log_worker_stopped', 'the log worker ended and is being started again; ask once more')

const newThread = (workerUrl: URL): LogThread =>
  new Worker(workerUrl, { name: 'routex log', resourceLimits: RESOURCE_LIMITS })

/** Keeps the log worker running: one that ends by itself is started again, after 100 ms at first, 30 s at most. */
export class LogWorkerLink {
  readonly #options: LogWorkerLinkOptions
  readonly #pending = new Map<number, Pending>()
  #worker: LogThread | null = null
  #lastCall = 0
  #restartMs = FIRST_RESTART_MS
  #stopRestart: Stop | null = null
  #closed = false

  constructor(options: LogWorkerLinkOptions) {
    this.#options = options
    this.#start()
  }

  /** Tells the worker something; lost when it is not there, since it begins with reading the journal anyway. */
  post(message: ToWorker): void {
    this.#worker?.postMessage(message)
  }

  /** @throws StorageError `log_worker_stopped` (retryable), or what the worker answered */
  call<N extends LogCallName>(name: N, params: LogCalls[N]['params']): Promise<LogCalls[N]['result']> {
    return new Promise((resolve, reject) => {
      if (this.#worker === null) {
        reject(stopped())
        return
      }
      const id = ++this.#lastCall
      const pending: Pending = { resolve, reject }
      this.#pending.set(id, pending)
      this.#worker.postMessage({ kind: 'call', id, call: { name, params } })
    })
  }

  /** Lets the worker close its database, then ends it. */
  async close(): Promise<void> {
    this.#closed = true
    this.#stopRestart?.()
    const worker = this.#worker
    if (worker === null) return
    try {
      await this.call('close', null)
    } catch (error) {
      this.#options.logger.warn('the log worker could not close its database', { error })
    }
    await worker.terminate()
  }

  #start(): void {
    const { workerUrl, startThread = newThread } = this.#options
    const worker = startThread(workerUrl)
    this.#worker = worker
    worker.on('message', (message: FromWorker) => this.#receive(message))
    worker.on('error', (error) => this.#options.logger.error('the log worker failed', { error }))
    worker.once('exit', () => this.#ended(worker))
    worker.postMessage({ kind: 'start', data: this.#options.data() } satisfies ToWorker)
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'result':
        this.#settle(message.id)?.resolve(message.value)
        return
      case 'failed':
        this.#settle(message.id)?.reject(new StorageError(message.code, message.message))
        return
      case 'committed':
        this.#restartMs = FIRST_RESTART_MS
        this.#options.onMessage(message)
        return
      default:
        this.#options.onMessage(message)
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #ended(worker: LogThread): void {
    if (this.#worker !== worker) return
    this.#worker = null
    for (const pending of this.#pending.values()) pending.reject(stopped())
    this.#pending.clear()
    if (this.#closed) return
    this.#options.logger.warn('the log worker ended; the journal goes on', { restartInMs: this.#restartMs })
    this.#stopRestart = this.#options.clock.after(this.#restartMs, () => this.#start())
    this.#restartMs = Math.min(this.#restartMs * 2, MAX_RESTART_MS)
    this.#options.onEnded()
  }
}
