import type { Clock } from '../../shared/ports'
import type { ClientReply, UpstreamExchange } from './ports'

/**
 * Writes to a client as fast as it takes, and holds its upstream back meanwhile (B20), so that what is in memory is one
 * socket's buffer however slow the client.
 */
export class Outlet {
  readonly #reply: ClientReply
  readonly #upstream: UpstreamExchange | null
  readonly #clock: Clock
  #bytes = 0
  #paused = false
  /** Monotonic time of the last write, or of the last moment when the client was the one who was waited for. */
  #lastAt: number

  constructor(reply: ClientReply, upstream: UpstreamExchange | null, clock: Clock) {
    this.#reply = reply
    this.#upstream = upstream
    this.#clock = clock
    this.#lastAt = clock.monotonic()
  }

  /** Bytes of body written so far. */
  get bytes(): number {
    return this.#bytes
  }

  get paused(): boolean {
    return this.#paused
  }

  get lastAt(): number {
    return this.#lastAt
  }

  /** A bound function, so that it can be handed to a stream reader without a closure a chunk. */
  readonly write = (bytes: Buffer): void => {
    this.#bytes += bytes.length
    this.#lastAt = this.#clock.monotonic()
    if (this.#reply.write(bytes) || this.#paused) return
    this.#paused = true
    this.#upstream?.pause()
    void this.#reply.drained().then(() => {
      this.#paused = false
      this.#lastAt = this.#clock.monotonic()
      this.#upstream?.resume()
    })
  }
}
