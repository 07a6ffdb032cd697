import type { ClientReply, UpstreamExchange } from './ports'

/**
 * Writes to a client as fast as it takes, and holds its upstream back meanwhile (B20), so that what is in memory is one
 * socket's buffer however slow the client.
 */
export class Outlet {
  readonly #reply: ClientReply
  readonly #upstream: UpstreamExchange | null
  #bytes = 0
  #paused = false

  constructor(reply: ClientReply, upstream: UpstreamExchange | null) {
    this.#reply = reply
    this.#upstream = upstream
  }

  /** Bytes of body written so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** The client is the one who is waited for. */
  get paused(): boolean {
    return this.#paused
  }

  /** A bound function, so that it can be handed to a stream reader without a closure a chunk. */
  readonly write = (bytes: Buffer): void => {
    this.#bytes += bytes.length
    if (this.#reply.write(bytes) || this.#paused) return
    this.#paused = true
    this.#upstream?.pause()
    void this.#reply.drained().then(() => {
      this.#paused = false
      this.#upstream?.resume()
    })
  }
}
