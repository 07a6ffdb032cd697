import type { KeyPath } from './settings-format'

/** One statement of a TOML text, with what stands around it on its lines. Offsets are into the text. */
export interface Statement {
  readonly kind: 'pair' | 'table' | 'array-table' | 'comment' | 'blank'
  readonly start: number
  /** Behind its line end. */
  readonly end: number
  /** Of a pair: from the root, with the table that it stands in. Of a table: its own. */
  readonly key: KeyPath
  /** Of a pair: where its value stands, without the comment behind it. */
  readonly valueStart: number
  readonly valueEnd: number
}

const KEY_PART = /\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([\w-]+))\s*\.?/y

/** The names of a key, and the offset behind it. */
function readKey(text: string, from: number): { readonly key: KeyPath; readonly end: number } {
  const key: string[] = []
  KEY_PART.lastIndex = from
  let end = from
  for (let part = KEY_PART.exec(text); part !== null; part = KEY_PART.exec(text)) {
    const [, basic, literal, bare] = part
    key.push(basic === undefined ? (literal ?? bare ?? '') : unescaped(basic))
    end = KEY_PART.lastIndex
  }
  return { key, end }
}

function unescaped(basic: string): string {
  try {
    return String(JSON.parse(`"${basic}"`))
  } catch {
    // TOML has escapes that JSON has not; such a name is none of ours, and is compared with ours alone.
    return basic
  }
}

/** One piece of a value that may hold what would else end it. */
const OPAQUE = /"""[^]*?(?<!\\)"""+|'''[^]*?'''+|"(?:\\.|[^"\\\r\n])*"|'[^'\r\n]*'|#[^\r\n]*/y

interface ValueSpan {
  /** Behind its last character. */
  readonly valueEnd: number
  /** Behind the comment that follows it; the line end comes there. */
  readonly end: number
}

const NESTING: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 }

/** Reads a value to the end of its line; brackets may span lines. */
function readValue(text: string, from: number): ValueSpan {
  let depth = 0
  let valueEnd = from
  let at = from
  while (at < text.length) {
    const char = text[at] ?? ''
    if (depth === 0 && (char === '\n' || char === '\r')) break
    OPAQUE.lastIndex = at
    const opaque = OPAQUE.exec(text)
    at = opaque === null ? at + 1 : OPAQUE.lastIndex
    if (opaque === null) depth += NESTING[char] ?? 0
    if (opaque?.[0].startsWith('#') !== true && /\S/.test(char)) valueEnd = at
  }
  return { valueEnd, end: at }
}

const behindLineEnd = (text: string, at: number): number =>
  at + (/^\r?\n/.exec(text.slice(at, at + 2))?.[0].length ?? 0)

/** Every statement in its order. The text was parsed before, so it is valid. */
export function statementsOf(text: string): readonly Statement[] {
  const statements: Statement[] = []
  let table: KeyPath = []
  let start = 0
  while (start < text.length) {
    const first = start + (/^[ \t]*/.exec(text.slice(start, start + 400))?.[0].length ?? 0)
    const read = readStatement(text, start, first, table)
    if (read.kind === 'table' || read.kind === 'array-table') table = read.key
    statements.push(read)
    start = read.end > start ? read.end : text.length
  }
  return statements
}

function readStatement(text: string, start: number, first: number, table: KeyPath): Statement {
  const none = { start, key: [], valueStart: first, valueEnd: first }
  const char = text[first]
  if (char === undefined || char === '\n' || char === '\r') {
    return { ...none, kind: 'blank', end: behindLineEnd(text, first) }
  }
  if (char === '#') return { ...none, kind: 'comment', end: behindLineEnd(text, readValue(text, first).end) }
  if (char === '[') {
    const isArray = text[first + 1] === '['
    const { key, end } = readKey(text, first + (isArray ? 2 : 1))
    const behind = behindLineEnd(text, readValue(text, end + (isArray ? 2 : 1)).end)
    return { ...none, kind: isArray ? 'array-table' : 'table', key, end: behind }
  }
  const { key, end: keyEnd } = readKey(text, first)
  const valueStart = keyEnd + (/^\s*=[ \t]*/.exec(text.slice(keyEnd, keyEnd + 400))?.[0].length ?? 1)
  const { valueEnd, end } = readValue(text, valueStart)
  return { kind: 'pair', start, key: [...table, ...key], valueStart, valueEnd, end: behindLineEnd(text, end) }
}
