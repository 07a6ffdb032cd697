// npm run messages: compiles messages/ into src/renderer/paraglide, where the page, its tests and the checks read it.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { compile } from '@inlang/paraglide-js'

const root = resolve(import.meta.dirname, '..')
const target = join(root, 'src/renderer/paraglide')
const startedAt = new Date()
const fresh = mkdtempSync(`${target}-`)

/** @param {string} file @returns {string | null} */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Not compiled yet.
    return null
  }
}

/** Takes over what changed, each file at once: a build or a test that reads them now sees the old one or the new one. */
function publish() {
  for (const entry of readdirSync(fresh, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const from = join(entry.parentPath, entry.name)
    const to = join(target, from.slice(fresh.length))
    if (readIfThere(to) === readFileSync(from, 'utf8')) continue
    mkdirSync(dirname(to), { recursive: true })
    renameSync(from, to)
  }
}

/**
 * Fits the texts of each language to be loaded by themselves (lib/i18n.svelte.ts): one object, for a module's list of
 * 1,500 exports would be a fifth of the file. Values that users and upstreams named can't turn the words around them
 * (lib/isolated-text.ts), and what takes no values is called without.
 */
function fitTexts() {
  for (const locale of readdirSync(join(fresh, 'messages')).filter((name) => name !== '_index.js')) {
    const file = join(fresh, 'messages', locale)
    const compiled = readFileSync(file, 'utf8')
    const start = compiled.indexOf('export const')
    if (start < 0) throw new Error('Paraglide compiled no message: see project.inlang/settings.json')
    const texts = compiled
      .slice(start)
      .replaceAll(/^export const (\w+) = /gm, '$1: ')
      .replaceAll(/^};$/gm, '},')
      .replaceAll(/\$\{(i\?\.\w+)\}/g, '${isolated($1)}')
      .replaceAll(/\(inputs: (\w+)\) => LocalizedString\} \*\/ \(\)/g, '(inputs?: $1) => LocalizedString} */ ()')
    const head = `import { isolated } from '../../lib/isolated-text'\n${compiled.slice(0, start)}`
    writeFileSync(file, `${head}export const texts = {\n${texts}}\n`)
  }
}

try {
  await compile({
    project: join(root, 'project.inlang'),
    outdir: fresh,
    // The page says which language it speaks (lib/i18n.svelte.ts): Paraglide neither asks nor keeps it.
    strategy: ['globalVariable', 'baseLocale'],
    // One module a language: a test's page loads three files and not one for each text.
    outputStructure: 'locale-modules',
    isServer: 'false',
    emitReadme: false,
    emitGitIgnore: false,
    emitPrettierIgnore: false
  })
  fitTexts()
  for (const unread of ['messages.js', 'messages/_index.js', 'server.js']) rmSync(join(fresh, unread))
  publish()
  // Says since when all is as the sources were (tools/messages.ts).
  utimesSync(join(target, 'registry.js'), startedAt, startedAt)
} finally {
  rmSync(fresh, { recursive: true, force: true })
}
// Timers of inlang's would keep the process for another 30 s.
process.exit()
