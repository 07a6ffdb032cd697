import { createHash } from 'node:crypto'
import { FILE_PROBLEMS, type ClientConflict, type FileProblem } from '../../shared/clients'
import type { Client, ClientFile, Documents, Location, Machine } from './client'
import { ClientError } from './client-error'
import { fileConflict } from './conflict'
import { firstLeniency } from './formats/json'
import { BlockedWay, UnreadableText, type Settings } from './formats/settings-format'
import { hashOf, settingsOf } from './owned-file'
import { readSettingsFile, refuseUnwritable, type SettingsFile } from './settings-file'

/** One file of a client as it is now, or why it can't be changed. */
export interface ReadFile {
  readonly client: ClientFile
  /** null: it could not be read. */
  readonly file: SettingsFile | null
  /** null: there is no such file, or it can't be read or understood. */
  readonly settings: Settings | null
  readonly problem: FileProblem | null
  /** Too large, and nothing depends on it. */
  readonly skipped?: boolean
}

export interface ReadClient {
  readonly location: Location
  readonly files: readonly ReadFile[]
  readonly documents: Documents
}

/** Texts that don't parse, as the layer's own error. */
export function parseError(path: string, error: UnreadableText): ClientError {
  const what = error instanceof BlockedWay ? 'can not be changed' : 'does not parse'
  return new ClientError('does_not_parse', `${path} ${what}: ${error.message}`, { path, cause: error })
}

const isFileProblem = (code: string): code is FileProblem['code'] => FILE_PROBLEMS.some((one) => one === code)

/** What is wrong with a file; what is no fault of the file is thrown on. */
export function problemOf(path: string, error: unknown): FileProblem {
  const known = error instanceof UnreadableText ? parseError(path, error) : error
  if (!(known instanceof ClientError) || !isFileProblem(known.code)) throw known
  return { code: known.code, path: known.path ?? path, message: known.message }
}

async function readOne({ fs }: Machine, client: ClientFile): Promise<ReadFile> {
  let file: SettingsFile | null = null
  try {
    file = await readSettingsFile(fs, client.path)
    const settings = file.text === null ? null : settingsOf(client.format, file.text)
    const read = { client, file, settings, problem: null }
    return file.missingFolders.length > 0 ? read : { ...read, problem: await writeProblem(fs, file) }
  } catch (error) {
    const problem = problemOf(client.path, error)
    const skipped = client.optional === true && problem.code === 'too_large'
    return { client, file, settings: null, problem: skipped ? null : problem, skipped }
  }
}

async function writeProblem(fs: Machine['fs'], file: SettingsFile): Promise<FileProblem | null> {
  try {
    await refuseUnwritable(fs, file)
    return null
  } catch (error) {
    return problemOf(file.path, error)
  }
}

/** Reads all settings of a client; nothing about a file is thrown. */
export async function readClient(machine: Machine, client: Client): Promise<ReadClient> {
  const location = await client.locate(machine)
  const files = await Promise.all(location.files.map((file) => readOne(machine, file)))
  return { location, files, documents: Object.fromEntries(files.map((read) => [read.client.role, read.settings])) }
}

/** Changes when one of the files does. */
export function basisOf({ files }: ReadClient): string {
  const parts = files.map(({ client, file }) => `${client.path}\n${hashOf(file?.text ?? null)}`)
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)
}

/** A file that is replaced parts from its other names. */
const linkedFiles = ({ files }: ReadClient): readonly ClientConflict[] =>
  files
    .filter(({ file }) => (file?.identity?.nlink ?? 1) > 1)
    .map(({ client: { path } }) =>
      fileConflict({ code: 'hard_linked', severity: 'notes' }, path, path, {
        message: `${path} has another name (a hard link). Routex writes a new file in its place, so that a crash leaves one of the two whole, and the other name keeps the old one`,
        fix: 'Make the other name a symbolic link, which is kept'
      })
    )

/** What is particular about the files themselves: what the client's own parser stumbles over though ours does not, and other names. */
export const fileConflicts = (read: ReadClient): readonly ClientConflict[] => [
  ...refusedFiles(read),
  ...linkedFiles(read)
]

function refusedFiles({ files }: ReadClient): readonly ClientConflict[] {
  const understood = files.filter(({ settings }) => settings !== null)
  return understood.flatMap(({ client: { path, refuses }, file }) => {
    const text = file?.text ?? ''
    if (refuses === undefined || text.trim() === '') return []
    const hasMark = text.startsWith('\uFEFF')
    const { byteOrderMark = false, comments = false, trailingCommas = false } = refuses
    const found =
      hasMark && byteOrderMark
        ? 'a byte order mark at its beginning'
        : firstLeniency(hasMark ? text.slice(1) : text, { comments, trailingCommas })
    if (found === null) return []
    const message = `${path} holds ${found}, which the client itself does not take: it ignores the whole file`
    return [
      fileConflict({ code: 'client_refuses_file', severity: 'blocks' }, path, path, { message, fix: 'Take it out' })
    ]
  })
}
