import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const CHUNK_BYTES = 256 * 1024
const LINE_BREAK = 0x0a

/** Reads the lines of a file that grows at its end. */
export class SegmentReader {
  readonly name: string
  readonly #file: number
  /** Where the next line begins, bytes. */
  #offset: number
  /** Bytes from `#offset` on that were read already. */
  #ahead: Buffer = Buffer.alloc(0)

  constructor(path: string, name: string, offset: number) {
    this.name = name
    this.#file = openSync(path, 'r')
    this.#offset = offset
  }

  get offset(): number {
    return this.#offset
  }

  /** The next whole line without its line break; null when no more is there yet. */
  next(): Buffer | null {
    let searched = 0
    for (;;) {
      const end = this.#ahead.indexOf(LINE_BREAK, searched)
      if (end !== -1) return this.#take(end + 1).subarray(0, end)
      searched = this.#ahead.length
      if (!this.#readAhead()) return null
    }
  }

  /** What stands behind the last whole line, once nobody writes any more; null when there is nothing. */
  torn(): Buffer | null {
    return this.#ahead.length === 0 ? null : this.#take(this.#ahead.length)
  }

  close(): void {
    closeSync(this.#file)
  }

  #take(length: number): Buffer {
    const taken = this.#ahead.subarray(0, length)
    this.#ahead = this.#ahead.subarray(length)
    this.#offset += length
    return taken
  }

  #readAhead(): boolean {
    const from = this.#offset + this.#ahead.length
    const there = fstatSync(this.#file).size - from
    if (there <= 0) return false
    const chunk = Buffer.allocUnsafe(Math.min(there, CHUNK_BYTES))
    const read = readSync(this.#file, chunk, 0, chunk.length, from)
    this.#ahead =
      this.#ahead.length === 0 ? chunk.subarray(0, read) : Buffer.concat([this.#ahead, chunk.subarray(0, read)])
    return read > 0
  }
}
