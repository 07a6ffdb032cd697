/**
 * JSON whose numbers keep their spelling. A number of JavaScript's would change it (an id over 2^53, `1.0`, `1e400`), so that
 * what was read and is written anew would say something else: such a number is read as its text, which JSON.stringify writes
 * as it is (https://tc39.es/proposal-json-parse-with-source/, in Node 22 and later). The readers of foreign-json.ts know it.
 */

declare global {
  interface JSON {
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown
    ): unknown
    rawJSON(text: string): unknown
    isRawJSON(value: unknown): boolean
  }
}

/** A number that JavaScript's own would spell otherwise. */
export interface ExactNumber {
  readonly rawJSON: string
}

export const isExactNumber = (value: unknown): value is ExactNumber => JSON.isRawJSON(value)

/** The number itself, as near as JavaScript comes to it; null for what is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value
  return isExactNumber(value) ? Number(value.rawJSON) : null
}

/** Reads JSON as JSON.parse does. @throws SyntaxError; RangeError where odd numbers stand in what is nested too deep. */
export const parseExactly = (text: string): unknown =>
  mayChangeNumbers(text) ? JSON.parse(text, (_key, value, { source }) => exactly(value, source)) : JSON.parse(text)

const exactly = (value: unknown, source: string | undefined): unknown =>
  typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value

/** A number that is long, ends with a zero behind its point, has an exponent, or is minus zero. */
const ODD_NUMBER = /[:[,\s]-?(?:\d[\d.]{15}|\d+\.\d*0[\s,\]}]|\d[\d.]*[eE]|(?<=-)0[\s,\]}])/g

/**
 * Whether parsing the text and writing it again might spell a number of it otherwise, at the cost of one look at each
 * character: texts are full of such numbers, so one within quotes does not count. Of UTF-8 read as Latin-1 it tells the same.
 */
export function mayChangeNumbers(text: string): boolean {
  ODD_NUMBER.lastIndex = 0
  let quote = quoteFrom(text, 0)
  for (let found = ODD_NUMBER.exec(text); found !== null; found = ODD_NUMBER.exec(text)) {
    let end = 0
    while (quote < found.index) {
      end = endOfString(text, quote)
      quote = quoteFrom(text, end)
    }
    if (end > found.index) ODD_NUMBER.lastIndex = end
    else if (!isKept(text, found.index + 1)) return true
  }
  return false
}

const quoteFrom = (text: string, at: number): number => {
  const quote = text.indexOf('"', at)
  return quote === -1 ? text.length : quote
}

const NUMBER = /[-+.\deE]+/y

/** Whether the number there is one that JavaScript spells alike, as most of the long ones are. */
function isKept(text: string, at: number): boolean {
  NUMBER.lastIndex = at
  const [number = ''] = NUMBER.exec(text) ?? []
  return String(Number(number)) === number
}

/** Behind the quote that ends the string which begins there; the end of the text where none does. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1)
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  return quote === -1 ? text.length : quote + 1
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text[before] === '\\') before--
  return (at - before) % 2 === 0
}
