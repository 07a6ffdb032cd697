import { parseJson } from './foreign-json'

const LF = 0x0a
const CR = 0x0d
const COLON = 0x3a
const SPACE = 0x20

/**
 * One whole event of a stream, as a view of its bytes: an SSE block or one element of a JSON array. Made once for each
 * stream and loaded anew for each event, so that passing events cost no object (style.md, 10).
 */
export class StreamEvent {
  #bytes: Buffer = Buffer.alloc(0)
  #end = 0
  #nameStart = 0
  #nameEnd = 0
  #dataStart = 0
  #dataEnd = 0
  #start = 0
  #dataLines = 0
  /** It has lines besides `data:`: a comment, `event:`, `id:`. */
  hasOtherLines = false

  /** Reads the lines of the SSE block between `start` and `end`. `loneCr`: in this stream a CR alone may end a line. */
  loadBlock(bytes: Buffer, start: number, end: number, loneCr: boolean): void {
    this.#reset(bytes, start, end)
    let line = bytes[start] === 0xef && bytes[start + 1] === 0xbb ? start + 3 : start // a byte order mark
    while (line < end) {
      const lineEnd = loneCr ? anyLineEnd(bytes, line, end) : lineFeed(bytes, line, end)
      const textEnd = bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd
      if (textEnd > line) this.#readLine(bytes, line, textEnd)
      line = lineEnd + 1
    }
  }

  /** One JSON text between `start` and `end`. */
  loadJson(bytes: Buffer, start: number, end: number): void {
    this.#reset(bytes, start, end)
    this.#dataStart = start
    this.#dataEnd = end
    this.#dataLines = 1
  }

  #reset(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    this.#nameStart = this.#nameEnd = 0
    this.#dataStart = this.#dataEnd = 0
    this.#dataLines = 0
    this.hasOtherLines = false
  }

  #readLine(bytes: Buffer, start: number, end: number): void {
    const length = end - start
    if (bytes[start] === 0x64 && bytes[start + 4] === COLON && length >= 5 && bytes[start + 1] === 0x61) {
      if (this.#dataLines === 0) this.#dataStart = valueStart(bytes, start + 5, end)
      this.#dataEnd = end
      this.#dataLines++
      return
    }
    this.hasOtherLines = true
    if (bytes[start] === 0x65 && bytes[start + 5] === COLON && length >= 6 && bytes[start + 1] === 0x76) {
      this.#nameStart = valueStart(bytes, start + 6, end)
      this.#nameEnd = end
    }
  }

  /** Comments, blank lines, a lone `id:` or `retry:` are no event. */
  get isEvent(): boolean {
    return this.#dataLines > 0 || this.#nameEnd > 0
  }

  get hasData(): boolean {
    return this.#dataLines > 0
  }

  /** The `event:` line's value; '' without one. */
  get name(): string {
    return this.#nameEnd === 0 ? '' : this.#bytes.toString('latin1', this.#nameStart, this.#nameEnd)
  }

  /** The data with each byte as one character: for looking for ASCII keys, cheaper than decoding. */
  get probe(): string {
    return this.#bytes.toString('latin1', this.#dataStart, this.#dataEnd)
  }

  /** The data, several lines joined by line feeds. */
  get data(): string {
    if (this.#dataLines <= 1) return this.#bytes.toString('utf8', this.#dataStart, this.#dataEnd)
    return this.#bytes
      .toString('utf8', this.#start, this.#end)
      .split(/\r\n|\r|\n/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(line[5] === ' ' ? 6 : 5))
      .join('\n')
  }

  /** The data's bytes, for reading one member of them. */
  get dataBytes(): Buffer {
    return this.#dataLines <= 1 ? this.#bytes.subarray(this.#dataStart, this.#dataEnd) : Buffer.from(this.data)
  }

  /** The first byte of the data; 0 without any. */
  get firstByte(): number {
    return this.#dataLines === 0 ? 0 : (this.#bytes[this.#dataStart] ?? 0)
  }

  /** The data's JSON; undefined when it is none. */
  get json(): unknown {
    return this.#dataLines === 0 ? undefined : parseJson(this.data)
  }

  /** `data: [DONE]`, the end of OpenAI's streams and of those that copy them. */
  get isDone(): boolean {
    return this.firstByte === 0x5b && this.probe.startsWith('[DONE]')
  }
}

const valueStart = (bytes: Buffer, at: number, end: number): number => (at < end && bytes[at] === SPACE ? at + 1 : at)

function lineFeed(bytes: Buffer, from: number, end: number): number {
  const at = bytes.indexOf(LF, from)
  return at === -1 || at > end ? end : at
}

function anyLineEnd(bytes: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] !== LF && bytes[at] !== CR) at++
  return at
}
