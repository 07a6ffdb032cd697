import { EventReader } from './event-reader'
import { parseJson } from './foreign-json'

const LF = 0x0a
const CR = 0x0d

/**
 * Finds the events of a text/event-stream (WHATWG HTML 9.2.5) however its bytes are cut: lines end with CRLF, LF or CR,
 * an event ends with a blank line. Each byte is looked at once here; nothing is decoded.
 */
export class SseReader extends EventReader {
  /** Bytes of the line that goes on at the next chunk's start. */
  #lineBytes = 0
  /** The last chunk ended with a CR: an LF that follows belongs to the same line end. */
  #afterCr = false
  /** That line end was a blank line's, so the event ends here or one byte later. */
  #blankLine = false
  #hasLoneCr = false
  /** Where the next LF and CR of this chunk stand; its length when there is none, -1 when not looked for. */
  #nextLf = -1
  #nextCr = -1
  /** The last call found an event's end. */
  #ended = true
  /** Where the event began, seen from this chunk's start: below 0 when in an earlier one. */
  #origin = 0
  /** Lines of the event so far, and where the first two of them end, from the event's start. */
  #lines = 0
  #firstEnd = -1
  #secondEnd = -1

  protected override begin(): void {
    this.#nextLf = -1
    this.#nextCr = -1
  }

  /** The lines of a whole event are known by now, so that the usual one is not searched again. */
  protected override load(bytes: Buffer, start: number, end: number): void {
    const isUsual = this.#ended && this.#lines > 0 && this.#lines <= 2 && !this.#hasLoneCr && bytes[start] !== 0xef
    if (!isUsual) this.event.loadBlock(bytes, start, end, this.#hasLoneCr)
    else {
      const secondEnd = this.#lines === 2 ? start + this.#secondEnd : -1
      this.event.loadLines(bytes, start, end, start + this.#firstEnd, secondEnd)
    }
  }

  protected override eventEnd(chunk: Buffer, from: number): number {
    if (this.#ended) {
      this.#ended = false
      this.#origin = from
      this.#lines = 0
    }
    const end = this.#afterCr ? this.#endAfterCr(chunk, from) : this.#blankLineEnd(chunk, from)
    if (end === -1) this.#origin -= chunk.length
    else this.#ended = true
    return end
  }

  #endAfterCr(chunk: Buffer, from: number): number {
    this.#afterCr = false
    const isCrLf = chunk[from] === LF
    if (!isCrLf) this.#hasLoneCr = true
    const line = isCrLf ? from + 1 : from
    if (this.#blankLine) {
      this.#blankLine = false
      return line
    }
    this.#noteLine(line - 1)
    return this.#blankLineEnd(chunk, line)
  }

  /** Goes from line to line up to the end of a blank one. */
  #blankLineEnd(chunk: Buffer, from: number): number {
    let line = from
    while (line < chunk.length) {
      const first = chunk[line]
      const lineEnd = first === LF || first === CR ? line : this.#lineEnd(chunk, line)
      if (lineEnd === chunk.length) {
        this.#lineBytes += lineEnd - line
        return -1
      }
      const isBlank = lineEnd === line && this.#lineBytes === 0
      this.#lineBytes = 0
      line = lineEnd + 1
      if (chunk[lineEnd] === CR) {
        if (line === chunk.length) {
          this.#afterCr = true
          this.#blankLine = isBlank
          return -1
        }
        if (chunk[line] === LF) line++
        else this.#hasLoneCr = true
      }
      if (isBlank) return line
      this.#noteLine(line - 1)
    }
    return -1
  }

  #noteLine(lastByte: number): void {
    this.#lines++
    if (this.#lines === 1) this.#firstEnd = lastByte - this.#origin
    else if (this.#lines === 2) this.#secondEnd = lastByte - this.#origin
  }

  #lineEnd(chunk: Buffer, from: number): number {
    if (this.#nextLf < from) this.#nextLf = nextOf(chunk, LF, from)
    if (this.#nextCr < from) this.#nextCr = nextOf(chunk, CR, from)
    return Math.min(this.#nextLf, this.#nextCr)
  }

  /** An event is whole when its data is a JSON text (or `[DONE]`): a proper beginning of an object never is one. */
  protected override missingEnd(bytes: Buffer): Buffer | null {
    if (!this.event.hasData || !(this.event.isDone || parseJson(this.event.data) !== undefined)) return null
    if (this.#blankLine) return Buffer.alloc(0)
    const last = bytes[bytes.length - 1]
    return Buffer.from(last === LF || last === CR ? '\n' : '\n\n')
  }
}

function nextOf(chunk: Buffer, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from)
  return at === -1 ? chunk.length : at
}
