import { isList, isObject, type JsonObject } from './foreign-json'
import { unescaped } from './schema-refs'

type Keys = ReadonlyMap<string, string>

/** Deeper ones than any honest schema: what lies below keeps its names. */
const DEEPEST = 100

/** The schema of an object with other names of its properties, in all that it says of them; those of inner objects stay. */
export const renamedSchema = (schema: JsonObject, keys: Keys): JsonObject =>
  withMembers(schema, (name, value) => member(name, withRefs(name, value, keys, 0), keys, 0))

/** Schemas that speak of the same object. */
const SAME_OBJECT: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'])
const NAMES: ReadonlySet<string> = new Set(['required', 'propertyOrdering'])
/** `dependencies`: of older drafts, either of the other two. */
const BY_NAME: ReadonlySet<string> = new Set(['dependentRequired', 'dependentSchemas', 'dependencies'])

function member(name: string, value: unknown, keys: Keys, depth: number): unknown {
  if (NAMES.has(name)) return names(value, keys)
  if (name === 'properties') return isObject(value) ? byName(value, keys) : value
  if (SAME_OBJECT.has(name))
    return isList(value) ? value.map((one) => same(one, keys, depth)) : same(value, keys, depth)
  if (!BY_NAME.has(name) || !isObject(value)) return value
  return withMembers(byName(value, keys), (_name, one) => (isList(one) ? names(one, keys) : same(one, keys, depth)))
}

const same = (schema: unknown, keys: Keys, depth: number): unknown =>
  isObject(schema) && depth < DEEPEST
    ? withMembers(schema, (name, value) => member(name, value, keys, depth + 1))
    : schema

const names = (list: unknown, keys: Keys): unknown =>
  isList(list) ? list.map((name) => (typeof name === 'string' ? (keys.get(name) ?? name) : name)) : list

const byName = (object: JsonObject, keys: Keys): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [keys.get(name) ?? name, value]))

const withMembers = (object: JsonObject, map: (name: string, value: unknown) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(name, value)]))

/** A reference may stand anywhere and lead to a property of the outermost object (RFC 6901). */
function withRefs(name: string, value: unknown, keys: Keys, depth: number): unknown {
  if (name === '$ref' && typeof value === 'string') return renamedRef(value, keys)
  if (depth >= DEEPEST) return value
  if (isList(value)) return value.map((one) => withRefs('', one, keys, depth + 1))
  return isObject(value) ? withMembers(value, (inner, one) => withRefs(inner, one, keys, depth + 1)) : value
}

function renamedRef(ref: string, keys: Keys): string {
  const [root, section, step = '', ...rest] = ref.split('/')
  const sent = root === '#' && section === 'properties' ? keys.get(unescaped(step)) : undefined
  return sent === undefined ? ref : [root, section, sent, ...rest].join('/')
}
