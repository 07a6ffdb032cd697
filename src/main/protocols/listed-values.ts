import { numberOf, type ExactNumber } from './exact-json'
import { isList, listIn, type JsonObject } from './foreign-json'

/** What a schema's `enum` or `const` lets in, for targets that list texts and numbers alone. */
export interface ListedValues {
  /** Texts and numbers. */
  readonly kept: readonly (string | number | ExactNumber)[]
  readonly hasNull: boolean
  readonly hasBoolean: boolean
  /** Values that neither `kept` nor a type says. */
  readonly isLossy: boolean
}

const isKept = (one: unknown): one is string | number | ExactNumber =>
  numberOf(one) !== null || (typeof one === 'string' && one !== '')

/** null where the schema lists none. */
export function listedValues(schema: JsonObject): ListedValues | null {
  const values = 'const' in schema ? [schema['const']] : listIn(schema, 'enum')
  if (values.length === 0) return null
  const kept = values.filter(isKept)
  const booleans = new Set(values.filter((one) => typeof one === 'boolean'))
  const isSaid = (one: unknown): boolean => one === null || typeof one === 'boolean' || isKept(one)
  return {
    kept,
    hasNull: values.includes(null),
    hasBoolean: booleans.size > 0,
    isLossy: !values.every(isSaid) || booleans.size === 1 || (booleans.size > 0 && kept.length > 0)
  }
}

/** The types of the values, `null` last; the schema's own where it says any. */
export function typesOf(schema: JsonObject, { kept, hasNull, hasBoolean }: ListedValues): unknown {
  const own = schema['type']
  const types: unknown[] =
    own === undefined
      ? kept.map((one) => (typeof one === 'string' ? 'string' : 'number'))
      : isList(own)
        ? [...own]
        : [own]
  if (own === undefined && hasBoolean) types.push('boolean')
  if (hasNull) types.push('null')
  const [only, ...more] = new Set(types)
  return more.length === 0 ? only : [only, ...more]
}
