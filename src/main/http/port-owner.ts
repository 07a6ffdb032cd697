import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** /proc/net/tcp: local address `0100007F:1F90`, state 0A = LISTEN, the inode in the tenth field. */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(suffix) === true && state === '0A')
    .flatMap((fields) => fields[9] ?? [])
}

/** What can't be read (another user's process, one that just ended) counts as nothing. */
const orNothing = <T>(reading: Promise<T>, nothing: T): Promise<T> => reading.catch(() => nothing)

async function holdsInode(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  for (const descriptor of await orNothing(readdir(folder), [])) {
    const target = await orNothing(readlink(`${folder}/${descriptor}`), '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined && inodes.has(inode)) return true
  }
  return false
}

/** `node\0/app/headless.js\0serve\0…` → `node headless.js`: further arguments may hold a secret. */
function programOf(commandLine: string): string {
  const [program = '', first = ''] = commandLine.split('\0')
  const script = /\.[cm]?(?:js|ts|py|rb)$/.test(first) ? ` ${basename(first)}` : ''
  return `${basename(program)}${script}`
}

async function ownerOnLinux(port: number): Promise<string | null> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => orNothing(readFile(`/proc/net/${name}`, 'utf8'), '')))
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return null
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (!(await holdsInode(pid, inodes))) continue
    const name = programOf(await orNothing(readFile(`/proc/${pid}/cmdline`, 'utf8'), ''))
    return `${name === '' ? 'a process' : name} (pid ${pid})`
  }
  return 'a process of another user'
}

/** `lsof -F pc` answers `p812` and `cnginx` on lines of their own. */
async function ownerByLsof(port: number): Promise<string | null> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-F', 'pc'], { timeout: 2000 })
  const pid = /^p(\d+)$/m.exec(stdout)?.[1]
  const name = /^c(.+)$/m.exec(stdout)?.[1]
  return pid === undefined ? null : `${name ?? 'a process'} (pid ${pid})`
}

/** B42: who listens on a TCP port of this machine, as `nginx (pid 812)`; null when that can't be known. Never rejects. */
export async function findPortOwner(port: number): Promise<string | null> {
  if (process.platform === 'win32') return null
  return orNothing(process.platform === 'linux' ? ownerOnLinux(port) : ownerByLsof(port), null)
}
