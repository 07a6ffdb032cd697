/** A value of a row, as SQLite writes it: text, number, blob (as hex), null. */
type SqlValue = string | number | null

interface SqlRow {
  readonly table: string
  readonly values: Readonly<Record<string, SqlValue>>
}

const SPACE = /\s+/y
const WORD = /\w+/y
const NUMBER = /[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?/y
const QUOTES = `'"\``

/** Reads SQL token by token; nothing of it is ever run. */
class Tokens {
  readonly #text: string
  #at = 0
  #next: string | null

  constructor(text: string) {
    this.#text = text
    this.#next = this.#scan()
  }

  get next(): string | null {
    return this.#next
  }

  take(): string | null {
    const taken = this.#next
    this.#next = this.#scan()
    return taken
  }

  /** Takes the next one when it is this word, in any letter case. */
  takes(word: string): boolean {
    if (this.#next?.toUpperCase() !== word) return false
    this.take()
    return true
  }

  skipStatement(): void {
    while (this.#next !== null && this.#next !== ';') this.take()
    this.take()
  }

  /** The next token that is neither space nor comment. */
  #scan(): string | null {
    for (;;) {
      if (this.#at >= this.#text.length) return null
      const start = this.#at
      const isSkipped = this.#pass()
      if (!isSkipped) return this.#text.slice(start, this.#at)
    }
  }

  /** Moves behind what stands here; whether it is only space or comment. */
  #pass(): boolean {
    const [here, pair] = [this.#text.charAt(this.#at), this.#text.slice(this.#at, this.#at + 2)]
    if (pair === '--') return this.#passTo('\n', this.#at + 2)
    if (pair === '/*') return this.#passTo('*/', this.#at + 2)
    if (this.#passBy(SPACE)) return true
    if (QUOTES.includes(here)) this.#passQuoted(here, this.#at)
    else if (/^[xX]'$/.test(pair)) this.#passQuoted("'", this.#at + 1)
    else if (!this.#passBy(NUMBER) && !this.#passBy(WORD)) this.#at++
    return false
  }

  #passBy(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    const matched = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += matched.length
    return matched !== ''
  }

  #passTo(end: string, from: number): true {
    const found = this.#text.indexOf(end, from)
    this.#at = found === -1 ? this.#text.length : found + end.length
    return true
  }

  /** A quote inside is written twice. */
  #passQuoted(quote: string, from: number): void {
    let end = this.#text.indexOf(quote, from + 1)
    while (end !== -1 && this.#text.charAt(end + 1) === quote) end = this.#text.indexOf(quote, end + 2)
    this.#at = end === -1 ? this.#text.length : end + 1
  }
}

const unquoted = (token: string): string => {
  const quote = token.charAt(0)
  return quote !== '' && QUOTES.includes(quote) ? token.slice(1, -1).replaceAll(quote + quote, quote) : token
}

function valueOf(token: string): SqlValue | undefined {
  if (token.startsWith("'")) return unquoted(token)
  if (/^[xX]'/.test(token)) return token.slice(2, -1)
  if (token.toUpperCase() === 'NULL') return null
  return /^[-+.\d]/.test(token) && !Number.isNaN(Number(token)) ? Number(token) : undefined
}

/** `(a, b, c)`; undefined when something else stands there. */
function list<T>(tokens: Tokens, read: (token: string) => T | undefined): readonly T[] | undefined {
  if (!tokens.takes('(')) return undefined
  const items: T[] = []
  for (;;) {
    const item = read(tokens.take() ?? '')
    if (item === undefined) return undefined
    items.push(item)
    if (tokens.takes(')')) return items
    if (!tokens.takes(',')) return undefined
  }
}

export interface Dump {
  readonly rows: readonly SqlRow[]
  /** INSERTs into these tables that name no columns, where no CREATE TABLE before them does either. */
  readonly withoutColumns: number
  /** INSERTs into these tables of anything but plain values, one for each column. */
  readonly unread: number
}

/** The columns of tables, as their CREATE TABLE orders them. */
type Columns = Map<string, readonly string[]>

/**
 * The rows of `INSERT INTO table (columns) VALUES (…), (…)` statements, as a dump of SQLite has them, for the tables that are
 * asked for; without columns they are those of the CREATE TABLE before it. Every other statement is passed over: it is read
 * as text, and never given to a database.
 */
export function readDump(sql: string, tables: ReadonlySet<string>, maxRows: number): Dump {
  const tokens = new Tokens(sql)
  const columns: Columns = new Map()
  const rows: SqlRow[] = []
  const failed = { columns: 0, values: 0 }
  while (tokens.next !== null && rows.length < maxRows) {
    if (tokens.takes('CREATE') && tokens.takes('TABLE')) readCreate(tokens, tables, columns)
    else if (tokens.takes('INSERT') && tokens.takes('INTO')) {
      const why = readInsert(tokens, tables, columns, maxRows, rows)
      if (why !== null) failed[why]++
    }
    tokens.skipStatement()
  }
  return { rows, withoutColumns: failed.columns, unread: failed.values }
}

/** What begins a clause of a table, where others begin a column. */
const CLAUSES: ReadonlySet<string> = new Set(['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'])

function readCreate(tokens: Tokens, tables: ReadonlySet<string>, columns: Columns): void {
  if (tokens.takes('IF')) for (const word of ['NOT', 'EXISTS']) tokens.takes(word)
  const table = unquoted(tokens.take() ?? '')
  if (!tables.has(table) || !tokens.takes('(')) return
  const begins = readBegins(tokens)
  if (begins !== null) columns.set(table, begins.filter((word) => !CLAUSES.has(word.toUpperCase())).map(unquoted))
}

/** The first word of each part between commas, up to the bracket that closes them; null when none does. */
function readBegins(tokens: Tokens): readonly string[] | null {
  const begins: string[] = []
  let depth = 1
  let isFirst = true
  while (tokens.next !== null && tokens.next !== ';') {
    const token = tokens.take() ?? ''
    if (isFirst) begins.push(token)
    if (token === '(') depth++
    if (token === ')') depth--
    if (depth === 0) return begins
    isFirst = depth === 1 && token === ','
  }
  return null
}

/** Why it could not be read; null when it was, or is none of these tables'. */
function readInsert(
  tokens: Tokens,
  tables: ReadonlySet<string>,
  known: Columns,
  maxRows: number,
  rows: SqlRow[]
): 'columns' | 'values' | null {
  const table = unquoted(tokens.take() ?? '')
  if (!tables.has(table)) return null
  const isNamed = tokens.next === '('
  const columns = isNamed ? list(tokens, (token) => (token === '' ? undefined : unquoted(token))) : known.get(table)
  if (columns === undefined) return isNamed ? 'values' : 'columns'
  if (!tokens.takes('VALUES')) return 'values'
  do {
    const values = list(tokens, valueOf)
    if (values?.length !== columns.length) return 'values'
    rows.push({ table, values: Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null])) })
  } while (rows.length < maxRows && tokens.takes(','))
  return null
}
