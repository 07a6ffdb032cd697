import { nodeFileSystem, type FileSystem, type WritableFile } from '../../src/main/clients/file-system'

export interface FaultyFileSystem {
  readonly fs: FileSystem
  /** Names of the operations so far, those on open files with `file.` before. */
  readonly operations: readonly string[]
}

export interface Fault {
  /** Which operation, from 0. */
  readonly at: number
  /** It fails before it does anything, or when it has done it. */
  readonly when: 'before' | 'after'
  /** A crash: nothing after it works either. */
  readonly andAllAfter?: boolean
}

class InjectedFault extends Error {
  readonly code = 'EIO'
}

/** Nothing pulls the plug in a test, and waiting for the disk would take most of its time. */
const withoutSync = (file: WritableFile): WritableFile => ({
  writeFile: (bytes) => file.writeFile(bytes),
  chmod: (mode) => file.chmod(mode),
  chown: (uid, gid) => file.chown(uid, gid),
  sync: () => Promise.resolve(),
  close: () => file.close()
})

/** The real file system, without waiting for the disk. */
export const quickFileSystem: FileSystem = {
  ...nodeFileSystem,
  open: async (...args) => withoutSync(await nodeFileSystem.open(...args))
}

/** The real file system, with one operation that fails. */
export function faultyFileSystem(fault: Fault | null): FaultyFileSystem {
  const operations: string[] = []

  const wrap =
    <A extends unknown[], R>(name: string, run: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const index = operations.push(name) - 1
      const isHit = fault !== null && (index === fault.at || (fault.andAllAfter === true && index > fault.at))
      if (isHit && (fault.when === 'before' || index > fault.at)) throw new InjectedFault(`injected at ${name}`)
      const result = await run(...args)
      if (isHit) throw new InjectedFault(`injected after ${name}`)
      return result
    }

  const wrapFile = (file: WritableFile): WritableFile => ({
    writeFile: wrap('file.writeFile', (bytes: Buffer) => file.writeFile(bytes)),
    chmod: wrap('file.chmod', (mode: number) => file.chmod(mode)),
    chown: wrap('file.chown', (uid: number, gid: number) => file.chown(uid, gid)),
    sync: wrap('file.sync', () => file.sync()),
    // Also where it fails: a descriptor must not outlive its test.
    close: () => file.close().then(wrap('file.close', () => Promise.resolve()))
  })

  const wrapped = Object.fromEntries(
    Object.entries(quickFileSystem)
      .filter(([name]) => name !== 'open')
      .map(([name, run]) => [name, wrap(name, run as (...args: unknown[]) => Promise<unknown>)])
  ) as unknown as Omit<FileSystem, 'open'>
  const opened = wrap('open', () => Promise.resolve())
  const open: FileSystem['open'] = async (...args) => {
    if (fault?.when === 'before' || fault === null) await opened()
    const file = await quickFileSystem.open(...args)
    if (fault?.when === 'after') {
      await opened().catch(async (error: unknown) => {
        await file.close()
        throw error
      })
    }
    return wrapFile(file)
  }
  return { fs: { ...wrapped, open }, operations }
}
