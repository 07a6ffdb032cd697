import { parseEnv } from 'node:util'
import { parse as parseTomlText } from '@decimalturn/toml-patch'
import { parse as parseJsonText, printParseErrorCode, type ParseError } from 'jsonc-parser'
import { LineCounter, parseDocument } from 'yaml'
import { phrase } from '../../shared/phrase'
import { UnreadableFile } from './unreadable-file'

/** Parsers descend into what they parse; none of these files is a tenth as deep. */
const MAX_DEPTH = 100
/** Characters of a text whose parser needs microseconds for each, while no request is served. */
const MAX_SLOW = 256 * 1024

/** Counts brackets wherever they stand: texts in which more than a hundred stay open are none of ours. */
function refuseDeep(text: string): void {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x5b || code === 0x7b) depth++
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1)
    if (depth > MAX_DEPTH) throw new UnreadableFile(phrase('file_too_deep'))
  }
}

function plain(text: string): string {
  if (text.includes('\0')) throw new UnreadableFile(phrase('file_not_text'))
  return text.replace(/^\uFEFF/, '')
}

function refuseLong(text: string): void {
  if (text.length <= MAX_SLOW) return
  throw new UnreadableFile(phrase('file_too_long', { size: `${MAX_SLOW / 1024} KiB` }))
}

/** JSON, also with comments and trailing commas. @throws UnreadableFile */
export function parseJson(text: string): unknown {
  const body = plain(text)
  refuseDeep(body)
  try {
    return JSON.parse(body)
  } catch {
    return parseJsonWithComments(body)
  }
}

function parseJsonWithComments(body: string): unknown {
  const errors: ParseError[] = []
  const value: unknown = parseJsonText(body, errors, { allowTrailingComma: true, allowEmptyContent: false })
  const [first] = errors
  if (first === undefined) return value
  const line = body.slice(0, first.offset).split(/\r\n|\n|\r/).length
  throw new UnreadableFile(phrase('file_not_json', { line: String(line), error: printParseErrorCode(first.error) }))
}

/** TOML 1.0. @throws UnreadableFile */
export function parseToml(text: string): unknown {
  const body = plain(text)
  refuseLong(body)
  refuseDeep(body)
  try {
    return parseTomlText(body)
  } catch (error) {
    // Its words quote the line.
    const line = error instanceof Error && 'line' in error && typeof error.line === 'number' ? error.line : null
    throw new UnreadableFile(
      line === null ? phrase('file_not_toml') : phrase('file_not_toml_at', { line: String(line) })
    )
  }
}

/** An indentation that deep is none of ours, and its parser would descend into it. */
const DEEPLY_INDENTED = /^ {200}/m

/** YAML 1.2 with merge keys; aliases in bounds, and no tags of its own. @throws UnreadableFile */
export function parseYaml(text: string): unknown {
  const body = plain(text)
  refuseLong(body)
  refuseDeep(body)
  if (DEEPLY_INDENTED.test(body)) throw new UnreadableFile(phrase('file_too_deep'))
  const lineCounter = new LineCounter()
  const document = parseDocument(body, { lineCounter, logLevel: 'silent', merge: true, prettyErrors: false })
  const [first] = document.errors
  if (first !== undefined) {
    const { line } = lineCounter.linePos(first.pos[0])
    throw new UnreadableFile(phrase('file_not_yaml', { line: String(line), error: first.code }))
  }
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    throw new UnreadableFile(phrase('file_yaml_aliases'))
  }
}

/** `NAME=value` lines, as dotenv reads them. @throws UnreadableFile */
export function parseDotenv(text: string): Readonly<Record<string, string | undefined>> {
  const body = plain(text)
  refuseLong(body)
  return parseEnv(body)
}
