import type { JsonSchema } from './canonical'
import { isObject, listIn, memberOf, objectIn, textIn, without, type JsonObject } from './foreign-json'

/**
 * JSON Schemas as OpenAI takes them for tools and outputs, in Chat and in Responses:
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */

/** "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level". */
const NOT_ON_TOP = ['anyOf', 'oneOf', 'allOf', 'enum', 'not', 'const', '$ref'] as const

/** The schema of a tool's parameters with an object on top; `loose`: it allows more than the one that came. */
export function fitParameters(schema: JsonSchema): { readonly schema: JsonSchema; readonly loose: boolean } {
  const isObjectOnTop = memberOf(schema, 'type') === 'object'
  if (isObjectOnTop && NOT_ON_TOP.every((name) => memberOf(schema, name) === undefined)) return { schema, loose: false }
  const base = resolved(schema)
  const any = [...listIn(base, 'anyOf'), ...listIn(base, 'oneOf')].map((one) => resolved(one, schema))
  const all = listIn(base, 'allOf').map((one) => resolved(one, schema))
  const parts = [base, ...all, ...any]
  const required = [...[base, ...all].flatMap(requiredOf), ...commonTo(any.map(requiredOf))]
  const properties = Object.fromEntries(parts.flatMap((part) => Object.entries(objectIn(part, 'properties') ?? {})))
  return {
    schema: {
      ...without(base, ...NOT_ON_TOP, 'required'),
      type: 'object',
      properties,
      ...(required.length === 0 ? {} : { required: [...new Set(required)] })
    },
    loose: any.length > 0 || all.length > 0 || !saysNothingElse(base)
  }
}

/** `{"type":["object","null"]}`, or no type at all, is an object as well as one can say it. */
function saysNothingElse(schema: JsonObject): boolean {
  const type = memberOf(schema, 'type')
  const isLike = type === undefined || type === 'object' || (Array.isArray(type) && type.includes('object'))
  return isLike && ['enum', 'not', 'const'].every((name) => memberOf(schema, name) === undefined)
}

/** A schema that only refers to a definition of the same document (`#/$defs/X`), with what stands there. */
function resolved(schema: unknown, root: unknown = schema): JsonObject {
  const [, group = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(textIn(schema, '$ref') ?? '') ?? []
  const definition = objectIn(objectIn(root, group), name)
  return { ...(isObject(schema) ? schema : {}), ...(definition ?? {}) }
}

const requiredOf = (schema: unknown): readonly string[] =>
  listIn(schema, 'required').filter((name) => typeof name === 'string')

const commonTo = (lists: readonly (readonly string[])[]): readonly string[] =>
  (lists[0] ?? []).filter((name) => lists.every((list) => list.includes(name)))

/** The keywords that a strict schema may hold; any other is refused. */
const STRICT: ReadonlySet<string> = new Set([
  ...['type', 'description', 'title', 'enum', 'const', 'anyOf', '$ref', '$defs', 'definitions', '$schema'],
  ...['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'pattern', 'format'],
  ...['multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']
])
const STRICT_FORMATS: readonly unknown[] = [
  undefined,
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid']
]

/** "up to 10 levels of nesting" */
const DEEPEST = 10

/** Whether it can be sent as `strict`: each object closed, with all that it names required, and no keyword that is refused. */
export function fitsStrict(schema: unknown, depth = 0): boolean {
  if (depth > DEEPEST || !isObject(schema)) return false
  if (!Object.keys(schema).every((keyword) => STRICT.has(keyword))) return false
  if (!STRICT_FORMATS.includes(memberOf(schema, 'format'))) return false
  const properties = objectIn(schema, 'properties')
  const isObjectType = memberOf(schema, 'type') === 'object' || properties !== null
  if (isObjectType && !isClosed(schema, properties ?? {})) return false
  return schemasIn(schema).every((inner) => fitsStrict(inner, depth + 1))
}

function isClosed(schema: JsonObject, properties: JsonObject): boolean {
  const required = requiredOf(schema)
  return (
    memberOf(schema, 'additionalProperties') === false &&
    Object.keys(properties).every((name) => required.includes(name))
  )
}

function schemasIn(schema: JsonObject): readonly unknown[] {
  const items = memberOf(schema, 'items')
  return [
    ...Object.values(objectIn(schema, 'properties') ?? {}),
    ...Object.values(objectIn(schema, '$defs') ?? {}),
    ...Object.values(objectIn(schema, 'definitions') ?? {}),
    ...listIn(schema, 'anyOf'),
    ...(items === undefined ? [] : [items])
  ]
}
