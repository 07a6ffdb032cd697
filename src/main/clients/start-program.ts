import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { scriptPath, type StartProgram, type TerminalParts } from './terminal'

/** With Node's own `spawn`. */
export const startProgram: StartProgram = (program, args, { cwd, env }) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { cwd, env: { ...env }, detached: true, stdio: 'ignore' })
    child.once('error', reject)
    child.once('spawn', () => {
      // It goes on when Routex ends.
      child.unref()
      resolve()
    })
  })

export const placeScriptIn =
  (folder: string): TerminalParts['placeScript'] =>
  async (text) => {
    const path = scriptPath(folder, randomBytes(9).toString('base64url'))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(path, text, { mode: 0o700, flag: 'wx' })
    return path
  }
