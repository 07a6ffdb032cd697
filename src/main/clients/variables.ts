import { join } from 'node:path'
import type { Machine } from './client'
import { isErrno } from './file-system'

/** Where a variable is set. */
export interface VariablePlace {
  /** `environment` or the path of a shell's file. */
  readonly place: string
  readonly line: number | null
  /** Known of Routex's own environment alone. */
  readonly value: string | null
}

/** Files that shells read at their start, below the user's folder. */
const SHELL_FILES = [
  '.zshenv',
  '.zprofile',
  '.zshrc',
  '.bash_profile',
  '.bashrc',
  '.profile',
  '.config/fish/config.fish',
  '.config/environment.d/envvars.conf'
]
const MAX_SHELL_FILE = 512 * 1024
const SETS =
  /^\s*(?:export\s+|set\s+-\S*x\S*\s+|setenv\s+|typeset\s+-x\s+)?([A-Z][A-Z0-9_]*)(?:=|\s+)(["']?)([^\s"'#;]*)/

/** Which variables the user's programs start with, as far as it can be seen. */
export class Variables {
  readonly #env: Machine['env']
  readonly #named: ReadonlySet<string>
  readonly #inFiles: ReadonlyMap<string, VariablePlace>

  private constructor(env: Machine['env'], named: readonly string[], inFiles: ReadonlyMap<string, VariablePlace>) {
    this.#env = env
    this.#named = new Set(named)
    this.#inFiles = inFiles
  }

  /** @param named variables that are set where the question was asked */
  static async read(machine: Machine, named: readonly string[] = []): Promise<Variables> {
    const found = new Map<string, VariablePlace>()
    for (const file of SHELL_FILES) {
      const path = join(machine.home, file)
      for (const [name, place] of await variablesIn(machine, path)) found.set(name, place)
    }
    return new Variables(machine.env, named, found)
  }

  /** null: not set, or set to nothing. */
  where(name: string): VariablePlace | null {
    const value = this.#env[name]
    const inFile = this.#inFiles.get(name)
    // The file says where to mend it; the environment, what it is.
    if (value !== undefined && value !== '')
      return inFile ? { ...inFile, value } : { place: 'environment', line: null, value }
    if (this.#named.has(name)) return inFile ?? { place: 'environment', line: null, value: null }
    return inFile ?? null
  }
}

async function variablesIn({ fs }: Machine, path: string): Promise<readonly (readonly [string, VariablePlace])[]> {
  let text: string
  try {
    if ((await fs.stat(path)).size > MAX_SHELL_FILE) return []
    text = (await fs.readFile(path)).toString('utf8')
  } catch (error) {
    // It only helps to say where: a shell without this file, or one that is closed to us, sets nothing that we see.
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP')) return []
    throw error
  }
  return text.split(/\r?\n/).flatMap((content, index) => {
    const [, name, , value] = SETS.exec(content) ?? []
    if (name === undefined || value === undefined || value === '') return []
    return [[name, { place: path, line: index + 1, value: null }] as const]
  })
}
