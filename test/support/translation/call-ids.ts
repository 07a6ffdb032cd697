import type { Turn } from '../../../src/main/protocols/canonical'

/** The ids of all calls and of all results, in order. */
export function callIdsIn(turns: readonly Turn[]) {
  const parts = turns.flatMap((turn) => turn.parts)
  return {
    calls: parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])),
    results: parts.flatMap((part) => (part.type === 'tool-result' ? [part.callId] : []))
  }
}
