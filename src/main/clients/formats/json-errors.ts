import { printParseErrorCode, type ParseError } from 'jsonc-parser'
import { UnreadableText } from './settings-format'

/** `InvalidNumberFormat` → `invalid number format`. */
const inWords = (code: string): string => code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()

/** `line 3, column 5`, both from 1. */
export function whereIs(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/)
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
}

export const unreadable = (text: string, { error, offset }: ParseError): UnreadableText =>
  new UnreadableText(`${whereIs(text, offset)}: ${inWords(printParseErrorCode(error))}`)
