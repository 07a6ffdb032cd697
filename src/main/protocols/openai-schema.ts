import type { JsonSchema } from './canonical'
import { isObject, listIn, memberOf, objectIn, type JsonObject } from './foreign-json'
import type { Losses } from './losses'
import { objectSchema } from './object-schema'

/**
 * JSON Schemas as OpenAI takes them for tools and outputs, in Chat and in Responses:
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */

/** "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level". */
const NOT_ON_TOP = ['enum', 'not', 'const'] as const

/** The schema of a tool's parameters. */
export const fitParameters = (schema: JsonSchema): ReturnType<typeof objectSchema> => objectSchema(schema, NOT_ON_TOP)

/**
 * The schema of an answer as OpenAI takes it: "schema must be a JSON Schema of 'type: "object"'", and nothing else at the top than
 * parameters may have. null where it means something else, such as a list.
 */
export function outputSchema(schema: JsonSchema): JsonSchema | null {
  if (memberOf(schema, 'type') === 'object' && !AT_TOP.some((name) => name in schema)) return schema
  const { schema: fitted, isExact } = fitParameters(schema)
  const saysObject =
    memberOf(schema, 'type') === 'object' || Object.keys(objectIn(fitted, 'properties') ?? {}).length > 0
  return isExact && saysObject ? fitted : null
}
const AT_TOP = ['anyOf', 'oneOf', 'allOf', '$ref', ...NOT_ON_TOP] as const

/** A format of the answer that is none of the two with JSON: any but free text is lost. */
export function tellUnreadFormat(type: string, losses: Losses): void {
  if (type !== 'text') losses.add('json_schema', type === 'json_schema' ? 'without a schema' : type)
}

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
  const required = listIn(schema, 'required')
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
