import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..', '..')
const cache = join(root, '.setup', 'pack')
/** Everything that the packed app is made of, or that says how. */
const inputs = ['out/**', 'resources/**', 'build/**', 'package.json', 'package-lock.json', 'electron-builder.yml']

function stamp(): string {
  const hash = createHash('sha256')
  const files = globSync(inputs, { cwd: root }).sort()
  for (const file of [...files, 'test/support/electron/fake-electron.mjs']) {
    const path = join(root, file)
    if (statSync(path).isFile()) hash.update(`${file}\0`).update(readFileSync(path))
  }
  return hash.digest('hex')
}

const script = (...path: string[]): string => join(root, 'node_modules', ...path)

/** The app as electron-builder packs it for this machine, around a stand-in for Electron's own files. */
export interface PackedApp {
  readonly folder: string
  /** What `app.asar` holds, with slashes, without a leading one. */
  readonly archived: readonly string[]
  /** Puts the archive's files, those beside it included, into `target`. */
  extract(target: string): Promise<void>
}

/** Packs it, unless nothing that it is made of has changed since the last time. */
export async function packApp(): Promise<PackedApp> {
  const electron = join(cache, 'electron')
  const output = join(cache, 'dist')
  const wanted = stamp()
  const stampFile = join(cache, 'stamp')
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== wanted) {
    rmSync(cache, { recursive: true, force: true })
    mkdirSync(cache, { recursive: true })
    await run(process.execPath, [join(import.meta.dirname, 'fake-electron.mjs'), electron], { cwd: root })
    const options = [`-c.electronDist=${electron}`, `-c.directories.output=${output}`]
    const builder = script('electron-builder', 'cli.js')
    await run(process.execPath, [builder, '--linux', 'dir', '--publish', 'never', ...options], { cwd: root })
    writeFileSync(stampFile, wanted)
  }
  const [folder] = globSync('linux*-unpacked', { cwd: output })
  if (folder === undefined) throw new Error('electron-builder left no folder')
  const archive = join(output, folder, 'resources', 'app.asar')
  const asar = script('@electron', 'asar', 'bin', 'asar.js')
  const { stdout } = await run(process.execPath, [asar, 'list', archive], { maxBuffer: 64 * 1024 * 1024 })
  return {
    folder: join(output, folder),
    archived: stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(1).replaceAll('\\', '/')])),
    extract: async (target) => void (await run(process.execPath, [asar, 'extract', archive, target]))
  }
}
