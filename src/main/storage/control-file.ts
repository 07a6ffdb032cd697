import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const control = z.object({
  pid: z.int(),
  /** Where the management API is: `http://127.0.0.1:40123`. */
  url: z.url(),
  /** Another one at each start, so one that a crash left behind opens nothing. */
  token: z.string().min(1)
})
/** How a program of the same user reaches the management API of the Routex that owns a data folder. */
export type Control = Readonly<z.infer<typeof control>>

const controlFile = (dir: string): string => join(dir, 'control.json')

/** Only the user can read it (0600). */
export function writeControl(dir: string, value: Control): void {
  const path = controlFile(dir)
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export function removeControl(dir: string): void {
  rmSync(controlFile(dir), { force: true })
}

/** null: no Routex of this folder can be reached; one that ended badly leaves its file, which its process id tells. */
export function readControl(dir: string): Control | null {
  let text: string
  try {
    text = readFileSync(controlFile(dir), 'utf8')
  } catch {
    return null // never started, stopped in order, or another user's
  }
  const parsed = control.safeParse(parseJson(text))
  return parsed.success && isRunning(parsed.data.pid) ? parsed.data : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // it was cut short by a crash
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
