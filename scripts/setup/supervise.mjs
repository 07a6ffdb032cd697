import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './machine.mjs'

/** One Ctrl-C arrives twice: from the terminal and from npm. Repeats within this many milliseconds are one. */
const repeatWindow = 500

/** Who started this script. Under npm that is npm's shell. */
const starter = process.ppid

/**
 * A `kill` of npm ends npm's shell without a word to this script. So under npm a starter that is gone means: stop.
 * @param {() => void} stop
 * @returns {() => void} ends the watch
 */
function whenNpmIsGone(stop) {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return () => undefined
  const watch = setInterval(() => {
    if (process.ppid === starter) return
    clearInterval(watch)
    stop()
  }, 250)
  return () => clearInterval(watch)
}

/**
 * Starts the program and hands the signals of this process on to it. Where there are process groups it gets one of its
 * own, so that Ctrl-C reaches it once, through here: a second signal would tell it to end at once.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, stderr: 'inherit' | 'pipe' }} options
 */
export function supervise(command, args, { env, stderr }) {
  const grouped = process.platform !== 'win32'
  const child = spawn(command, args, { cwd: root, env, detached: grouped, stdio: ['ignore', 'inherit', stderr] })
  let lastSignalAt = -Infinity
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    if (performance.now() - lastSignalAt < repeatWindow) return
    lastSignalAt = performance.now()
    // On Windows the console itself reaches the child, and kill() would end it hard.
    if (grouped) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
  }
  /** @type {readonly NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  const endWatch = whenNpmIsGone(() => forward('SIGTERM'))

  /** @type {Promise<{ code: number, ending: string }>} */
  const ended = new Promise((done) => {
    child.once('error', (error) => done({ code: 1, ending: error.message }))
    child.once('close', (code, signal) => {
      if (signal === null) done({ code: code ?? 1, ending: `exit code ${code ?? 1}` })
      else done({ code: 128 + constants.signals[signal], ending: `signal ${signal}` })
    })
  }).finally(() => {
    endWatch()
    for (const signal of signals) process.off(signal, forward)
  })
  return { child, ended, wasSignalled: () => lastSignalAt > -Infinity }
}
