import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { placeConfig, withChannels, type ConfigFile } from './config'
import { ManagementClient } from './management-client'
import { RunningGateway } from './running-gateway'
import { makeTempDir } from './temp-dir'

const root = resolve(import.meta.dirname, '../..')
const PROGRAM = join(root, 'out/main/headless.js')
const NODE = join(root, 'node_modules/.bin/node')

const startLine = z.object({
  event: z.literal('listening'),
  gateway: z.string(),
  ui: z.string().nullable(),
  managementToken: z.string(),
  clientKey: z.string()
})

export interface HeadlessOptions {
  readonly config?: ConfigFile
  /** A fresh one unless given. */
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
  /** Arguments after `serve`, beside data folder, config, port and `--json`. */
  readonly args?: readonly string[]
  /** Shell commands that run before the program in the same process: limits, traps. */
  readonly shell?: string
}

interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The built program in a process of its own. */
export interface HeadlessProcess {
  readonly pid: number
  readonly dataDir: string
  /** Resolves with the first line of stdout, or fails with stderr when the process ends without one. */
  readonly started: Promise<RunningGateway>
  readonly exited: Promise<Exit>
  stderr(): string
  stdout(): string
  signal(name: NodeJS.Signals): void
}

/** Starts `routex serve --json` from `out/` under Node 24. What still runs at the test's end is killed. */
export async function spawnHeadless(options: HeadlessOptions = {}): Promise<HeadlessProcess> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run npx electron-vite build`)
  const dataDir = options.dataDir ?? (await makeTempDir())
  const configPath = join(dataDir, 'routex.json')
  const config = options.config ?? withChannels([])
  await placeConfig(configPath, config)
  const args = [
    'serve',
    '--json',
    '--data-dir',
    dataDir,
    '--config',
    configPath,
    '--port',
    '0',
    ...(options.args ?? [])
  ]
  const env = { ...process.env, ...options.env }
  const child =
    options.shell === undefined
      ? spawn(NODE, [PROGRAM, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('bash', ['-c', `${options.shell}; exec "$0" "$@"`, NODE, PROGRAM, ...args], {
          env,
          stdio: ['ignore', 'pipe', 'pipe']
        })
  const { pid } = child
  if (pid === undefined) throw new Error('the program could not be started')
  const exited = new Promise<Exit>((settle) => child.once('exit', (code, signal) => settle({ code, signal })))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const output = { stdout: '', stderr: '' }
  child.stderr.on('data', (bytes: Buffer) => (output.stderr += bytes.toString()))
  const started = firstLine(child, output, exited).then((line) => {
    const { gateway: url, managementToken, clientKey } = startLine.parse(JSON.parse(line))
    return new RunningGateway({
      url,
      key: clientKey,
      dataDir,
      configPath,
      management: new ManagementClient(url, managementToken),
      logged: [],
      stop: async () => {
        child.kill('SIGTERM')
        await exited
      }
    })
  })
  started.catch(() => undefined) // told to whoever awaits it
  return {
    pid,
    dataDir,
    started,
    exited,
    stderr: () => output.stderr,
    stdout: () => output.stdout,
    signal: (name) => void child.kill(name)
  }
}

function firstLine(
  child: ChildProcess,
  output: { stdout: string; stderr: string },
  exited: Promise<Exit>
): Promise<string> {
  return new Promise((settle, fail) => {
    if (child.stdout === null) throw new Error('the program has no stdout')
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      output.stdout += `${line}\n`
      settle(line)
    })
    void exited.then(({ code }) => fail(new Error(`the program ended with ${code ?? 'a signal'}: ${output.stderr}`)))
  })
}

/** Starts the program and waits until it listens. */
export async function startHeadless(
  options: HeadlessOptions = {}
): Promise<HeadlessProcess & { readonly gateway: RunningGateway }> {
  const running = await spawnHeadless(options)
  return { ...running, gateway: await running.started }
}
