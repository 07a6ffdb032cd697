import { mkdir, readdir, rename, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'

const root = resolve(import.meta.dirname, '../..')
const SOURCES = ['src/main/storage', 'src/main/protocols', 'src/main/telemetry', 'src/shared', 'test/support/log-host']
/** Each with what it imports in one file of this name. */
const ENTRIES = {
  'log-worker': 'src/main/storage/log-worker.ts',
  'log-host': 'test/support/log-host/log-host.ts',
  'token-worker': 'src/main/protocols/token-worker.ts'
}
const CACHE = join(root, 'node_modules/.cache/routex-test')

declare module 'vitest' {
  export interface ProvidedContext {
    /** The log worker as a file that a thread can run: `new URL(inject('logWorkerUrl'))`. */
    readonly logWorkerUrl: string
    /** A thread that serves the logs of many gateways: `log-host/log-host.ts`, as a file. */
    readonly logHostUrl: string
    /** The token worker, likewise. */
    readonly tokenWorkerUrl: string
  }
}

/** Vitest's global setup: builds the workers from the sources as they are now, once for each state of them. */
export default async function setup(project: TestProject): Promise<void> {
  const stamps = await Promise.all(SOURCES.map((folder) => newestIn(join(root, folder))))
  const stamp = Math.max(...stamps)
  project.provide('logWorkerUrl', (await built('log-worker', stamp)).href)
  project.provide('logHostUrl', (await built('log-host', stamp)).href)
  project.provide('tokenWorkerUrl', (await built('token-worker', stamp)).href)
}

async function built(name: keyof typeof ENTRIES, stamp: number): Promise<URL> {
  const file = join(CACHE, `${name}-${stamp}.mjs`)
  if (!(await exists(file))) {
    const outDir = join(CACHE, `${process.pid}-${performance.now()}`)
    await mkdir(outDir, { recursive: true })
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      // As in the program's own build (electron.vite.config.ts): loading all of zod would take each test longer than its own work.
      ssr: { noExternal: ['zod'] },
      build: {
        ssr: join(root, ENTRIES[name]),
        outDir,
        emptyOutDir: false,
        target: 'node22',
        rolldownOptions: { output: { entryFileNames: 'built.mjs', codeSplitting: false } }
      }
    })
    // another test file may have built the same meanwhile: whichever comes last wins, and both are good
    await rename(join(outDir, 'built.mjs'), file)
  }
  return pathToFileURL(file)
}

async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const times = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs)
  )
  return Math.max(0, ...times)
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false
  )
}
