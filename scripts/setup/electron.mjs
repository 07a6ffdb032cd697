import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord, readJson, readText, root, say } from './machine.mjs'

/** How long a download may stand still before it is given up, in milliseconds. */
const stallLimit = 20_000

/**
 * Why no window can open here, or undefined when one can.
 * @param {{ platform: string, env: NodeJS.ProcessEnv }} machine
 */
export function displayProblem({ platform, env }) {
  if (platform !== 'linux' || env['DISPLAY'] || env['WAYLAND_DISPLAY']) return undefined
  return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
}

/**
 * Why the Electron binary isn't worth its download here, or undefined.
 * @param {{ platform: string, uid: number | undefined }} machine
 */
export function downloadProblem({ platform, uid }) {
  if (platform !== 'linux' || uid !== 0) return undefined
  return 'Electron refuses to run as root with its sandbox on; start it as an ordinary user'
}

/** The installed Electron program, or undefined when its binary was not fetched yet. @param {string} folder the checkout */
export function electronBinary(folder) {
  const electron = join(folder, 'node_modules', 'electron')
  const name = readText(join(electron, 'path.txt'))
  const manifest = readJson(join(electron, 'package.json'))
  const version = readText(join(electron, 'dist', 'version'))?.replace(/^v/, '')
  if (name === undefined || !isRecord(manifest) || version !== manifest['version']) return undefined
  const binary = join(electron, 'dist', name)
  return existsSync(binary) ? binary : undefined
}

/** @param {string} folder @returns {number} bytes of all files at and below it */
function bytesBelow(folder) {
  if (!existsSync(folder)) return 0
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += bytesBelow(path)
    else bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0
  }
  return bytes
}

/**
 * Fetches the Electron binary by Electron's own installer, showing how far it is, and gives up when nothing arrives for
 * `stallMs`: the installer itself has no time-out.
 * @param {{ node: string, installer?: string, target?: string, stallMs?: number, tellMs?: number }} options
 * @returns {Promise<string | undefined>} why it failed, in one line, or undefined
 */
export async function downloadElectron({ node, installer, target, stallMs = stallLimit, tellMs = 2_000 }) {
  const electron = join(root, 'node_modules', 'electron')
  mkdirSync(join(root, '.setup'), { recursive: true })
  // The installer downloads into the temporary folder, so one of our own shows its progress.
  const temporary = mkdtempSync(join(root, '.setup', 'electron-'))
  const watched = [temporary, target ?? join(electron, 'dist')]
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary, ELECTRON_GET_NO_PROGRESS: '1' }
  if (env['HTTPS_PROXY'] ?? env['https_proxy']) env['ELECTRON_GET_USE_PROXY'] = 'true'

  say('Downloading Electron (about 120 MB) …')
  const child = spawn(node, [installer ?? join(electron, 'install.js')], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (errors = (errors + text).slice(-4_096)))

  const progress = { bytes: 0, movedAt: Date.now(), stalled: false }
  const watch = setInterval(() => {
    const now = watched.reduce((sum, folder) => sum + bytesBelow(folder), 0)
    if (now !== progress.bytes) {
      progress.bytes = now
      progress.movedAt = Date.now()
      say(`  … ${(now / 1e6).toFixed(0)} MB`)
    } else if (Date.now() - progress.movedAt >= stallMs) {
      progress.stalled = true
      child.kill('SIGKILL')
    }
  }, tellMs)
  /** @type {Promise<number>} */
  const ended = new Promise((done) => {
    child.once('error', () => done(1))
    child.once('close', (exit) => done(exit ?? 1))
  })
  const code = await ended
  clearInterval(watch)
  rmSync(temporary, { recursive: true, force: true })
  if (progress.stalled) return `Electron could not be downloaded (nothing arrived for ${stallMs / 1000} s)`
  return code === 0 ? undefined : `Electron could not be downloaded (${downloadError(errors)})`
}

/** The line of an error's stack that says most: its cause, else its message. @param {string} text */
export function downloadError(text) {
  if (/fetch failed/.test(text) && !text.includes('[cause]')) return 'its download server could not be reached'
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '))
  const cause = lines.find((line) => line.includes('[cause]')) ?? lines.find((line) => /error/i.test(line)) ?? lines[0]
  return (cause ?? 'no reason given').replace(/^\[cause\]:\s*/, '').replace(/\s*\{$/, '')
}

/**
 * What a desktop app that ended before it was ready died of, in one line.
 * @param {string} errors the end of its stderr
 * @param {string} ending such as `exit code 1`
 */
export function desktopFailure(errors, ending) {
  if (/sandbox/i.test(errors) && !/as root without/i.test(errors)) {
    return (
      'the system refused its sandbox (Ubuntu 24.04 and newer do; to allow it: ' +
      'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0)'
    )
  }
  const lines = errors
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const telling = lines.findLast((line) => /error|fatal|cannot|unable|missing|root/i.test(line)) ?? lines.at(-1)
  return `it ended before it was ready (${ending}${telling === undefined ? '' : `: ${telling.slice(0, 200)}`})`
}
