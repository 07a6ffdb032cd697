import { execFile } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Plugin } from 'vite'

/** When the newest file at or below `path` was changed; 0 for nothing. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/**
 * The page's texts, compiled before a build or a test reads them, and again while `npm run dev` runs. `root`: the
 * checkout; a bundled configuration does not know where it came from.
 */
export function messages(root: string): Plugin {
  const script = join(root, 'scripts/messages.mjs')
  const texts = join(root, 'messages')

  // In a process of its own, for inlang leaves timers that would hold a build up.
  async function compile(): Promise<void> {
    const changedAt = Math.max(newest(texts), newest(script), newest(join(root, 'project.inlang/settings.json')))
    if (changedAt >= newest(join(root, 'src/renderer/paraglide/registry.js'))) {
      await promisify(execFile)(process.execPath, [script], { cwd: root })
    }
  }

  return {
    name: 'routex:messages',
    buildStart: compile,
    configureServer(server) {
      server.watcher.add(texts)
      server.watcher.on('change', (file) => {
        if (file.startsWith(texts)) compile().catch((error: unknown) => server.config.logger.error(String(error)))
      })
    }
  }
}
