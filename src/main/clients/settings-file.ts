import { constants } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ClientError } from './client-error'
import { isErrno, type FileSystem } from './file-system'

/** Larger files are no settings that people write; each is read and compared whole. */
const MAX_BYTES = 4 * 1024 * 1024

/** What tells one version of a file from another, and what the next one inherits. */
export interface FileIdentity {
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  /** How many names it has. */
  readonly nlink: number
}

/** A settings file as it is now. */
export interface SettingsFile {
  readonly path: string
  /** Where it really is, links followed: what is replaced. */
  readonly target: string
  /** null: there is none. Begins with U+FEFF where the file has a byte order mark. */
  readonly text: string | null
  readonly identity: FileIdentity | null
  /** Folders that must be made before it can be, the outermost first. */
  readonly missingFolders: readonly string[]
}

/** The same for other kinds of links and folders on the way. */
function wayError(path: string, error: unknown): unknown {
  if (isErrno(error, 'ELOOP'))
    return new ClientError('link_loop', `${path}: its symbolic links lead in a circle`, { path })
  if (isErrno(error, 'ENOTDIR')) {
    return new ClientError('not_a_folder', `${path}: something on its way is a file, not a folder`, { path })
  }
  if (isErrno(error, 'EACCES', 'EPERM')) {
    return new ClientError('unreadable', `${path} can't be read: Routex has no permission`, { path, cause: error })
  }
  return error
}

async function missingFoldersOf(fs: FileSystem, folder: string): Promise<readonly string[]> {
  try {
    const found = await fs.stat(folder)
    if (found.isDirectory()) return []
    throw new ClientError('not_a_folder', `${folder} is a file, not a folder`, { path: folder })
  } catch (error) {
    if (!isErrno(error, 'ENOENT') || dirname(folder) === folder) throw wayError(folder, error)
    return [...(await missingFoldersOf(fs, dirname(folder))), folder]
  }
}

async function absent(fs: FileSystem, path: string): Promise<SettingsFile> {
  const missingFolders = await missingFoldersOf(fs, dirname(path))
  const folder = missingFolders.length === 0 ? await fs.realpath(dirname(path)) : dirname(path)
  return { path, target: join(folder, basename(path)), text: null, identity: null, missingFolders }
}

async function targetOf(fs: FileSystem, path: string, isLink: boolean): Promise<string> {
  try {
    return await fs.realpath(path)
  } catch (error) {
    if (isLink && isErrno(error, 'ENOENT')) {
      throw new ClientError('dangling_link', `${path} is a symbolic link to a file that is not there`, { path })
    }
    throw wayError(path, error)
  }
}

/** U+FEFF is kept, so the same bytes come out again. */
function decode(path: string, bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // told below: there is nothing in the error that would help
  }
  throw new ClientError('not_text', `${path} is no UTF-8 text`, { path })
}

async function readPresent(fs: FileSystem, path: string, isLink: boolean, maxBytes: number): Promise<SettingsFile> {
  const target = await targetOf(fs, path, isLink)
  const found = await fs.stat(target)
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'is a folder' : 'is no regular file'
    throw new ClientError('not_a_file', `${path} ${what}, where a file should be`, { path })
  }
  if (found.size > maxBytes) {
    const message = `${path} has ${found.size} bytes; Routex changes no settings file of more than ${maxBytes}`
    throw new ClientError('too_large', message, { path })
  }
  const { mode, uid, gid, ino, size, mtimeMs, nlink } = found
  const identity = { mode: mode & 0o7777, uid, gid, ino, size, mtimeMs, nlink }
  return { path, target, text: decode(path, await fs.readFile(target)), identity, missingFolders: [] }
}

/**
 * Reads a settings file, links followed. One that is not there is no error.
 *
 * @throws ClientError `not_a_file`, `not_a_folder`, `link_loop`, `dangling_link`, `unreadable`, `too_large`, `not_text`
 */
export async function readSettingsFile(fs: FileSystem, path: string, maxBytes = MAX_BYTES): Promise<SettingsFile> {
  let isLink: boolean
  try {
    isLink = (await fs.lstat(path)).isSymbolicLink()
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return absent(fs, path)
    throw wayError(path, error)
  }
  try {
    return await readPresent(fs, path, isLink, maxBytes)
  } catch (error) {
    throw wayError(path, error)
  }
}

/** True while the file at its place is still the one that was read. */
export async function isUnchanged(fs: FileSystem, { target, identity }: SettingsFile): Promise<boolean> {
  try {
    const { ino, size, mtimeMs } = await fs.stat(target)
    return identity !== null && identity.ino === ino && identity.size === size && identity.mtimeMs === mtimeMs
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return identity === null
    throw error
  }
}

async function mayWrite(fs: FileSystem, path: string): Promise<boolean> {
  try {
    await fs.access(path, constants.W_OK)
    return true
  } catch (error) {
    if (isErrno(error, 'EACCES', 'EPERM', 'EROFS')) return false
    throw error
  }
}

/**
 * A file that its user closed to writing stays as it is, also where the folder's rights would let it be replaced.
 *
 * @throws ClientError `read_only`, `folder_read_only`, `other_owner`
 */
export async function refuseUnwritable(fs: FileSystem, file: SettingsFile): Promise<void> {
  const { path, target, identity, missingFolders } = file
  const ownUid = process.getuid?.()
  if (identity !== null) {
    if ((identity.mode & 0o222) === 0 || !(await mayWrite(fs, target))) {
      throw new ClientError('read_only', `${path} is read-only: make it writable first`, { path })
    }
    if (ownUid !== undefined && ownUid !== 0 && identity.uid !== ownUid) {
      throw new ClientError('other_owner', `${path} belongs to another user, who would lose it`, { path })
    }
  }
  const folder = missingFolders.length === 0 ? dirname(target) : dirname(missingFolders[0] ?? target)
  if (!(await mayWrite(fs, folder))) {
    throw new ClientError('folder_read_only', `${folder} is read-only, so ${basename(path)} can't be replaced there`, {
      path: folder
    })
  }
}
