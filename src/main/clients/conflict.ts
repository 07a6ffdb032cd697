import { join } from 'node:path'
import type { ClientConflict } from '../../shared/clients'
import type { ClientFile, Machine, Surroundings } from './client'
import { formats } from './formats'
import { UnreadableText, type Settings } from './formats/settings-format'
import type { VariablePlace } from './variables'

type Text = Pick<ClientConflict, 'message' | 'fix'>

const shown = ({ place, line }: Pick<ClientConflict, 'place' | 'line'>): string =>
  place === 'environment' ? 'the environment' : line === null ? place : `${place}, line ${line}`

/** How a variable is taken away, by where it stands. */
const unsetFix = (name: string, found: VariablePlace): string =>
  found.place === 'environment'
    ? `Unset ${name} where the client is started`
    : `Take ${name} out of ${shown(found)} and open a new terminal`

/** One conflict for each of these variables that is set. */
export function variableConflicts(
  { variables }: Pick<Surroundings, 'variables'>,
  names: readonly string[],
  kind: Pick<ClientConflict, 'code' | 'severity'>,
  message: (name: string) => string
): readonly ClientConflict[] {
  return names.flatMap((name) => {
    const found = variables.where(name)
    if (found === null) return []
    const { place, line } = found
    return [{ ...kind, subject: name, place, line, message: message(name), fix: unsetFix(name, found) }]
  })
}

export const fileConflict = (
  kind: Pick<ClientConflict, 'code' | 'severity'>,
  subject: string,
  place: string,
  text: Text
): ClientConflict => ({ ...kind, subject, place, line: null, ...text })

/** A variable that moves the client's folder, and that Routex itself was not started with. */
export function movedFolderConflicts({ location, machine, variables }: Surroundings): readonly ClientConflict[] {
  return location.movedBy.flatMap((name) => {
    if ((machine.env[name] ?? '') !== '') return []
    const found = variables.where(name)
    if (found === null) return []
    const { place, line } = found
    const message = `${name} is set in ${shown(found)}, so the client reads its settings from another folder than ${location.folder}`
    const fix = `Start Routex from a terminal where ${name} is set, or take it out`
    return [{ code: 'variable_moves_folder', severity: 'blocks', subject: name, place, line, message, fix } as const]
  })
}

/** A settings file beside the client's own, as far as it can be read; null when it can't, or there is none. */
export async function readBeside(
  { fs }: Machine,
  path: string,
  format: ClientFile['format']
): Promise<Settings | null> {
  try {
    return formats[format].parse((await fs.readFile(path)).toString('utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    // Only a hint is lost: what can't be read or understood here, the client complains of itself.
    if (error instanceof UnreadableText || (error instanceof Error && 'code' in error)) return null
    throw error
  }
}

export const exists = async ({ fs }: Machine, path: string): Promise<boolean> =>
  fs.stat(path).then(
    () => true,
    () => false
  )

/** The folder and those above it, itself first. */
export function foldersUp(folder: string): readonly string[] {
  const above = join(folder, '..')
  return above === folder ? [folder] : [folder, ...foldersUp(above)]
}
