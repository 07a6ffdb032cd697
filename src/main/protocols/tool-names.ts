import { hash } from 'node:crypto'
import type { Conversation, Part, Tool } from './canonical'
import type { Translator } from './translator'

/** From the names that go upstream back to the client's own. */
export type ClientNames = ReadonlyMap<string, string>

/** Eight characters of a hash keep two long names apart. */
const HASH_CHARACTERS = 8

/**
 * The conversation with tool names that the other side takes (OpenAI 64 characters, MCP tools have more), and the way back
 * for the answer. The same name becomes the same in every request, so that prompt caches hold.
 */
export function fitToolNames(
  conversation: Conversation,
  { pattern, longest }: Translator['toolNames']
): { readonly conversation: Conversation; readonly clientNames: ClientNames } {
  const clientNames = new Map<string, string>()
  const fit = (name: string): string => {
    if (name === '' || (name.length <= longest && pattern.test(name))) return name
    const fitting = fittedName(name, longest)
    clientNames.set(fitting, name)
    return fitting
  }
  const isFit = (tool: Tool): boolean => tool.kind === 'hosted' || fit(tool.name) === tool.name
  const used = conversation.turns.some(({ parts }) => parts.some((part) => nameOf(part) !== fit(nameOf(part))))
  if (conversation.tools.every(isFit) && !used) return { conversation, clientNames }
  return { conversation: renamed(conversation, fit), clientNames }
}

/** A name that all take, of at most so many characters; the same name always becomes the same. */
export function fittedName(name: string, longest: number): string {
  const plain = name.replaceAll(/[^\w-]/g, '_').slice(0, longest - HASH_CHARACTERS - 1)
  // A leading digit or hyphen is none that Gemini takes.
  const begun = /^[A-Za-z_]/.test(plain) ? plain : `_${plain.slice(1)}`
  return `${begun}_${hash('sha256', name, 'hex').slice(0, HASH_CHARACTERS)}`
}

const nameOf = (part: Part): string => (part.type === 'tool-call' || part.type === 'tool-result' ? part.name : '')

function renamed(conversation: Conversation, fit: (name: string) => string): Conversation {
  const { tools, toolChoice, turns } = conversation
  const renamePart = (part: Part): Part =>
    part.type === 'tool-call' || part.type === 'tool-result' ? { ...part, name: fit(part.name) } : part
  return {
    ...conversation,
    tools: tools.map((tool) => (tool.kind === 'hosted' ? tool : { ...tool, name: fit(tool.name) })),
    toolChoice: toolChoice?.kind === 'tool' ? { kind: 'tool', name: fit(toolChoice.name) } : toolChoice,
    turns: turns.map((turn) => ({ ...turn, parts: turn.parts.map(renamePart) }))
  }
}
