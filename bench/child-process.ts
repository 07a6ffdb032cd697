import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** A process of the bench's, ended by its own pid and never by name. */
export interface Running {
  readonly child: ChildProcess
  readonly pid: number
  /** The first line that it told on stdout; empty for one that tells none. */
  readonly told: string
  /** Asks it to end, and ends it after 15 s. Resolves when it is gone. */
  stop(): Promise<void>
}

export interface StartOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Opens an IPC channel to it. */
  readonly ipc?: boolean
  /** It is ready when it listens here; unset: when it told its first line. */
  readonly readyPort?: number
}

const START_MS = 20_000
const STOP_MS = 15_000

const running = new Set<ChildProcess>()

/** Ends whatever the bench started, at once: for the way out. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Starts a process and waits until it is ready. What it says on stderr is shown. */
export async function start({ name, command, args, ipc = false, readyPort }: StartOptions): Promise<Running> {
  const child = spawn(command, args, {
    // From here, so that what is given as code finds its dependencies.
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit', ...(ipc ? (['ipc'] as const) : [])],
    env: { ...process.env, NODE_OPTIONS: '' }
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const told = await Promise.race([
    readyPort === undefined ? firstLine(child) : listening(readyPort),
    endOf(name, child),
    tooLate(name)
  ])
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} did not start`)
  return { child, pid, told, stop: () => stop(child) }
}

function firstLine(child: ChildProcess): Promise<string> {
  const { stdout } = child
  if (stdout === null) throw new Error('a child without stdout')
  return new Promise((resolve) => {
    const lines = createInterface(stdout)
    // Reads on after the first, so that the pipe never fills.
    lines.on('line', resolve)
  })
}

async function listening(port: number): Promise<string> {
  const endAt = performance.now() + START_MS
  while (performance.now() < endAt) {
    const socket = connect({ host: '127.0.0.1', port })
    const answered = await once(socket, 'connect').then(
      () => true,
      () => false
    )
    socket.destroy()
    if (answered) return ''
    await delay(20)
  }
  return ''
}

function endOf(name: string, child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once('error', (cause) => reject(new Error(`${name} could not be started`, { cause })))
    child.once('exit', (code, signal) =>
      reject(new Error(`${name} ended (${signal ?? `code ${code}`}) before it was ready`))
    )
  })
}

async function tooLate(name: string): Promise<never> {
  await delay(START_MS, undefined, { ref: false })
  throw new Error(`${name} was not ready within ${START_MS / 1000} s`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  child.kill('SIGTERM')
  await gone
  clearTimeout(timer)
}
