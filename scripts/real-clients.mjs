// npm run clients:check: the real Claude Code, Codex, Gemini CLI and OpenCode, from the npm registry (over a gigabyte, so it is no
// part of npm test), each connected to a Routex with the Demo, asked something, and restored to the same bytes. In a home of its own.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { prepare, runMain } from './setup.mjs'
import { build } from './setup/build.mjs'
import { root } from './setup/machine.mjs'

const packages = join(root, '.setup', 'real-clients')
const headless = join(root, 'out', 'main', 'headless.js')
const PROMPT = 'Say hello'
const CLIENT_MS = 120_000

/**
 * `settings`: its file in the home, with something of the user's own in it.
 * @typedef {{ id: string, npm: string, ask: readonly string[], settings: readonly [string, string], env?: Readonly<Record<string, string>> }} RealClient
 * @type {readonly RealClient[]}
 */
const realClients = [
  {
    id: 'claude-code',
    npm: '@anthropic-ai/claude-code@2.1.332',
    ask: ['claude', '-p', PROMPT],
    settings: ['.claude/settings.json', '\uFEFF{\r\n  "theme": "dark"\r\n}\r\n']
  },
  {
    id: 'codex',
    npm: '@openai/codex@0.171.0',
    ask: ['codex', 'exec', '--skip-git-repo-check', PROMPT],
    settings: ['.codex/config.toml', '# mine\nmodel_reasoning_effort = "low"\n']
  },
  {
    id: 'gemini-cli',
    npm: '@google/gemini-cli@0.61.0',
    ask: ['gemini', '-p', PROMPT],
    settings: ['.gemini/.env', '# mine\nMY_OWN="1"\n'],
    // It reads no .env where it does not trust the folder, of which Routex warns.
    env: { GEMINI_CLI_TRUST_WORKSPACE: 'true' }
  },
  {
    id: 'opencode',
    npm: 'opencode-ai@1.18.33',
    ask: ['opencode', 'run', PROMPT],
    settings: ['.config/opencode/opencode.json', '{\n  // mine\n  "$schema": "https://opencode.ai/config.json"\n}\n']
  }
]

/** @param {string} node */
function install(node) {
  mkdirSync(packages, { recursive: true })
  const missing = realClients.filter(
    ({ ask: [program = ''] }) => !existsSync(join(packages, 'node_modules/.bin', program))
  )
  if (missing.length === 0) return
  writeFileSync(join(packages, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--no-audit', '--no-fund', '--save-exact', ...realClients.map(({ npm }) => npm)]
  const { status } = spawnSync('npm', args, { cwd: packages, stdio: 'inherit', env: withPath(node, {}) })
  if (status !== 0) throw new Error('the clients could not be installed')
}

/** @param {string} node @param {Readonly<Record<string, string>>} more @returns {NodeJS.ProcessEnv} */
function withPath(node, more) {
  const path = [dirname(node), join(packages, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter)
  return { PATH: path, HOME: process.env['HOME'], ...more }
}

/** @param {string} node @param {RealClient} client @param {{ home: string, data: string }} places @returns {string} what went wrong, or nothing */
function check(node, client, { home, data }) {
  const env = withPath(node, { HOME: home, ...client.env })
  const [path, text] = client.settings
  const file = join(home, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  /** @param {readonly string[]} args */
  const clients = (...args) =>
    spawnSync(node, [headless, 'clients', ...args, '--data-dir', data], { env, encoding: 'utf8' })
  const applied = clients('apply', client.id, '--create-folders')
  if (applied.status !== 0) return `not connected: ${applied.stderr}`
  const [program = '', ...args] = client.ask
  const asked = spawnSync(program, args, { env, cwd: home, encoding: 'utf8', timeout: CLIENT_MS, input: '' })
  if (asked.status !== 0) return `ended with ${asked.status}: ${asked.stdout}${asked.stderr}`
  if (!asked.stdout.includes('[Routex demo]')) return `answered something else: ${asked.stdout}`
  const restored = clients('restore', client.id)
  if (restored.status !== 0) return `not restored: ${restored.stderr}`
  return readFileSync(file, 'utf8') === text ? '' : `${path} is not what it was`
}

await runMain(async () => {
  const node = await prepare()
  await build(node)
  install(node)
  const folder = mkdtempSync(join(tmpdir(), 'routex-real-clients-'))
  const places = { home: join(folder, 'home'), data: join(folder, 'data') }
  mkdirSync(places.home)
  const serve = [headless, 'serve', '--json', '--port', '0', '--data-dir', places.data]
  const gateway = spawn(node, serve, {
    env: withPath(node, { HOME: places.home }),
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let failed = false
  try {
    await once(createInterface(gateway.stdout), 'line')
    for (const client of realClients) {
      const problem = check(node, client, places)
      failed ||= problem !== ''
      console.log(`${problem === '' ? 'ok    ' : 'FAILED'}  ${client.npm}${problem === '' ? '' : `: ${problem}`}`)
    }
  } finally {
    gateway.kill('SIGTERM')
    await once(gateway, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
  return failed ? 1 : 0
})
