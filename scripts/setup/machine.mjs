import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout that these scripts belong to. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Set-up talks on stderr: stdout belongs to the program that is started. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Why set-up can't go on, in words for the person at the terminal. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError'
}

/** @param {string} file @returns {string | undefined} its text, or undefined when there is no such file */
export function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** @param {string} file @returns {unknown} the parsed file, or undefined when there is no such file */
export function readJson(file) {
  const text = readText(file)
  return text === undefined ? undefined : JSON.parse(text)
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
export function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The environment in which `node` is the chosen one. @param {string} node @param {NodeJS.ProcessEnv} [extra] */
export function environmentFor(node, extra = {}) {
  const path = [join(root, 'node_modules', '.bin'), dirname(node), process.env['PATH'] ?? '']
  return { ...process.env, PATH: path.join(delimiter), ...extra }
}

/**
 * Runs a program to its end, with its output on stderr.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, shell?: boolean, output?: 'stderr' | 'stdout' }} [options]
 * @returns {Promise<number>} its exit code, or 1 when it couldn't be started or was killed
 */
export function run(command, args, options = {}) {
  const output = options.output === 'stdout' ? process.stdout : process.stderr
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', output, process.stderr]
    })
    child.once('error', (error) => {
      say(`${command}: ${error.message}`)
      done(1)
    })
    child.once('exit', (code) => done(code ?? 1))
  })
}

/** The file behind a package's command, to be run by the chosen Node. @param {string} name the package @param {string} [command] */
export function commandFile(name, command = name) {
  const folder = join(root, 'node_modules', name)
  const manifest = readJson(join(folder, 'package.json'))
  const bin = isRecord(manifest) ? manifest['bin'] : undefined
  const file = isRecord(bin) ? bin[command] : bin
  if (typeof file !== 'string') throw new SetupError(`${name} is not installed as the lock file says; run npm ci`)
  return join(folder, file)
}
