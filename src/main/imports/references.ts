import { phrase, type Phrase } from '../../shared/phrase'
import type { Credential, Environment, FoundAccount } from './importer'

/** How a program writes a reference to a variable that is the whole value; its first group is the name. */
export const DOLLAR = /^\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))$/
export const LITELLM = /^os\.environ\/(\S+)$/

/** Routex's own are nobody's credentials. */
const OWN = /^ROUTEX_/i

/** undefined: it is not set, or is Routex's own. */
export function variableOf(environment: Environment, name: string): string | undefined {
  const value = OWN.test(name) || !Object.hasOwn(environment, name) ? undefined : environment[name]?.trim()
  return value === '' ? undefined : value
}

export interface Written {
  readonly credential: Credential | null
  readonly notes: readonly Phrase[]
}

/** What stands in a file for a credential: the text itself, or the variable that it refers to. */
export function credentialOf(text: string | undefined, reference: RegExp, environment: Environment): Written {
  const written = text?.trim() ?? ''
  if (written === '') return { credential: null, notes: [] }
  const match = reference.exec(written)
  const name = match?.[1] ?? match?.[2]
  return name === undefined
    ? { credential: { value: written, variable: null }, notes: [] }
    : fromVariable(name, environment)
}

/** The value of a variable that is named as such. */
export function fromVariable(name: string, environment: Environment): Written {
  const value = variableOf(environment, name)
  if (value === undefined) return { credential: null, notes: [phrase('key_variable_unset', { variable: name })] }
  return { credential: { value, variable: name }, notes: [] }
}

/** Headers, of which some are wholly a reference; one whose variable is not there is left out, and said. */
export function headersOf(
  written: Readonly<Record<string, string>>,
  reference: RegExp,
  environment: Environment
): Pick<FoundAccount, 'headers' | 'headerVariables' | 'notes'> {
  const all = Object.entries(written).map(([name, text]) => {
    const match = reference.exec(text.trim())
    const variable = match?.[1] ?? match?.[2] ?? null
    return { name, variable, value: variable === null ? text : variableOf(environment, variable) }
  })
  const had = all.flatMap(({ value, ...one }) => (value === undefined ? [] : [{ ...one, value }]))
  return {
    headers: Object.fromEntries(had.map(({ name, value }) => [name, value])),
    headerVariables: Object.fromEntries(
      had.flatMap(({ name, variable }) => (variable === null ? [] : [[name, variable]]))
    ),
    notes: all.flatMap(({ name, value, variable }) =>
      value === undefined && variable !== null ? [phrase('header_variable_unset', { header: name, variable })] : []
    )
  }
}
