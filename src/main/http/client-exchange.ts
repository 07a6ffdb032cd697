import type { IncomingMessage, ServerResponse } from 'node:http'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { Transform } from 'node:stream'
import type { Headers } from '../protocols/protocol'
import type { ClientReply, ClientRequest, HeaderList } from '../proxy/ports'

/** After a body over the limit, so many more bytes are read and thrown away before the connection is closed (B22). */
const DRAIN_LIMIT_BYTES = 256 * 1024 * 1024

/** Makes the decoder for a content coding (RFC 9110 8.4.1); null for one that isn't known. */
export function createDecoder(coding: string): Transform | null {
  if (coding === 'gzip' || coding === 'x-gzip') return createGunzip()
  if (coding === 'deflate') return createInflate()
  if (coding === 'br') return createBrotliDecompress()
  if (coding === 'zstd') return createZstdDecompress()
  return null
}

/**
 * What stands in `content-encoding` and is no coding: charsets and transfer encodings that were put into the wrong header.
 * The body is as it is.
 */
const NO_CODING =
  /^(?:identity|none|null|utf-?(?:8|16)(?:le|be)?|(?:us-)?ascii|iso-8859-\d+|latin-?1|windows-\d+|binary|[78]bit|plain|text)?$/

/** The coding of a message; null for one that has none. Several at once read as one name that nobody knows. */
export function contentCoding(headers: Headers): string | null {
  const header = headers['content-encoding']
  if (header === undefined) return null
  const names = String(header).toLowerCase().split(',')
  const codings = names.map((name) => name.trim()).filter((name) => !NO_CODING.test(name))
  return codings.length === 0 ? null : codings.join(', ')
}

/** A request of node:http as the core takes it. */
export class NodeClientRequest implements ClientRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Headers
  readonly remoteAddress: string
  readonly #message: IncomingMessage

  constructor(message: IncomingMessage) {
    const target = message.url ?? '/'
    const mark = target.indexOf('?')
    this.#message = message
    this.method = message.method ?? 'GET'
    this.path = mark < 0 ? target : target.slice(0, mark)
    this.query = mark < 0 ? '' : target.slice(mark + 1)
    this.headers = message.headers
    this.remoteAddress = message.socket.remoteAddress ?? ''
  }

  readBody(limit: number): Promise<Buffer | 'too_large' | 'bad_encoding' | 'gone'> {
    const message = this.#message
    const coding = contentCoding(this.headers)
    if (Number(this.headers['content-length'] ?? 0) > limit) {
      this.#drain()
      return Promise.resolve('too_large')
    }
    const decoder = coding === null ? null : createDecoder(coding)
    if (coding !== null && decoder === null) {
      this.#drain()
      return Promise.resolve('bad_encoding')
    }
    return new Promise((resolve) => {
      const source = decoder ?? message
      const chunks: Buffer[] = []
      let size = 0
      const settle = (result: Buffer | 'too_large' | 'bad_encoding' | 'gone'): void => {
        source.removeAllListeners('data')
        if (typeof result === 'string') this.#drain()
        resolve(result)
        // The listeners below live as long as the connection's request; the body need not.
        chunks.length = 0
      }
      source.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > limit) settle('too_large')
        else chunks.push(chunk)
      })
      source.once('end', () => {
        const [first] = chunks
        settle(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size))
      })
      message.once('close', () => {
        if (!message.complete) settle('gone')
      })
      if (decoder !== null) {
        decoder.once('error', () => settle('bad_encoding'))
        message.pipe(decoder)
      }
    })
  }

  /** Reads on without keeping anything, so that the client gets to our answer; gives up on an endless body. */
  #drain(): void {
    const message = this.#message
    let rest = DRAIN_LIMIT_BYTES
    message.unpipe()
    message.on('data', (chunk: Buffer) => {
      rest -= chunk.length
      if (rest < 0) message.destroy()
    })
    message.resume()
  }
}

/** An answer of node:http as the core writes it. */
export class NodeClientReply implements ClientReply {
  readonly #response: ServerResponse
  #gone = false
  #tellGone: (() => void) | null = null
  #tellDrained: (() => void) | null = null

  constructor(response: ServerResponse) {
    this.#response = response
    response.once('close', () => {
      this.#tellDrained?.()
      if (response.writableEnded) return
      this.#gone = true
      this.#tellGone?.()
    })
    // A write after the client went away is told by `close`; without a listener the error would end the process.
    response.on('error', () => {
      this.#gone = true
    })
  }

  get closed(): boolean {
    return this.#gone || this.#response.writableEnded
  }

  get headSent(): boolean {
    return this.#response.headersSent
  }

  head(status: number, headers: HeaderList): void {
    if (!this.closed) this.#response.writeHead(status, [...headers])
  }

  write(bytes: Buffer): boolean {
    return this.closed || this.#response.write(bytes)
  }

  drained(): Promise<void> {
    if (this.closed || !this.#response.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => {
      this.#tellDrained = () => {
        this.#tellDrained = null
        resolve()
      }
      this.#response.once('drain', this.#tellDrained)
    })
  }

  end(bytes?: Buffer): void {
    if (this.closed) return
    if (bytes === undefined || bytes.length === 0) this.#response.end()
    else this.#response.end(bytes)
  }

  send(status: number, headers: HeaderList, body: Buffer): void {
    if (this.closed) return
    this.#response.writeHead(status, [...headers, 'content-length', String(body.length)])
    this.#response.end(body)
  }

  cut(bytes: Buffer): void {
    if (this.closed) return
    const { socket, chunkedEncoding } = this.#response
    if (bytes.length > 0) this.#response.write(bytes)
    // An empty write ends behind all that was written before, so its callback comes when the client has been sent it.
    if (socket === null) this.#response.destroy()
    // Where the close alone ends a body (HTTP/1.0), an orderly one would make it look whole.
    else socket.write('', () => (chunkedEncoding ? socket.destroy() : socket.resetAndDestroy()))
  }

  onGone(listener: () => void): void {
    this.#tellGone = listener
    if (this.#gone) listener()
  }
}
