import type { JsonSchema } from './canonical'
import { numberOf } from './exact-json'
import { entryOf, isObject, listIn, objectIn, without, type JsonObject } from './foreign-json'
import { listedValues, typesOf } from './listed-values'
import type { Losses } from './losses'
import { objectSchema } from './object-schema'
import { inlineRefs } from './schema-refs'

/** Deeper schemas than any honest one say nothing below. */
const DEEPEST = 100

/** What `parametersJsonSchema` and `responseJsonSchema` take: https://ai.google.dev/api/generate-content#GenerationConfig */
const TAKEN: ReadonlySet<string> = new Set(
  '$id $anchor type title description minItems maxItems minimum maximum propertyOrdering required'.split(' ')
)
const TAKEN_FORMATS: ReadonlySet<unknown> = new Set('date-time date time float double int32 int64'.split(' '))
/** They say nothing that an answer must keep to, or are read by themselves or together with another member. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  '$schema $comment default example examples deprecated readOnly writeOnly nullable allOf enum const'.split(' ')
)

/** The schema with what Gemini knows of it; the rest is lost. */
export const fitSchema = (schema: JsonSchema, losses: Losses): JsonSchema => fitted(withoutRefs(schema, losses), losses)

/** The parameters of the function of that name: an object's schema, of what Gemini knows. */
export function fitParameters(parameters: JsonSchema, name: string, losses: Losses): JsonSchema {
  const { schema, isExact } = objectSchema(withoutRefs(parameters, losses))
  if (!isExact) losses.add('json_schema', name)
  return fitted(schema, losses)
}

/**
 * Gemini follows references to definitions at the top alone, and to themselves only from what is not required, so that all are
 * replaced by what they stand for: https://ai.google.dev/api/generate-content#GenerationConfig
 */
function withoutRefs(schema: JsonSchema, losses: Losses): JsonSchema {
  const inlined = inlineRefs(schema)
  for (const why of inlined.lost) losses.add('json_schema', why)
  return inlined.schema
}

const fitted = (schema: JsonSchema, losses: Losses): JsonSchema => closed(fitOpen(schema, losses, 0))

/** A schema whose `required` may name members that stand in another part of the same `allOf`. */
function fitOpen(schema: unknown, losses: Losses, depth: number): JsonSchema {
  if (!isObject(schema) || depth > DEEPEST) return {}
  const fit = (one: unknown): JsonSchema => closed(fitOpen(one, losses, depth + 1))
  const members = Object.entries(schema).flatMap(([name, value]) => fitMember(name, value, schema, fit, losses))
  const own: JsonSchema = { ...Object.fromEntries(members), ...fitListed(schema, losses) }
  const parts = listIn(schema, 'allOf').map((one) => fitOpen(one, losses, depth + 1))
  return [own, ...parts].reduce((one, other) => both(one, other, losses))
}

/** What is required must be one of the properties. */
function closed(schema: JsonSchema): JsonSchema {
  const { properties } = schema
  const names = new Set(isObject(properties) ? Object.keys(properties) : [])
  const required = [...new Set(listIn(schema, 'required'))].filter(
    (name) => typeof name === 'string' && names.has(name)
  )
  const rest = without(schema, 'required')
  return required.length > 0 ? { ...rest, required } : rest
}

type Member = readonly [name: string, value: unknown]

function fitMember(
  name: string,
  value: unknown,
  schema: JsonObject,
  fit: (schema: unknown) => JsonSchema,
  losses: Losses
): readonly Member[] {
  if (TAKEN.has(name)) return [[name, value]]
  const fitter = entryOf(FITTERS, name)
  if (fitter !== undefined) return fitter(value, fit, schema)
  if (!WITHOUT_EFFECT.has(name)) losses.add('json_schema', name)
  return []
}

type Fitter = (value: unknown, fit: (schema: unknown) => JsonSchema, schema: JsonObject) => readonly Member[]

const byName =
  (name: string): Fitter =>
  (value, fit) =>
    isObject(value) ? [[name, Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fit(one)]))]] : []

const list =
  (name: string): Fitter =>
  (value, fit) =>
    Array.isArray(value) ? [[name, value.map(fit)]] : []

/** Of whole numbers the next one is the limit; of others the limit itself is let in, and of those too large to count on from. */
const exclusive =
  (name: 'minimum' | 'maximum', step: 1 | -1): Fitter =>
  (value, _fit, schema) => {
    const number = numberOf(value)
    if (number === null) return []
    return [[name, schema['type'] === 'integer' && Number.isSafeInteger(number) ? number + step : value]]
  }

/** `enum` takes texts and numbers alone: null and booleans are let in by the type. */
function fitListed(schema: JsonObject, losses: Losses): JsonSchema {
  const listed = listedValues(schema)
  if (listed === null) return {}
  const { kept, hasNull, hasBoolean, isLossy } = listed
  if (isLossy) losses.add('json_schema', 'const' in schema ? 'const' : 'enum')
  return {
    ...(kept.length === 0 ? {} : { enum: kept }),
    ...(hasNull || hasBoolean ? { type: typesOf(schema, listed) } : {})
  }
}

const FITTERS: Readonly<Record<string, Fitter>> = {
  properties: byName('properties'),
  anyOf: list('anyOf'),
  oneOf: list('oneOf'),
  prefixItems: list('prefixItems'),
  items: (value, fit) => (Array.isArray(value) ? [['prefixItems', value.map(fit)]] : [['items', fit(value)]]),
  additionalProperties: (value, fit) => [['additionalProperties', typeof value === 'boolean' ? value : fit(value)]],
  format: (value) => (TAKEN_FORMATS.has(value) ? [['format', value]] : []),
  exclusiveMinimum: exclusive('minimum', 1),
  exclusiveMaximum: exclusive('maximum', -1)
}

/** `allOf`, which Gemini does not know, as one schema. */
function both(one: JsonSchema, other: JsonSchema, losses: Losses): JsonSchema {
  const clashes = Object.keys(other).some(
    (name) => Object.hasOwn(one, name) && !MERGED.has(name) && one[name] !== other[name]
  )
  if (clashes) losses.add('json_schema', 'allOf')
  const properties = [one, other].flatMap((schema) => Object.entries(objectIn(schema, 'properties') ?? {}))
  const required = [...listIn(one, 'required'), ...listIn(other, 'required')]
  return {
    ...other,
    ...one,
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(required.length > 0 ? { required } : {})
  }
}
const MERGED: ReadonlySet<string> = new Set(['properties', 'required', 'description', 'title', 'type'])
