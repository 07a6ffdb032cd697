import { basename, dirname, join } from 'node:path'
import type { Logger } from '../../shared/ports'
import { ClientError } from './client-error'
import { isErrno, type FileSystem, type WritableFile } from './file-system'
import { isUnchanged, type FileIdentity, type SettingsFile } from './settings-file'

/** Settings hold a key. */
const NEW_FILE_MODE = 0o600
const NEW_FOLDER_MODE = 0o700

export interface FileWrites {
  readonly fs: FileSystem
  readonly logger: Logger
}

/** Beside the file, so that a rename is one step; of one name, so that what a crash left is found by the next write. */
const temporaryOf = (target: string): string => join(dirname(target), `.${basename(target)}.routex-new`)

/** What a crash may have left. */
export async function removeTemporary(fs: FileSystem, target: string): Promise<void> {
  try {
    await fs.unlink(temporaryOf(target))
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error
  }
}

/** After a rename only the folder's own sync makes it last. Windows has none. */
async function syncFolder(fs: FileSystem, folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await fs.open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function giveOwnersRights(handle: WritableFile, identity: FileIdentity | null): Promise<void> {
  if (identity === null || process.platform === 'win32') return
  const isOurs = identity.uid === process.getuid?.() && identity.gid === process.getgid?.()
  if (!isOurs) await handle.chown(identity.uid, identity.gid)
  await handle.chmod(identity.mode)
}

async function writeTemporary(fs: FileSystem, file: SettingsFile, bytes: Buffer): Promise<void> {
  await removeTemporary(fs, file.target)
  const handle = await fs.open(temporaryOf(file.target), 'wx', NEW_FILE_MODE)
  try {
    await handle.writeFile(bytes)
    await giveOwnersRights(handle, file.identity)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function refuseChanged(fs: FileSystem, file: SettingsFile): Promise<void> {
  if (await isUnchanged(fs, file)) return
  throw new ClientError('changed_meanwhile', `${file.path} was changed by somebody else in this very moment`, {
    path: file.path
  })
}

function writeError(path: string, cause: unknown): ClientError {
  if (cause instanceof ClientError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new ClientError('write_failed', `${path} could not be written: ${why}`, { path, cause })
}

/**
 * Puts a text in the place of a file in one step, with the file's own mode and owner (B40). A crash leaves the old file or
 * the new one. Its folder is there.
 *
 * @throws ClientError `write_failed`; `changed_meanwhile` when it is not the file any more that was read
 */
export async function replaceFile({ fs, logger }: FileWrites, file: SettingsFile, text: string): Promise<void> {
  try {
    await writeTemporary(fs, file, Buffer.from(text))
    await refuseChanged(fs, file)
    await fs.rename(temporaryOf(file.target), file.target)
    await syncFolder(fs, dirname(file.target))
  } catch (error) {
    await removeTemporary(fs, file.target).catch((failure: unknown) =>
      logger.warn('a temporary file could not be removed', { path: temporaryOf(file.target), error: failure })
    )
    throw writeError(file.path, error)
  }
}

/** @throws ClientError like `replaceFile` */
export async function deleteFile({ fs }: FileWrites, file: SettingsFile): Promise<void> {
  try {
    await refuseChanged(fs, file)
    await fs.unlink(file.target)
    await syncFolder(fs, dirname(file.target))
  } catch (error) {
    throw writeError(file.path, error)
  }
}

/** The outermost first. @throws ClientError `write_failed` */
export async function makeFolders({ fs }: FileWrites, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await fs.mkdir(folder, { mode: NEW_FOLDER_MODE })
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw writeError(folder, error)
    }
  }
}

/** Takes away the folders that we made, the innermost first; one that holds something by now stays. */
export async function removeEmptyFolders({ fs, logger }: FileWrites, folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) {
    try {
      await fs.rmdir(folder)
    } catch (error) {
      if (isErrno(error, 'ENOENT')) continue
      if (!isErrno(error, 'ENOTEMPTY', 'EEXIST')) logger.warn('an empty folder could not be removed', { folder, error })
      return
    }
  }
}
