import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import envPaths from 'env-paths'
import { createApp, type App } from '../app'
import type { Stop } from '../../shared/ports'
import { openKeyFileSecretBox } from '../storage/secrets/key-file-secret-box'
import { createLogger, type ProgramLogger } from '../telemetry/logger'
import { systemClock } from '../telemetry/system-clock'
import { curlLine } from './curl-line'
import { EXIT, exitCodeOf, explainsItself } from './exit-code'
import type { ServeArguments } from './read-arguments'
import { startLine, startText, type Started } from './start-text'

/** Where the built program's own files are. */
export interface ProgramFiles {
  readonly uiRoot: string
  readonly workerUrl: URL
  readonly tokenWorkerUrl: URL
  readonly version: string
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
type Signal = (typeof SIGNALS)[number]

/** How long a program that failed may take to write what waits. */
const FAULT_GRACE_MS = 2000
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

interface Signals {
  /** Resolves at the first signal. A second one ends the process at once, as a shell expects it to end. */
  readonly first: Promise<Signal>
  /** What is still done before that end. Synchronous and short. */
  lastWords: () => void
  readonly stop: Stop
}

function listenToSignals(logger: ProgramLogger): Signals {
  const { promise, resolve: resolveFirst } = Promise.withResolvers<Signal>()
  let asked = false
  const heard = (signal: Signal): void => {
    if (!asked) {
      asked = true
      resolveFirst(signal)
      return
    }
    try {
      signals.lastWords()
    } catch (error) {
      logger.error('the requests in flight could not leave their rows', { error })
      logger.flush()
    }
    process.exit(128 + constants.signals[signal])
  }
  for (const signal of SIGNALS) process.on(signal, heard)
  const signals: Signals = {
    first: promise,
    lastWords: () => undefined,
    stop: () => {
      for (const signal of SIGNALS) process.off(signal, heard)
    }
  }
  return signals
}

/** A fault that nothing caught: what was logged is written, what waits is flushed as far as it goes, then it ends. */
function endOnFault(app: App, logger: ProgramLogger): Stop {
  const end = (error: unknown): void => {
    logger.error('a fault that nothing caught ends Routex', { error })
    // The faulty state may keep the stop from ending.
    setTimeout(() => {
      app.abandon()
      process.exit(EXIT.failed)
    }, FAULT_GRACE_MS)
    app
      .stop(0)
      .catch((failure: unknown) => logger.error('stopping failed', { error: failure }))
      .finally(() => {
        logger.flush()
        process.exit(EXIT.failed)
      })
  }
  process.once('uncaughtException', end)
  return () => process.off('uncaughtException', end)
}

function tell(app: App, started: Omit<Started, 'curl'>, json: boolean): void {
  // Whoever read the start line may close the pipe; that must not end the gateway.
  process.stdout.on('error', () => undefined)
  const curl = curlLine(started.gateway, started.clientKey, app.config.enabledChannels(), process.platform)
  process.stdout.write(json ? startLine(started) : startText({ ...started, curl }))
}

function openApp(
  args: ServeArguments,
  files: ProgramFiles,
  logger: ProgramLogger,
  managementToken: string
): Promise<App> {
  return createApp({
    kind: 'headless',
    dataDir: resolve(args.dataDir ?? envPaths('routex', { suffix: '' }).data),
    overrides: { ...(args.host !== null && { host: args.host }), ...(args.port !== null && { port: args.port }) },
    configPath: args.configPath === null ? null : resolve(args.configPath),
    env: process.env,
    uiRoot: servesUi(args, files) ? files.uiRoot : null,
    managementToken,
    openSecretBox: (folder) => openKeyFileSecretBox(folder, logger),
    workerUrl: files.workerUrl,
    tokenWorkerUrl: files.tokenWorkerUrl,
    version: files.version,
    clock: systemClock,
    logger
  })
}

const servesUi = (args: ServeArguments, files: ProgramFiles): boolean => args.ui && existsSync(files.uiRoot)

async function run(args: ServeArguments, files: ProgramFiles, logger: ProgramLogger, signals: Signals): Promise<void> {
  const managementToken = managementTokenFrom(process.env)
  const app = await openApp(args, files, logger, managementToken)
  signals.lastWords = () => app.abandon()
  const stopWatching = endOnFault(app, logger)
  try {
    const { gateway, clientKey } = await app.start()
    const ui = servesUi(args, files) ? `${gateway}/ui/` : null
    tell(app, { version: files.version, gateway, ui, managementToken, clientKey }, args.json)
    logger.info('stopping', { signal: await signals.first })
    await app.stop()
  } catch (error) {
    await app.stop(0)
    throw error
  } finally {
    stopWatching()
  }
}

/** `routex serve`: runs until a signal ends it. Resolves with the exit code; why it is not 0 stands on standard error. */
export async function serve(args: ServeArguments, files: ProgramFiles): Promise<number> {
  const logger = createLogger({ level: args.logLevel, json: args.json })
  const signals = listenToSignals(logger)
  try {
    await run(args, files, logger, signals)
    return EXIT.stopped
  } catch (error) {
    // What the user can mend is told in its own words; anything else with where it came from.
    if (!explainsItself(error)) logger.error('Routex ended', { error })
    process.stderr.write(`routex: ${error instanceof Error ? error.message : String(error)}\n`)
    return exitCodeOf(error)
  } finally {
    signals.stop()
    logger.flush()
  }
}
