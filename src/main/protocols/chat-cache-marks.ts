import { markPrompt, type Markable } from './cache-marks'
import type { Conversation } from './canonical'

/** A message of Chat. */
interface Message {
  readonly role: string
  readonly content?: string | readonly Markable[] | null
}

/**
 * Models that cache nothing but what is marked, or at a better price, in whosever channel that takes marks; others cache by
 * themselves. https://openrouter.ai/docs/features/prompt-caching, https://www.alibabacloud.com/help/en/model-studio/context-cache
 */
const needsMarks = (model: string): boolean => /claude|qwen|qwq/i.test(model)

/** A mark of the client's on a tool stands for one on what is behind it, since a tool can carry none here. */
export function markMessages(messages: readonly Message[], { tools, cache }: Conversation, model: string): void {
  const onTool = tools.findLast((tool) => tool.kind === 'function' && tool.cache !== null)
  const ofTool = onTool?.kind === 'function' ? onTool.cache : null
  const isLeading = messages[0]?.role === 'system' || messages[0]?.role === 'developer'
  const turns = isLeading ? messages.slice(1) : messages
  const prompt = {
    tools: [],
    system: isLeading ? messages.slice(0, 1).flatMap(partsOf) : [],
    said: turns.flatMap(partsOf),
    userEnds: userEnds(turns)
  }
  markPrompt(prompt, { unmarked: cache ?? ofTool ?? (needsMarks(model) ? '5m' : null), whole: cache ?? null })
}

const partsOf = ({ content }: Message): readonly Markable[] => (typeof content === 'string' ? [] : (content ?? []))

/** A user's turn is all that stands between two answers; of its parts only texts take a mark. */
function userEnds(messages: readonly Message[]): readonly Markable[] {
  const ends: Markable[] = []
  let end: Markable | undefined
  for (const message of messages) {
    if (message.role !== 'assistant') end = partsOf(message).findLast(({ type }) => type === 'text') ?? end
    else if (end !== undefined) {
      ends.push(end)
      end = undefined
    }
  }
  return end === undefined ? ends : [...ends, end]
}
