import { phrase, type Phrase } from '../../shared/phrase'
import type { Environment, FoundAccount } from './importer'
import { variableOf, type Written } from './references'

/** OpenCode fills them in wherever they stand in a text (opencode.ai/docs/config, Variables). */
const REFERENCE = /\{(env|file):([^}]*)\}/g

/** A text with what it refers to, or why it can't be had. A file that is referred to is never read: it may be any. */
type Filled = { readonly value: string; readonly variables: readonly string[] } | { readonly missing: Missing }

export type Missing = { readonly kind: 'file' } | { readonly kind: 'variable'; readonly variable: string }

export function fillIn(text: string, environment: Environment): Filled {
  const references = [...text.matchAll(REFERENCE)].map(([, kind, name = '']) => ({ kind, name: name.trim() }))
  if (references.some(({ kind }) => kind === 'file')) return { missing: { kind: 'file' } }
  const absent = references.find(({ name }) => variableOf(environment, name) === undefined)
  if (absent !== undefined) return { missing: { kind: 'variable', variable: absent.name } }
  return {
    value: text.replaceAll(REFERENCE, (_, _kind: string, name: string) => variableOf(environment, name.trim()) ?? ''),
    variables: references.map(({ name }) => name)
  }
}

const missingKey = (missing: Missing): Phrase =>
  missing.kind === 'file' ? phrase('key_in_file') : phrase('key_variable_unset', { variable: missing.variable })

const missingHeader = (header: string, missing: Missing): Phrase =>
  missing.kind === 'file'
    ? phrase('header_in_file', { header })
    : phrase('header_variable_unset', { header, variable: missing.variable })

/** What stands there for a key. */
export function writtenKey(text: string, environment: Environment): Written {
  const filled = fillIn(text, environment)
  if ('missing' in filled) return { credential: null, notes: [missingKey(filled.missing)] }
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
    notes: all.flatMap(({ filled, name }) => ('missing' in filled ? [missingHeader(name, filled.missing)] : []))
  }
}
