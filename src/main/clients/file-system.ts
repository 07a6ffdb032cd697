import * as node from 'node:fs/promises'

type Node = typeof node

/** An open file that is being written. */
export interface WritableFile {
  writeFile(bytes: Buffer): Promise<void>
  chmod(mode: number): Promise<void>
  chown(uid: number, gid: number): Promise<void>
  /** Resolves when what was written is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What is asked of the file system, so that tests can let each step fail. Errors are Node's own. */
export interface FileSystem extends Pick<Node, 'lstat' | 'stat' | 'access' | 'mkdir' | 'rmdir' | 'unlink' | 'rename'> {
  realpath(path: string): Promise<string>
  readFile(path: string): Promise<Buffer>
  readdir(path: string): Promise<string[]>
  open(path: string, flags: string, mode?: number): Promise<WritableFile>
}

export const nodeFileSystem: FileSystem = {
  lstat: node.lstat,
  stat: node.stat,
  access: node.access,
  mkdir: node.mkdir,
  rmdir: node.rmdir,
  unlink: node.unlink,
  rename: node.rename,
  realpath: (path) => node.realpath(path),
  readFile: (path) => node.readFile(path),
  readdir: (path) => node.readdir(path),
  open: (path, flags, mode) => node.open(path, flags, mode)
}

/** True for a system error of one of these codes. */
export const isErrno = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
