import { connect, type Socket } from 'node:net'
import { CONTENT_MARK } from './payloads.ts'
import { ResponseReader } from './response-reader.ts'

const READ_BUFFER_BYTES = 64 * 1024

/** What every answer must be; anything else counts as failed. */
export interface Expected {
  readonly bodyBytes: number
}

/**
 * One keep-alive connection of the load generator, on a bare socket, so that the generator takes little of the two cores
 * that it shares with what it measures. One request at a time.
 */
export class Connection {
  /** Monotonic time of the first content event of the current answer, ms; 0 before. */
  firstContentAt = 0
  readonly #port: number
  readonly #request: Buffer
  readonly #expected: Expected
  readonly #watchContent: boolean
  readonly #reader = new ResponseReader()
  readonly #buffer = Buffer.allocUnsafe(READ_BUFFER_BYTES)
  #socket: Socket | null = null
  #onDone: ((at: number, failure: string | null) => void) | null = null

  constructor(port: number, request: Buffer, expected: Expected, watchContent: boolean) {
    this.#port = port
    this.#request = request
    this.#expected = expected
    this.#watchContent = watchContent
  }

  /** Resolves when connected. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: '127.0.0.1',
        port: this.#port,
        noDelay: true,
        onread: { buffer: this.#buffer, callback: this.#read }
      })
      this.#socket = socket
      socket.once('connect', resolve)
      socket.once('error', reject)
      socket.on('error', (error) => this.#finish(error.message))
      socket.once('close', () => {
        this.#socket = null
        this.#finish('the connection was closed before the answer was whole')
      })
    })
  }

  get isOpen(): boolean {
    return this.#socket !== null && !this.#socket.destroyed
  }

  /** Sends the request; `onDone` is called once, with the time (monotonic, ms) and what was wrong, if anything. */
  send(onDone: (at: number, failure: string | null) => void): void {
    this.firstContentAt = 0
    this.#reader.reset()
    this.#onDone = onDone
    if (this.isOpen) this.#socket?.write(this.#request)
    else this.#finish('not connected')
  }

  /** A request that is still under way fails. */
  close(): void {
    this.#socket?.destroy()
    this.#finish('no answer came in time')
  }

  /** Bound once; node:net hands the one buffer in again and again. */
  readonly #read = (length: number, buffer: Uint8Array): boolean => {
    const chunk = buffer === this.#buffer ? this.#buffer.subarray(0, length) : Buffer.from(buffer.subarray(0, length))
    const reader = this.#reader
    // A mark that is cut by a read is seen with the next event, a few bytes later.
    if (this.#watchContent && this.firstContentAt === 0 && chunk.includes(CONTENT_MARK))
      this.firstContentAt = performance.now()
    try {
      reader.push(chunk)
    } catch (error) {
      this.#finish(String(error))
      this.#socket?.destroy()
      return true
    }
    if (reader.done) this.#judge(reader)
    return true
  }

  #judge(reader: ResponseReader): void {
    if (reader.closing) this.#socket?.destroy()
    const { bodyBytes } = this.#expected
    if (reader.status !== 200) this.#finish(`status ${reader.status}`)
    else if (reader.bodyBytes !== bodyBytes) this.#finish(`${reader.bodyBytes} bytes of body instead of ${bodyBytes}`)
    else this.#finish(null)
  }

  #finish(failure: string | null): void {
    const onDone = this.#onDone
    this.#onDone = null
    onDone?.(performance.now(), failure)
  }
}
