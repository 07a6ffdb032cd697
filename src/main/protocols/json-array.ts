import { EventReader, type Disposition, type StreamInspector } from './event-reader'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** An inspector that also hears of the array's closing bracket. */
export interface ArrayInspector extends StreamInspector {
  closeArray(): Disposition
}

/**
 * Finds the elements of a JSON array of objects that comes in pieces (Gemini without `alt=sse`). What stands before an
 * element (bracket, comma, white space) belongs to it, so a dropped element leaves no comma behind.
 */
export class JsonArrayReader extends EventReader {
  readonly #inspector: ArrayInspector
  #depth = 0
  #inString = false
  #escaped = false
  #isClosing = false

  constructor(inspector: ArrayInspector) {
    super(inspector)
    this.#inspector = inspector
  }

  protected override begin(): void {
    // Nothing is remembered of positions.
  }

  protected override load(bytes: Buffer, start: number, end: number): void {
    const open = bytes.indexOf(0x7b, start)
    this.event.loadJson(bytes, open === -1 || open > end ? end : open, end)
  }

  protected override look(): Disposition {
    return this.#isClosing ? this.#inspector.closeArray() : super.look()
  }

  protected override eventEnd(chunk: Buffer, from: number): number {
    this.#isClosing = false
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (this.#inString) this.#inStringByte(byte)
      else if (byte === QUOTE) this.#inString = true
      else if (byte === 0x7b || byte === 0x5b) this.#open(byte)
      else if ((byte === 0x7d || byte === 0x5d) && this.#close(byte)) return at + 1
    }
    return -1
  }

  #inStringByte(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) this.#inString = false
  }

  /** The array's own bracket opens no element. */
  #open(byte: number): void {
    if (this.#depth > 0 || byte === 0x7b) this.#depth++
  }

  #close(byte: number): boolean {
    if (this.#depth === 0) {
      this.#isClosing = byte === 0x5d
      return this.#isClosing
    }
    this.#depth--
    return this.#depth === 0
  }

  /** An element ends with its own bracket; what is left at the end is none. */
  protected override missingEnd(): null {
    return null
  }
}
