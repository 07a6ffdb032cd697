import type { JsonSchema } from './canonical'
import { isObject, listIn, memberOf, without, type JsonObject } from './foreign-json'

/** Deeper ones than any honest schema: what lies below says nothing. */
const DEEPEST = 100
/** Schemas in the whole; from there on references are not followed, since each may double it. */
const MOST_SCHEMAS = 5000

const SCHEMA: ReadonlySet<string> = new Set(
  'items additionalProperties not if then else contains propertyNames unevaluatedItems unevaluatedProperties'.split(' ')
)
const SCHEMA_LIST: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items'])
const SCHEMAS_BY_NAME: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas'])
const DEFINITIONS: ReadonlySet<string> = new Set(['$defs', 'definitions'])
/** Say nothing that an instance must keep to, so that they may stand beside what a reference stands for. */
const NOTES: ReadonlySet<string> = new Set(
  'title description default example examples deprecated readOnly writeOnly nullable $comment'.split(' ')
)

/** Why a reference could not be replaced: it leads to itself, to nothing in this document, or the schema would grow too large. */
type LostRef = 'recursive $ref' | 'unknown $ref' | 'too many $ref'

export interface Inlined {
  /** Without references and the definitions that they were for. */
  readonly schema: JsonSchema
  /** Where references led, as they stood there. */
  readonly refs: ReadonlySet<string>
  /** Each of these has become an object of any kind. */
  readonly lost: ReadonlySet<LostRef>
}

/** The schema with each `$ref` replaced by what it stands for in the same document (RFC 6901). */
export function inlineRefs(schema: JsonSchema): Inlined {
  const inliner = new Inliner(schema)
  return { schema: inliner.schema(schema, 0), refs: inliner.refs, lost: inliner.lost }
}

class Inliner {
  readonly refs = new Set<string>()
  readonly lost = new Set<LostRef>()
  readonly #root: JsonSchema
  /** The schemas that the one at hand stands in. */
  readonly #around = new Set<JsonObject>()
  #count = 0

  constructor(root: JsonSchema) {
    this.#root = root
  }

  schema(schema: unknown, depth: number): JsonSchema {
    if (!isObject(schema) || depth > DEEPEST) return {}
    this.#count++
    this.#around.add(schema)
    const members = Object.entries(schema)
      .filter(([name]) => !DEFINITIONS.has(name))
      .map(([name, value]) => [name, this.#member(name, value, depth + 1)] as const)
    const made: JsonSchema = Object.fromEntries(members)
    const whole = typeof made['$ref'] === 'string' ? this.#replaced(made['$ref'], made, depth) : made
    this.#around.delete(schema)
    return whole
  }

  #member(name: string, value: unknown, depth: number): unknown {
    const one = (inner: unknown): unknown => (isObject(inner) ? this.schema(inner, depth) : inner)
    if (SCHEMA_LIST.has(name) && Array.isArray(value)) return value.map(one)
    if (SCHEMA.has(name)) return one(value)
    if (!SCHEMAS_BY_NAME.has(name) || !isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, one(inner)]))
  }

  #replaced(ref: string, holder: JsonSchema, depth: number): JsonSchema {
    this.refs.add(ref)
    const beside = without(holder, '$ref')
    const target = this.#target(ref, depth)
    if (Object.keys(beside).every((name) => NOTES.has(name))) return { ...target, ...beside }
    return { ...beside, allOf: [target, ...listIn(beside, 'allOf')] }
  }

  #target(ref: string, depth: number): JsonSchema {
    const target = resolved(this.#root, ref)
    if (target === null) return this.#lose('unknown $ref', null)
    if (this.#around.has(target)) return this.#lose('recursive $ref', target)
    if (this.#count > MOST_SCHEMAS) return this.#lose('too many $ref', target)
    return this.schema(target, depth + 1)
  }

  #lose(why: LostRef, target: JsonObject | null): JsonSchema {
    this.lost.add(why)
    return memberOf(target, 'type') === 'array' ? { type: 'array', items: {} } : { type: 'object' }
  }
}

/** What a reference leads to within the document; null for nothing, and for another document. */
function resolved(root: JsonObject, ref: string): JsonObject | null {
  if (ref !== '#' && !ref.startsWith('#/')) return null
  let found: unknown = root
  for (const step of ref.split('/').slice(1).map(unescaped)) {
    if (Array.isArray(found)) found = /^\d+$/.test(step) ? found[Number(step)] : undefined
    else found = isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined
  }
  return isObject(found) ? found : null
}

/** A step of a JSON pointer, as the member's name that it means. */
export function unescaped(step: string): string {
  return withoutPercents(step).replaceAll('~1', '/').replaceAll('~0', '~')
}

/** A `%` that escapes nothing stands for itself. */
function withoutPercents(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch (error) {
    if (error instanceof URIError) return step
    throw error
  }
}
