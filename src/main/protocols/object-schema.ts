import type { JsonSchema } from './canonical'
import { isObject, jsonText, listIn, objectIn, textIn, without, type JsonObject } from './foreign-json'

interface ObjectSchema {
  readonly type: 'object'
  readonly [name: string]: unknown
}

interface Fitted {
  readonly schema: ObjectSchema
  /** false: the result allows what the schema did not. */
  readonly isExact: boolean
}

const COMBINING = ['anyOf', 'oneOf', 'allOf'] as const
/** References and choices inside one another; a schema that refers to itself would never end. */
const DEEPEST = 8

/**
 * A tool's parameters as every vendor takes them: `type: "object"` with its `properties`, and no `anyOf`, `oneOf` or `allOf` at the
 * top. Choices are laid over one another: all their properties, and of what they demand only what all demand. `refused`:
 * further words that may not stand at the top.
 */
export const objectSchema = (schema: JsonSchema, refused: readonly string[] = []): Fitted =>
  flattened(schema, { schema, refused }, 0)

interface Root {
  /** Where references are looked up. */
  readonly schema: JsonObject
  readonly refused: readonly string[]
}

function flattened(schema: JsonObject, root: Root, depth: number): Fitted {
  const top = dereferenced(schema, root.schema, depth)
  if (!COMBINING.some((name) => name in top)) return ofType(top, root)
  if (depth >= DEEPEST) return { schema: { type: 'object', properties: {} }, isExact: false }
  const own = ofType(without(top, ...COMBINING), root)
  const flatten = (variant: unknown): readonly Fitted[] =>
    isObject(variant) ? [flattened(variant, root, depth + 1)] : []
  const all = [own, ...listIn(top, 'allOf').flatMap(flatten)]
  const choices = [...listIn(top, 'anyOf'), ...listIn(top, 'oneOf')].flatMap(flatten)
  const { properties, clash } = joined(all)
  const chosen = laidOver(choices)
  const required = new Set([
    ...all.flatMap(({ schema: part }) => requiredOf(part)),
    ...sharedRequired(choices.map(({ schema: choice }) => choice))
  ])
  return {
    schema: {
      ...own.schema,
      properties: { ...chosen, ...properties },
      ...(required.size > 0 ? { required: [...required] } : {})
    },
    isExact: choices.length === 0 && !clash && all.every(({ isExact }) => isExact)
  }
}

/** The first one to name a property says what it is. */
function joined(parts: readonly Fitted[]): { readonly properties: JsonObject; readonly clash: boolean } {
  const properties: Record<string, unknown> = {}
  let clash = false
  for (const { schema } of parts) {
    for (const [name, value] of Object.entries(objectIn(schema, 'properties') ?? {})) {
      if (!Object.hasOwn(properties, name)) properties[name] = value
      else if (properties[name] !== value) clash = true
    }
  }
  return { properties, clash }
}

/** What one choice or another says of a property may each be so: `{"kind":{"const":"a"}}` beside `{"kind":{"const":"b"}}`. */
function laidOver(choices: readonly Fitted[]): JsonObject {
  const variants = new Map<string, Map<string, unknown>>()
  for (const { schema } of choices) {
    for (const [name, value] of Object.entries(objectIn(schema, 'properties') ?? {})) {
      const known = variants.get(name) ?? new Map<string, unknown>()
      variants.set(name, known.set(jsonText(value) ?? name, value))
    }
  }
  const oneOf = (known: ReadonlyMap<string, unknown>): unknown => {
    const [first, ...others] = known.values()
    return others.length === 0 ? first : { anyOf: [first, ...others] }
  }
  return Object.fromEntries(Array.from(variants, ([name, known]) => [name, oneOf(known)]))
}

function ofType(schema: JsonObject, { refused }: Root): Fitted {
  const { type } = schema
  const isObjectToo = type === undefined || type === 'object' || (Array.isArray(type) && type.includes('object'))
  if (!isObjectToo) return { schema: { type: 'object', properties: {} }, isExact: false }
  const taken = [...refused, '$ref'].filter((name) => name in schema)
  const bare = taken.length === 0 ? schema : without(schema, ...taken)
  const properties = objectIn(bare, 'properties') ?? {}
  return { schema: { ...bare, type: 'object', properties }, isExact: taken.length === 0 }
}

/** A `$ref` at the top to one of the schema's own definitions, which stay for the references inside it. */
function dereferenced(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const reference = textIn(schema, '$ref')
  const path = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference ?? '')
  if (path === null || depth >= DEEPEST) return schema
  const [, section = '', name = ''] = path
  const target = objectIn(objectIn(root, section), name)
  if (target === null) return schema
  return dereferenced({ ...target, ...without(schema, '$ref') }, root, depth + 1)
}

const requiredOf = (schema: JsonObject): readonly string[] =>
  listIn(schema, 'required').filter((name) => typeof name === 'string')

function sharedRequired(choices: readonly JsonObject[]): readonly string[] {
  const [first, ...others] = choices.map(requiredOf)
  return first?.filter((name) => others.every((names) => names.includes(name))) ?? []
}
