import type { Timeouts } from '../../shared/channel'
import type { Headers } from '../protocols/protocol'

/** A client's request as the listener hands it over: nothing of the body was read yet. */
export interface ClientRequest {
  readonly method: string
  /** Path alone, percent-encoding as it came. */
  readonly path: string
  /** Without `?`; '' when there is none. */
  readonly query: string
  readonly headers: Headers
  /** Address of the other side, for `via` and keyless requests. */
  readonly remoteAddress: string
  /**
   * The whole body, decoded from its content encodings, or 'too_large' as soon as more than `limit` bytes came (then
   * nothing is buffered any more and the rest is drained or the connection closed). B22. Rejects with ClientGone when
   * the client went away meanwhile, and with a ProxyError (`bad_encoding`) for a coding that can't be decoded.
   */
  readBody(limit: number): Promise<{ readonly body: Buffer; readonly encoded: boolean } | 'too_large'>
}

/** The answer to a client. Written by one relay at a time. */
export interface ClientReply {
  /** The client went away, or the answer was ended. */
  readonly closed: boolean
  readonly headSent: boolean
  /** Sends status and headers; a body follows in chunks. */
  head(status: number, headers: Headers): void
  /** false: wait for `drained` before the next (B20). The bytes may be a view that is reused after the write was taken. */
  write(bytes: Buffer): boolean
  /** Resolves when the socket takes more, or the client is gone. */
  drained(): Promise<void>
  end(bytes?: Buffer): void
  /** Head and whole body in one write, with its length. */
  send(status: number, headers: Headers, body: Buffer): void
  /** Writes `bytes`, then destroys the socket in the write's callback, without the final chunk (B02). */
  cut(bytes: Buffer | null): void
  /** Called once when the client goes away before the end. */
  onGone(listener: () => void): void
}

export interface UpstreamRequest {
  readonly method: string
  /** Absolute URL. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  readonly connectMs: number
}

/** What comes back, pushed as it comes. After `end` or `fail` nothing more is called. */
export interface UpstreamSink {
  /** 1xx are not told. */
  head(status: number, headers: Headers): void
  /** Bytes as they came off the wire (content coding already taken off). */
  data(chunk: Buffer): void
  end(): void
  fail(error: UpstreamError): void
}

/** One exchange under way. */
export interface UpstreamExchange {
  pause(): void
  resume(): void
  /** Aborts at once; the sink hears nothing more. */
  abort(): void
}

/** Sends one request. Knows pools, TLS and proxies; has no clock but the one of the connect. */
export interface UpstreamTransport {
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamExchange
  /** B43: idle sockets are dropped; exchanges under way go on. */
  dropIdle(): void
  close(): Promise<void>
}

export type UpstreamErrorCode =
  | 'connect' // refused, unreachable, DNS
  | 'tls'
  | 'connect_timeout'
  | 'first_byte_timeout'
  | 'idle_timeout'
  | 'total_timeout'
  | 'reset' // the connection broke
  | 'protocol' // not HTTP, bad chunking, bad gzip

/** Why an upstream gave no (whole) answer. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly status: number
  readonly retryable = true
  constructor(
    readonly code: UpstreamErrorCode,
    message: string,
    options?: { readonly cause?: unknown }
  ) {
    super(message, options)
    this.status = code.endsWith('timeout') ? 504 : 502
  }
}

/** B06's defaults, ms. Local servers load models, so they get longer for the first byte. */
export interface Deadlines extends Required<Timeouts> {
  /** Before commit, over all attempts. */
  readonly totalMs: number
}
