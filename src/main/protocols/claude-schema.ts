import type { JsonSchema } from './canonical'
import { isObject, textIn, type JsonObject } from './foreign-json'

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations */
const FORMATS = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'])
const TAKEN = new Set(['type', 'enum', 'const', 'title', 'description', '$ref', 'default', 'required'])
const SCHEMAS = new Set(['properties', '$defs', 'definitions'])
const CHOICES = new Set(['anyOf', 'oneOf', 'allOf'])
const WITHOUT_MEANING = new Set(['$schema', '$id', '$comment', 'examples', 'additionalProperties'])

/**
 * A schema as Claude's structured outputs and strict tools take it: objects closed, no bounds of numbers, lengths or patterns.
 * What has no place is said in the description instead, as the vendor's SDK does it (lib/transform-json-schema), and named in
 * `lost`.
 */
export function claudeSchema(schema: JsonSchema): { readonly schema: JsonSchema; readonly lost: readonly string[] } {
  const lost = new Set<string>()
  return { schema: fitted(schema, lost), lost: [...lost] }
}

function fitted(schema: JsonObject, lost: Set<string>): JsonObject {
  const fit: Record<string, unknown> = {}
  const said: string[] = []
  for (const [name, value] of Object.entries(schema)) {
    if (WITHOUT_MEANING.has(name)) continue
    const kept = keptOf(name, value, lost)
    if (kept === undefined) {
      lost.add(name)
      said.push(`${name}: ${JSON.stringify(value)}`)
    } else fit[name === 'oneOf' ? 'anyOf' : name] = kept
  }
  if (said.length > 0) fit['description'] = `${textIn(schema, 'description') ?? ''}\n\n{${said.join(', ')}}`.trim()
  if (isOfObject(schema)) close(fit, schema, lost)
  return fit
}

/** The member as it may stand; undefined where it may not. */
function keptOf(name: string, value: unknown, lost: Set<string>): unknown {
  if (TAKEN.has(name)) return value
  if (SCHEMAS.has(name)) return isObject(value) ? fittedMembers(value, lost) : undefined
  if (CHOICES.has(name)) return Array.isArray(value) ? value.map((one) => fittedOne(one, lost)) : undefined
  if (name === 'items') return isObject(value) ? fitted(value, lost) : undefined
  return isTakenValue(name, value) ? value : undefined
}

function isTakenValue(name: string, value: unknown): boolean {
  if (name === 'format') return typeof value === 'string' && FORMATS.has(value)
  return name === 'minItems' && (value === 0 || value === 1)
}

const fittedOne = (schema: unknown, lost: Set<string>): unknown => (isObject(schema) ? fitted(schema, lost) : schema)

const fittedMembers = (schemas: JsonObject, lost: Set<string>): JsonObject =>
  Object.fromEntries(Object.entries(schemas).map(([name, one]) => [name, fittedOne(one, lost)]))

const isOfObject = ({ type, properties }: JsonObject): boolean =>
  type === 'object' || (Array.isArray(type) && type.includes('object')) || (type === undefined && isObject(properties))

/** Only closed objects are taken: a map of any names to values can't be said. */
function close(fit: Record<string, unknown>, { additionalProperties }: JsonObject, lost: Set<string>): void {
  fit['type'] ??= 'object'
  fit['properties'] ??= {}
  fit['additionalProperties'] = false
  if (additionalProperties === true || isObject(additionalProperties)) lost.add('additionalProperties')
}
