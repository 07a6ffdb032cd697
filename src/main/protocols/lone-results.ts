import type { Conversation, Part, TextPart } from './canonical'
import type { Losses } from './losses'

const said = (text: string): TextPart => ({ type: 'text', text, cache: null, citations: [] })

/** All vendors refuse a result whose call is not there, or has one already: such a one is told in its place as what the user says. */
export function withoutLoneResults(conversation: Conversation, losses: Losses): Conversation {
  /** Calls that wait for a result, by id. */
  const open = new Map<string, number>()
  const inWords = (part: Part): readonly Part[] => {
    if (part.type === 'tool-call') open.set(part.id, (open.get(part.id) ?? 0) + 1)
    if (part.type !== 'tool-result') return [part]
    const waiting = open.get(part.callId) ?? 0
    if (waiting > 0) {
      open.set(part.callId, waiting - 1)
      return [part]
    }
    losses.add('history', 'a tool result without its call')
    const words = part.isError ? 'Result of a tool call that failed' : 'Result of a tool call'
    return part.content.length === 0 ? [said(`${words}: none`)] : [said(`${words}:`), ...part.content]
  }
  const turns = conversation.turns.map(({ role, parts }) => ({ role, parts: parts.flatMap(inWords) }))
  return { ...conversation, turns }
}
