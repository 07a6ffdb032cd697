import type { Shell } from '../../shared/clients'
import type { Launch } from './client'

interface ShellWords {
  quote(text: string): string
  set(name: string, quoted: string): string
  unset(name: string): string
  /** From then on the program's name means the program with these words before those that follow it. */
  wrap(program: string, words: readonly string[]): string
}

/** How each shell writes it. A text may hold anything but line breaks. */
const SHELL_WORDS: Readonly<Record<Shell, ShellWords>> = {
  sh: {
    quote: (text) => `'${text.replaceAll("'", `'\\''`)}'`,
    set: (name, quoted) => `export ${name}=${quoted}`,
    unset: (name) => `unset ${name}`,
    // An alias of that name would be put in its place before the function is read.
    wrap: (program, words) =>
      `unalias ${program} 2>/dev/null || true\n${program}() { command ${[program, ...words].join(' ')} "$@"; }`
  },
  fish: {
    quote: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    set: (name, quoted) => `set -gx ${name} ${quoted}`,
    unset: (name) => `set -e ${name}`,
    wrap: (program, words) => `function ${program}; command ${[program, ...words].join(' ')} $argv; end`
  },
  powershell: {
    quote: (text) => `'${text.replaceAll("'", "''")}'`,
    set: (name, quoted) => `$env:${name} = ${quoted}`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
    wrap: (program, words) =>
      `function global:${program} { & (Get-Command ${program} -CommandType Application, ExternalScript | Select-Object -First 1) ${words.join(' ')} @args }`
  },
  cmd: {
    quote: (text) => `"${text.replaceAll('"', '\\"')}"`,
    // Its quotes stand around the whole, and what is in them is taken as it is.
    set: (name, quoted) => `set "${name}=${quoted.slice(1, -1).replaceAll('\\"', '"')}"`,
    unset: (name) => `set "${name}="`,
    wrap: (program, words) => `doskey ${program}=${[program, ...words].join(' ').replaceAll('$', '$$$$')} $*`
  }
}

/** What needs no quotes. PowerShell makes a list of a comma, parts a word that begins with a dash at its dot, and more. */
const PLAIN: Readonly<Record<Shell, RegExp>> = {
  sh: /^[\w@%+=:,./-]+$/,
  fish: /^[\w@%+=:,./-]+$/,
  powershell: /^\w[\w=:./-]*$/,
  cmd: /^[\w@+=:,./-]+$/
}

/** A text as one word, where it needs to be quoted for that. */
export const quoted = (shell: Shell, text: string): string =>
  PLAIN[shell].test(text) ? text : SHELL_WORDS[shell].quote(text)

export const setVariable = (shell: Shell, name: string, value: string): string =>
  SHELL_WORDS[shell].set(name, SHELL_WORDS[shell].quote(value))

/** What a shell runs, so that the client that it starts goes through Routex. Arguments go into a function of the program's name. */
export function environmentText(shell: Shell, program: string, { variables, unset, args }: Launch): string {
  const words = SHELL_WORDS[shell]
  const lines = [
    ...unset.map((name) => words.unset(name)),
    ...variables.map(({ name, value }) => setVariable(shell, name, value)),
    ...(args.length === 0
      ? []
      : [
          words.wrap(
            program,
            args.map((word) => quoted(shell, word))
          )
        ])
  ]
  return `${lines.join('\n')}\n`
}
