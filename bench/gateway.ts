import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { start, type Running } from './child-process.ts'
import type { ProbeReport } from './gateway-probe.ts'
import type { Target } from './targets.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const CLIENT_KEY = 'rtx-bench-0123456789abcdefghijklmnopqrstuvwxyz'
const BUILT = join(import.meta.dirname, '../out/main/headless.js')

const toldLine = z.object({ gateway: z.url(), managementToken: z.string() })
const writerStats = z.object({
  rowsWritten: z.number(),
  flushes: z.number(),
  statements: z.number(),
  transactions: z.number(),
  badRecords: z.number(),
  dropped: z.number()
})
export type WriterStats = z.infer<typeof writerStats>

/** The built product, headless, as a user starts it: log rows, usage, prices and session affinity on. */
export interface Gateway extends Target {
  readonly running: Running
  readonly dataDir: string
  /** The log writer's own figures, of what was committed when it was asked. */
  writerStats(): Promise<WriterStats>
  /** What the probe saw since the last reset; only with `probe`. */
  probe(command: 'read' | 'reset'): Promise<ProbeReport>
}

export interface GatewayOptions {
  readonly upstreamPort: number
  readonly nodeFlags: readonly string[]
  /** Loads gateway-probe.ts into it, which counts SQL and watches the event loop. Not for what is timed. */
  readonly probe?: boolean
}

export async function startGateway({ upstreamPort, nodeFlags, probe = false }: GatewayOptions): Promise<Gateway> {
  const dataDir = temporaryFolder('gateway')
  const config = join(dataDir, 'routex.json')
  writeFileSync(config, JSON.stringify(configOf(upstreamPort)))
  const preload = probe ? ['--import', join(import.meta.dirname, 'gateway-probe.ts')] : []
  const serve = ['serve', '--port', '0', '--json', '--data-dir', join(dataDir, 'data'), '--config', config]
  const args = [...nodeFlags, ...preload, BUILT, ...serve, '--log-level', 'error']
  const running = await start({ name: 'Routex', command: process.execPath, args, ipc: probe })
  const { gateway, managementToken } = toldLine.parse(JSON.parse(running.told))
  return {
    name: 'Routex',
    port: Number(new URL(gateway).port),
    dataDir,
    running,
    writerStats: async () => writerStats.parse(await call(gateway, managementToken, 'stats.writer')),
    probe: (command) => askProbe(running, command)
  }
}

function configOf(upstreamPort: number): unknown {
  const baseUrl = `http://127.0.0.1:${upstreamPort}`
  return {
    channels: [{ name: 'bench', protocol: 'anthropic', baseUrl, apiKey: 'sk-ant-bench', models: ['claude-*'] }],
    clientKeys: [{ name: 'bench', key: CLIENT_KEY }]
  }
}

async function call(gateway: string, token: string, name: string): Promise<unknown> {
  const response = await fetch(`${gateway}/api/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}'
  })
  if (!response.ok) throw new Error(`${name} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

function askProbe(running: Running, command: 'read' | 'reset'): Promise<ProbeReport> {
  const { child } = running
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as ProbeReport))
    child.once('exit', () => reject(new Error('Routex ended while its probe was asked')))
    child.send(command)
  })
}
