import type { Conversation, Part } from './canonical'
import { fitCallId } from './tool-ids'

/**
 * The ids of one conversation's calls, each once: upstreams that number within an answer (`call_0`) give the same in every turn.
 * A client could not tell its results apart, and channels refuse such a history ("`tool_use` ids must be unique"). The first
 * of an id keeps it and the n-th is `…_n`, so that the same history is always the same prompt.
 */
export class CallIds {
  /** As vendors take them. */
  readonly #used = new Set<string>()
  readonly #counts = new Map<string, number>()

  /** To be asked once for each call. */
  newId(sent: string): string {
    let count = this.#counts.get(sent) ?? 0
    let id: string
    do {
      count += 1
      id = count === 1 ? sent : `${sent}_${count}`
    } while (this.#used.has(fitCallId(id)))
    this.#counts.set(sent, count)
    this.#used.add(fitCallId(id))
    return id
  }
}

/**
 * The conversation with each call's id once, and the ids that it has then. A result goes to the first call of its id, in the last
 * turn that has one, that has none yet.
 */
export function withUniqueCallIds(conversation: Conversation): {
  readonly conversation: Conversation
  readonly ids: CallIds
} {
  const renamer = new CallRenumberer()
  const turns = conversation.turns.map(({ role, parts }, turn) => ({
    role,
    parts: parts.map((part) => renamer.part(part, turn))
  }))
  return { conversation: renamer.changed ? { ...conversation, turns } : conversation, ids: renamer.ids }
}

interface RenamedCall {
  readonly id: string
  readonly name: string
}

class CallRenumberer {
  readonly ids = new CallIds()
  changed = false
  /** By the client's id: of the last turn that has such calls those without a result, and the last one. */
  readonly #calls = new Map<string, { turn: number; open: RenamedCall[]; last: RenamedCall }>()

  part(part: Part, turn: number): Part {
    if (part.type === 'tool-call') {
      const id = this.#call(part, turn)
      return id === part.id ? part : { ...part, id }
    }
    const call = part.type === 'tool-result' ? this.#answered(part.callId) : null
    if (part.type !== 'tool-result' || call === null || !this.changed) return part
    return { ...part, callId: call.id, name: call.name }
  }

  #call(part: RenamedCall, turn: number): string {
    const id = this.ids.newId(part.id)
    if (id !== part.id) this.changed = true
    const call = { id, name: part.name }
    const known = this.#calls.get(part.id)
    // A call of an earlier turn without a result was interrupted.
    const open = known?.turn === turn ? known.open : []
    open.push(call)
    this.#calls.set(part.id, { turn, open, last: call })
    return id
  }

  #answered(callId: string): RenamedCall | null {
    const calls = this.#calls.get(callId)
    return calls?.open.shift() ?? calls?.last ?? null
  }
}
