import { join } from 'node:path'
import type { Launch, Machine } from './client'
import { ClientError } from './client-error'
import { findProgram } from './find-program'
import { quoted, setVariable } from './shell-text'

export interface TerminalCommand extends Launch {
  readonly program: string
  /** Where it starts. */
  readonly folder: string
}

/** Starts a program that outlives the caller. Rejects when it can't be started. */
export type StartProgram = (
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> }
) => Promise<void>

export interface TerminalParts {
  readonly machine: Machine
  readonly start: StartProgram
  /** Puts down a script that only the user can read and run, and says where it is. */
  readonly placeScript: (text: string) => Promise<string>
}

/** What each takes before the command that is to run in it. Those that share one process would lose our environment. */
const LINUX_TERMINALS: readonly (readonly [string, readonly string[]])[] = [
  ['x-terminal-emulator', ['-e']],
  ['gnome-terminal', ['--']],
  ['kgx', ['--']],
  ['konsole', ['-e']],
  ['xfce4-terminal', ['--disable-server', '-x']],
  ['ghostty', ['-e']],
  ['kitty', []],
  ['alacritty', ['-e']],
  ['wezterm', ['start', '--always-new-process', '--']],
  ['foot', []],
  ['xterm', ['-e']]
]

/** The window stays open behind the client, with the same environment. */
const KEEP_OPEN = '"$0" "$@"; exec "${SHELL:-sh}"'

function environmentOf({ env }: Machine, { variables, unset }: Launch): Record<string, string | undefined> {
  const gone = new Set(unset)
  const kept = Object.entries(env).filter(([name]) => !gone.has(name))
  return { ...Object.fromEntries(kept), ...Object.fromEntries(variables.map(({ name, value }) => [name, value])) }
}

async function openOnLinux({ machine, start }: TerminalParts, command: TerminalCommand): Promise<string> {
  const own = machine.env['TERMINAL'] ?? ''
  const terminals = own === '' ? LINUX_TERMINALS : [[own, ['-e']] as const, ...LINUX_TERMINALS]
  for (const [name, before] of terminals) {
    const path = name.startsWith('/') ? name : await findProgram(machine, name)
    if (path === null) continue
    const args = [...before, 'sh', '-c', KEEP_OPEN, command.program, ...command.args]
    await start(path, args, { cwd: command.folder, env: environmentOf(machine, command) })
    return name
  }
  throw new ClientError('not_found', 'No terminal was found. Set TERMINAL to the one to use, or use "routex run"')
}

/** `open` hands no environment on, so it stands in a script that removes itself before anything else. */
async function openOnMac({ start, placeScript, machine }: TerminalParts, command: TerminalCommand): Promise<string> {
  const { program, args, folder, unset, variables } = command
  const lines = [
    '#!/bin/sh',
    'rm -f -- "$0"',
    `cd ${quoted('sh', folder)} || exit`,
    ...(unset.length === 0 ? [] : [`unset ${unset.join(' ')}`]),
    ...variables.map(({ name, value }) => setVariable('sh', name, value)),
    [program, ...args].map((word) => quoted('sh', word)).join(' '),
    'exec "${SHELL:-sh}"'
  ]
  const script = await placeScript(`${lines.join('\n')}\n`)
  await start('/usr/bin/open', ['-a', 'Terminal', script], { cwd: folder, env: machine.env })
  return 'Terminal'
}

async function openOnWindows({ machine, start }: TerminalParts, command: TerminalCommand): Promise<string> {
  const shell = machine.env['ComSpec'] ?? 'cmd.exe'
  const args = ['/d', '/c', 'start', '""', shell, '/k', command.program, ...command.args]
  await start(shell, args, { cwd: command.folder, env: environmentOf(machine, command) })
  return 'cmd'
}

/**
 * Opens a terminal in which a client runs with its environment; none of its files is touched. Resolves with the terminal's
 * name.
 *
 * @throws ClientError `not_found` when there is no terminal
 */
export function openTerminal(parts: TerminalParts, command: TerminalCommand): Promise<string> {
  switch (parts.machine.platform) {
    case 'darwin':
      return openOnMac(parts, command)
    case 'win32':
      return openOnWindows(parts, command)
    default:
      return openOnLinux(parts, command)
  }
}

/** Where scripts for a terminal are put down. */
export const scriptPath = (folder: string, random: string): string => join(folder, `launch-${random}.command`)
