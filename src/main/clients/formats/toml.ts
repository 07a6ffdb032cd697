import { isDeepStrictEqual } from 'node:util'
import { parse, patch } from '@decimalturn/toml-patch'
import {
  isTable,
  refuseBlockedWay,
  UnreadableText,
  valueAt,
  withValue,
  type Edit,
  type KeyPath,
  type Settings,
  type SettingsFormat
} from './settings-format'
import { statementsOf, type Statement } from './toml-statements'

/** The parser's tables have no prototype, which makes them unlike any other object. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)])) : value
}

function parseText(text: string): Settings {
  try {
    const value = plain(parse(text))
    if (isTable(value)) return value
  } catch (error) {
    throw new UnreadableText(withoutQuote(error))
  }
  throw new UnreadableText('it must hold TOML')
}

/** The parser's words without the lines that it quotes, which may hold a secret: `line 1, column 5: …`. */
function withoutQuote(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const place = /\((\d+), (\d+)\)/.exec(message)
  return place === null
    ? 'it is no valid TOML'
    : `line ${place[1] ?? ''}, column ${place[2] ?? ''}: it is no valid TOML`
}

const isSameKey = (one: KeyPath, other: KeyPath): boolean => isDeepStrictEqual(one, other)

const eolOf = (text: string): string => /\r\n|\n/.exec(text)?.[0] ?? '\n'

const nameText = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name))

/** A basic string takes JSON's escapes (TOML 1.0). */
const pairText = (name: string, value: string | boolean): string => `${nameText(name)} = ${JSON.stringify(value)}`

function insertLine(text: string, at: number, line: string): string {
  const before = text.slice(0, at)
  const eol = eolOf(text)
  const isAfterLine = before === '' || before.endsWith('\n')
  return isAfterLine ? before + line + eol + text.slice(at) : before + eol + line + text.slice(at)
}

/** Behind the last pair of a table, or behind its head; undefined when it has no section of its own. */
function placeInTable(statements: readonly Statement[], table: KeyPath): number | undefined {
  const head = statements.findIndex(({ kind, key }) => kind === 'table' && isSameKey(key, table))
  if (table.length > 0 && head < 0) return undefined
  const rest = statements.slice(head + 1)
  const next = rest.findIndex(({ kind }) => kind === 'table' || kind === 'array-table')
  const own = next < 0 ? rest : rest.slice(0, next)
  return own.findLast(({ kind }) => kind === 'pair')?.end ?? statements[head]?.end ?? 0
}

function setPair(text: string, key: KeyPath, value: string | boolean): string {
  const statements = statementsOf(text)
  const pair = statements.find((one) => one.kind === 'pair' && isSameKey(one.key, key))
  if (pair !== undefined) return text.slice(0, pair.valueStart) + JSON.stringify(value) + text.slice(pair.valueEnd)
  const table = key.slice(0, -1)
  const line = pairText(key.at(-1) ?? '', value)
  const place = placeInTable(statements, table)
  if (place !== undefined) return insertLine(text, place, line)
  const eol = eolOf(text)
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol
  return `${text}${gap}[${table.map(nameText).join('.')}]${eol}${line}${eol}`
}

function cut(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const before = text.slice(0, start)
  const after = text.slice(end)
  // The last line had no line end, and the one before it keeps none either.
  return after === '' && !text.endsWith('\n') ? before.replace(/\r?\n$/, '') : before + after
}

/** Takes out the sections of a table and of those below it, each with one blank line above it. Comments behind them stay. */
function removeSections(text: string, table: KeyPath): string {
  const statements = statementsOf(text)
  const isHead = ({ kind }: Statement): boolean => kind === 'table' || kind === 'array-table'
  const sections = statements.flatMap((head, index) => {
    if (!isHead(head) || !table.every((name, depth) => head.key[depth] === name)) return []
    const next = statements.findIndex((one, place) => place > index && isHead(one))
    const own = statements.slice(index, next < 0 ? undefined : next)
    const above = statements[index - 1]
    const start = above?.kind === 'blank' ? above.start : head.start
    return [{ start, end: own.findLast(({ kind }) => kind === 'pair')?.end ?? head.end }]
  })
  return sections.reduceRight(cut, text)
}

function editLines(text: string, { key, value }: Edit): string | null {
  if (value === undefined) {
    const pair = statementsOf(text).findLast((one) => one.kind === 'pair' && isSameKey(one.key, key))
    return pair === undefined ? removeSections(text, key) : cut(text, pair)
  }
  return typeof value === 'string' || typeof value === 'boolean' ? setPair(text, key, value) : null
}

/** A table that was there only because of what stood below it goes with that. */
function withoutEmptied(settings: Settings, key: KeyPath): Settings {
  const table = key.slice(0, -1)
  const value = valueAt(settings, table)
  const isEmptied = table.length > 0 && isTable(value) && Object.keys(value).length === 0
  return isEmptied ? withoutEmptied(withValue(settings, table, undefined), table) : settings
}

function reads(text: string | null, ...allowed: readonly Settings[]): text is string {
  if (text === null) return false
  try {
    const settings = parseText(text)
    return allowed.some((one) => isDeepStrictEqual(settings, one))
  } catch {
    return false // the edit does not fit this way of writing; the other way is tried
  }
}

/**
 * One edit, by lines where the settings are written as people write them. What stands in dotted keys or inline tables is
 * left to the library, which takes a comment along that stands right above a removed key.
 */
function editOne(text: string, edit: Edit): string {
  const before = parseText(text)
  refuseBlockedWay(before, edit.key)
  if (isDeepStrictEqual(valueAt(before, edit.key), edit.value)) return text
  const after = withValue(before, edit.key, edit.value)
  const byLines = editLines(text, edit)
  const alsoGood = edit.value === undefined ? [withoutEmptied(after, edit.key)] : []
  if (reads(byLines, after, ...alsoGood)) return byLines
  const patched = patch(text, after)
  if (reads(patched, after)) return patched
  throw new UnreadableText('it is written in a way that can not be changed safely')
}

/** TOML 1.0 and 1.1. */
export const toml: SettingsFormat = { parse: parseText, edit: (text, edits) => edits.reduce(editOne, text) }
