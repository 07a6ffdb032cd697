import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser'
import type { Problem } from '../../../shared/validation'

/** `InvalidNumberFormat` → `invalid number format`. */
const inWords = (code: string): string => code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()

function problemAt(text: string, error: ParseError): Problem {
  const before = text.slice(0, error.offset).split(/\r\n|\n|\r/)
  const column = (before.at(-1) ?? '').length + 1
  return { path: `line ${before.length}, column ${column}`, message: inWords(printParseErrorCode(error.error)) }
}

/**
 * JSON with comments and trailing commas. Only the first error is told: what follows it is mostly its echo.
 * Returns the value, or the problem with its line and column (both from 1).
 */
export function parseJsonWithComments(text: string): { readonly value: unknown } | { readonly problem: Problem } {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  const errors: ParseError[] = []
  const value: unknown = parse(body, errors, { allowTrailingComma: true, allowEmptyContent: false })
  const [first] = errors
  return first === undefined ? { value } : { problem: problemAt(body, first) }
}
