import type { JsonSchema } from './canonical'
import { isObject, listIn, objectIn } from './foreign-json'

/** Past them the whole request is refused: https://platform.claude.com/docs/en/build-with-claude/structured-outputs#schema-complexity-limits */
const MOST_TOOLS = 20
const MOST_OPTIONAL = 24
const MOST_UNIONS = 16

interface Counts {
  optional: number
  unions: number
}

/** What Claude still takes of strict tools and of an output format, which one request's schemas share. */
export class StrictRoom {
  #tools = MOST_TOOLS
  #optional = MOST_OPTIONAL
  #unions = MOST_UNIONS

  /** Whether a tool with these parameters still fits; one that does takes its place. */
  takesTool(schema: JsonSchema): boolean {
    if (this.#tools === 0 || !this.takesFormat(schema)) return false
    this.#tools--
    return true
  }

  /** Whether an output format of this schema still fits; one that does takes its place. */
  takesFormat(schema: JsonSchema): boolean {
    const { optional, unions } = countsOf(schema)
    if (optional > this.#optional || unions > this.#unions) return false
    this.#optional -= optional
    this.#unions -= unions
    return true
  }
}

function countsOf(schema: JsonSchema): Counts {
  const counts: Counts = { optional: 0, unions: 0 }
  count(schema, counts)
  return counts
}

/** A schema as claudeSchema made it: members hold schemas, lists or maps of them. */
function count(schema: unknown, counts: Counts): void {
  if (!isObject(schema)) return
  const required = new Set(listIn(schema, 'required'))
  const properties = objectIn(schema, 'properties') ?? {}
  counts.optional += Object.keys(properties).filter((name) => !required.has(name)).length
  if (listIn(schema, 'anyOf').length > 1 || listIn(schema, 'type').length > 1) counts.unions++
  for (const name of ['properties', '$defs', 'definitions']) {
    for (const one of Object.values(objectIn(schema, name) ?? {})) count(one, counts)
  }
  for (const one of [...listIn(schema, 'anyOf'), ...listIn(schema, 'allOf'), schema['items']]) count(one, counts)
}
