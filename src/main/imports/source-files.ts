import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { phrase, type Phrase } from '../../shared/phrase'
import type { SourceDatabase, SourceFile } from './importer'
import { UnreadableFile } from './unreadable-file'

const MEBIBYTE = 1024 * 1024
/** Of a text; the programs keep lists and histories in the same file, but none of a tenth of that. */
const MAX_TEXT_BYTES = 32 * MEBIBYTE

/** How every SQLite file begins (sqlite.org/fileformat2.html). */
const SQLITE = Buffer.from('SQLite format 3\0', 'latin1')
/** Where it says that it is written through a log beside it, and how. */
const WRITE_VERSION = 18
const THROUGH_A_LOG = 2

/** A database whose copy is deleted by closing it. */
export interface OpenDatabase extends SourceDatabase {
  close(): Promise<void>
}

/** Opens databases of other programs, read-only and from a copy. */
export interface DatabaseOpener {
  /** @throws UnreadableFile */
  file(path: string): Promise<OpenDatabase>
  /** @throws UnreadableFile */
  bytes(bytes: Buffer): Promise<OpenDatabase>
}

/** A file of a source that can be read. Whoever opens it closes it. */
export interface OpenSource {
  readonly file: SourceFile
  close(): Promise<void>
}

/** Waiting for whoever writes into a pipe would never end; Windows has neither the pipes nor the flag. */
const READ = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK)

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

const WORDS: ReadonlyMap<unknown, Phrase> = new Map([
  ['EACCES', phrase('file_forbidden')],
  ['EPERM', phrase('file_forbidden')],
  ['EISDIR', phrase('file_is_folder')],
  ['ELOOP', phrase('file_link_loop')],
  ['ENXIO', phrase('file_not_plain')]
])

function unreadable(error: unknown): UnreadableFile {
  if (error instanceof UnreadableFile) return error
  const code = codeOf(error)
  if (typeof code !== 'string') throw error
  return new UnreadableFile(WORDS.get(code) ?? phrase('file_unreadable', { code }), { cause: error })
}

async function readBytes(handle: FileHandle): Promise<Buffer | 'database'> {
  const found = await handle.stat()
  if (found.isDirectory()) throw new UnreadableFile(phrase('file_is_folder'))
  if (!found.isFile()) throw new UnreadableFile(phrase('file_not_plain'))
  const header = Buffer.alloc(SQLITE.length)
  await handle.read(header, 0, header.length, 0)
  if (header.equals(SQLITE)) return 'database'
  if (found.size > MAX_TEXT_BYTES) {
    throw new UnreadableFile(phrase('file_too_long', { size: `${MAX_TEXT_BYTES / MEBIBYTE} MiB` }))
  }
  // What says that it is empty, and is not, lies under /proc.
  const bytes = Buffer.alloc(found.size)
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
  return bytes.subarray(0, bytesRead)
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UnreadableFile(phrase('file_not_utf8'))
  }
}

const ofText = (path: string, text: string): OpenSource => ({
  file: { kind: 'text', path, text },
  close: () => Promise.resolve()
})

const ofDatabase = (path: string, database: OpenDatabase): OpenSource => ({
  file: { kind: 'database', path, database },
  close: () => database.close()
})

/** A file on this machine; null: there is none. @throws UnreadableFile */
export async function openSourceFile(path: string, databases: DatabaseOpener): Promise<OpenSource | null> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, READ)
    const read = await readBytes(handle)
    return read === 'database' ? ofDatabase(path, await databases.file(path)) : ofText(path, decode(read))
  } catch (error) {
    const code = codeOf(error)
    if (handle === undefined && (code === 'ENOENT' || code === 'ENOTDIR')) return null
    throw unreadable(error)
  } finally {
    await handle?.close()
  }
}

/** A text that somebody sent. @param path what it is called */
export const openSourceText = (path: string, text: string): OpenSource => ofText(path, text)

/** Whether changes may stand in a second file, which did not come with it. */
export const hasLog = (bytes: Buffer): boolean =>
  bytes.subarray(0, SQLITE.length).equals(SQLITE) && bytes[WRITE_VERSION] === THROUGH_A_LOG

/** A file that somebody sent. @param path what it is called @throws UnreadableFile */
export async function openSourceBytes(path: string, bytes: Buffer, databases: DatabaseOpener): Promise<OpenSource> {
  const isDatabase = bytes.subarray(0, SQLITE.length).equals(SQLITE)
  return isDatabase ? ofDatabase(path, await databases.bytes(bytes)) : ofText(path, decode(bytes))
}
