// npm start: sets everything up, then opens the desktop app, or says why not and runs headless.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare, runMain } from './setup.mjs'
import { build } from './setup/build.mjs'
import { desktopFailure, displayProblem, downloadElectron, downloadProblem, electronBinary } from './setup/electron.mjs'
import { environmentFor, root, say } from './setup/machine.mjs'
import { supervise } from './setup/supervise.mjs'

const readyLimit = 60_000

/**
 * The Electron program to open, or why there is none. The binary is only fetched where a window could open.
 * @param {string} node
 * @returns {Promise<{ binary: string } | { problem: string }>}
 */
async function findElectron(node) {
  const display = displayProblem({ platform: process.platform, env: process.env })
  if (display !== undefined) return { problem: display }
  const installed = electronBinary(root)
  if (installed !== undefined) return { binary: installed }
  const refusal = downloadProblem({ platform: process.platform, uid: process.getuid?.() })
  if (refusal !== undefined) return { problem: refusal }
  const failure = await downloadElectron({ node })
  const binary = electronBinary(root)
  return binary === undefined ? { problem: failure ?? 'the downloaded Electron is not complete' } : { binary }
}

/**
 * Opens the desktop app and stays until it ends.
 * @param {string} node @param {readonly string[]} args
 * @returns {Promise<{ code: number } | { problem: string }>} its exit code, or why it never got ready
 */
async function openDesktop(node, args) {
  const electron = await findElectron(node)
  if ('problem' in electron) return electron
  const folder = mkdtempSync(join(tmpdir(), 'routex-start-'))
  const readyFile = join(folder, 'ready')
  const env = environmentFor(node, { ROUTEX_READY_FILE: readyFile })
  const { child, ended, wasSignalled } = supervise(electron.binary, [root, ...args], { env, stderr: 'pipe' })

  let errors = ''
  let ready = false
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    if (ready) process.stderr.write(text)
    else errors = (errors + text).slice(-16_384)
  })
  const started = performance.now()
  const watch = setInterval(() => {
    ready = existsSync(readyFile)
    if (ready) clearInterval(watch)
    else if (performance.now() - started > readyLimit) child.kill('SIGKILL')
  }, 100)
  const { code, ending } = await ended
  clearInterval(watch)
  ready ||= existsSync(readyFile)
  rmSync(folder, { recursive: true, force: true })
  if (ready || wasSignalled()) return { code }
  return { problem: desktopFailure(errors, ending) }
}

/** @param {string} node @param {readonly string[]} args @returns {Promise<number>} its exit code */
async function runHeadless(node, args) {
  const command = args[0] === 'serve' ? args : ['serve', ...args]
  const program = join(root, 'out', 'main', 'headless.js')
  const { ended } = supervise(node, [program, ...command], {
    env: environmentFor(node),
    stderr: 'inherit'
  })
  return (await ended).code
}

await runMain(async () => {
  const args = process.argv.slice(2)
  const node = await prepare()
  await build(node)
  if (args[0] === 'serve') return runHeadless(node, args)
  const desktop = await openDesktop(node, args)
  if ('code' in desktop) return desktop.code
  say(`Running headless, without the desktop app: ${desktop.problem}.`)
  return runHeadless(node, args)
})
