import type { Credential, Environment } from './importer'

/** How a program writes a reference to a variable that is the whole value; its first group is the name. */
export const DOLLAR = /^\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))$/
export const LITELLM = /^os\.environ\/(\S+)$/
export const OPENCODE = /^\{env:([^}]+)\}$/

/** Routex's own are nobody's credentials. */
const OWN = /^ROUTEX_/i

/** undefined: it is not set, or is Routex's own. */
export function variableOf(environment: Environment, name: string): string | undefined {
  const value = OWN.test(name) || !Object.hasOwn(environment, name) ? undefined : environment[name]?.trim()
  return value === '' ? undefined : value
}

export interface Written {
  readonly credential: Credential | null
  readonly notes: readonly string[]
}

export const missingNote = (variable: string, what = 'its key'): string =>
  `${what} is in the environment variable ${variable}, which Routex does not have: enter it`

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
  if (value === undefined) return { credential: null, notes: [missingNote(name)] }
  return { credential: { value, variable: name }, notes: [] }
}
