import { parseArgs } from 'node:util'
import { nearMiss } from '../../shared/near-miss'
import { formatProblem, type Problem } from '../../shared/validation'
import { LOG_LEVELS, type LogLevel } from '../telemetry/logger'

export interface ServeArguments {
  readonly host: string | null
  readonly port: number | null
  /** null: the platform's usual place. */
  readonly dataDir: string | null
  readonly configPath: string | null
  readonly ui: boolean
  readonly logLevel: LogLevel
  readonly json: boolean
}

export type Command =
  | { readonly kind: 'serve'; readonly options: ServeArguments }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** Each problem on a line, ready to be printed. */
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

export const HELP = `Usage: routex serve [options]

Runs the gateway without a window. The other commands connect coding assistants to the Routex that runs:
clients, env and run; see routex clients --help.

Options
  --host ADDRESS     address to listen on (default 127.0.0.1; with another one a client key is required)
  --port NUMBER      port to listen on (default 8080; 0 picks a free one)
  --data-dir FOLDER  where configuration, credentials and the request log are kept
  --config FILE      configuration as JSON with comments; changes to it are applied while running
  --no-ui            don't serve the page under /ui
  --log-level LEVEL  ${LOG_LEVELS.join(', ')} (default info); the log goes to standard error
  --json             the first line on standard output, and the log, as JSON
  --help             this text
  --version          the version

Ends with 0 after a graceful stop (SIGTERM, SIGINT), 1 after a failure, 2 on bad arguments or a bad config file,
3 when the port is taken or another Routex owns the data folder.
`

const FLAGS = {
  host: { type: 'string' },
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  config: { type: 'string' },
  'no-ui': { type: 'boolean' },
  'log-level': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' }
} as const

const isLogLevel = (text: string): text is LogLevel => LOG_LEVELS.some((level) => level === text)

type Tokens = NonNullable<ReturnType<typeof parseTokens>>
const parseTokens = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: FLAGS, strict: false, allowPositionals: true, tokens: true }).tokens

const isFlag = (name: string): name is keyof typeof FLAGS => Object.hasOwn(FLAGS, name)

function checkOption(token: Extract<Tokens[number], { kind: 'option' }>): Problem[] {
  const { name, rawName, value } = token
  if (!isFlag(name)) {
    const meant = nearMiss(name, Object.keys(FLAGS))
    return [
      {
        path: rawName,
        message: `is not known${meant === undefined ? '; see routex --help' : `; did you mean --${meant}?`}`
      }
    ]
  }
  if (FLAGS[name].type === 'boolean') return value === undefined ? [] : [{ path: rawName, message: 'takes no value' }]
  return value === undefined || value === '' ? [{ path: rawName, message: 'needs a value' }] : []
}

function checkCommand([command, ...rest]: readonly string[], knowsAll: boolean): Problem[] {
  if (command === undefined) return [{ path: '', message: 'a command is missing: routex serve' }]
  if (command !== 'serve')
    return [{ path: command, message: 'is not known: the commands are serve, clients, env and run' }]
  // What follows an unknown option may be its value.
  return knowsAll ? rest.map((word) => ({ path: word, message: 'is one word too many' })) : []
}

function readPort(text: string | undefined): number | null | Problem {
  if (text === undefined) return null
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  return port <= 65_535 ? port : { path: '--port', message: 'must be a whole number from 0 to 65535' }
}

const isProblem = (value: number | Problem | null): value is Problem => typeof value === 'object' && value !== null

/** Reads the command line, without the program's own name. Of an option that is given twice the last one counts. */
export function readArguments(args: readonly string[]): Command {
  const tokens = parseTokens(args)
  const options = tokens.filter((token) => token.kind === 'option')
  const has = (name: keyof typeof FLAGS): boolean => options.some((token) => token.name === name)
  if (has('help')) return { kind: 'help' }
  if (has('version')) return { kind: 'version' }

  const words = tokens.filter((token) => token.kind === 'positional').map(({ value }) => value)
  const valueOf = (name: keyof typeof FLAGS): string | undefined =>
    options.findLast((token) => token.name === name)?.value
  const port = readPort(valueOf('port'))
  const logLevel = valueOf('log-level') ?? 'info'
  const problems = [
    ...checkCommand(
      words,
      options.every(({ name }) => isFlag(name))
    ),
    ...options.flatMap(checkOption),
    ...(isProblem(port) ? [port] : []),
    ...(isLogLevel(logLevel) ? [] : [{ path: '--log-level', message: `must be one of ${LOG_LEVELS.join(', ')}` }])
  ]
  if (problems.length > 0 || isProblem(port) || !isLogLevel(logLevel)) {
    return { kind: 'bad', problems: problems.map(formatProblem) }
  }
  return {
    kind: 'serve',
    options: {
      host: valueOf('host') ?? null,
      port,
      dataDir: valueOf('data-dir') ?? null,
      configPath: valueOf('config') ?? null,
      ui: !has('no-ui'),
      logLevel,
      json: has('json')
    }
  }
}
