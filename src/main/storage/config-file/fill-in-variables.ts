import { formatPath, type Problem } from '../../../shared/validation'

export type Environment = Readonly<Record<string, string | undefined>>

export type WantedType = 'number' | 'boolean' | 'other'

/** `$${` (a literal), `${NAME}`, `${NAME:-default}`, or a `${` that is none of them. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{/g

/** Nothing but one reference. */
const WHOLE = /^\$\{[^}]+\}$/
const NUMBER = /^-?\d+(?:\.\d+)?$/

/** What a variable that is the whole value stands for, where no text is wanted. What doesn't fit stays, to be refused. */
function valueOf(text: string, wanted: WantedType): unknown {
  if (wanted === 'number' && NUMBER.test(text)) return Number(text)
  if (wanted === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function fillInText(text: string, environment: Environment, report: (message: string) => void): string {
  return text.replace(REFERENCE, (reference: string, name: string | undefined, fallback: string | undefined) => {
    if (reference === '$${') return '${'
    if (name === undefined) {
      report(
        'has a "${" that is not followed by a variable\'s name and "}" (write "$${" for the characters themselves)'
      )
      return reference
    }
    const value = environment[name]
    if (fallback?.includes('${') === true)
      report(`has a reference inside the default of ${name}, which is not understood`)
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value
    if (value === undefined) report(`needs the environment variable ${name}, which is not set`)
    return value ?? ''
  })
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` (also used when NAME is empty) in every string value; names stay as they are.
 * It works on parsed values, so that what a variable holds can never become JSON of its own. A reference that is the whole
 * value may hold a number or true and false where `wantedAt` tells that one is wanted.
 */
export function fillInVariables(
  value: unknown,
  environment: Environment,
  wantedAt: (path: readonly PropertyKey[]) => WantedType
): { readonly value: unknown; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const fillIn = (inner: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof inner === 'string') {
      const text = fillInText(inner, environment, (message) => problems.push({ path: formatPath(path), message }))
      return WHOLE.test(inner) ? valueOf(text, wantedAt(path)) : text
    }
    if (Array.isArray(inner)) return inner.map((item, index) => fillIn(item, [...path, index]))
    if (typeof inner !== 'object' || inner === null) return inner
    return Object.fromEntries(Object.entries(inner).map(([name, item]) => [name, fillIn(item, [...path, name])]))
  }
  return { value: fillIn(value, []), problems }
}
