import { UnreadableText, type Edit, type Settings, type SettingsFormat } from './settings-format'

/** The line as the `dotenv` package reads it, which the clients use: one match is one assignment. */
const ASSIGNMENT =
  /^[^\S\r\n]*(?:export\s+)?([\w.-]+)(?:\s*=[^\S\r\n]*|:[^\S\r\n]+)('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\r\n]+)?[^\S\r\n]*(?:#[^\r\n]*)?$/gm

interface Assignment {
  readonly name: string
  readonly value: string
  /** Of the whole match, without its line end. */
  readonly start: number
  readonly end: number
  /** Of the value as it is written. */
  readonly valueStart: number
  readonly valueEnd: number
}

function unquoted(raw: string): string {
  const text = raw.trim()
  const inner = /^(['"`])([^]*)\1$/.exec(text)
  if (inner === null) return text
  const [, quote, content = ''] = inner
  return quote === '"' ? content.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : content
}

function assignmentsOf(text: string): readonly Assignment[] {
  return Array.from(text.matchAll(ASSIGNMENT), (match) => {
    const [whole, name = '', raw = ''] = match
    const start = match.index
    const written = raw.trimEnd()
    // The value is the first text behind the name and its sign that reads like it.
    const head = /^[^\S\r\n]*(?:export\s+)?[\w.-]+(?:\s*=[^\S\r\n]*|:[^\S\r\n]+)/.exec(whole)?.[0].length ?? 0
    const valueStart = start + head
    return {
      name,
      value: unquoted(raw),
      start,
      end: start + whole.length,
      valueStart,
      valueEnd: valueStart + written.length
    }
  })
}

/** Plain where every reader takes it so; else in quotes that it does not hold. */
function written(value: string): string {
  if (/^[\w:/.@%+,~-]*$/.test(value)) return value
  const free = ["'", '`', '"'].filter((quote) => !value.includes(quote))
  const ways = [...free.map((quote) => quote + value + quote), value]
  const way = ways.find((one) => {
    const [read, ...others] = assignmentsOf(`X=${one}`)
    return read?.value === value && others.length === 0
  })
  if (way === undefined) throw new UnreadableText('the value can not be written into a .env')
  return way
}

const eolOf = (text: string): string => /\r\n|\n/.exec(text)?.[0] ?? '\n'

function append(text: string, line: string): string {
  const eol = eolOf(text)
  if (text === '') return line + eol
  return /\n$/.test(text) ? text + line + eol : text + eol + line
}

function removeOne(text: string, { start, end }: Assignment): string {
  const before = text.slice(0, start)
  const after = text.slice(end)
  const lineEnd = /^\r?\n/.exec(after)?.[0]
  if (lineEnd !== undefined) return before + after.slice(lineEnd.length)
  return after === '' ? before.replace(/\r?\n$/, '') : before + after
}

function applyEdit(text: string, { key, value }: Edit): string {
  const [name, ...rest] = key
  if (name === undefined || rest.length > 0) throw new UnreadableText('a .env holds names without groups')
  const found = assignmentsOf(text).findLast((one) => one.name === name)
  if (value === undefined) {
    return found === undefined ? text : removeOne(text, found)
  }
  if (typeof value !== 'string') throw new UnreadableText('a .env holds texts alone')
  if (found === undefined) return append(text, `${name}=${written(value)}`)
  return text.slice(0, found.valueStart) + written(value) + text.slice(found.valueEnd)
}

/** `NAME=value` lines. Of a name that is set twice the last one counts. */
export const dotenv: SettingsFormat = {
  parse: (text): Settings => Object.fromEntries(assignmentsOf(text).map(({ name, value }) => [name, value])),
  edit: (text, edits) => edits.reduce(applyEdit, text)
}
