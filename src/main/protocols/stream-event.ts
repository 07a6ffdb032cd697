import { parseExactJson, parseJson } from './foreign-json'

const LF = 0x0a
const CR = 0x0d
const DATA = Buffer.from('data:')
const EVENT = Buffer.from('event:')
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
  #lastName = ''
  /** It has lines besides `data:`: a comment, `event:`, `id:`. */
  hasOtherLines = false

  /**
   * Reads the lines of the SSE block between `start` and `end`. `loneCr`: in this stream a CR alone ends a line.
   * For blocks of an unusual form; most are loaded by their known line ends.
   */
  loadBlock(bytes: Buffer, start: number, end: number, loneCr: boolean): void {
    this.#reset(bytes, start, end)
    let line = bytes[start] === 0xef && bytes[start + 1] === 0xbb ? start + 3 : start // a byte order mark
    while (line < end) {
      const lineEnd = lineEndFrom(bytes, line, end, loneCr)
      this.#readLine(bytes, line, lineEnd)
      line = lineEnd + 1
    }
  }

  /** A block of one or two lines that end with LF (CRs before it are taken off); `secondEnd` -1 when there is one. */
  loadLines(bytes: Buffer, start: number, end: number, firstEnd: number, secondEnd: number): void {
    this.#reset(bytes, start, end)
    this.#readLine(bytes, start, firstEnd)
    if (secondEnd !== -1) this.#readLine(bytes, firstEnd + 1, secondEnd)
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

  #readLine(bytes: Buffer, start: number, lineEnd: number): void {
    const end = bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd
    if (end <= start) return
    if (isField(bytes, DATA, start, end)) {
      if (this.#dataLines === 0) this.#dataStart = valueStart(bytes, start + DATA.length, end)
      this.#dataEnd = end
      this.#dataLines++
      return
    }
    this.hasOtherLines = true
    if (isField(bytes, EVENT, start, end)) {
      this.#nameStart = valueStart(bytes, start + EVENT.length, end)
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
    if (this.#nameEnd === 0) return ''
    // Most events have the name of the one before.
    if (!this.#hasName(this.#lastName)) {
      this.#lastName = this.#bytes.toString('latin1', this.#nameStart, this.#nameEnd)
    }
    return this.#lastName
  }

  #hasName(name: string): boolean {
    const start = this.#nameStart
    if (this.#nameEnd - start !== name.length) return false
    for (let at = 0; at < name.length; at++) if (this.#bytes[start + at] !== name.charCodeAt(at)) return false
    return true
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

  /** Keeps hold of the data, without an object, in case it is asked for later. */
  rememberIn(kept: KeptData): void {
    kept.bytes = this.#bytes
    kept.start = this.#dataStart
    kept.end = this.#dataEnd
  }

  /** The first byte of the data; 0 without any. */
  get firstByte(): number {
    return this.#dataLines === 0 ? 0 : (this.#bytes[this.#dataStart] ?? 0)
  }

  /** The data's JSON; undefined when it is none. */
  get json(): unknown {
    return this.#dataLines === 0 ? undefined : parseJson(this.data)
  }

  /** The same with its numbers as they were spelled, for what is written anew. */
  get exactJson(): unknown {
    return this.#dataLines === 0 ? undefined : parseExactJson(this.data)
  }

  /** `data: [DONE]`, the end of OpenAI's streams and of those that copy them. */
  get isDone(): boolean {
    return this.firstByte === 0x5b && this.probe.startsWith('[DONE]')
  }
}

/** The bytes of an event's data (of several lines as they came, so that they may be no JSON). */
export class KeptData {
  bytes: Buffer | null = null
  start = 0
  end = 0

  get view(): Buffer | null {
    return this.bytes?.subarray(this.start, this.end) ?? null
  }
}

function isField(bytes: Buffer, field: Buffer, start: number, end: number): boolean {
  if (end - start < field.length) return false
  for (let at = 0; at < field.length; at++) if (bytes[start + at] !== field[at]) return false
  return true
}

const valueStart = (bytes: Buffer, at: number, end: number): number => (at < end && bytes[at] === SPACE ? at + 1 : at)

/** Position of the next line end from there, or `end`. A CR before an LF is left to the text's end. */
function lineEndFrom(bytes: Buffer, from: number, end: number, loneCr: boolean): number {
  let at = from
  while (at < end && bytes[at] !== LF && !(loneCr && bytes[at] === CR)) at++
  return at
}
