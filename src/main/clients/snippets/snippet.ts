import type { Shell, SnippetPart } from '../../../shared/clients'
import type { ProtocolId } from '../../../shared/protocol'

/** What a snippet is filled with. */
export interface SnippetValues {
  /** The gateway's address, without a path. */
  readonly url: string
  /** The text of a client key. */
  readonly key: string
  readonly protocol: ProtocolId
  /** A name that a channel takes. */
  readonly model: string
  readonly shell: Shell
}

/** A program whose settings Routex does not change. */
export interface Snippet {
  readonly id: string
  /** As its makers write it. */
  readonly name: string
  /** The usual one first. */
  readonly protocols: readonly ProtocolId[]
  readonly parts: (values: SnippetValues) => readonly SnippetPart[]
}

const part = (target: SnippetPart['target'], lines: string | readonly string[]): SnippetPart => ({
  target,
  text: typeof lines === 'string' ? lines : lines.join('\n'),
  alternative: false
})

/** The file's path as the user's shell writes it. */
export const file = ({ shell }: SnippetValues, path: string, lines: string | readonly string[]): SnippetPart => {
  const isWindows = shell === 'powershell' || shell === 'cmd'
  return part({ kind: 'file', path: isWindows ? `%USERPROFILE%\\${path.replaceAll('/', '\\')}` : `~/${path}` }, lines)
}
export const inShell = (lines: string | readonly string[]): SnippetPart => part({ kind: 'shell' }, lines)
export const install = (line: string): SnippetPart => part({ kind: 'install' }, line)
export const program = (text: string): SnippetPart => part({ kind: 'program' }, text)
/** Fields of a settings page. */
export const form = (fields: Readonly<Record<string, string>>): SnippetPart =>
  part(
    { kind: 'form' },
    Object.entries(fields).map(([label, value]) => `${label}: ${value}`)
  )

export const jsonText = (value: unknown): string => JSON.stringify(value, null, 2)
