import type { Conversation, Part, ToolCallPart, ToolResultPart, Turn } from './canonical'

/**
 * The conversation with each call's result right behind it, before anything else that was said since. Vendors refuse a call
 * without a result, and all but Responses one that comes later: "An assistant message with 'tool_calls' must be followed by tool
 * messages", "`tool_use` ids were found without `tool_result` blocks immediately after", "No tool output found for function call".
 * A call that its client interrupted gets a result that says so.
 */
export function pairCalls(conversation: Conversation): Conversation {
  const pairing = new Pairing(conversation.turns)
  for (const turn of conversation.turns) pairing.read(turn)
  return { ...conversation, turns: pairing.end() }
}

class Pairing {
  readonly #turns: Turn[] = []
  /** Results that are still to come, by their call's id. */
  readonly #coming = new Map<string, ToolResultPart[]>()
  readonly #moved = new Set<Part>()
  /** Calls of the assistant's turns just read. */
  #open: ToolCallPart[] = []

  constructor(turns: readonly Turn[]) {
    for (const { parts } of turns) for (const part of parts) if (part.type === 'tool-result') this.#expect(part)
  }

  read(turn: Turn): void {
    if (turn.role === 'assistant') {
      this.#turns.push(turn)
      for (const part of turn.parts) if (part.type === 'tool-call') this.#open.push(part)
      return
    }
    this.#answerCalls()
    const parts = turn.parts.filter((part) => !this.#moved.has(part))
    for (const part of parts) if (part.type === 'tool-result') this.#coming.get(part.callId)?.shift()
    if (parts.length === turn.parts.length) this.#turns.push(turn)
    else if (parts.length > 0) this.#turns.push({ role: turn.role, parts })
  }

  end(): readonly Turn[] {
    this.#answerCalls()
    return this.#turns
  }

  #expect(result: ToolResultPart): void {
    const coming = this.#coming.get(result.callId)
    if (coming === undefined) this.#coming.set(result.callId, [result])
    else coming.push(result)
  }

  #answerCalls(): void {
    if (this.#open.length === 0) return
    const parts = this.#open.map((call) => this.#coming.get(call.id)?.shift() ?? interrupted(call))
    for (const part of parts) this.#moved.add(part)
    this.#turns.push({ role: 'user', parts })
    this.#open = []
  }
}

const interrupted = ({ id, name }: ToolCallPart): ToolResultPart => ({
  type: 'tool-result',
  callId: id,
  name,
  content: [{ type: 'text', text: 'No result: the call was interrupted.', cache: null, citations: [] }],
  isError: true,
  cache: null
})
