import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import envPaths from 'env-paths'
import { createApp, type App } from '../app'
import { openKeyFileSecretBox } from '../storage/secrets/key-file-secret-box'
import { createLogger, type ProgramLogger } from '../telemetry/logger'
import { systemClock } from '../telemetry/system-clock'
import { curlLine } from './curl-line'
import { EXIT, exitCodeOf } from './exit-code'
import type { ServeArguments } from './read-arguments'
import { startLine, startText, type Started } from './start-text'

/** Where the built program's own files are. */
export interface ProgramFiles {
  readonly uiRoot: string
  readonly workerUrl: URL
  readonly version: string
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
type Signal = (typeof SIGNALS)[number]

/** A token that the operator set stays the same over restarts. */
const LEAST_TOKEN = 16

class BadEnvironment extends Error {
  override readonly name = 'BadEnvironment'
  readonly code = 'bad_config_file'
}

function managementTokenFrom(environment: NodeJS.ProcessEnv): string {
  const given = environment['ROUTEX_MANAGEMENT_TOKEN'] ?? ''
  if (given === '') return randomBytes(32).toString('base64url')
  if (/^[\x21-\x7e]+$/.test(given) && given.length >= LEAST_TOKEN) return given
  throw new BadEnvironment(`ROUTEX_MANAGEMENT_TOKEN: must be at least ${LEAST_TOKEN} printable ASCII characters`)
}

/** Resolves at the first signal; a second one ends the process at once, as a shell expects it to end. */
function firstSignal(): Promise<Signal> {
  return new Promise((resolveFirst) => {
    let asked = false
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (asked) process.exit(128 + constants.signals[signal])
        asked = true
        resolveFirst(signal)
      })
    }
  })
}

/** A fault that nothing caught: what was logged is written, what waits is flushed as far as it goes, then it ends. */
function endOnFault(app: App, logger: ProgramLogger): void {
  process.once('uncaughtException', (error) => {
    logger.error('a fault that nothing caught ends Routex', { error })
    // The faulty state may keep the stop from ending.
    setTimeout(() => process.exit(EXIT.failed), 2000)
    app
      .stop(0)
      .catch((failure: unknown) => logger.error('stopping failed', { error: failure }))
      .finally(() => {
        logger.flush()
        process.exit(EXIT.failed)
      })
  })
}

function tell(app: App, started: Omit<Started, 'curl'>, json: boolean): void {
  // Whoever read the start line may close the pipe; that must not end the gateway.
  process.stdout.on('error', () => undefined)
  const curl = curlLine(started.gateway, started.clientKey, app.config.enabledChannels(), process.platform)
  process.stdout.write(json ? startLine(started) : startText({ ...started, curl }))
}

async function run(args: ServeArguments, files: ProgramFiles, logger: ProgramLogger): Promise<number> {
  const signalled = firstSignal()
  const managementToken = managementTokenFrom(process.env)
  const uiRoot = args.ui && existsSync(files.uiRoot) ? files.uiRoot : null
  const app = await createApp({
    kind: 'headless',
    dataDir: resolve(args.dataDir ?? envPaths('routex', { suffix: '' }).data),
    overrides: { ...(args.host !== null && { host: args.host }), ...(args.port !== null && { port: args.port }) },
    configPath: args.configPath === null ? null : resolve(args.configPath),
    env: process.env,
    uiRoot,
    managementToken,
    openSecretBox: openKeyFileSecretBox,
    workerUrl: files.workerUrl,
    version: files.version,
    clock: systemClock,
    logger
  })
  endOnFault(app, logger)
  try {
    const { gateway, clientKey } = await app.start()
    const ui = uiRoot === null ? null : `${gateway}/ui/`
    tell(app, { version: files.version, gateway, ui, managementToken, clientKey }, args.json)
  } catch (error) {
    await app.stop(0)
    throw error
  }
  logger.info('stopping', { signal: await signalled })
  await app.stop()
  return EXIT.stopped
}

/** `routex serve`: runs until a signal ends it. Resolves with the exit code; why it is not 0 stands on standard error. */
export async function serve(args: ServeArguments, files: ProgramFiles): Promise<number> {
  const logger = createLogger({ level: args.logLevel, json: args.json })
  try {
    return await run(args, files, logger)
  } catch (error) {
    const code = exitCodeOf(error)
    // What the user can mend is told in its own words; anything else with where it came from.
    if (code === EXIT.failed) logger.error('Routex ended', { error })
    process.stderr.write(`routex: ${error instanceof Error ? error.message : String(error)}\n`)
    return code
  } finally {
    logger.flush()
  }
}
