import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { fileConfig, type FileConfig } from '../../../shared/config-file'
import { problemsOf, typesOf, type Problem } from '../../../shared/validation'
import { slugOf } from '../config/slug'
import { ConfigFileError } from './config-file-error'
import { fillInVariables, type Environment, type WantedType } from './fill-in-variables'
import { parseJsonWithComments } from './parse-json-with-comments'

const MAX_BYTES = 16 * 1024 * 1024

interface Placed {
  readonly path: string
  readonly value: string | undefined
}

function duplicates(places: readonly Placed[], what: string): Problem[] {
  const seen = new Map<string, string>()
  return places.flatMap(({ path, value }) => {
    if (value === undefined) return []
    const first = seen.get(value)
    if (first === undefined) seen.set(value, path)
    return first === undefined ? [] : [{ path, message: `must be unique: ${what} of ${first}` }]
  })
}

/** As much of a file as must be unique in it, whatever else is wrong there. */
const maybeText = z.string().optional().catch(undefined)
const items = z
  .array(z.object({ name: maybeText, key: maybeText }).catch({ name: undefined, key: undefined }))
  .catch([])
const unique = z.object({ channels: items, clientKeys: items }).catch({ channels: [], clientKeys: [] })

/**
 * What no schema of one field can see. Two names that give the same slug are one: a channel's id is made of it, and must not
 * pass to another when the file is put in another order (B24). A value at one of the `unknown` paths is equal to no other. */
function conflictsOf(value: unknown, unknown: ReadonlySet<string>): readonly Problem[] {
  const { channels, clientKeys } = unique.parse(value)
  const place = (path: string, found: string | undefined): Placed => ({
    path,
    value: unknown.has(path) ? undefined : found
  })
  const names = (list: string, from: z.infer<typeof items>): Placed[] =>
    from.map(({ name }, index) => place(`${list}[${index}].name`, name === undefined ? undefined : slugOf(name.trim())))
  const keys = clientKeys.map(({ key }, index) => place(`clientKeys[${index}].key`, key))
  return [
    ...duplicates(names('channels', channels), 'it is too like the name'),
    ...duplicates(names('clientKeys', clientKeys), 'it is too like the name'),
    ...duplicates(keys, 'it is the key')
  ]
}

function wantedBySchema(): (path: readonly PropertyKey[]) => WantedType {
  const typeAt = typesOf(fileConfig)
  return (path) => {
    const type = typeAt(path)
    if (type === 'integer' || type === 'number') return 'number'
    return type === 'boolean' ? 'boolean' : 'other'
  }
}

/**
 * Reads the text of a config file. Throws ConfigFileError with every problem that it finds: bad JSON with its line and
 * column; else all of these: variables that are not set, what the schema refuses, what contradicts itself.
 */
export function parseConfigFile(file: string, text: string, environment: Environment): FileConfig {
  const parsed = parseJsonWithComments(text)
  if ('problem' in parsed) throw new ConfigFileError(file, [parsed.problem])
  const filled = fillInVariables(parsed.value, environment, wantedBySchema())
  // What stands there can't be known, so nothing else is said of it.
  const unknown = new Set(filled.problems.map(({ path }) => path))
  const checked = fileConfig.safeParse(filled.value)
  const refused = checked.success ? [] : problemsOf(fileConfig, checked.error, filled.value)
  const problems = [
    ...filled.problems,
    ...refused.filter(({ path }) => !unknown.has(path)),
    ...conflictsOf(filled.value, unknown)
  ]
  if (!checked.success || problems.length > 0) throw new ConfigFileError(file, problems)
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
    case 'EMFILE':
    case 'ENFILE':
      return "can't be read now: too many files and connections are open"
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
