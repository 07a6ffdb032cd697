import type { Quirks } from '../../shared/quirks'
import type { Conversation, Tool } from './canonical'
import type { Losses } from './losses'

/**
 * More tools than the model takes would have every turn of a session refused. The first stay, since assistants declare their own
 * before those of MCP servers; with them the one that must be called, those that were called before, and the vendor's own.
 * `most`: of the model, by its name; null where nothing is known of it. A channel's own (quirk `mostTools`) counts before it.
 */
export function fitTools(
  conversation: Conversation,
  most: number | null,
  { mostTools }: Quirks,
  losses: Losses
): Conversation {
  const tools = withoutTwins(conversation.tools, losses)
  const limit = mostTools ?? most
  if (limit === null || tools.length <= limit) return { ...conversation, tools }
  losses.add('tool', `${tools.length} → ${limit}`)
  const isNeeded = needed(conversation)
  const first = [...tools.filter(isNeeded), ...tools.filter((tool) => !isNeeded(tool))].slice(0, limit)
  const kept = new Set(first)
  return { ...conversation, tools: tools.filter((tool) => kept.has(tool)) }
}

/** Two functions of one name are refused ("Tool names must be unique."), and no call could tell which is meant: the first stays. */
function withoutTwins(tools: readonly Tool[], losses: Losses): readonly Tool[] {
  const names = new Set<string>()
  return tools.filter((tool) => {
    if (tool.kind === 'hosted') return true
    if (names.has(tool.name)) {
      losses.add('tool', tool.name)
      return false
    }
    names.add(tool.name)
    return true
  })
}

function needed({ toolChoice, turns }: Conversation): (tool: Tool) => boolean {
  const names = new Set(toolChoice?.kind === 'tool' ? [toolChoice.name] : [])
  for (const { parts } of turns) for (const part of parts) if (part.type === 'tool-call') names.add(part.name)
  return (tool) => tool.kind === 'hosted' || names.has(tool.name)
}
