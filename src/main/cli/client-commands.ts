import type { ClientId } from '../../shared/clients'
import { changesText, listText, previewText, verificationText, warningsText } from './client-texts'
import { EXIT } from './exit-code'
import { CLIENT_HELP, readClientArguments, type ClientCommand } from './read-client-arguments'
import { runProgram } from './run-program'
import { CommandFailed, RunningRoutex } from './running-routex'

/** Variables that the assistants read; only their names are told. */
const READ_BY_CLIENTS = /^(?:ANTHROPIC|CLAUDE|OPENAI|CODEX|GEMINI|GOOGLE|OPENCODE)_|^XDG_CONFIG_HOME$/

function surroundings(): { readonly folder: string; readonly variables: string[] } {
  const variables = Object.entries(process.env)
    .filter(([name, value]) => READ_BY_CLIENTS.test(name) && value !== '')
    .map(([name]) => name)
  return { folder: process.cwd(), variables }
}

const print = (text: string): void => void process.stdout.write(text)
const warn = (text: string): void => void process.stderr.write(text)

/** As JSON where that was asked for, else in words. */
function answer(json: boolean, result: unknown, text: () => string): void {
  print(json ? `${JSON.stringify(result, null, 2)}\n` : text())
}

type Of<K extends ClientCommand['kind']> = Extract<ClientCommand, { readonly kind: K }>

async function list(routex: RunningRoutex, { json }: Of<'list'>): Promise<number> {
  const result = await routex.call('clients.list', surroundings())
  answer(json, result, () => listText(result.clients, result.afterCrash))
  return EXIT.stopped
}

async function diff(routex: RunningRoutex, { client, json, options, restore }: Of<'diff'>): Promise<number> {
  const result = await routex.call('clients.preview', {
    client,
    action: restore ? 'restore' : 'apply',
    ...(options !== null && { options }),
    ...surroundings()
  })
  if (!json) warn(warningsText(result.problems, result.conflicts))
  answer(json, result, () => (result.problems.length > 0 ? '' : previewText(result)))
  return result.problems.length > 0 ? EXIT.failed : EXIT.stopped
}

async function apply(routex: RunningRoutex, command: Of<'apply'>): Promise<number> {
  const { client, createFolders, overOther, json, options } = command
  const { variables } = surroundings()
  const result = await routex.call('clients.apply', {
    client,
    createFolders,
    overOther,
    variables,
    ...(options !== null && { options })
  })
  const { clients } = await routex.call('clients.list', surroundings())
  const conflicts = clients.find(({ id }) => id === client)?.conflicts ?? []
  if (!json) warn(warningsText([], conflicts))
  answer(json, result, () => changesText(result.client.name, 'connected', result.changes, []))
  return EXIT.stopped
}

async function restore(routex: RunningRoutex, { client, overOther, json }: Of<'restore'>): Promise<number> {
  const result = await routex.call('clients.restore', { client, overOther })
  answer(json, result, () => changesText(result.client.name, 'restored', result.changes, result.left))
  return EXIT.stopped
}

async function test(routex: RunningRoutex, { client, json, model }: Of<'test'>): Promise<number> {
  const result = await routex.call('clients.verify', { client, ...surroundings(), ...(model !== null && { model }) })
  answer(json, result, () => verificationText(result))
  return result.ok ? EXIT.stopped : EXIT.failed
}

async function env(routex: RunningRoutex, { client, json, shell }: Of<'env'>): Promise<number> {
  const result = await routex.call('clients.env', { client, shell, ...surroundings() })
  if (!json) warn(warningsText([], result.conflicts))
  answer(json, result, () => result.text)
  return EXIT.stopped
}

async function run(routex: RunningRoutex, client: ClientId, args: readonly string[]): Promise<number> {
  const result = await routex.call('clients.env', { client, ...surroundings() })
  warn(warningsText([], result.conflicts))
  const kept = Object.entries(process.env).filter(([name]) => !result.unset.includes(name))
  const own = result.variables.map(({ name, value }) => [name, value] as const)
  return runProgram(result.program, [...result.args, ...args], Object.fromEntries([...kept, ...own]))
}

async function carryOut(command: ClientCommand): Promise<number> {
  const routex = RunningRoutex.find(command.dataDir)
  switch (command.kind) {
    case 'list':
      return list(routex, command)
    case 'diff':
      return diff(routex, command)
    case 'apply':
      return apply(routex, command)
    case 'restore':
      return restore(routex, command)
    case 'test':
      return test(routex, command)
    case 'env':
      return env(routex, command)
    case 'run':
      return run(routex, command.client, command.args)
  }
}

/** `routex clients …`, `routex env` and `routex run`. Resolves with the exit code. */
export async function clientCommands(args: readonly string[]): Promise<number> {
  const read = readClientArguments(args)
  if (read.kind === 'help') {
    print(CLIENT_HELP)
    return EXIT.stopped
  }
  if (read.kind === 'bad') {
    warn(`${read.problems.map((problem) => `routex: ${problem}`).join('\n')}\nSee routex clients --help.\n`)
    return EXIT.badInput
  }
  try {
    return await carryOut(read.command)
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    warn(`routex: ${error.message}\n`)
    return error.exitCode
  }
}
