import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandFile, environmentFor, root, run, say, SetupError } from './machine.mjs'

const sources = [
  'src',
  'resources',
  'messages',
  'project.inlang/settings.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'svelte.config.js',
  'tsconfig.base.json'
]
const results = [
  'out/main/index.js',
  'out/main/headless.js',
  'out/main/log-worker.js',
  'out/main/token-worker.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'src/renderer/paraglide/messages/en.js'
]

/** @param {string} folder @param {string} path @returns {string[]} every file at or below `path`, sorted, without tests and what the build writes there */
function filesBelow(folder, path) {
  const full = join(folder, path)
  if (!existsSync(full) || path.endsWith('.test.ts') || path.startsWith('src/renderer/paraglide')) return []
  if (!statSync(full).isDirectory()) return [path]
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesBelow(folder, `${path}/${name}`))
}

/** One hash over everything a build reads. @param {string} folder the checkout */
export function sourceStamp(folder) {
  const hash = createHash('sha256')
  for (const path of sources.flatMap((source) => filesBelow(folder, source))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(folder, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

const stampFile = (/** @type {string} */ folder) => join(folder, '.setup', 'build-stamp')

/** What a build makes and is not there. @param {string} folder the checkout */
const missingResults = (folder) => results.filter((result) => !existsSync(join(folder, result)))

/** Whether `out/` was built from exactly these sources. @param {string} folder the checkout */
export function isBuilt(folder) {
  if (missingResults(folder).length > 0) return false
  return existsSync(stampFile(folder)) && readFileSync(stampFile(folder), 'utf8') === sourceStamp(folder)
}

/** @param {string} folder the checkout @param {string} stamp of the sources before the build began */
export function markBuilt(folder, stamp) {
  mkdirSync(dirname(stampFile(folder)), { recursive: true })
  writeFileSync(stampFile(folder), stamp)
}

/** Builds when the sources differ from what `out/` was built from. @param {string} node */
export async function build(node) {
  if (isBuilt(root)) return
  say('Building …')
  const stamp = sourceStamp(root)
  const code = await run(node, [commandFile('electron-vite'), 'build', '--logLevel', 'warn'], {
    env: environmentFor(node)
  })
  if (code !== 0) throw new SetupError(`The build ended with ${code} (see above).`)
  // It would be built anew at every start.
  const missing = missingResults(root)
  if (missing.length > 0) throw new SetupError(`The build made no ${missing.join(', ')}.`)
  markBuilt(root, stamp)
}
