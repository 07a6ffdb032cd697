import { entryOf } from './foreign-json'

/** What a beginning may hold besides the member's name: white space, a brace, a colon, quotes. */
const LONGEST_BEGINNING = 256

const ESCAPES = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' } as const

/** Where a text is to be cut: the quote that ends it, or an escape. */
const SPECIAL = /["\\]/g

/**
 * Reads the one string of `{"<name>": "…"}` while its JSON comes in pieces, so that a client can be given the text itself
 * as it grows. Each character is looked at once. What is of another shape gives nothing: the whole of it is judged later.
 */
export class JsonStringMember {
  readonly #beginning: RegExp
  #place: 'before' | 'inside' | 'behind' = 'before'
  /** What can't be read before more comes: the beginning, or a part of an escape. */
  #kept = ''

  constructor(name: string) {
    this.#beginning = new RegExp(`^\\s*\\{\\s*"${name}"\\s*:\\s*"`)
  }

  /** The text that this piece adds; '' for none. */
  push(piece: string): string {
    if (this.#place === 'behind') return ''
    const json = this.#kept + piece
    this.#kept = ''
    return this.#place === 'inside' ? this.#read(json) : this.#begin(json)
  }

  #begin(json: string): string {
    const beginning = this.#beginning.exec(json)
    if (beginning !== null) {
      this.#place = 'inside'
      return this.#read(json.slice(beginning[0].length))
    }
    if (json.length > LONGEST_BEGINNING) this.#place = 'behind'
    else this.#kept = json
    return ''
  }

  #read(json: string): string {
    const texts: string[] = []
    let at = 0
    for (;;) {
      SPECIAL.lastIndex = at
      const special = SPECIAL.exec(json)
      if (special === null) return texts.join('') + json.slice(at)
      texts.push(json.slice(at, special.index))
      if (special[0] === '"') {
        this.#place = 'behind'
        return texts.join('')
      }
      const escape = readEscape(json, special.index)
      if (escape === null) {
        this.#kept = json.slice(special.index)
        return texts.join('')
      }
      texts.push(escape.text)
      at = escape.end
    }
  }
}

/** The escape at the backslash; null while it isn't whole. Half of a surrogate pair waits for the other: alone it is no text. */
function readEscape(json: string, at: number): { readonly text: string; readonly end: number } | null {
  const letter = json[at + 1]
  if (letter === undefined) return null
  if (letter !== 'u') return { text: entryOf(ESCAPES, letter) ?? letter, end: at + 2 }
  if (json.length < at + 6) return null
  const unit = parseInt(json.slice(at + 2, at + 6), 16)
  const isHigh = unit >= 0xd800 && unit < 0xdc00
  if (!isHigh || !'\\u'.startsWith(json.slice(at + 6, at + 8))) return { text: character(unit), end: at + 6 }
  if (json.length < at + 12) return null
  return { text: character(unit) + character(parseInt(json.slice(at + 8, at + 12), 16)), end: at + 12 }
}

const character = (unit: number): string => (Number.isNaN(unit) ? '\uFFFD' : String.fromCharCode(unit))
