import { getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser'
import { unreadable } from './json-errors'
import { BlockedWay, isTable, UnreadableText, type KeyPath } from './settings-format'

/*
 * Edits of JSON with comments, by the parser's offsets: only the bytes of one property change. (jsonc-parser's own `modify`
 * formats whole lines anew, and takes the comments beside a removed property along.)
 */

interface Style {
  readonly eol: string
  /** One level of indentation. */
  readonly unit: string
}

const styleOf = (text: string): Style => ({
  eol: /\r\n|\n|\r/.exec(text)?.[0] ?? '\n',
  unit: /^([ \t]+)["/]/m.exec(text)?.[1] ?? '  '
})

const endOf = (node: Node): number => node.offset + node.length

/** Properties of an object in their order; each has a name and a value, since the text was parsed without an error. */
const propertiesOf = (object: Node): readonly Node[] => object.children ?? []
const nameOf = (property: Node): unknown => property.children?.[0]?.value
const valueOf = (property: Node): Node | undefined => property.children?.[1]

/** Of several properties of one name the last, which is the one that counts. */
const propertyNamed = (object: Node, name: string): Node | undefined =>
  propertiesOf(object).findLast((property) => nameOf(property) === name)

/** What stands between two properties, or behind the last. */
interface Gap {
  /** Offset of the comma; null when there is none. */
  readonly comma: number | null
  /** Where the last comment or comma ends; `from` when there is neither. */
  readonly tail: number
  /** What ends there is a comment that goes to the end of its line. */
  readonly endsInLineComment: boolean
}

const TOKEN = /\s*(?:(,)|(\/\/[^\r\n]*)|\/\*[^]*?\*\/)/y

function gapBetween(text: string, from: number, to: number): Gap {
  let gap: Gap = { comma: null, tail: from, endsInLineComment: false }
  TOKEN.lastIndex = from
  for (;;) {
    const found = TOKEN.exec(text)
    if (found === null || TOKEN.lastIndex > to) return gap
    gap = {
      comma: found[1] === undefined ? gap.comma : TOKEN.lastIndex - 1,
      tail: TOKEN.lastIndex,
      endsInLineComment: found[2] !== undefined
    }
  }
}

const hasLineBreak = (text: string, from: number, to: number): boolean => /[\r\n]/.test(text.slice(from, to))

/** White space at the beginning of the line that holds this offset. */
function indentationAt(text: string, offset: number): string {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? ''
}

function rootOf(text: string): Node {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first !== undefined) throw unreadable(text, first)
  if (root?.type === 'object') return root
  throw new UnreadableText('it must hold one object: { … }')
}

const oneLine = (value: unknown, spaced: boolean): string =>
  spaced ? JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ') : JSON.stringify(value)

function propertyText(name: string, value: unknown, indentation: string, { eol, unit }: Style): string {
  const lines = JSON.stringify(value, null, unit).split('\n')
  return `${JSON.stringify(name)}: ${lines.join(eol + indentation)}`
}

function insertFirst(text: string, object: Node, root: Node, name: string, value: unknown): string {
  const close = endOf(object) - 1
  const inner = text.slice(object.offset + 1, close)
  const before = text.slice(0, object.offset + 1) + inner.trimEnd()
  const isWholeLine = object !== root && !hasLineBreak(text, root.offset, endOf(root))
  if (isWholeLine) return `${before}${JSON.stringify(name)}: ${oneLine(value, true)}${text.slice(close)}`
  const style = styleOf(text)
  const base = indentationAt(text, object.offset)
  const indentation = base + style.unit
  return `${before}${style.eol}${indentation}${propertyText(name, value, indentation, style)}${style.eol}${base}${text.slice(close)}`
}

function insertAfter(text: string, object: Node, last: Node, name: string, value: unknown): string {
  const close = endOf(object) - 1
  const end = endOf(last)
  const { comma, tail } = gapBetween(text, end, close)
  const onLines = hasLineBreak(text, object.offset, last.offset) || hasLineBreak(text, end, close)
  const before = text.slice(0, end) + (comma === null ? ',' : '') + text.slice(end, tail)
  const after = (comma === null ? '' : ',') + text.slice(tail)
  if (onLines) {
    const style = styleOf(text)
    const indentation = indentationAt(text, last.offset)
    return before + style.eol + indentation + propertyText(name, value, indentation, style) + after
  }
  const spaced = /"\s*:\s/.test(text.slice(object.offset, end))
  const gap = spaced ? ' ' : ''
  return `${before}${gap}${JSON.stringify(name)}:${gap}${oneLine(value, spaced)}${after}`
}

/** Sets a property; objects that are missing on the way are made. `text` is not blank. Throws UnreadableText. */
export function setProperty(text: string, key: KeyPath, value: unknown): string {
  const root = rootOf(text)
  let object = root
  for (const [depth, name] of key.entries()) {
    const property = propertyNamed(object, name)
    const rest = key.slice(depth + 1)
    if (property === undefined) {
      const nested = rest.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value)
      const last = propertiesOf(object).at(-1)
      return last === undefined
        ? insertFirst(text, object, root, name, nested)
        : insertAfter(text, object, last, name, nested)
    }
    const found = valueOf(property)
    if (found === undefined) break
    if (rest.length === 0) return replaceValue(text, found, value)
    if (found.type !== 'object') throw new BlockedWay(key.slice(0, depth + 1), getNodeValue(found))
    object = found
  }
  return text
}

function replaceValue(text: string, node: Node, value: unknown): string {
  const isPlain = !isTable(value) && !Array.isArray(value)
  const onLines = hasLineBreak(text, 0, text.length)
  const { eol, unit } = styleOf(text)
  const indentation = indentationAt(text, node.offset)
  const raw =
    isPlain || !onLines ? JSON.stringify(value) : JSON.stringify(value, null, unit).replaceAll('\n', eol + indentation)
  return text.slice(0, node.offset) + raw + text.slice(endOf(node))
}

/** Takes a property out, with its comma and the line that it leaves empty. Comments around it stay. */
export function removeProperty(text: string, key: KeyPath): string {
  let object: Node | undefined = rootOf(text)
  for (const name of key.slice(0, -1)) object = object && valueOfNamed(object, name)
  const name = key.at(-1)
  const property = object && name !== undefined ? propertyNamed(object, name) : undefined
  return object === undefined || property === undefined ? text : cutProperty(text, object, property)
}

function valueOfNamed(object: Node, name: string): Node | undefined {
  const property = propertyNamed(object, name)
  return property && valueOf(property)
}

function cutProperty(text: string, object: Node, property: Node): string {
  const siblings = propertiesOf(object)
  const index = siblings.indexOf(property)
  const previous = siblings[index - 1]
  const close = endOf(object) - 1
  const before = gapBetween(text, previous === undefined ? object.offset + 1 : endOf(previous), property.offset)
  const after = gapBetween(text, endOf(property), siblings[index + 1]?.offset ?? close)
  if (after.comma !== null) return cutWithComma(text, before.tail, property.offset, after.comma + 1)
  const kept = text.slice(0, before.tail)
  const withoutComma = before.comma === null ? kept : kept.slice(0, before.comma) + kept.slice(before.comma + 1)
  const rest = text.slice(endOf(property))
  const isEmptied = previous === undefined && before.tail === object.offset + 1 && /^\s*\}/.test(rest)
  if (isEmptied) return withoutComma + rest.trimStart()
  // Without its line end, the comment would swallow what follows.
  const lineEnd = before.endsInLineComment && !/^[ \t]*[\r\n]/.test(rest) ? styleOf(text).eol : ''
  return withoutComma + lineEnd + rest
}

function cutWithComma(text: string, tail: number, start: number, end: number): string {
  const isLineEnd = /^[ \t]*[\r\n]/.test(text.slice(end))
  if (isLineEnd) return text.slice(0, tail) + text.slice(end)
  const gap = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0
  return text.slice(0, start) + text.slice(end + gap)
}
