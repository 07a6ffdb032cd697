import type { JsonSchema } from './canonical'
import { isObject, type JsonObject } from './foreign-json'

/** Deeper ones than any honest schema: what lies below says nothing. */
const DEEPEST = 100

/** Members that hold one schema, several by name, or a list of them; and counts, which proto JSON may write as strings. */
const SCHEMA: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'not'])
const SCHEMAS_BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'patternProperties'])
const SCHEMA_LIST: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])
const COUNTS: ReadonlySet<string> = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties'
])
/** Say something about the schema's form only, or become part of another member. */
const LEFT_OUT: ReadonlySet<string> = new Set(['nullable', 'example', 'propertyOrdering'])

/**
 * A JSON Schema of a schema in OpenAPI 3.0's form as Google's APIs take it (upper-case types, `nullable`, counts as strings,
 * names in snake case: https://ai.google.dev/api/caching#Schema). One that is a JSON Schema already stays as it is.
 */
export function jsonSchemaOf(schema: unknown, depth = 0): JsonSchema {
  if (!isObject(schema) || depth > DEEPEST) return {}
  const members = Object.entries(schema)
    .map(([name, value]) => [camelCase(name), value] as const)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => [name, memberOf(name, value, schema, depth + 1)] as const)
    .filter(([, value]) => value !== undefined)
  const made = Object.fromEntries(members)
  return schema['nullable'] === true ? nullable(made) : made
}

function memberOf(name: string, value: unknown, schema: JsonObject, depth: number): unknown {
  if (name === 'type') return typeOf(value)
  if (name === 'enum') return enumOf(value, schema['type'])
  // `enum` is Google's mark of an enumeration, no format of texts.
  if (name === 'format') return value === 'enum' ? undefined : value
  if (COUNTS.has(name)) return typeof value === 'string' ? Number(value) : value
  if (SCHEMA.has(name)) return isObject(value) ? jsonSchemaOf(value, depth) : value
  if (SCHEMAS_BY_NAME.has(name)) return byName(value, depth)
  if (SCHEMA_LIST.has(name)) {
    return Array.isArray(value) ? value.map((one) => jsonSchemaOf(one, depth)) : undefined
  }
  return value
}

const byName = (value: unknown, depth: number): JsonObject | undefined =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, jsonSchemaOf(one, depth)]))
    : undefined

function typeOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value === 'TYPE_UNSPECIFIED' ? undefined : value.toLowerCase()
}

/** Numbers stand there as strings: `{type: INTEGER, enum: ["101"]}`. */
function enumOf(value: unknown, type: unknown): unknown {
  const isNumeric = type === 'INTEGER' || type === 'NUMBER'
  return isNumeric && isList(value) ? value.map((one) => (typeof one === 'string' ? Number(one) : one)) : value
}

/** null is then one of the types, and of the values where they are listed. */
function nullable(schema: JsonObject): JsonSchema {
  const { type, anyOf, enum: values } = schema
  const listed = isList(values) ? { enum: [...values, null] } : {}
  if (typeof type === 'string') return { ...schema, ...listed, type: [type, 'null'] }
  return isList(anyOf) ? { ...schema, ...listed, anyOf: [...anyOf, { type: 'null' }] } : schema
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** Keywords only: the names under `properties` are the client's own. */
const camelCase = (name: string): string =>
  name.includes('_') ? name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()) : name
