/**
 * `npm run bench`: paired measurements of the built Routex against a direct call, the bare relay and nginx, printed as
 * tables. Ends with 1 only when something broke (a process, a request, a row), never because of a time.
 */
import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { format, resolveConfig } from 'prettier'
import { killAll } from './child-process.ts'
import { FULL, QUICK, type Effort } from './effort.ts'
import { measure } from './measure.ts'
import { profileRelays } from './profile.ts'
import { LARGE, SMALL, STREAM } from './scenarios.ts'
import { report } from './report.ts'
import { nginxVersion, startUpstream } from './targets.ts'
import { withResults } from './write-results.ts'

const USAGE = `usage: npm run bench -- [--quick] [--write] [--profile=small|stream|large] [--node-flag=FLAG]…
  --quick           a minute instead of six: shows that all works, its numbers say little
  --write           puts the results into bench/README.md
  --profile=WHAT    instead of measuring: where the gateway's CPU time goes with small, stream or large requests
  --node-flag=FLAG  for the bare relay and for Routex alike, e.g. --node-flag=--max-semi-space-size=2`

const BUILT = join(import.meta.dirname, '../out/main/headless.js')
const README = join(import.meta.dirname, 'README.md')
/** However it hangs, it ends. */
const LAST_RESORT_MS = 9 * 60_000

function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`)
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
      'node-flag': { type: 'string', multiple: true, default: [] }
    }
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  if (!existsSync(BUILT)) {
    progress('out/main/headless.js is not there: run `npm run build` first')
    return 1
  }
  const nodeFlags = values['node-flag']
  if (values.profile !== undefined) return profile(values.profile, nodeFlags)
  return bench(values.quick ? QUICK : FULL, nodeFlags, values.write)
}

async function profile(what: string, nodeFlags: readonly string[]): Promise<number> {
  const exchange = { small: SMALL, stream: STREAM, large: LARGE }[what]
  if (exchange === undefined) {
    progress(USAGE)
    return 1
  }
  const upstream = await startUpstream()
  process.stdout.write(`${await profileRelays(upstream.port, nodeFlags, exchange)}\n`)
  await upstream.running?.stop()
  return 0
}

async function bench(effort: Effort, nodeFlags: readonly string[], write: boolean): Promise<number> {
  const startedAt = performance.now()
  const [loadAtStart = NaN] = loadavg()
  const { results, leftOut, failures } = await measure(effort, nodeFlags, progress)
  const circumstances = {
    command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
    date: new Date().toISOString().slice(0, 10),
    nodeFlags,
    nginx: nginxVersion(),
    tookSeconds: (performance.now() - startedAt) / 1000,
    loadAtStart,
    leftOut
  }
  const text = report(circumstances, results)
  process.stdout.write(`${text}\n`)
  if (write) await writeDown(text)
  for (const failure of failures) progress(`BROKEN: ${failure}`)
  return failures.length === 0 ? 0 : 1
}

async function writeDown(results: string): Promise<void> {
  const document = withResults(readFileSync(README, 'utf8'), results)
  writeFileSync(README, await format(document, { ...(await resolveConfig(README)), parser: 'markdown' }))
}

process.once('exit', killAll)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
setTimeout(() => {
  progress(`did not end within ${LAST_RESORT_MS / 60_000} minutes`)
  process.exit(1)
}, LAST_RESORT_MS).unref()

try {
  process.exit(await main())
} catch (error) {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exit(1)
}
