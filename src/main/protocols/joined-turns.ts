import type { Part, Turn } from './canonical'

/**
 * Neighbouring turns of the assistant as one, for vendors that want an answer in one message: clients may keep a content for
 * each chunk of a stream, or one for each call.
 */
export function joinAnswers(turns: readonly Turn[]): readonly Turn[] {
  const joined: Turn[] = []
  let open: Part[] | null = null
  for (const turn of turns) {
    if (turn.role !== 'assistant') open = null
    else if (open !== null) {
      open.push(...turn.parts)
      continue
    } else open = [...turn.parts]
    joined.push(open === null ? turn : { role: 'assistant', parts: open })
  }
  return joined
}
