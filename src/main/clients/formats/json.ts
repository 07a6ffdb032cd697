import { parse, type ParseError } from 'jsonc-parser'
import { unreadable, whereIs } from './json-errors'
import { removeProperty, setProperty } from './json-text'
import { isTable, UnreadableText, type Settings, type SettingsFormat } from './settings-format'

function parseText(text: string): Settings {
  if (text.trim() === '') return {}
  const value = plainJson(text) ?? lenientJson(text)
  if (!isTable(value)) throw new UnreadableText('it must hold one object: { … }')
  return value
}

/** Most files are plain, and of megabytes the built-in parser makes a fraction of the time. */
function plainJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // comments, a trailing comma, or a mistake that the other parser names
  }
}

function parsed(text: string, errors: ParseError[]): unknown {
  try {
    return parse(text, errors, { allowTrailingComma: true })
  } catch (error) {
    if (error instanceof RangeError) throw new UnreadableText('it is nested too deeply')
    throw error
  }
}

function lenientJson(text: string): unknown {
  const errors: ParseError[] = []
  const value = parsed(text, errors)
  const [first] = errors
  if (first !== undefined) throw unreadable(text, first)
  return value
}

/**
 * JSON with comments and trailing commas; a program that takes less of it is the business of who names the file
 * (`firstLeniency`).
 */
export const json: SettingsFormat = {
  parse: parseText,
  edit: (text, edits) =>
    edits.reduce((edited, { key, value }) => {
      if (value === undefined) return edited.trim() === '' ? edited : removeProperty(edited, key)
      return setProperty(edited.trim() === '' ? '{}\n' : edited, key, value)
    }, text)
}

/** What stands in a text beyond plain JSON, of those that a program refuses; null when there is nothing of it. */
export function firstLeniency(
  text: string,
  refused: { readonly comments: boolean; readonly trailingCommas: boolean }
): string | null {
  if (plainJson(text) !== undefined) return null
  if (refused.comments) {
    const errors: ParseError[] = []
    parse(text, errors, { disallowComments: true, allowTrailingComma: true })
    const [first] = errors
    if (first !== undefined) return `a comment (${whereIs(text, first.offset)})`
  }
  if (!refused.trailingCommas) return null
  const errors: ParseError[] = []
  parse(text, errors, { allowTrailingComma: false })
  const [first] = errors
  return first === undefined ? null : `a comma before the closing bracket (${whereIs(text, first.offset)})`
}
