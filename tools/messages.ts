import { execFile } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Plugin } from 'vite'

const root = resolve(import.meta.dirname, '..')
const sources = ['messages', 'project.inlang/settings.json', 'scripts/messages.mjs'].map((path) => join(root, path))
const compiled = join(root, 'src/renderer/paraglide/messages.js')

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

let compiledAt = 0

/** Compiles the texts where they changed since. In a process of its own, for inlang leaves timers that would hold a build up. */
async function compileMessages(): Promise<void> {
  const changedAt = Math.max(...sources.map(newest))
  if (changedAt <= Math.max(compiledAt, newest(compiled))) return
  await promisify(execFile)(process.execPath, [join(root, 'scripts/messages.mjs')], { cwd: root })
  compiledAt = changedAt
}

/** The page's texts, compiled before a build or a test reads them, and again while `npm run dev` runs. */
export function messages(): Plugin {
  return {
    name: 'routex:messages',
    buildStart: compileMessages,
    configureServer(server) {
      server.watcher.add(join(root, 'messages'))
      server.watcher.on('change', (file) => {
        if (file.startsWith(join(root, 'messages'))) {
          compileMessages().catch((error: unknown) => server.config.logger.error(String(error)))
        }
      })
    }
  }
}
