import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'

const supervise = new URL('./supervise.mjs', import.meta.url).href

/**
 * A process that supervises `program` and exits with its code, and the lines that it prints. With an npm script's name
 * it stands below a shell, as under npm, and `parent` is that shell.
 */
function parentOf(
  program: string,
  npmScript?: string
): { parent: ChildProcess; lines: AsyncIterator<string>; code: Promise<unknown> } {
  const script = `
    import { supervise } from ${JSON.stringify(supervise)}
    const { ended } = supervise(process.execPath, ['-e', ${JSON.stringify(program)}], { env: process.env, stderr: 'inherit' })
    process.exitCode = (await ended).code`
  const node = [process.execPath, '--input-type=module', '-e', script]
  const [command = '', ...args] = npmScript === undefined ? node : ['sh', '-c', '"$0" "$@"; exit $?', ...node]
  const env = { ...process.env, npm_lifecycle_event: npmScript }
  const parent = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const code = once(parent, 'exit').then(([exit]: unknown[]) => exit)
  return { parent, lines: createInterface({ input: parent.stdout })[Symbol.asyncIterator](), code }
}

describe.skipIf(process.platform === 'win32')('a supervised program', () => {
  test('hands its exit code on', async () => {
    expect(await parentOf('process.exit(3)').code).toBe(3)
  })

  test('that dies of a signal gives 128 and its number', async () => {
    expect(await parentOf("process.kill(process.pid, 'SIGKILL')").code).toBe(137)
  })

  test('gets one signal for the two that a Ctrl-C makes under npm, and ends when it is done', async () => {
    const program = `
      let signals = 0
      process.on('SIGINT', () => { signals += 1; if (signals === 1) setTimeout(() => { console.log('signals ' + signals); process.exit(7) }, 300) })
      setTimeout(() => {}, 10_000)
      console.log('up')`
    const { parent, lines, code } = parentOf(program)
    expect((await lines.next()).value).toBe('up')
    parent.kill('SIGINT')
    parent.kill('SIGINT')
    expect((await lines.next()).value).toBe('signals 1')
    expect(await code).toBe(7)
  })

  test('is stopped when the npm that started it was killed', async () => {
    const program =
      "process.on('SIGTERM', () => { console.log('stopped'); process.exit(0) }); setTimeout(() => {}, 10_000); console.log('up')"
    const { parent, lines } = parentOf(program, 'start')
    expect((await lines.next()).value).toBe('up')
    parent.kill('SIGKILL')
    expect((await lines.next()).value).toBe('stopped')
  })

  test('gets a SIGTERM as it is', async () => {
    const program = "process.on('SIGTERM', () => process.exit(0)); setTimeout(() => {}, 10_000); console.log('up')"
    const { parent, lines, code } = parentOf(program)
    expect((await lines.next()).value).toBe('up')
    parent.kill('SIGTERM')
    expect(await code).toBe(0)
  })
})
