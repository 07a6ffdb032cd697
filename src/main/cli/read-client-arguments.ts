import { parseArgs } from 'node:util'
import { CLIENT_IDS, SHELLS, type ClientId, type ClientOptions, type Shell } from '../../shared/clients'
import { PROTOCOLS, type ProtocolId } from '../../shared/protocol'
import { formatProblem } from '../../shared/validation'
import { nearMiss } from '../../shared/near-miss'
import type { Problem } from '../../shared/problem'

/** What every one of these commands takes. */
interface Common {
  /** null: the platform's usual places. */
  readonly dataDir: string | null
  readonly json: boolean
}

export type ClientCommand = Common &
  (
    | { readonly kind: 'list' }
    | {
        readonly kind: 'diff'
        readonly client: ClientId
        readonly restore: boolean
        readonly options: ClientOptions | null
      }
    | {
        readonly kind: 'apply'
        readonly client: ClientId
        readonly createFolders: boolean
        readonly overOther: boolean
        readonly options: ClientOptions | null
      }
    | { readonly kind: 'restore'; readonly client: ClientId; readonly overOther: boolean }
    | { readonly kind: 'test'; readonly client: ClientId; readonly model: string | null }
    | { readonly kind: 'env'; readonly client: ClientId; readonly shell: Shell }
    | { readonly kind: 'run'; readonly client: ClientId; readonly args: readonly string[] }
  )

export type ClientArguments =
  | { readonly kind: 'command'; readonly command: ClientCommand }
  | { readonly kind: 'help' }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

export const CLIENT_HELP = `Usage: routex clients list
       routex clients diff NAME [--restore]
       routex clients apply NAME [--create-folders] [--over-other]
       routex clients restore NAME [--over-other]
       routex clients test NAME
       routex env NAME [--shell SHELL]
       routex run NAME -- ARGUMENTS

Connects coding assistants to the Routex that runs, headless or as the desktop app.
NAME is one of ${CLIENT_IDS.join(', ')}.

  clients list     which are found here, which go through Routex, and what keeps them from it
  clients diff     what connecting one (or restoring it) would change in its files
  clients apply    connects it: writes its settings, with a client key of its own
  clients restore  brings its settings back as they were
  clients test     sends one small request with what its settings say
  env              prints what a shell needs, so that NAME goes through Routex there: eval "$(routex env NAME)"
  run              starts it with that environment, without touching its files

Options
  --model NAME, --model SLOT=NAME  the model that it asks for (diff, apply, test)
  --protocol NAME                  ${PROTOCOLS.join(', ')} (diff, apply; for one that speaks several)
  --create-folders                 makes its folder when it was never started here (apply)
  --over-other                     goes on though it goes through another Routex (apply, restore)
  --restore                        shows the way back (diff)
  --shell SHELL                    ${SHELLS.join(', ')} (env; default sh)
  --data-dir FOLDER                of the Routex to ask, where several run
  --json                           the answer of the management API as JSON
  --help                           this text

Ends with 0 when it was done, 1 when it could not be (nothing runs, a file can't be changed, the request failed), 2 on bad
arguments; run ends with the assistant's own exit code.
`

const FLAGS = {
  model: { type: 'string', multiple: true },
  protocol: { type: 'string' },
  'create-folders': { type: 'boolean' },
  'over-other': { type: 'boolean' },
  restore: { type: 'boolean' },
  shell: { type: 'string' },
  'data-dir': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' }
} as const
type Flag = keyof typeof FLAGS

const OF_ALL: readonly Flag[] = ['data-dir', 'json', 'help']
const TAKES: Readonly<Record<ClientCommand['kind'], readonly Flag[]>> = {
  list: OF_ALL,
  diff: [...OF_ALL, 'model', 'protocol', 'restore'],
  apply: [...OF_ALL, 'model', 'protocol', 'create-folders', 'over-other'],
  restore: [...OF_ALL, 'over-other'],
  test: [...OF_ALL, 'model'],
  env: [...OF_ALL, 'shell'],
  run: OF_ALL
}

const isOneOf = <T extends string>(known: readonly T[], text: string | undefined): text is T =>
  known.some((one) => one === text)

const notKnown = (path: string, name: string, known: readonly string[], prefix = ''): Problem => {
  const meant = nearMiss(name, known)
  const all = known.map((one) => prefix + one).join(', ')
  const hint = meant === undefined ? `: there are ${all}` : `; did you mean ${prefix}${meant}?`
  return { path, message: `is not known${hint}` }
}

const isFlag = (name: string): name is Flag => Object.hasOwn(FLAGS, name)

interface Words {
  readonly kind: ClientCommand['kind'] | undefined
  readonly name: string | undefined
  readonly rest: readonly string[]
  readonly problems: readonly Problem[]
}

const SUBCOMMANDS = ['list', 'diff', 'apply', 'restore', 'test'] as const

/** `clients apply codex` → apply, codex. */
function readWords([command, ...words]: readonly string[]): Words {
  if (command === 'env' || command === 'run') {
    const [name, ...rest] = words
    return { kind: command, name, rest, problems: [] }
  }
  const [subcommand, name, ...rest] = words
  if (isOneOf(SUBCOMMANDS, subcommand)) return { kind: subcommand, name, rest, problems: [] }
  const problem =
    subcommand === undefined
      ? { path: 'clients', message: `needs a word: ${SUBCOMMANDS.join(', ')}` }
      : notKnown(subcommand, subcommand, SUBCOMMANDS)
  return { kind: undefined, name, rest: [], problems: [problem] }
}

/** What follows an unknown option may be its value. */
function checkName({ kind, name, rest }: Words, knowsAll: boolean): readonly Problem[] {
  if (kind === undefined || !knowsAll) return []
  const extra = (kind === 'list' ? [...(name === undefined ? [] : [name]), ...rest] : rest).map((path) => ({
    path,
    message: 'is one word too many'
  }))
  if (kind === 'list' || isOneOf(CLIENT_IDS, name)) return extra
  return [
    name === undefined
      ? { path: kind, message: `needs a name: ${CLIENT_IDS.join(', ')}` }
      : notKnown(name, name, CLIENT_IDS)
  ]
}

/** `--model x` is the first slot's; `--model opus=x` names it. */
function readModels(given: readonly string[], slots: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=')
      return at < 0 ? [slots[0] ?? 'model', text] : [text.slice(0, at), text.slice(at + 1)]
    })
  )
}

/** The slot that a bare `--model` fills. */
const FIRST_SLOT: Readonly<Record<ClientId, string>> = {
  'claude-code': 'sonnet',
  codex: 'model',
  'gemini-cli': 'model',
  opencode: 'model'
}

interface Given {
  readonly models: readonly string[]
  readonly protocol: string | undefined
  readonly shell: string
  readonly has: (flag: Flag) => boolean
}

function optionsOf(client: ClientId, { models, protocol }: Given): ClientOptions | null {
  if (models.length === 0 && protocol === undefined) return null
  return {
    ...(models.length > 0 && { models: readModels(models, [FIRST_SLOT[client]]) }),
    ...(isOneOf<ProtocolId>(PROTOCOLS, protocol) && { protocol })
  }
}

function commandOf(
  kind: ClientCommand['kind'],
  client: ClientId,
  given: Given,
  common: Common,
  args: readonly string[]
): ClientCommand {
  switch (kind) {
    case 'list':
      return { ...common, kind }
    case 'restore':
      return { ...common, kind, client, overOther: given.has('over-other') }
    case 'diff':
      return { ...common, kind, client, restore: given.has('restore'), options: optionsOf(client, given) }
    case 'apply':
      return {
        ...common,
        kind,
        client,
        createFolders: given.has('create-folders'),
        overOther: given.has('over-other'),
        options: optionsOf(client, given)
      }
    case 'test':
      return { ...common, kind, client, model: given.models[0] ?? null }
    case 'env':
      return { ...common, kind, client, shell: isOneOf(SHELLS, given.shell) ? given.shell : 'sh' }
    case 'run':
      return { ...common, kind, client, args }
  }
}

function checkFlags(
  tokens: readonly { readonly name: string; readonly rawName: string; readonly value?: string | undefined }[],
  kind: ClientCommand['kind'] | undefined
): readonly Problem[] {
  return tokens.flatMap(({ name, rawName, value }) => {
    if (!isFlag(name)) return [notKnown(rawName, name, Object.keys(FLAGS), '--')]
    if (kind !== undefined && !isOneOf<string>(TAKES[kind], name))
      return [{ path: rawName, message: `is none of ${kind}'s options` }]
    const wantsValue = Object.entries(FLAGS).some(([flag, { type }]) => flag === name && type === 'string')
    if (wantsValue) return value === undefined || value === '' ? [{ path: rawName, message: 'needs a value' }] : []
    return value === undefined ? [] : [{ path: rawName, message: 'takes no value' }]
  })
}

const checkChoices = ({ protocol, shell }: Given): readonly Problem[] => [
  ...(protocol === undefined || isOneOf<string>(PROTOCOLS, protocol)
    ? []
    : [{ path: '--protocol', message: `must be one of ${PROTOCOLS.join(', ')}` }]),
  ...(isOneOf<string>(SHELLS, shell) ? [] : [{ path: '--shell', message: `must be one of ${SHELLS.join(', ')}` }])
]

/** Reads the command line, without the program's own name. What follows `--` is the assistant's. */
export function readClientArguments(args: readonly string[]): ClientArguments {
  const end = args.indexOf('--')
  const own = end < 0 ? args : args.slice(0, end)
  const { tokens } = parseArgs({ args: [...own], options: FLAGS, strict: false, allowPositionals: true, tokens: true })
  const flags = tokens.filter((token) => token.kind === 'option')
  const has = (flag: Flag): boolean => flags.some(({ name }) => name === flag)
  if (has('help')) return { kind: 'help' }
  const valuesOf = (flag: Flag): readonly string[] =>
    flags.flatMap(({ name, value }) => (name === flag && value !== undefined ? [value] : []))
  const words = readWords(tokens.filter((token) => token.kind === 'positional').map(({ value }) => value))
  const given: Given = {
    models: valuesOf('model'),
    protocol: valuesOf('protocol').at(-1),
    shell: valuesOf('shell').at(-1) ?? 'sh',
    has
  }
  const problems = [
    ...words.problems,
    ...checkName(
      words,
      flags.every((flag) => isFlag(flag.name))
    ),
    ...checkFlags(flags, words.kind),
    ...checkChoices(given)
  ]
  const { kind, name } = words
  if (problems.length > 0 || kind === undefined) return { kind: 'bad', problems: problems.map(formatProblem) }
  const client = isOneOf(CLIENT_IDS, name) ? name : CLIENT_IDS[0]
  const common = { dataDir: valuesOf('data-dir').at(-1) ?? null, json: has('json') }
  return { kind: 'command', command: commandOf(kind, client, given, common, end < 0 ? [] : args.slice(end + 1)) }
}
