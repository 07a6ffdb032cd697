import type { Shell } from '../../shared/clients'
import type { Launch } from './client'

interface ShellWords {
  quote(text: string): string
  set(name: string, quoted: string): string
  unset(name: string): string
  comment(text: string): string
}

/** How each shell writes it. A text may hold anything but line breaks. */
const SHELL_WORDS: Readonly<Record<Shell, ShellWords>> = {
  sh: {
    quote: (text) => `'${text.replaceAll("'", `'\\''`)}'`,
    set: (name, quoted) => `export ${name}=${quoted}`,
    unset: (name) => `unset ${name}`,
    comment: (text) => `# ${text}`
  },
  fish: {
    quote: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    set: (name, quoted) => `set -gx ${name} ${quoted}`,
    unset: (name) => `set -e ${name}`,
    comment: (text) => `# ${text}`
  },
  powershell: {
    quote: (text) => `'${text.replaceAll("'", "''")}'`,
    set: (name, quoted) => `$env:${name} = ${quoted}`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
    comment: (text) => `# ${text}`
  },
  cmd: {
    quote: (text) => `"${text.replaceAll('"', '\\"')}"`,
    // Its quotes stand around the whole, and what is in them is taken as it is.
    set: (name, quoted) => `set "${name}=${quoted.slice(1, -1).replaceAll('\\"', '"')}"`,
    unset: (name) => `set "${name}="`,
    comment: (text) => `rem ${text}`
  }
}

/** A text as one word, where it needs to be quoted for that. */
export const quoted = (shell: Shell, text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : SHELL_WORDS[shell].quote(text)

export const setVariable = (shell: Shell, name: string, value: string): string =>
  SHELL_WORDS[shell].set(name, SHELL_WORDS[shell].quote(value))

/** What a shell runs to start a client with. What must stand behind the program's name is a comment. */
export function environmentText(shell: Shell, program: string, { variables, unset, args }: Launch): string {
  const words = SHELL_WORDS[shell]
  const lines = [
    ...unset.map((name) => words.unset(name)),
    ...variables.map(({ name, value }) => setVariable(shell, name, value)),
    ...(args.length === 0
      ? []
      : [words.comment(`then: ${[program, ...args].map((word) => quoted(shell, word)).join(' ')}`)])
  ]
  return `${lines.join('\n')}\n`
}
