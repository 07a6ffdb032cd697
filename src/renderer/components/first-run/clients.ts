import type { ProtocolId } from '../../../shared/protocol'

/** Programs that can be pointed at Routex, in the order of their tabs. Names as their makers write them. */
export const CLIENTS = [
  { id: 'claude-code', name: 'Claude Code', protocols: ['anthropic'] },
  { id: 'codex', name: 'Codex', protocols: ['openai-responses'] },
  { id: 'gemini-cli', name: 'Gemini CLI', protocols: ['gemini'] },
  { id: 'opencode', name: 'OpenCode', protocols: ['openai-chat', 'anthropic', 'openai-responses', 'gemini'] },
  { id: 'curl', name: 'curl', protocols: ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] },
  { id: 'python', name: 'Python', protocols: ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] },
  { id: 'typescript', name: 'TypeScript', protocols: ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] }
] as const satisfies readonly {
  readonly id: string
  readonly name: string
  readonly protocols: readonly ProtocolId[]
}[]

export type ClientId = (typeof CLIENTS)[number]['id']

/** Protocols that a client can speak, the usual one first. */
export const protocolsOf = (client: ClientId): readonly ProtocolId[] =>
  CLIENTS.find(({ id }) => id === client)?.protocols ?? []

export type Shell = 'bash' | 'powershell'

/** What a snippet is filled with. */
export interface SnippetValues {
  /** The gateway's address, without a path. */
  readonly endpoint: string
  /** The text of a client key. */
  readonly key: string
  readonly protocol: ProtocolId
  /** A name that the channel takes. */
  readonly model: string
  /** The channel takes the client's own model names; false: only `model` is sure to be known. */
  readonly takesAnyModel: boolean
  readonly shell: Shell
}

/** Where a snippet belongs: into a file, into a shell, or into a program of the user's. */
type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'shell' }
  | { readonly kind: 'install' }
  | { readonly kind: 'program' }

export interface Snippet {
  readonly target: Target
  readonly text: string
  /** In the place of the one before it, not beside it. */
  readonly alternative?: true
}

/** The path of a file in the user's home folder. */
export const homePath = (shell: Shell, path: string): string =>
  shell === 'bash' ? `~/${path}` : `%USERPROFILE%\\${path.replaceAll('/', '\\')}`

/** A text as one argument of a shell, whatever is in it. */
export const quoted = (shell: Shell, text: string): string =>
  shell === 'bash' ? `'${text.replaceAll("'", `'\\''`)}'` : `'${text.replaceAll("'", "''")}'`

/** Sets a variable for what is started from this shell. */
export const setVariable = (shell: Shell, name: string, value: string): string =>
  shell === 'bash' ? `export ${name}=${quoted(shell, value)}` : `$env:${name} = ${quoted(shell, value)}`

export const json = (value: unknown): string => JSON.stringify(value, null, 2)
