import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { Clock, Logger } from '../../shared/ports'
import { Announcement } from './announcement'
import { StorageError } from './errors'
import { isBusy, openSqlite } from './sqlite'

const owner = z.object({
  pid: z.int(),
  kind: z.enum(['desktop', 'headless']),
  /** ms since 1970. */
  since: z.number(),
  /** Where its gateway listens; null until it does. */
  url: z.string().nullable()
})
/** Who owns a data folder. */
export type DataFolderOwner = Readonly<z.infer<typeof owner>>

export interface DataFolderLock {
  /** The owner before this one, when it ended without giving the folder free (`kill -9`, a crash, a power cut); else null. */
  readonly endedBadly: DataFolderOwner | null
  /**
   * Says where the gateway listens, so that others (a second start, the CLI) find it; null when it no longer does. Never
   * throws: what can't be written now is logged and written later.
   */
  announce(url: string | null): void
  /** Gives the folder free. The second call does nothing. */
  release(): void
}

const ownerFile = (dir: string): string => join(dir, 'owner.json')

/** Who owns the folder, by its own word; null when nobody said so. Only a failed lock proves that it is still there. */
export function readDataFolderOwner(dir: string): DataFolderOwner | null {
  const path = ownerFile(dir)
  if (!existsSync(path)) return null
  try {
    return owner.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null // cut short by a crash: the lock itself still stands, only its owner can't be named
  }
}

/** From the outermost to the folder itself. */
function missingFolders(dir: string): readonly string[] {
  const missing: string[] = []
  for (let folder = resolve(dir); !existsSync(folder) && folder !== dirname(folder); folder = dirname(folder)) {
    missing.unshift(folder)
  }
  return missing
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (!existsSync(folder)) throw error // else another process was first
  }
}

/** One by one: Node's `recursive` never ends where a folder's parent is there and yet takes none, as in /proc. */
function makeFolder(dir: string): void {
  try {
    // A folder that is already there keeps its mode: it may be shared on purpose, and each file in it is 0600 anyway.
    for (const folder of missingFolders(dir)) makeOne(folder)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StorageError('data_folder_unusable', `the data folder ${dir} can't be made: ${why}`, { cause })
  }
}

function ownedBy(dir: string, cause: unknown): StorageError {
  const found = readDataFolderOwner(dir)
  if (found === null)
    return new StorageError('data_folder_owned', `the data folder ${dir} is in use by another Routex`, { cause })
  const { pid, kind, since, url } = found
  const where = url === null ? '' : `; its gateway is ${url}`
  return new StorageError(
    'data_folder_owned',
    `the data folder ${dir} is in use by Routex (${kind}, process ${pid}, since ${new Date(since).toISOString()})${where}`,
    { cause }
  )
}

/**
 * The lock is an exclusive transaction on a small database that stays open: the operating system ends it with the
 * process, whatever ended that (`kill -9`, a crash, a power cut), on Linux, macOS and Windows alike. A file with a
 * process id in it could not tell a dead owner from a new process with its number.
 */
function takeLock(dir: string): Database {
  const path = join(dir, 'lock.db')
  let lock: Database | undefined
  try {
    if (!existsSync(path)) writeFileSync(path, '', { mode: 0o600, flag: 'a' })
    lock = openSqlite(path, { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock?.close()
    if (cause instanceof StorageError) throw cause
    if (isBusy(cause)) throw ownedBy(dir, cause)
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StorageError('data_folder_unusable', `the data folder ${dir} can't be locked: ${why}`, { cause })
  }
}

function writeOwner(dir: string, value: DataFolderOwner): void {
  const path = ownerFile(dir)
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/**
 * Makes the data folder (mode 0700 when it is new) and becomes its one owner (B42).
 *
 * @throws StorageError `data_folder_owned`, naming the owner; `data_folder_unusable`
 */
export function lockDataFolder(
  dir: string,
  me: Pick<DataFolderOwner, 'kind' | 'since'>,
  services: { readonly clock: Clock; readonly logger: Logger }
): Promise<DataFolderLock> {
  // Not async: an error must reach the caller as a rejection, and there is nothing to wait for.
  return new Promise((resolve) => {
    makeFolder(dir)
    const lock = takeLock(dir)
    const endedBadly = readDataFolderOwner(dir)
    const announcement = new Announcement({
      ...services,
      write: (url) => writeOwner(dir, { pid: process.pid, ...me, url }),
      whenFailed: `the data folder ${dir} can't be written: who owns it can't be told there`
    })
    announcement.tell(null)
    resolve({
      endedBadly,
      announce: (url) => announcement.tell(url),
      release: () => {
        if (!lock.open) return
        announcement.stop()
        try {
          rmSync(ownerFile(dir), { force: true })
        } finally {
          lock.close()
        }
      }
    })
  })
}
