import type { Environment, FoundAccount } from './importer'
import { missingNote, variableOf, type Written } from './references'

/** OpenCode fills them in wherever they stand in a text (opencode.ai/docs/config, Variables). */
const REFERENCE = /\{(env|file):([^}]*)\}/g

/** A text with what it refers to, or why it can't be had. A file that is referred to is never read: it may be any. */
type Filled =
  { readonly value: string; readonly variables: readonly string[] } | { readonly missing: (what: string) => string }

export function fillIn(text: string, environment: Environment): Filled {
  const references = [...text.matchAll(REFERENCE)].map(([, kind, name = '']) => ({ kind, name: name.trim() }))
  if (references.some(({ kind }) => kind === 'file'))
    return { missing: (what) => `${what} is in a file of its own: enter it` }
  const absent = references.find(({ name }) => variableOf(environment, name) === undefined)
  if (absent !== undefined) return { missing: (what) => missingNote(absent.name, what) }
  return {
    value: text.replaceAll(REFERENCE, (_, _kind: string, name: string) => variableOf(environment, name.trim()) ?? ''),
    variables: references.map(({ name }) => name)
  }
}

/** What stands there for a key. */
export function writtenKey(text: string, environment: Environment): Written {
  const filled = fillIn(text, environment)
  if ('missing' in filled) return { credential: null, notes: [filled.missing('its key')] }
  const { value, variables } = filled
  return { credential: { value, variable: variables.length === 0 ? null : variables.join(', ') }, notes: [] }
}

/** Headers without those that refer to what can't be had; which of them came from variables. */
export function writtenHeaders(
  headers: Readonly<Record<string, string>>,
  environment: Environment
): Pick<FoundAccount, 'headers' | 'headerVariables' | 'notes'> {
  const all = Object.entries(headers).map(([name, text]) => ({ name, filled: fillIn(text, environment) }))
  const had = all.flatMap(({ filled, name }) => ('value' in filled ? [{ name, ...filled }] : []))
  const referring = had.filter(({ variables }) => variables.length > 0)
  return {
    headers: Object.fromEntries(had.map(({ name, value }) => [name, value])),
    headerVariables: Object.fromEntries(referring.map(({ name, variables }) => [name, variables.join(', ')])),
    notes: all.flatMap(({ filled, name }) => ('missing' in filled ? [filled.missing(`the header ${name}`)] : []))
  }
}
