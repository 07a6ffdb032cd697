import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { CallName, CallParams, CallResult } from '../../../src/shared/contract'

/** The built headless program, as a browser test uses it. */
export interface Headless {
  readonly gateway: string
  /** The page's address with its token. */
  readonly page: string
  /** The user's folder as this program sees it: one beside its data, never that of whoever runs the tests. */
  readonly home: string
  readonly clientKey: string
  /** A call of the management API. */
  call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>>
  /** As which client `ask` asks; a test's own, so that it finds its rows in a log that it shares. */
  readonly client: string
  /** Asks the gateway something in Anthropic's protocol; resolves with the status. */
  ask(model: string): Promise<number>
  stop(): Promise<void>
}

export interface HeadlessOptions {
  readonly port?: number
  readonly dataDir: string
  readonly token?: string
  /** A config file. */
  readonly configPath?: string
}

interface StartLine {
  readonly gateway: string
  readonly ui: string
  readonly managementToken: string
  readonly clientKey: string
}

export async function startHeadless({ port = 0, dataDir, token, configPath }: HeadlessOptions): Promise<Headless> {
  // Where it was built to, for who must not disturb the usual place.
  const out = process.env['ROUTEX_OUT'] ?? 'out'
  const args = [`${out}/main/headless.js`, 'serve', '--json', '--port', String(port), '--data-dir', dataDir]
  if (configPath !== undefined) args.push('--config', configPath)
  const home = resolve(`${dataDir}-home`)
  mkdirSync(join(home, 'bin'), { recursive: true })
  const child = spawn('node_modules/.bin/node', args, {
    // Of the environment only what names no folder and no setting of an assistant.
    env: {
      PATH: [join(home, 'bin'), '/usr/bin', '/bin'].join(delimiter),
      HOME: home,
      // A third of a start is the compiler's.
      NODE_COMPILE_CACHE: '.setup/compile-cache',
      ...(token !== undefined && { ROUTEX_MANAGEMENT_TOKEN: token })
    },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { gateway, ui, managementToken, clientKey } = JSON.parse(line) as StartLine
  return {
    gateway,
    home,
    page: `${ui}#token=${managementToken}`,
    clientKey,
    client: 'e2e',
    async call(name, params) {
      const response = await fetch(`${gateway}/api/${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${managementToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(params)
      })
      if (!response.ok) throw new Error(`${name} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as CallResult<typeof name>
    },
    ask: (model) => askAs({ gateway, clientKey, client: 'e2e' }, model),
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
}

/** One request of a client in Anthropic's protocol; resolves with the status. */
export async function askAs(
  { gateway, clientKey, client }: Pick<Headless, 'gateway' | 'clientKey' | 'client'>,
  model: string
): Promise<number> {
  const response = await fetch(`${gateway}/v1/messages`, {
    method: 'POST',
    headers: {
      'x-api-key': clientKey,
      'user-agent': client,
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json'
    },
    body: JSON.stringify({ model, max_tokens: 64, messages: [{ role: 'user', content: 'Hello' }] })
  })
  await response.arrayBuffer()
  return response.status
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
