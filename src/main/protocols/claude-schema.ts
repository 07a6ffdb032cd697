import type { JsonSchema } from './canonical'
import { numberOf } from './exact-json'
import { isObject, textIn, type JsonObject } from './foreign-json'
import { inlineRefs } from './schema-refs'

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations */
const FORMATS = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'])
const TAKEN = new Set(['type', 'enum', 'const', 'title', 'description', '$ref', 'default', 'required'])
const SCHEMAS = new Set(['properties', '$defs', 'definitions'])
const CHOICES = new Set(['anyOf', 'oneOf', 'allOf'])
const WITHOUT_MEANING = new Set(['$schema', '$id', '$comment', 'examples', 'additionalProperties'])
/** One of them must say what there may be. */
const SAYING = ['type', '$ref', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', 'properties']

export interface ClaudeSchema {
  readonly schema: JsonSchema
  /** Keywords that are only said in words. */
  readonly lost: readonly string[]
  /**
   * false: held to it a model could not give the answer that is meant. A map of any names to values would have to be `{}`, and
   * what refers to itself is refused.
   */
  readonly isSayable: boolean
}

/**
 * A schema as Claude's structured outputs and strict tools take it: objects closed, no bounds of numbers, lengths or patterns.
 * What has no place is said in the description instead, as the vendor's SDK does it (lib/transform-json-schema).
 */
export function claudeSchema(schema: JsonSchema): ClaudeSchema {
  const { refs, lost, schema: inlined } = inlineRefs(schema)
  const found: Found = { lost: new Set(lost), isSayable: lost.size === 0 && SAYING.some((name) => name in schema) }
  const isPlain = [...refs].every((ref) => /^#\/(\$defs|definitions)\/[^/%~]+$/.test(ref))
  const fit = fitted(isPlain ? schema : inlined, found)
  return { schema: fit, lost: [...found.lost], isSayable: found.isSayable }
}

interface Found {
  readonly lost: Set<string>
  isSayable: boolean
}

function fitted(schema: JsonObject, found: Found): JsonObject {
  const fit: Record<string, unknown> = {}
  const said: string[] = []
  for (const [name, value] of Object.entries(schema)) {
    if (WITHOUT_MEANING.has(name)) continue
    const kept = keptOf(name, value, found)
    if (kept === undefined) {
      found.lost.add(name)
      said.push(`${name}: ${JSON.stringify(value)}`)
    } else fit[name === 'oneOf' ? 'anyOf' : name] = kept
  }
  if (said.length > 0) fit['description'] = `${textIn(schema, 'description') ?? ''}\n\n{${said.join(', ')}}`.trim()
  if (isOfObject(schema)) close(fit, schema, found)
  return fit
}

/** The member as it may stand; undefined where it may not. */
function keptOf(name: string, value: unknown, found: Found): unknown {
  if (TAKEN.has(name)) return value
  if (SCHEMAS.has(name)) return isObject(value) ? fittedMembers(value, found) : undefined
  if (CHOICES.has(name)) return Array.isArray(value) ? value.map((one) => fittedOne(one, found)) : undefined
  if (name === 'items') return isObject(value) ? fitted(value, found) : undefined
  return isTakenValue(name, value) ? value : undefined
}

function isTakenValue(name: string, value: unknown): boolean {
  if (name === 'format') return typeof value === 'string' && FORMATS.has(value)
  const number = numberOf(value)
  return name === 'minItems' && (number === 0 || number === 1)
}

const fittedOne = (schema: unknown, found: Found): unknown => (isObject(schema) ? fitted(schema, found) : schema)

const fittedMembers = (schemas: JsonObject, found: Found): JsonObject =>
  Object.fromEntries(Object.entries(schemas).map(([name, one]) => [name, fittedOne(one, found)]))

const isOfObject = ({ type, properties }: JsonObject): boolean =>
  type === 'object' || (Array.isArray(type) && type.includes('object')) || (type === undefined && isObject(properties))

/** Only closed objects are taken. Names beside those that are listed are let go; where none is listed, nothing would be left. */
function close(fit: Record<string, unknown>, schema: JsonObject, found: Found): void {
  const { additionalProperties: more, properties } = schema
  const isMap = isObject(more) && Object.keys(more).length > 0
  const isEmpty = !isObject(properties) || Object.keys(properties).length === 0
  if (isMap || (isEmpty && more !== false)) found.isSayable = false
  if (more === true || isObject(more)) found.lost.add('additionalProperties')
  fit['type'] ??= 'object'
  fit['properties'] ??= {}
  fit['additionalProperties'] = false
}
