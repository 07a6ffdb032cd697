import { basename, delimiter, dirname, join } from 'node:path'
import { z } from 'zod'
import type { Client, Machine } from './client'
import { isErrno } from './file-system'

/** Where installers put programs, and where a program that was started from a desktop does not look by itself. */
function usualFolders({ home, env, platform }: Machine): readonly string[] {
  const below = ['.local/bin', '.npm-global/bin', '.bun/bin', '.volta/bin', 'bin', '.yarn/bin', '.local/share/pnpm']
  const own = below.map((folder) => join(home, folder))
  if (platform === 'win32')
    return [...own, ...[env['APPDATA'] ?? join(home, 'AppData', 'Roaming')].map((data) => join(data, 'npm'))]
  return [...own, '/opt/homebrew/bin', '/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin', '/snap/bin']
}

const endingsOf = (platform: NodeJS.Platform): readonly string[] =>
  platform === 'win32' ? ['.exe', '.cmd', '.bat'] : ['']

/** The first one on the path, or in the usual folders; null when there is none. */
export async function findProgram(
  machine: Machine,
  command: string,
  folders: readonly string[] = []
): Promise<string | null> {
  const { env, home, platform } = machine
  const onPath = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const all = [...onPath, ...folders.map((folder) => join(home, folder)), ...usualFolders(machine)]
  for (const folder of all) {
    for (const ending of endingsOf(platform)) {
      const path = join(folder, command + ending)
      if (await isProgram(machine, path)) return path
    }
  }
  return null
}

async function isProgram({ fs, platform }: Machine, path: string): Promise<boolean> {
  try {
    const found = await fs.stat(path)
    return found.isFile() && (platform === 'win32' || (found.mode & 0o111) !== 0)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG')) return false
    throw error
  }
}

const manifest = z.object({ name: z.string(), version: z.string() })
const VERSION = /(?:^|[/\\@_-])v?(\d+\.\d+\.\d+(?:-[\w.]+)?)(?=$|[/\\])/

/**
 * Its version, without running it: by the package that its link leads to, or by the number in its path (Homebrew, the
 * makers' own installers). null when neither tells.
 */
export async function versionOf(
  machine: Machine,
  program: string,
  { packageName }: Client['program']
): Promise<string | null> {
  const { fs } = machine
  let real: string
  try {
    real = await fs.realpath(program)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP', 'EACCES')) return null
    throw error
  }
  for (let folder = dirname(real); folder !== dirname(folder); folder = dirname(folder)) {
    const found = await readManifest(machine, join(folder, 'package.json'))
    if (found !== null && belongsTo(found.name, packageName)) return found.version
  }
  // On Windows npm's command is a script beside its packages.
  const beside = await readManifest(machine, join(dirname(program), 'node_modules', packageName, 'package.json'))
  return beside?.version ?? VERSION.exec(basename(real))?.[1] ?? VERSION.exec(dirname(real))?.[1] ?? null
}

/** Some ship one package for each system beside the one that is installed: `@openai/codex-linux-x64`. */
const belongsTo = (name: string, packageName: string): boolean =>
  name === packageName || name.startsWith(`${packageName}-`)

async function readManifest({ fs }: Machine, path: string): Promise<z.infer<typeof manifest> | null> {
  try {
    return manifest.safeParse(JSON.parse((await fs.readFile(path)).toString('utf8'))).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return null // not a package
    throw error
  }
}
