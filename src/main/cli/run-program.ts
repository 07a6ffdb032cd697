import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CommandFailed } from './running-routex'

const PASSED_ON = ['SIGTERM', 'SIGHUP'] as const

/** npm's commands are scripts on Windows, which only a shell runs; it takes its words quoted. */
const forShell = (word: string): string => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '""')}"`)

/**
 * Runs a program in this terminal and resolves with its exit code, 128 and the signal's number where one ended it.
 *
 * @throws CommandFailed when it can't be started
 */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>
): Promise<number> {
  return new Promise((resolve, reject) => {
    const isWindows = process.platform === 'win32'
    const child = spawn(program, isWindows ? args.map(forShell) : [...args], {
      env: { ...env },
      stdio: 'inherit',
      shell: isWindows
    })
    // The terminal sends it to both; whether it ends the program is the program's own choice.
    const ignore = (): void => undefined
    const passOn = (signal: NodeJS.Signals): void => void child.kill(signal)
    process.on('SIGINT', ignore)
    for (const signal of PASSED_ON) process.on(signal, passOn)
    const stopListening = (): void => {
      process.off('SIGINT', ignore)
      for (const signal of PASSED_ON) process.off(signal, passOn)
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      stopListening()
      const why = error.code === 'ENOENT' ? 'it is not installed, or not on the PATH' : error.message
      reject(new CommandFailed(`${program} could not be started: ${why}`))
    })
    child.once('exit', (code, signal) => {
      stopListening()
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
