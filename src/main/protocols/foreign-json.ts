import { isExactNumber, numberOf, parseExactly } from './exact-json'

/** Reading JSON that others wrote: every shape is possible, a wrong type reads as absent, nothing throws. */

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** The member of that name, undefined where `value` is no object. */
export const memberOf = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)

export function objectIn(value: unknown, key: string): JsonObject | null {
  const member = memberOf(value, key)
  return isObject(member) ? member : null
}

/** A string that says something; the empty one counts as absent. */
export function textIn(value: unknown, key: string): string | null {
  const member = memberOf(value, key)
  return typeof member === 'string' && member !== '' ? member : null
}

export function numberIn(value: unknown, key: string): number | null {
  const number = numberOf(memberOf(value, key))
  return Number.isFinite(number) ? number : null
}

/** The list of that name; empty where there is none. */
export function listIn(value: unknown, key: string): readonly unknown[] {
  const member = memberOf(value, key)
  return isList(member) ? member : []
}

/** Longer ones are not exact as numbers. */
const DIGITS = /^\d{1,15}$/

/** A count of tokens: a whole number from 0, which some relays write as a text; null where there is none. */
export function countIn(value: unknown, key: string): number | null {
  const text = textIn(value, key)
  const count = text === null ? numberIn(value, key) : DIGITS.test(text) ? Number(text) : null
  return count === null || count < 0 ? null : Math.round(count)
}

/** The JSON of a text, a byte order mark aside; undefined when it is none, which JSON itself can't say. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch {
    // Foreign bytes are often no JSON (an HTML page, a cut line): that is an answer, not a fault.
    return undefined
  }
}

/** The same, for what is written anew: each number keeps its spelling (exact-json.ts), but in what is nested too deep. */
export function parseExactJson(text: string): unknown {
  try {
    return parseExactly(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch {
    return parseJson(text)
  }
}

/** The texts of a content that is a string or a list of parts with `text`; parts of other kinds say nothing. */
export function textsOf(content: unknown): readonly string[] {
  if (typeof content === 'string') return content === '' ? [] : [content]
  if (!isList(content)) return []
  return content.flatMap((part) => (typeof part === 'string' ? [part] : (textIn(part, 'text') ?? [])))
}

/** A table's entry for a foreign key; undefined for names that are not its own, such as `constructor`. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

/** The same object without the members of these names. */
export const without = (object: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))

/** The same object with no members but those of these names. */
export const only = (object: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)))

/**
 * The JSON text of a value that was read from JSON; null for one that is nested too deep to be written again (some thousands
 * of levels, which no honest sender has).
 */
export function jsonText(value: unknown): string | null {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
