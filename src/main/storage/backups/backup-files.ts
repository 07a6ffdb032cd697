import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { lstat, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BACKUP_REASONS, type BackupReason } from '../../../shared/backups'
import { StorageError } from '../errors'

/**
 * `routex-20260131T142501123Z.db`: the time at which it was made, UTC; `routex-20260131T142501123Z-import.db` when Routex
 * made it by itself. No other file of the folder is ours.
 */
const NAME = /^routex-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z(?:-(import|restore|migration))?\.db$/
/** Half of a copy, left by a crash. */
const UNFINISHED = /^routex-\d{8}T\d{9}Z(?:-[a-z]+)?\.db\.new(?:-journal)?$/
/** How many are kept of those that were asked for, and as many of those that Routex made by itself. */
const KEPT = 10

/** Where in the data folder they are. */
export const BACKUP_FOLDER = 'backups'
/** A configuration has some hundred KiB; what is larger would only fill the memory. */
const MAX_BYTES = 256 * 1024 * 1024

const stampOf = (at: number): string => `routex-${new Date(at).toISOString().replaceAll(/[-:.]/g, '')}`

const nameOf = (at: number, reason: BackupReason): string =>
  reason === 'asked' ? `${stampOf(at)}.db` : `${stampOf(at)}-${reason}.db`

/** What a name tells; null for one that no copy has. */
function readName(name: string): Pick<BackupFile, 'at' | 'reason'> | null {
  const parts = NAME.exec(name)
  if (parts === null) return null
  const [, year, month, day, hour, minute, second, millisecond, why] = parts.map(String)
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`)
  return Number.isNaN(at) ? null : { at, reason: BACKUP_REASONS.find((reason) => reason === why) ?? 'asked' }
}

/** A copy's file. */
export interface BackupFile {
  readonly name: string
  readonly path: string
  /** ms since 1970. */
  readonly at: number
  readonly reason: BackupReason
  readonly bytes: number
  /** ms since 1970. */
  readonly changedAt: number
}

/** The folder of copies. Its names are checked whole, so none leads out of it. */
export class BackupFiles {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
  }

  /** The newest first; empty while there is no folder. */
  async list(): Promise<readonly BackupFile[]> {
    const found = await Promise.all(this.#names().map((name) => this.#find(name)))
    return found.flatMap((file) => file ?? []).sort((one, other) => other.at - one.at)
  }

  /** @throws StorageError `not_found` */
  async find(name: string): Promise<BackupFile> {
    const file = await this.#find(name)
    if (file === null) throw new StorageError('not_found', 'there is no backup of this name')
    return file
  }

  /** @throws StorageError `not_found`, `backup_damaged` for one that is far too large */
  async read(name: string): Promise<{ readonly file: BackupFile; readonly bytes: Buffer }> {
    const file = await this.find(name)
    if (file.bytes > MAX_BYTES) {
      throw new StorageError('backup_damaged', `${file.path} is damaged (it is too large); it was left as it is`)
    }
    return { file, bytes: await readFile(file.path) }
  }

  /**
   * Makes a new copy, whole or not at all, readable by its owner alone.
   *
   * @param write puts the copy into the empty file that is there
   * @throws StorageError `backup_unwritable`
   */
  add(now: number, reason: BackupReason, write: (path: string) => void): string {
    let at = now
    while (BACKUP_REASONS.some((why) => existsSync(join(this.#dir, nameOf(at, why))))) at++
    const path = join(this.#dir, nameOf(at, reason))
    const unfinished = `${path}.new`
    try {
      mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
      closeSync(openSync(unfinished, 'w', 0o600))
      write(unfinished)
      flush(unfinished)
      renameSync(unfinished, path)
    } catch (cause) {
      if (existsSync(unfinished)) rmSync(unfinished, { force: true })
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new StorageError('backup_unwritable', `the copy ${path} can't be written: ${why}`, { cause })
    }
    return nameOf(at, reason)
  }

  /** Deletes all but the newest ten of either kind, and whatever a crash left; `spared` stays in any case. */
  async prune(spared: string | null): Promise<void> {
    const all = await this.list()
    const asked = all.filter(({ reason }) => reason === 'asked')
    const ownMade = all.filter(({ reason }) => reason !== 'asked')
    const old = [...asked.slice(KEPT), ...ownMade.slice(KEPT)].filter(({ name }) => name !== spared)
    const unfinished = this.#entries().filter((name) => UNFINISHED.test(name))
    for (const name of [...old.map((file) => file.name), ...unfinished])
      await rm(join(this.#dir, name), { force: true })
  }

  /** @throws StorageError `not_found` */
  async delete(name: string): Promise<void> {
    await rm((await this.find(name)).path)
  }

  #entries(): readonly string[] {
    return existsSync(this.#dir) ? readdirSync(this.#dir) : []
  }

  #names(): readonly string[] {
    return this.#entries().filter((name) => readName(name) !== null)
  }

  /** A link could lead anywhere, so only plain files count. */
  async #find(name: string): Promise<BackupFile | null> {
    const told = readName(name)
    // Looked up in the folder's own list: a name that only a file system would take for one of them is none.
    if (told === null || !this.#entries().includes(name)) return null
    const path = join(this.#dir, name)
    const found = await lstat(path)
    return found.isFile() ? { ...told, name, path, bytes: found.size, changedAt: found.mtimeMs } : null
  }
}

/** Onto the disk itself, before it gets the name under which it is trusted. */
function flush(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
