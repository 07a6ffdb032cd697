import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { fileConfig, type FileConfig } from '../../../shared/config-file'
import { problemsOf, type Problem } from '../../../shared/validation'
import { ConfigFileError } from './config-file-error'
import { fillInVariables, type Environment } from './fill-in-variables'
import { parseJsonWithComments } from './parse-json-with-comments'

const MAX_BYTES = 16 * 1024 * 1024

function duplicates(values: readonly string[], pathOf: (index: number) => string, what: string): Problem[] {
  const seen = new Map<string, number>()
  return values.flatMap((value, index) => {
    const first = seen.get(value)
    if (first === undefined) seen.set(value, index)
    return first === undefined ? [] : [{ path: pathOf(index), message: `must be unique: ${what} of ${pathOf(first)}` }]
  })
}

/** What no schema of one field can see. */
function conflictsOf(config: FileConfig): readonly Problem[] {
  const lower = (items: readonly { readonly name: string }[]): string[] => items.map(({ name }) => name.toLowerCase())
  return [
    ...duplicates(lower(config.channels), (index) => `channels[${index}].name`, 'it is the name'),
    ...duplicates(lower(config.clientKeys), (index) => `clientKeys[${index}].name`, 'it is the name'),
    ...duplicates(
      config.clientKeys.map(({ key }) => key),
      (index) => `clientKeys[${index}].key`,
      'it is the key'
    )
  ]
}

/**
 * Reads the text of a config file. Throws ConfigFileError with every problem that it finds: bad JSON with its line and
 * column; else variables that are not set; else what the schema refuses; else what contradicts itself.
 */
export function parseConfigFile(file: string, text: string, environment: Environment): FileConfig {
  const parsed = parseJsonWithComments(text)
  if ('problem' in parsed) throw new ConfigFileError(file, [parsed.problem])
  const filled = fillInVariables(parsed.value, environment)
  if (filled.problems.length > 0) throw new ConfigFileError(file, filled.problems)
  const checked = fileConfig.safeParse(filled.value)
  if (!checked.success) throw new ConfigFileError(file, problemsOf(fileConfig, checked.error, filled.value))
  const conflicts = conflictsOf(checked.data)
  if (conflicts.length > 0) throw new ConfigFileError(file, conflicts)
  return checked.data
}

const errnoCode = z.object({ code: z.string() })

function whyUnreadable(error: unknown): string {
  const known = errnoCode.safeParse(error)
  switch (known.data?.code) {
    case 'ENOENT':
      return 'does not exist'
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by this user'
    case 'EISDIR':
      return 'is a folder'
    default:
      return `can't be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** The text of the file. Throws ConfigFileError when there is none to be had. */
export async function readConfigText(file: string): Promise<string> {
  let text: string
  try {
    const { size } = await stat(file)
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, and at most ${MAX_BYTES} are read`)
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new ConfigFileError(file, [{ path: '', message: whyUnreadable(error) }], { cause: error })
  }
  return text
}

/** Reads the config file once, as at the start. Throws ConfigFileError. */
export async function loadConfigFile(file: string, environment: Environment): Promise<FileConfig> {
  return parseConfigFile(file, await readConfigText(file), environment)
}
