import { join } from 'node:path'
import { isRecord, readJson, root, run, say, SetupError } from './machine.mjs'

/** @param {unknown} lock @returns {[string, Record<string, unknown>][]} */
function packagesOf(lock) {
  const packages = isRecord(lock) ? lock['packages'] : undefined
  if (!isRecord(packages)) return []
  return Object.entries(packages).flatMap(([path, entry]) => (path !== '' && isRecord(entry) ? [[path, entry]] : []))
}

/**
 * Why `node_modules` is not what the lock file says, or undefined when it is. Compared is what npm itself wrote down at
 * the end of the last install, so a broken-off install, one without dev packages and a new lock file all show.
 * Optional packages may be missing: they belong to other systems.
 * @param {string} folder the checkout
 */
export function staleness(folder) {
  const installed = new Map(packagesOf(readJson(join(folder, 'node_modules', '.package-lock.json'))))
  if (installed.size === 0) return 'nothing is installed yet'
  for (const [path, wanted] of packagesOf(readJson(join(folder, 'package-lock.json')))) {
    const found = installed.get(path)
    if (found === undefined && wanted['optional'] !== true) return `${path} is missing`
    const differs = found?.['version'] !== wanted['version'] || found?.['integrity'] !== wanted['integrity']
    if (found !== undefined && differs) return `${path} is not version ${String(wanted['version'])}`
  }
  return undefined
}

/** @param {NodeJS.ProcessEnv} env npm names itself there when it runs a script */
export function npmCommand(env) {
  const script = env['npm_execpath']
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script))
    return { command: process.execPath, args: [script], shell: false }
  return { command: 'npm', args: [], shell: process.platform === 'win32' }
}

/**
 * Installs from the lock file when `node_modules` is missing or stale.
 *
 * `--include=dev`: building needs the dev packages even under NODE_ENV=production. `--ignore-scripts`: no package here
 * needs its install script, and npm before 11.16 would try to compile better-sqlite3.
 */
export async function installDependencies() {
  const reason = staleness(root)
  if (reason === undefined) return
  say(`Installing the packages of package-lock.json (${reason}); this takes a minute or two …`)
  const started = Date.now()
  const ticker = setInterval(() => say(`  … still installing (${Math.round((Date.now() - started) / 1000)} s)`), 15_000)
  const npm = npmCommand(process.env)
  const flags = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const code = await run(npm.command, [...npm.args, ...flags], { shell: npm.shell })
  clearInterval(ticker)
  if (code !== 0) throw new SetupError(`npm ci ended with ${code}: the packages could not be installed (see above).`)
}
