import type { Channel } from '../../shared/channel'
import type { ClientKey } from '../../shared/client-key'
import type { ChannelId } from '../../shared/ids'
import type { JournaledRecord } from '../../shared/request-log'
import type { Settings } from '../../shared/settings'
import type { Headers } from '../protocols/protocol'

/** Names and values in turn, as Node and undici take them without copying. */
export type HeaderList = readonly string[]

/** A client's request as the listener hands it over: nothing of the body was read yet. */
export interface ClientRequest {
  readonly method: string
  /** Path alone, percent-encoding as it came. */
  readonly path: string
  /** Without `?`; '' when there is none. */
  readonly query: string
  readonly headers: Headers
  /** Address of the other side, for keyless requests. */
  readonly remoteAddress: string
  /**
   * The whole body, decoded from its content encodings; 'too_large' as soon as more than `limit` bytes came (nothing
   * is buffered any more and the rest is drained, B22); 'bad_encoding' for a coding that can't be decoded; 'gone' when
   * the client went away meanwhile.
   */
  readBody(limit: number): Promise<Buffer | 'too_large' | 'bad_encoding' | 'gone'>
}

/** The answer to a client. Written by one relay at a time. */
export interface ClientReply {
  /** The client went away, or the answer was ended. */
  readonly closed: boolean
  readonly headSent: boolean
  /** Sends status and headers; a body follows in chunks. */
  head(status: number, headers: HeaderList): void
  /** false: wait for `drained` before the next (B20). */
  write(bytes: Buffer): boolean
  /** Resolves when the socket takes more, or the client is gone. */
  drained(): Promise<void>
  end(bytes?: Buffer): void
  /** Head and whole body in one write, with its length. */
  send(status: number, headers: HeaderList, body: Buffer): void
  /** Writes `bytes`, then destroys the socket in the write's callback, without the final chunk (B02). */
  cut(bytes: Buffer): void
  /** `listener` is called once when the client goes away before the end; a later call replaces it. */
  onGone(listener: () => void): void
}

export interface UpstreamRequest {
  readonly method: string
  /** Absolute URL. */
  readonly url: URL
  readonly headers: HeaderList
  readonly body: Buffer | null
}

/** What comes back, pushed as it comes. After `end` or `fail` nothing more is called. */
export interface UpstreamSink {
  /** The connection stands, the request is on its way. */
  connected(): void
  /** 1xx are not told. */
  head(status: number, headers: Headers): void
  /** Bytes with their content coding taken off. */
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

/** Sends requests. Knows pools, TLS and proxies; the deadlines are the caller's (B06). */
export interface UpstreamTransport {
  /** Never throws: what goes wrong is told to the sink, later. */
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamExchange
  /** B43: idle sockets are dropped; exchanges under way go on. */
  dropIdle(): void
  /** Ends every socket, those in use included. */
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
  | 'exhausted' // this machine has no file descriptor left for a connection: no channel's fault
  | 'stopped' // Routex itself was turned off: nobody's fault

/** Why an upstream gave no (whole) answer. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly code: UpstreamErrorCode
  /** What a client is told where no upstream gave a status. */
  readonly status: 502 | 504
  readonly retryable = true
  constructor(code: UpstreamErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
    this.status = code.endsWith('timeout') ? 504 : 502
  }
}

/** B06, all in ms. */
export interface Deadlines {
  readonly connectMs: number
  readonly firstByteMs: number
  readonly idleMs: number
  /** Before commit, over all attempts. */
  readonly totalMs: number
}

/** What the hot path reads: memory only, frozen objects, the same array again until something changed. */
export interface ConfigReader {
  /** All channels, those of the config file (and the Demo, until a first channel was ever saved) included. */
  channels(): readonly Channel[]
  enabledChannels(): readonly Channel[]
  channel(id: ChannelId): Channel | undefined
  /** By the SHA-256 (hex) of the key's text. */
  clientKey(sha256: string): ClientKey | undefined
  clientKeys(): readonly ClientKey[]
  settings(): Settings
  /** The decrypted credential, from memory; undefined when the channel has none. */
  credential(channel: Channel): string | undefined
}

/** Where a finished request goes: one append to the journal, shared by all that end in the same turn (design.md, Storage). */
export interface RequestLogSink {
  /**
   * Resolves when the record is in the journal. Never rejects: one that the disk does not take is kept in memory, up to
   * 10,000 records, then counted as dropped.
   */
  append(record: JournaledRecord): Promise<void>
}
