import type { JsonSchema } from './canonical'
import { isObject, listIn, objectIn, textIn, without, type JsonObject } from './foreign-json'

export interface ObjectSchema {
  readonly type: 'object'
  readonly [name: string]: unknown
}

const COMBINING = ['anyOf', 'oneOf', 'allOf'] as const
/** References and choices inside one another; a schema that refers to itself would never end. */
const DEEPEST = 8

/**
 * A tool's parameters as OpenAI and Anthropic take them: `type: "object"`, and no `anyOf`, `oneOf` or `allOf` at the top. Choices
 * are laid over one another: all their properties, and of what they demand only what all demand. `isExact` false: the
 * result allows what the schema did not.
 */
export function objectSchema(schema: JsonSchema): { readonly schema: ObjectSchema; readonly isExact: boolean } {
  return flattened(schema, schema, 0)
}

function flattened(schema: JsonObject, root: JsonObject, depth: number): ReturnType<typeof objectSchema> {
  const top = dereferenced(schema, root, depth)
  if (!COMBINING.some((name) => name in top)) return ofType(top)
  if (depth >= DEEPEST) return { schema: { type: 'object' }, isExact: false }
  const own = ofType(without(top, ...COMBINING))
  const flatten = (variant: unknown) => (isObject(variant) ? [flattened(variant, root, depth + 1)] : [])
  const all = listIn(top, 'allOf').flatMap(flatten)
  const choices = [...listIn(top, 'anyOf'), ...listIn(top, 'oneOf')].flatMap(flatten)
  const parts = [own, ...all, ...choices].map(({ schema: part }) => part)
  const required = new Set([own, ...all].flatMap(({ schema: part }) => requiredOf(part)))
  for (const name of sharedRequired(choices.map(({ schema: choice }) => choice))) required.add(name)
  const properties: Record<string, unknown> = {}
  for (const part of parts) Object.assign(properties, objectIn(part, 'properties'))
  return {
    schema: {
      ...own.schema,
      properties,
      ...(required.size > 0 ? { required: [...required] } : {})
    },
    isExact: choices.length === 0 && [own, ...all].every(({ isExact }) => isExact)
  }
}

function ofType(schema: JsonObject): ReturnType<typeof objectSchema> {
  const { type } = schema
  if (type === 'object') return { schema: { ...schema, type }, isExact: true }
  const isObjectToo = type === undefined || (Array.isArray(type) && type.includes('object'))
  if (isObjectToo) return { schema: { ...schema, type: 'object' }, isExact: true }
  return { schema: { type: 'object', properties: {} }, isExact: false }
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
