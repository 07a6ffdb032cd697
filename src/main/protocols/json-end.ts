const QUOTE = 0x22
const BACKSLASH = 0x5c
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d, 0xfeff])
/** Braces and brackets differ in their case bit alone. */
const isOpening = (char: number): boolean => (char | 0x20) === 0x7b
const isClosing = (char: number): boolean => (char | 0x20) === 0x7d

/**
 * Tells where a JSON text that comes in pieces ends, at the cost of one look at each character: an object, a list or a string
 * has an end of its own, of numbers and words nobody can tell. Whether the text is right only a parser knows.
 */
export class JsonEnd {
  #state: 'before' | 'inside' | 'reached' | 'unknown' = 'before'
  #depth = 0
  #inString = false
  #isEscaped = false

  /** A whole value has come, and nothing but blanks after it. */
  get isReached(): boolean {
    return this.#state === 'reached'
  }

  push(piece: string): void {
    for (let at = 0; at < piece.length && this.#state !== 'unknown'; at++) this.#take(piece.charCodeAt(at))
  }

  #take(char: number): void {
    if (this.#inString) this.#takeInString(char)
    else if (this.#state !== 'inside') this.#takeOutside(char)
    else if (char === QUOTE) this.#inString = true
    else if (isOpening(char)) this.#depth++
    else if (isClosing(char)) this.#leave()
  }

  #takeInString(char: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (char === BACKSLASH) this.#isEscaped = true
    else if (char === QUOTE) {
      this.#inString = false
      if (this.#depth === 0) this.#state = 'reached'
    }
  }

  #takeOutside(char: number): void {
    if (BLANK.has(char)) return
    const begins = this.#state === 'before'
    if (begins && char === QUOTE) this.#inString = true
    else if (begins && isOpening(char)) this.#depth = 1
    else {
      this.#state = 'unknown'
      return
    }
    this.#state = 'inside'
  }

  #leave(): void {
    this.#depth--
    if (this.#depth === 0) this.#state = 'reached'
  }
}
