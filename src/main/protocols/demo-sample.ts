import { isObject, listIn, memberOf, numberIn, objectIn, textIn } from './foreign-json'

/** Fills a JSON Schema with the least that fits it: arguments of a tool that was named, an answer that must be JSON. */

/** Schemas refer to themselves, some in many places: beyond this depth, or so many values, everything is empty. */
const DEEPEST = 8
const MOST_VALUES = 1000

interface Sampling {
  readonly root: unknown
  left: number
}

/** A value for the schema: required properties only, the first choice of each enumeration, marked strings. */
export const sampleOf = (schema: unknown): unknown => sample(schema, { root: schema, left: MOST_VALUES }, 0)

function sample(schema: unknown, sampling: Sampling, depth: number): unknown {
  sampling.left--
  const resolved = resolve(schema, sampling.root)
  const fixed = fixedValue(resolved)
  if (fixed !== undefined) return fixed
  const choices = [...listIn(resolved, 'anyOf'), ...listIn(resolved, 'oneOf'), ...listIn(resolved, 'allOf')]
  if (choices.length > 0 && depth < DEEPEST) return sample(choices[0], sampling, depth + 1)
  switch (typeOf(resolved)) {
    case 'object':
      return sampleObject(resolved, sampling, depth)
    case 'array':
      return sampleList(resolved, sampling, depth)
    case 'number':
    case 'integer':
      return Math.max(numberIn(resolved, 'minimum') ?? 0, 0)
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      return sampleText(resolved)
  }
}

const isSpent = (sampling: Sampling, depth: number): boolean => depth >= DEEPEST || sampling.left <= 0

/** A reference inside the same schema (`#/$defs/x`); others read as anything. */
function resolve(schema: unknown, root: unknown): unknown {
  const reference = textIn(schema, '$ref')
  if (reference?.startsWith('#/') !== true) return schema
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => memberOf(at, key), root)
}

function fixedValue(schema: unknown): unknown {
  const constant = memberOf(schema, 'const')
  if (constant !== undefined) return constant
  const [first] = listIn(schema, 'enum')
  return first ?? memberOf(schema, 'default')
}

/** Gemini writes types in capitals; a list of types means the first of them. */
function typeOf(schema: unknown): string {
  const type = textIn(schema, 'type') ?? listIn(schema, 'type')[0]
  if (typeof type === 'string') return type.toLowerCase()
  return isObject(memberOf(schema, 'properties')) ? 'object' : 'string'
}

function sampleObject(schema: unknown, sampling: Sampling, depth: number): Readonly<Record<string, unknown>> {
  const properties = objectIn(schema, 'properties') ?? {}
  const names = listIn(schema, 'required').filter((name) => typeof name === 'string')
  if (isSpent(sampling, depth)) return {}
  return Object.fromEntries(names.map((name) => [name, sample(memberOf(properties, name), sampling, depth + 1)]))
}

function sampleList(schema: unknown, sampling: Sampling, depth: number): readonly unknown[] {
  const least = Math.min(numberIn(schema, 'minItems') ?? 0, 4)
  if (isSpent(sampling, depth)) return []
  return Array.from({ length: least }, () => sample(memberOf(schema, 'items'), sampling, depth + 1))
}

function sampleText(schema: unknown): string {
  switch (textIn(schema, 'format')) {
    case 'date':
      return '2000-01-01'
    case 'date-time':
      return '2000-01-01T00:00:00Z'
    case 'uri':
      return 'https://example.invalid/'
    case 'email':
      return 'demo@example.invalid'
    default:
      return '[Routex demo]'
  }
}
