import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

const hooks = new URL('./register-typescript.ts', import.meta.url).href

/**
 * Runs a piece of TypeScript in a Node of its own, for tests that kill it. It imports sources by whole URLs
 * (`import.meta.resolve`); what is still running at the test's end is killed.
 */
export function runSource(code: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', hooks, '--input-type=module-typescript', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Resolves with the first line that contains `part`, which the child printed. */
export async function printed(child: ChildProcess, part: string): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    const line = text.split('\n').find((one) => one.includes(part))
    if (line !== undefined) return line
  }
  throw new Error(`the child ended without printing ${part}: ${text}`)
}

/** Kills at once, as `kill -9` does, and resolves when it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
