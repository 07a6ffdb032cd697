/**
 * Finds the bytes of one value in a JSON text without parsing the rest, so that a body of many megabytes can be changed
 * or read in one place. Made for texts that were parsed before; of anything else it finds nothing, in linear time.
 */

export interface Span {
  readonly start: number
  /** The first byte behind it. */
  readonly end: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d

/** What no valid position is; the scan gives up. */
const BROKEN = -1

/** A hostile tail could name the key thousands of times, each with an object that never closes. */
const MAX_TRIES = 8

/** The first position from there that is no white space; at the very beginning a byte order mark counts as some. */
export function skipSpace(json: Buffer, from: number): number {
  const hasMark = from === 0 && json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf
  let at = hasMark ? 3 : from
  for (;;) {
    const byte = json[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at
    at++
  }
}

/** `from` stands on the opening quote; answers the position behind the closing one. */
function skipString(json: Buffer, from: number): number {
  let quote = json.indexOf(QUOTE, from + 1)
  while (quote !== -1) {
    let before = quote - 1
    while (json[before] === BACKSLASH) before--
    if ((quote - before) % 2 === 1) return quote + 1
    quote = json.indexOf(QUOTE, quote + 1)
  }
  return BROKEN
}

/** Objects and lists: `from` stands on the opening bracket. */
function skipNested(json: Buffer, from: number): number {
  let depth = 0
  let at = from
  while (at < json.length) {
    const byte = json[at]
    if (byte === QUOTE) {
      at = skipString(json, at)
      if (at === BROKEN) return BROKEN
      continue
    }
    at++
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++
    else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && --depth === 0) return at
  }
  return BROKEN
}

/** Numbers, `true`, `false`, `null`: up to what ends them. */
function skipWord(json: Buffer, from: number): number {
  let at = from
  for (;;) {
    const byte = json[at]
    const inWord = byte !== undefined && byte > 0x20 && byte !== COMMA && byte !== CLOSE_OBJECT && byte !== CLOSE_LIST
    if (!inWord) return at === from ? BROKEN : at
    at++
  }
}

function skipValue(json: Buffer, from: number): number {
  const byte = json[from]
  if (byte === QUOTE) return skipString(json, from)
  if (byte === OPEN_OBJECT || byte === OPEN_LIST) return skipNested(json, from)
  return skipWord(json, from)
}

/** Whether the string from quote to quote says `key`; one with escapes is decoded first. */
function saysKey(json: Buffer, start: number, end: number, key: string): boolean {
  const raw = json.toString('utf8', start + 1, end - 1)
  if (raw === key) return true
  if (!raw.includes('\\')) return false
  try {
    return JSON.parse(json.toString('utf8', start, end)) === key
  } catch {
    return false // an escape that is none: then it is not this key either
  }
}

/**
 * The bytes of a member's value in the object at `from`; of several of the same name the last, as JSON.parse takes it.
 * null: no such member, no object, or no JSON.
 */
export function memberSpan(json: Buffer, key: string, from = 0): Span | null {
  const member = findMember(json, key, from)
  return member === null ? null : { start: member.start, end: member.end }
}

/**
 * The bytes of all members of the top-level object that have one of these names, each with the one comma that goes with it, so
 * that what is left without them is an object again. In order, in one pass; none where there is no object.
 */
export function wholeMemberSpans(json: Buffer, keys: readonly string[]): readonly Span[] {
  const found: Span[] = []
  /** Where a run of members with such names begins; the comma before it goes with a run at the end. */
  let run: number | null = null
  let lastKept: Member | null = null
  let last: Member | null = null
  let at = firstMember(json, 0)
  while (json[at] === QUOTE) {
    const member = memberAt(json, at)
    if (member === null) return []
    if (keys.some((key) => saysKey(json, at, member.nameEnd, key))) run ??= at
    else {
      if (run !== null) found.push({ start: run, end: at })
      run = null
      lastKept = member
    }
    last = member
    at = member.next
  }
  if (json[at] !== CLOSE_OBJECT) return []
  if (run !== null && last !== null) found.push({ start: lastKept?.end ?? run, end: last.end })
  return found
}

interface Member extends Span {
  /** Behind the closing quote of its name. */
  readonly nameEnd: number
  /** Of the next one's name, or of what ends the object. */
  readonly next: number
}

/** The position of the first name in the object at `from`, or of its end. BROKEN where there is no object. */
function firstMember(json: Buffer, from: number): number {
  const open = skipSpace(json, from)
  return json[open] === OPEN_OBJECT ? skipSpace(json, open + 1) : BROKEN
}

/** The member whose name begins at `at`; null where it is none. */
function memberAt(json: Buffer, at: number): Member | null {
  const nameEnd = skipString(json, at)
  if (nameEnd === BROKEN) return null
  const colon = skipSpace(json, nameEnd)
  if (json[colon] !== COLON) return null
  const start = skipSpace(json, colon + 1)
  const end = skipValue(json, start)
  if (end === BROKEN) return null
  const behind = skipSpace(json, end)
  return { nameEnd, start, end, next: json[behind] === COMMA ? skipSpace(json, behind + 1) : behind }
}

function findMember(json: Buffer, key: string, from: number): Member | null {
  let found: Member | null = null
  let at = firstMember(json, from)
  while (json[at] === QUOTE) {
    const member = memberAt(json, at)
    if (member === null) return null
    if (saysKey(json, at, member.nameEnd, key)) found = member
    at = member.next
  }
  return json[at] === CLOSE_OBJECT ? found : null
}

/** Whether the text is one object and nothing besides, going by its brackets and strings. */
export function isObjectText(json: Buffer): boolean {
  const start = skipSpace(json, 0)
  if (json[start] !== OPEN_OBJECT) return false
  const end = skipNested(json, start)
  return end !== BROKEN && skipSpace(json, end) >= json.length
}

/** The bytes of each element of the list at `from`; none where there is no list. */
export function elementSpans(json: Buffer, from: number): readonly Span[] {
  const found: Span[] = []
  if (json[from] !== OPEN_LIST) return found
  let at = skipSpace(json, from + 1)
  while (json[at] !== CLOSE_LIST) {
    const end = skipValue(json, at)
    if (end === BROKEN) return found
    found.push({ start: at, end })
    at = skipSpace(json, end)
    if (json[at] === COMMA) at = skipSpace(json, at + 1)
  }
  return found
}

/** The bytes of the value at a path of member names. */
export function pathSpan(json: Buffer, ...path: readonly string[]): Span | null {
  let span: Span | null = { start: 0, end: json.length }
  for (const key of path) {
    span = memberSpan(json, key, span.start)
    if (span === null) return null
  }
  return span
}

/**
 * The object behind the last `"key":` of a text whose beginning was cut off. Escaped quotes can't be mistaken for it, so
 * the text of an answer can't either.
 */
export function lastObjectSpan(tail: Buffer, key: string): Span | null {
  const needle = Buffer.from(`"${key}"`)
  let at = tail.lastIndexOf(needle)
  for (let tries = 0; at !== -1 && tries < MAX_TRIES; tries++) {
    const colon = skipSpace(tail, at + needle.length)
    const start = skipSpace(tail, colon + 1)
    if (tail[colon] === COLON && tail[start] === OPEN_OBJECT) {
      const end = skipNested(tail, start)
      if (end !== BROKEN) return { start, end }
    }
    at = at === 0 ? -1 : tail.lastIndexOf(needle, at - 1)
  }
  return null
}
