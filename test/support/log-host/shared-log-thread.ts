import { EventEmitter } from 'node:events'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { inject } from 'vitest'
import type { LogThread } from '../../../src/main/storage/logs/log-worker-link'

let host: Worker | null = null

/** A thread takes ten times as long to start as to serve the log of one test, so those of a test process share one. */
function runningHost(): Worker {
  if (host !== null) return host
  const started = new Worker(new URL(inject('logHostUrl')), { name: 'routex logs of tests' })
  started.once('exit', () => (host = null))
  started.setMaxListeners(0)
  started.unref()
  return (host = started)
}

/** One gateway's log worker in the thread that the tests share. To whoever started it, it is a thread of its own. */
class SharedLogThread extends EventEmitter {
  readonly #port: MessagePort
  readonly #host = runningHost()

  constructor() {
    super()
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const onError = (error: unknown): boolean => this.emit('error', error)
    const onExit = (): void => port1.close()
    this.#host.on('error', onError).on('exit', onExit)
    port1.on('message', (message) => this.emit('message', message))
    port1.once('close', () => {
      this.#host.off('error', onError).off('exit', onExit)
      this.emit('exit', 0)
    })
    this.#host.postMessage(port2, [port2])
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message)
  }

  terminate(): Promise<number> {
    const ended = new Promise<number>((resolve) => this.once('exit', () => resolve(0)))
    this.#port.close()
    return ended
  }
}

export const startSharedLogThread = (): LogThread => new SharedLogThread()
