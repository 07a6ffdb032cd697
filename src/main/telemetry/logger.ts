import { pino } from 'pino'
import { z } from 'zod'
import type { LogContext, Logger } from '../../shared/ports'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LoggerOptions {
  /** Least serious message that is written; `info` unless set. */
  readonly level: LogLevel
  /** true: one JSON object a line; false: lines for people. */
  readonly json: boolean
  /** Where lines go; standard error unless set. */
  readonly write?: (line: string) => void
}

/** A logger that can be emptied before the process ends. */
export interface ProgramLogger extends Logger {
  /** Writes what still waits, synchronously. */
  flush(): void
}

/** Names under which a secret would stand, were one ever logged by mistake. */
const SECRET_NAMES = ['apiKey', 'authorization', 'credential', 'key', 'secret', 'token', 'managementToken', 'clientKey']

const written = z.looseObject({ time: z.number(), level: z.string(), msg: z.string().default('') })

function readable(line: string): string {
  const { time, level, msg, ...context } = written.parse(JSON.parse(line))
  const details = Object.entries(context).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`
  )
  return `${[new Date(time).toISOString(), level.padEnd(5), msg, ...details].join(' ')}\n`
}

/**
 * The program's own log, to standard error, so that standard output stays for the start line. An `Error` under `error`
 * is written with its stack and cause; values under the names of secrets are blotted out.
 */
export function createLogger(options: LoggerOptions): ProgramLogger {
  const standardError = options.write ? undefined : pino.destination({ dest: 2, sync: false })
  const write = options.write ?? ((line: string) => void standardError?.write(line))
  const log = pino(
    {
      level: options.level,
      base: null,
      serializers: { error: pino.stdSerializers.errWithCause },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' }
    },
    { write: options.json ? write : (line) => write(readable(line)) }
  )
  return {
    debug: (message: string, context?: LogContext) => log.debug(context ?? {}, message),
    info: (message: string, context?: LogContext) => log.info(context ?? {}, message),
    warn: (message: string, context?: LogContext) => log.warn(context ?? {}, message),
    error: (message: string, context?: LogContext) => log.error(context ?? {}, message),
    flush: () => standardError?.flushSync()
  }
}
