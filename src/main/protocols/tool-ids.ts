import { hash, randomUUID } from 'node:crypto'
import type { Conversation, Part, Turn } from './canonical'

/** A new id for a call whose protocol has none. */
export const newCallId = (): string => `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`

/** The id of a call in a history that has none: the same in every request that repeats it, so that prompt caches hold. */
export const callIdOf = (turn: number, part: number, name: string): string => `call_${short(`${turn} ${part} ${name}`)}`

/** OpenAI takes ids of up to 64 characters, Anthropic only these letters. */
const FIT = /^[\w-]{1,64}$/

/** An id that every vendor takes: the same for the same, so that call and result still find each other. */
export const fitCallId = (id: string): string => (FIT.test(id) ? id : `call_${short(id)}`)

/** Mistral's form: https://github.com/mistralai/mistral-common */
const SHORT = /^[a-zA-Z\d]{9}$/

/** An id of nine letters and digits: the same for the same. */
export const shortCallId = (id: string): string => (SHORT.test(id) ? id : short(id).slice(0, 9))

const short = (text: string): string => hash('sha256', text, 'hex').slice(0, 24)

/**
 * The conversation with each call's id once: upstreams that number within an answer (`call_0`) give the same in every turn, and
 * Anthropic refuses that ("`tool_use` ids must be unique"). The first keeps its id and the n-th is `…_n`, so that the same
 * history is always the same prompt. A result goes to the first call of its id that has none yet.
 */
export function withUniqueCallIds(conversation: Conversation): Conversation {
  if (!repeatsCallIds(conversation)) return conversation
  const renamer = new CallRenamer()
  const turns = conversation.turns.map(({ role, parts }) => ({ role, parts: parts.map((part) => renamer.part(part)) }))
  return { ...conversation, turns }
}

function repeatsCallIds({ turns }: Conversation): boolean {
  const seen = new Set<string>()
  const isAgain = (part: Part): boolean => part.type === 'tool-call' && seen.size === seen.add(part.id).size
  return turns.some(({ parts }: Turn) => parts.some(isAgain))
}

class CallRenamer {
  readonly #used = new Set<string>()
  /** By the client's id: how many calls had it, the new ids of those without a result, and the last one. */
  readonly #calls = new Map<string, { count: number; readonly open: string[]; last: string }>()

  part(part: Part): Part {
    if (part.type === 'tool-call') return { ...part, id: this.#call(part.id) }
    return part.type === 'tool-result' ? { ...part, callId: this.#answered(part.callId) } : part
  }

  #call(id: string): string {
    const calls = this.#calls.get(id) ?? { count: 0, open: [], last: id }
    this.#calls.set(id, calls)
    do {
      calls.count += 1
      calls.last = calls.count === 1 ? id : `${id}_${calls.count}`
    } while (this.#used.has(calls.last))
    this.#used.add(calls.last)
    calls.open.push(calls.last)
    return calls.last
  }

  #answered(callId: string): string {
    const calls = this.#calls.get(callId)
    return calls?.open.shift() ?? calls?.last ?? callId
  }
}
