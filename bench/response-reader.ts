const HEAD_END = Buffer.from('\r\n\r\n')
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SEMICOLON = 0x3b
const NOTHING = Buffer.alloc(0)

/**
 * Reads HTTP/1.1 answers off one connection (RFC 9112), no more of them than a load generator must know: the status,
 * how many bytes of body came, and where the answer ends. Chunks may be cut anywhere.
 *
 *   head ──► sized ─────────────────────────────► done
 *     └────► chunk size ◄──► chunk data            ▲
 *                 └────► trailer ──────────────────┘
 */
export class ResponseReader {
  status = 0
  bodyBytes = 0
  /** Set when the server will close the connection behind this answer. */
  closing = false
  #state: 'head' | 'sized' | 'chunk size' | 'chunk data' | 'trailer' | 'done' = 'head'
  #pending: Buffer = NOTHING
  /** Bytes that are still to come of the sized body or of the chunk with its line break. */
  #left = 0
  #chunkSize = 0
  #inExtension = false
  #lineLength = 0

  /** Begins the next answer. */
  reset(): void {
    this.status = 0
    this.bodyBytes = 0
    this.#state = 'head'
    this.#pending = NOTHING
  }

  get done(): boolean {
    return this.#state === 'done'
  }

  /** @throws Error for what is no HTTP answer */
  push(chunk: Buffer): void {
    let at = this.#state === 'head' ? this.#readHead(chunk) : 0
    while (at < chunk.length && this.#state !== 'done') {
      if (this.#state === 'sized' || this.#state === 'chunk data') at = this.#skip(chunk, at)
      else if (this.#state === 'chunk size') at = this.#readChunkSize(chunk, at)
      else if (this.#state === 'trailer') at = this.#readTrailer(chunk, at)
      else return
    }
    if (at < chunk.length) throw new Error('the server sent more than one answer')
  }

  /** Where the body begins in this chunk; its length while the head is not whole. */
  #readHead(chunk: Buffer): number {
    const before = this.#pending.length
    const all = before === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const end = all.indexOf(HEAD_END)
    if (end < 0) {
      // The chunk's memory is used again for the next read.
      this.#pending = before === 0 ? Buffer.from(chunk) : all
      return chunk.length
    }
    this.#pending = NOTHING
    this.#parseHead(all.toString('latin1', 0, end).toLowerCase())
    return end + HEAD_END.length - before
  }

  #parseHead(head: string): void {
    this.status = Number(head.slice(9, 12))
    if (!head.startsWith('http/1.') || !(this.status >= 200)) throw new Error(`no answer: ${head.slice(0, 40)}`)
    this.closing = head.includes('\r\nconnection: close')
    if (head.includes('\r\ntransfer-encoding: chunked')) {
      this.#state = 'chunk size'
      this.#chunkSize = 0
      this.#inExtension = false
      return
    }
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1]
    if (length === undefined) throw new Error('an answer without length')
    this.#left = Number(length)
    this.#state = this.#left === 0 ? 'done' : 'sized'
  }

  #skip(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#left, chunk.length - at)
    this.#left -= taken
    if (this.#state === 'sized') {
      this.bodyBytes += taken
      if (this.#left === 0) this.#state = 'done'
    } else if (this.#left === 0) {
      this.#state = 'chunk size'
      this.#chunkSize = 0
      this.#inExtension = false
    }
    return at + taken
  }

  #readChunkSize(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (byte === LINE_FEED) {
        this.#beginChunk()
        return at + 1
      }
      if (byte === SEMICOLON) this.#inExtension = true
      else if (byte !== CARRIAGE_RETURN && !this.#inExtension) this.#chunkSize = this.#chunkSize * 16 + hexDigit(byte)
    }
    return chunk.length
  }

  #beginChunk(): void {
    if (this.#chunkSize === 0) {
      this.#state = 'trailer'
      this.#lineLength = 0
      return
    }
    this.bodyBytes += this.#chunkSize
    this.#left = this.#chunkSize + 2
    this.#state = 'chunk data'
  }

  #readTrailer(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (byte === LINE_FEED) {
        if (this.#lineLength === 0) {
          this.#state = 'done'
          return at + 1
        }
        this.#lineLength = 0
      } else if (byte !== CARRIAGE_RETURN) this.#lineLength += 1
    }
    return chunk.length
  }
}

function hexDigit(byte: number): number {
  const digit = byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57
  if (digit < 0 || digit > 15) throw new Error('a chunk without size')
  return digit
}
