import type { Part, TextPart, Turn } from './canonical'
import type { Losses } from './losses'

const TOLD: TextPart = { type: 'text', text: 'Result of a tool call:', cache: null, citations: [] }

/** For vendors that refuse a result whose call is not there: such a one is told in its place as what the user says. */
export function withoutLoneResults(turns: readonly Turn[], losses: Losses): readonly Turn[] {
  const calls = new Set<string>()
  const inWords = (part: Part): readonly Part[] => {
    if (part.type === 'tool-call') calls.add(part.id)
    if (part.type !== 'tool-result' || calls.has(part.callId)) return [part]
    losses.add('history', 'a tool result without its call')
    return [TOLD, ...part.content]
  }
  return turns.map(({ role, parts }) => ({ role, parts: parts.flatMap(inWords) }))
}
