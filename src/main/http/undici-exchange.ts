import type { Transform } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Clock } from '../../shared/ports'
import type { Headers } from '../protocols/protocol'
import { UpstreamError, type UpstreamExchange, type UpstreamSink } from '../proxy/ports'
import { contentCoding, createDecoder } from './client-exchange'
import type { ProxySettings } from './proxy-settings'
import { expectSending, type Starting } from './reused-connection'
import { toUpstreamError } from './transport-errors'

/** So much of an error's body is kept until its coding has proved true, bytes. */
const KEPT_RAW = 65_536

/** So soon after the request's head a dead connection is told as such, ms: about a round trip. Later the upstream had it. */
const DEAD_WITHIN_MS = 1000

/** One exchange: undici's callbacks on one side, the sink on the other, a decoder between them where one is needed. */
export class UndiciExchange implements UpstreamExchange, Dispatcher.DispatchHandler, Starting {
  readonly #sink: UpstreamSink
  /** null: it goes straight to the upstream. */
  readonly #proxies: ProxySettings | null
  readonly #clock: Clock
  /** Sends it once more, on a new connection. */
  readonly #sendAgain: () => void
  #controller: Dispatcher.DispatchController | null = null
  #decoder: Transform | null = null
  /** The start of an error's body as it came, while nothing of it could be decoded. */
  #raw: Buffer[] | null = null
  #aborted = false
  #received = false
  #ended = false
  #answered = false
  /** When it was written to a connection that has carried another request, on the monotonic clock; null on a new one. */
  #reusedAt: number | null = null
  #sentAgain = false

  constructor(sink: UpstreamSink, proxies: ProxySettings | null, clock: Clock, sendAgain: () => void) {
    this.#sink = sink
    this.#proxies = proxies
    this.#clock = clock
    this.#sendAgain = sendAgain
  }

  pause(): void {
    if (this.#decoder !== null) this.#decoder.pause()
    else this.#controller?.pause()
  }

  resume(): void {
    if (this.#decoder !== null) this.#decoder.resume()
    else this.#controller?.resume()
  }

  abort(): void {
    if (this.#aborted || this.#ended) return
    this.#aborted = true
    this.#decoder?.destroy()
    // Once the whole answer is in, the socket is the pool's again and must not be touched.
    if (!this.#received) this.#controller?.abort(new Error('aborted'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted) {
      controller.abort(new Error('aborted'))
      return
    }
    expectSending(this)
    this.#sink.connected()
  }

  sending(reused: boolean): void {
    this.#reusedAt = reused ? this.#clock.monotonic() : null
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200 || this.#aborted) return
    this.#answered = true
    const coding = contentCoding(headers)
    if (coding !== null && !this.#decode(coding)) return
    if (coding !== null && status >= 300) this.#raw = []
    this.#sink.head(status, headers)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#aborted) return
    const decoder = this.#decoder
    if (decoder === null) {
      this.#sink.data(chunk)
      return
    }
    this.#keepRaw(chunk)
    if (!decoder.write(chunk)) {
      controller.pause()
      decoder.once('drain', () => controller.resume())
    }
  }

  onResponseEnd(): void {
    this.#received = true
    if (this.#decoder !== null) this.#decoder.end()
    else this.#end()
  }

  onResponseError(_controller: unknown, error: unknown): void {
    if (this.#aborted || this.#ended) return
    const failure = toUpstreamError(error, this.#controller !== null, this.#proxies)
    if (this.#wasDead(failure)) {
      this.#sentAgain = true
      this.#sendAgain()
      return
    }
    this.#ended = true
    this.#decoder?.destroy()
    this.#sink.fail(failure)
  }

  #keepRaw(chunk: Buffer): void {
    if (this.#raw === null) return
    this.#raw.push(chunk)
    if (this.#raw.reduce((sum, { length }) => sum + length, 0) > KEPT_RAW) this.#raw = null
  }

  /**
   * An error whose head names a coding that its body does not have, as where a proxy wrote the body anew: what it says counts (B03).
   * False where it is no error, or something was decoded already.
   */
  #goOnPlain(): boolean {
    if (this.#raw === null || this.#aborted) return false
    const raw = Buffer.concat(this.#raw)
    this.#raw = null
    this.#decoder = null
    if (raw.length > 0) this.#sink.data(raw)
    if (this.#received) this.#end()
    else this.#controller?.resume()
    return true
  }

  /**
   * A kept connection that had died, or was about to be closed: that says nothing of the upstream (RFC 9112 9.3.1). One that
   * breaks later may have been billed for it.
   */
  #wasDead({ code }: UpstreamError): boolean {
    if (code !== 'reset' || this.#reusedAt === null || this.#answered || this.#sentAgain) return false
    return this.#clock.monotonic() - this.#reusedAt <= DEAD_WITHIN_MS
  }

  #end(): void {
    if (this.#aborted || this.#ended) return
    this.#ended = true
    this.#sink.end()
  }

  #decode(coding: string): boolean {
    const decoder = createDecoder(coding)
    if (decoder === null) {
      const error = new UpstreamError(
        'protocol',
        `The upstream answered in the coding "${coding}", which nobody asked for`
      )
      this.abort()
      this.#sink.fail(error)
      return false
    }
    decoder.on('data', (chunk: Buffer) => {
      this.#raw = null
      if (!this.#aborted) this.#sink.data(chunk)
    })
    decoder.once('end', () => this.#end())
    decoder.once('error', (cause: Error) => {
      if (this.#goOnPlain()) return
      this.onResponseError(null, new UpstreamError('protocol', `The upstream's ${coding} body is broken`, { cause }))
      this.abort()
    })
    this.#decoder = decoder
    return true
  }
}
